//! Creating an account: the address is confirmed by its mailbox, and the password by typing it once more there.
//!
//! Why the password again: whoever asks for an account on someone else's address would otherwise see it confirmed by
//! its owner, under the asker's password.

use std::time::Duration;

use parvis_domain::{identifiers::email_key, ids::UsagerId};
use parvis_store::{
    sessions::SessionSubject,
    tokens::{self, OneTimeToken, Purpose},
    usagers::{self, Usager},
};

use super::{CONFIRMATION, CompteError, checked_name, mails};
use crate::{
    outgoing::enqueue_mail,
    parvis::Town,
    passwords::{self, Password, Verdict},
    secrets::{Token, digest_of},
    sessions::{self, Opened},
    throttle::{self, ClientAddress, Guess},
};

/// What is asked to create an account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Address, as typed.
    pub email: String,
    /// Password.
    pub password: Password,
    /// Prénom; may be empty.
    pub given_name: String,
    /// Nom; may be empty.
    pub family_name: String,
}

/// Mails to one address, at most, in an hour.
const MAILS_PER_HOUR: u32 = 5;
/// Accounts asked from one address of the network, at most, in an hour.
const ACCOUNTS_PER_HOUR: u32 = 20;
const HOUR: Duration = Duration::from_hours(1);

/// Asks for an account. The answer is the same whether the address has one or not: a mail tells the rest.
pub async fn create(town: &Town, from: ClientAddress, new: NewAccount) -> Result<(), CompteError> {
    let email = email_key(&new.email).map_err(|_| CompteError::Email)?;
    let given_name = checked_name(&new.given_name)?;
    let family_name = checked_name(&new.family_name)?;
    passwords::check(&new.password, &email)?;
    throttle::count(town, "account-from", &from.to_string(), ACCOUNTS_PER_HOUR, HOUR).await?;
    let parvis = &town.parvis;
    let hash = passwords::hash(&parvis.pools.hashing, parvis.config.hash_cost, new.password, &*parvis.entropy).await?;

    let now = town.now();
    let unit = town.db.write().await?;
    let known = usagers::by_email(&unit, &email).await?;
    if mail_allowed(town, &unit, &email).await?.is_none() {
        return Ok(());
    }
    let mail = match known {
        Some(usager) if usager.confirmed_at.is_some() => mails::already(town, &email),
        Some(usager) => {
            usagers::set_password(&unit, usager.id, &hash).await?;
            usagers::update_profile(&unit, &Usager { given_name, family_name, ..usager.clone() }).await?;
            tokens::void(&unit, Purpose::ConfirmEmail, usager.id.uuid(), now).await?;
            confirmation(town, &unit, usager.id, &email).await?
        }
        None => {
            let usager = Usager {
                id: UsagerId::new(&*parvis.clock, &*parvis.entropy),
                email: email.clone(),
                given_name,
                family_name,
                phone: None,
                password_hash: Some(hash),
                confirmed_at: None,
                created_at: now,
            };
            usagers::insert(&unit, &usager).await?;
            confirmation(town, &unit, usager.id, &email).await?
        }
    };
    enqueue_mail(town, &unit, &mail).await?;
    Ok(unit.commit().await?)
}

/// Confirms the address: the link that was mailed, and the password chosen when the account was asked. Signs in.
pub async fn confirm(town: &Town, from: ClientAddress, link: &str, password: Password) -> Result<Opened, CompteError> {
    let now = town.now();
    let guess = Guess::from("confirm", from);
    let snapshot = town.db.read().await?;
    guess.check(&snapshot, now).await?;
    let token = tokens::find(&snapshot, digest_of(link), Purpose::ConfirmEmail, now).await?.ok_or(CompteError::Link)?;
    let id = token.subject.map(UsagerId::from_uuid).ok_or(CompteError::Link)?;
    let usager = usagers::by_id(&snapshot, id).await?.ok_or(CompteError::Link)?;
    drop(snapshot);
    let parvis = &town.parvis;
    let verdict = passwords::verify(
        &parvis.pools.hashing,
        parvis.config.hash_cost,
        password,
        usager.password_hash,
        &*parvis.entropy,
    )
    .await?;

    let unit = town.db.write().await?;
    if verdict == Verdict::Wrong {
        guess.wrong(&unit, now).await?;
        unit.commit().await?;
        return Err(CompteError::Wrong);
    }
    if tokens::take(&unit, digest_of(link), Purpose::ConfirmEmail, now).await?.is_none() {
        return Err(CompteError::Link);
    }
    usagers::confirm(&unit, id, now).await?;
    let opened = sessions::open(town, &unit, SessionSubject::Usager(id)).await?;
    unit.commit().await?;
    Ok(opened)
}

/// A new link to confirm an address, and its mail.
pub(super) async fn confirmation(
    town: &Town,
    unit: &parvis_store::UnitOfWork,
    id: UsagerId,
    email: &str,
) -> Result<crate::outgoing::MailPayload, CompteError> {
    let link = Token::new(&*town.parvis.entropy);
    let token = OneTimeToken {
        token_hash: link.digest(),
        purpose: Purpose::ConfirmEmail,
        subject: Some(id.uuid()),
        email: email.to_owned(),
        expires_at: town.now().plus(CONFIRMATION),
        used_at: None,
    };
    tokens::insert(unit, &token).await?;
    Ok(mails::confirm(town, email, link.as_str()))
}

/// Whether one more mail may leave to an address now. When not, nothing is said: the ones before are in its mailbox.
pub(super) async fn mail_allowed(
    town: &Town,
    unit: &parvis_store::UnitOfWork,
    email: &str,
) -> Result<Option<()>, CompteError> {
    match throttle::count_in(unit, town.now(), "mail-to", email, MAILS_PER_HOUR, HOUR).await {
        Ok(()) => Ok(Some(())),
        Err(throttle::GuessError::Throttled(_)) => Ok(None),
        Err(throttle::GuessError::Store(error)) => Err(error.into()),
    }
}
