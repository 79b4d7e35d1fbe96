//! Choosing a new password from the mailbox: one link, half an hour, once; every session ends.

use std::time::Duration;

use parvis_domain::{identifiers::email_key, ids::UsagerId};
use parvis_store::{
    UnitOfWork,
    sessions::{self as stored_sessions, SessionSubject},
    tokens::{self, OneTimeToken, Purpose},
    usagers::{self, Usager},
};

use super::{CompteError, RECOVERY, creation, mails};
use crate::{
    outgoing::enqueue_mail,
    parvis::Town,
    passwords::{self, Password},
    secrets::{Token, digest_of},
    sessions::{self, Opened},
    throttle::{self, ClientAddress, Guess},
};

/// Recoveries asked from one address of the network, at most, in an hour.
const ASKED_PER_HOUR: u32 = 20;

/// Asks for a link to choose a new password. The answer is always the same.
pub async fn forgotten(town: &Town, from: ClientAddress, email: &str) -> Result<(), CompteError> {
    let email = email_key(email).map_err(|_| CompteError::Email)?;
    throttle::count(town, "recovery-from", &from.to_string(), ASKED_PER_HOUR, Duration::from_hours(1)).await?;
    let unit = town.db.write().await?;
    if creation::mail_allowed(town, &unit, &email).await?.is_none() {
        return Ok(());
    }
    if let Some(usager) = usagers::by_email(&unit, &email).await? {
        let link = new_link(town, &unit, &usager).await?;
        enqueue_mail(town, &unit, &mails::forgotten(town, &email, link.as_str())).await?;
    }
    Ok(unit.commit().await?)
}

/// Whether a link still serves, before its page is shown. Looking does not use it.
pub async fn check_recovery(town: &Town, link: &str) -> Result<(), CompteError> {
    let snapshot = town.db.read().await?;
    let found = tokens::find(&snapshot, digest_of(link), Purpose::ResetPassword, town.now()).await?;
    found.map(|_| ()).ok_or(CompteError::Link)
}

/// Chooses a new password: the mailbox is proven, so the address is confirmed, the lock is lifted, every other session
/// ends, and this one begins.
pub async fn recover(town: &Town, link: &str, password: Password) -> Result<Opened, CompteError> {
    let now = town.now();
    let snapshot = town.db.read().await?;
    let token =
        tokens::find(&snapshot, digest_of(link), Purpose::ResetPassword, now).await?.ok_or(CompteError::Link)?;
    drop(snapshot);
    let id = token.subject.map(UsagerId::from_uuid).ok_or(CompteError::Link)?;
    passwords::check(&password, &token.email)?;
    let parvis = &town.parvis;
    let hash = passwords::hash(&parvis.pools.hashing, parvis.config.hash_cost, password, &*parvis.entropy).await?;

    let unit = town.db.write().await?;
    if tokens::take(&unit, digest_of(link), Purpose::ResetPassword, now).await?.is_none() {
        return Err(CompteError::Link);
    }
    let usager = usagers::by_id(&unit, id).await?.ok_or(CompteError::Link)?;
    usagers::set_password(&unit, id, &hash).await?;
    if usager.confirmed_at.is_none() {
        usagers::confirm(&unit, id, now).await?;
    }
    tokens::void(&unit, Purpose::ConfirmEmail, id.uuid(), now).await?;
    tokens::void(&unit, Purpose::ResetPassword, id.uuid(), now).await?;
    Guess::at("sign-in", &usager.email).right(&unit).await?;
    stored_sessions::remove_all_of(&unit, SessionSubject::Usager(id)).await?;
    enqueue_mail(town, &unit, &mails::changed(town, &usager.email)).await?;
    let opened = sessions::open(town, &unit, SessionSubject::Usager(id)).await?;
    unit.commit().await?;
    Ok(opened)
}

/// Tells the owner that her account is locked, with a link that unlocks it.
pub(super) async fn mail_lock(town: &Town, unit: &UnitOfWork, usager: &Usager) -> Result<(), CompteError> {
    if creation::mail_allowed(town, unit, &usager.email).await?.is_some() {
        let link = new_link(town, unit, usager).await?;
        enqueue_mail(town, unit, &mails::locked(town, &usager.email, link.as_str())).await?;
    }
    Ok(())
}

async fn new_link(town: &Town, unit: &UnitOfWork, usager: &Usager) -> Result<Token, CompteError> {
    let link = Token::new(&*town.parvis.entropy);
    let token = OneTimeToken {
        token_hash: link.digest(),
        purpose: Purpose::ResetPassword,
        subject: Some(usager.id.uuid()),
        email: usager.email.clone(),
        expires_at: town.now().plus(RECOVERY),
        used_at: None,
    };
    tokens::insert(unit, &token).await?;
    Ok(link)
}
