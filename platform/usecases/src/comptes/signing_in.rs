//! Signing in: the same work and the same sentence whether the account exists or not; wrong passwords cost more and
//! more, then lock, and the mailbox unlocks.

use parvis_domain::identifiers::email_key;
use parvis_store::{
    UnitOfWork,
    sessions::SessionSubject,
    usagers::{self, Usager},
};

use super::{CompteError, creation, recovery};
use crate::{
    outgoing::enqueue_mail,
    parvis::Town,
    passwords::{self, Password, Verdict},
    sessions::{self, Opened},
    throttle::{ClientAddress, Guess, Locked},
};

/// Signs in with an address and a password.
pub async fn sign_in(town: &Town, from: ClientAddress, email: &str, password: Password) -> Result<Opened, CompteError> {
    let email = email_key(email).map_err(|_| CompteError::Wrong)?;
    let now = town.now();
    let by_account = Guess::at("sign-in", &email);
    let by_address = Guess::from("sign-in", from);
    let snapshot = town.db.read().await?;
    by_account.check(&snapshot, now).await?;
    by_address.check(&snapshot, now).await?;
    let usager = usagers::by_email(&snapshot, &email).await?;
    drop(snapshot);
    let parvis = &town.parvis;
    let kept = usager.as_ref().and_then(|usager| usager.password_hash.clone());
    let verdict =
        passwords::verify(&parvis.pools.hashing, parvis.config.hash_cost, password, kept, &*parvis.entropy).await?;

    let unit = town.db.write().await?;
    let usager = match (verdict, usager) {
        (Verdict::Right, Some(usager)) => usager,
        (Verdict::RightRehashed(hash), Some(usager)) => {
            usagers::set_password(&unit, usager.id, &hash).await?;
            usager
        }
        (_, usager) => {
            by_address.wrong(&unit, now).await?;
            let locked = by_account.wrong(&unit, now).await?;
            if let (Locked::Now, Some(usager)) = (locked, usager) {
                recovery::mail_lock(town, &unit, &usager).await?;
            }
            unit.commit().await?;
            return Err(CompteError::Wrong);
        }
    };
    by_account.right(&unit).await?;
    if usager.confirmed_at.is_none() {
        mail_again(town, &unit, &usager).await?;
        unit.commit().await?;
        return Err(CompteError::Unconfirmed);
    }
    let opened = sessions::open(town, &unit, SessionSubject::Usager(usager.id)).await?;
    unit.commit().await?;
    Ok(opened)
}

async fn mail_again(town: &Town, unit: &UnitOfWork, usager: &Usager) -> Result<(), CompteError> {
    if creation::mail_allowed(town, unit, &usager.email).await?.is_some() {
        let mail = creation::confirmation(town, unit, usager.id, &usager.email).await?;
        enqueue_mail(town, unit, &mail).await?;
    }
    Ok(())
}
