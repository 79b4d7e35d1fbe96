//! What the owner of an account sees and changes of it.

use parvis_domain::{ids::UsagerId, policy::Actor, time::Instant};
use parvis_store::{
    sessions::{self as stored_sessions, SessionSubject},
    usagers::{self, Usager},
};

use super::{CompteError, checked_name, mails};
use crate::{
    outgoing::enqueue_mail,
    parvis::Town,
    passwords::{self, Password, Verdict},
    policy::Denied,
    sessions::{self, Opened},
    throttle::Guess,
};

/// An account, as its owner sees it; also what prefills her forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Id.
    pub id: UsagerId,
    /// Address, confirmed.
    pub email: String,
    /// Prénom; may be empty.
    pub given_name: String,
    /// Nom; may be empty.
    pub family_name: String,
    /// Phone.
    pub phone: Option<String>,
    /// When it was created.
    pub created_at: Instant,
}

/// What the owner changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileChange {
    /// Prénom.
    pub given_name: String,
    /// Nom.
    pub family_name: String,
}

/// Her account.
pub async fn account(town: &Town, actor: &Actor) -> Result<Account, CompteError> {
    let id = owner(actor)?;
    let snapshot = town.db.read().await?;
    let usager = usagers::by_id(&snapshot, id).await?.ok_or(Denied::NotFound)?;
    Ok(Account {
        id,
        email: usager.email,
        given_name: usager.given_name,
        family_name: usager.family_name,
        phone: usager.phone,
        created_at: usager.created_at,
    })
}

/// Changes her names.
pub async fn update_profile(town: &Town, actor: &Actor, change: ProfileChange) -> Result<(), CompteError> {
    let id = owner(actor)?;
    let given_name = checked_name(&change.given_name)?;
    let family_name = checked_name(&change.family_name)?;
    let unit = town.db.write().await?;
    let usager = usagers::by_id(&unit, id).await?.ok_or(Denied::NotFound)?;
    usagers::update_profile(&unit, &Usager { given_name, family_name, ..usager }).await?;
    Ok(unit.commit().await?)
}

/// Changes her password, who gives the present one: every session ends and a new one begins.
pub async fn change_password(
    town: &Town,
    actor: &Actor,
    current: Password,
    new: Password,
) -> Result<Opened, CompteError> {
    let id = owner(actor)?;
    let now = town.now();
    let snapshot = town.db.read().await?;
    let usager = usagers::by_id(&snapshot, id).await?.ok_or(Denied::NotFound)?;
    let guess = Guess::at("sign-in", &usager.email);
    guess.check(&snapshot, now).await?;
    drop(snapshot);
    passwords::check(&new, &usager.email)?;
    let parvis = &town.parvis;
    let (pool, cost, entropy) = (&parvis.pools.hashing, parvis.config.hash_cost, &*parvis.entropy);
    let verdict = passwords::verify(pool, cost, current, usager.password_hash, entropy).await?;
    if verdict == Verdict::Wrong {
        let unit = town.db.write().await?;
        guess.wrong(&unit, now).await?;
        unit.commit().await?;
        return Err(CompteError::Wrong);
    }
    let hash = passwords::hash(pool, cost, new, entropy).await?;
    let unit = town.db.write().await?;
    usagers::set_password(&unit, id, &hash).await?;
    stored_sessions::remove_all_of(&unit, SessionSubject::Usager(id)).await?;
    enqueue_mail(town, &unit, &mails::changed(town, &usager.email)).await?;
    let opened = sessions::open(town, &unit, SessionSubject::Usager(id)).await?;
    unit.commit().await?;
    Ok(opened)
}

fn owner(actor: &Actor) -> Result<UsagerId, Denied> {
    match actor {
        Actor::Usager(id) => Ok(*id),
        _ => Err(Denied::Forbidden),
    }
}
