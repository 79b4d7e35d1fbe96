//! Mails: composed when their event was recorded, handed to the server here, under the effect's own Message-ID.

use std::{sync::Arc, time::Duration};

use parvis_domain::{
    identifiers::email_key,
    ids::DossierId,
    policy::Actor,
    ports::{Attachment, Mail, MailError},
    time::Instant,
};
use parvis_store::{
    StoreError,
    mail_problems::{self, MailProblem},
    outbox::{self, Effect, Queue},
    pieces::{self, Piece},
    tenants,
};

use super::{
    Outcome,
    allowance::{self, Allowance},
};
use crate::{
    calling,
    decision::{self, Along, BY_HAND, record::Happened},
    dossiers::load,
    failure::Failure,
    notifications::{Letter, LetterKind},
    parvis::{Parvis, Town},
};

/// How long a mail waits for its documents before it looks again.
const WAIT: Duration = Duration::from_mins(1);
/// Largest document that is attached.
const LARGEST: u64 = 10 * 1024 * 1024;
/// Mark of a dossier whose usager cannot be written to.
pub(crate) const UNREACHABLE: &str = "contact-injoignable";

/// Reason kept with a mail that waits because too many left to its address.
pub(crate) const WITHHELD: &str = "too many mails left to this address in a day";
/// How long an accusé de réception waits so.
const PATIENCE: Duration = Duration::from_hours(3 * 24);

/// Head of the reason kept with a mail that the server refuses for something else than its address.
pub(crate) const REJECTED: &str = "the mail server refuses: ";

/// Sends a mail.
pub(super) async fn send(town: &Town, effect: &Effect) -> Result<Outcome, Failure> {
    let Ok(letter) = serde_json::from_value::<Letter>(effect.payload.clone()) else {
        return Ok(Outcome::Dead("the mail cannot be read".to_owned()));
    };
    let Some(documents) = documents(town, effect, &letter).await? else { return Ok(Outcome::Later(WAIT)) };
    let allowance = allowance::of(town, effect.dossier, &letter).await?;
    if let Allowance::Exhausted(until) = allowance {
        return withhold(town, effect, &letter, until).await;
    }
    let mut attachments = Vec::with_capacity(documents.len());
    for piece in documents {
        let content = town.vault.read_all(&piece.object_key, piece.sha256, LARGEST).await?;
        attachments.push(Attachment { name: piece.name, media_type: piece.media_type, content });
    }
    let sender = &town.profile.sender;
    let mail = Mail {
        message_id: message_id(town, effect),
        from: sender.from.clone(),
        from_name: sender.from_name.clone(),
        reply_to: sender.reply_to.clone(),
        to: letter.mail.to.clone(),
        subject: letter.mail.subject.clone(),
        body: letter.mail.body.clone(),
        attachments,
    };
    let mailer = Arc::clone(&town.parvis.mailer);
    let answer = town.parvis.pools.mail.run(move || mailer.send(&mail)).await?;
    town.parvis.relay.answered(&answer, town.now());
    match answer {
        Ok(()) => {
            allowance::spend(town, allowance).await?;
            Ok(Outcome::Done)
        }
        Err(MailError::Unavailable(why)) => Ok(Outcome::Kept(why)),
        Err(MailError::Rejected(why)) => Ok(Outcome::Kept(format!("{REJECTED}{why}"))),
        Err(MailError::Refused(why)) => refused(town, effect, &letter, why).await,
    }
}

/// The mail server works again: in every town, what it did not take is tried now rather than after its delay.
pub(super) async fn hasten(parvis: &Parvis) -> Result<(), StoreError> {
    for tenant in tenants::list(parvis.store.platform()).await? {
        let unit = parvis.store.tenant(tenant.id).await?.write().await?;
        outbox::hasten_failed(&unit, Queue::Mail, WITHHELD, parvis.now()).await?;
        unit.commit().await?;
    }
    Ok(())
}

/// The effect's id (dossier, event, index) at the tenant's host: a mail sent twice is recognised as one.
fn message_id(town: &Town, effect: &Effect) -> String {
    let host = town.profile.host();
    match effect.dossier {
        Some(dossier) => format!("{dossier}.{}.{}@{host}", effect.seq, effect.idx),
        None => format!("{}@{host}", effect.id),
    }
}

/// The documents to attach; `None` while one of them is being made.
async fn documents(town: &Town, effect: &Effect, letter: &Letter) -> Result<Option<Vec<Piece>>, Failure> {
    let mut found = Vec::new();
    if letter.documents.is_empty() && letter.mail.attachments.is_empty() {
        return Ok(Some(found));
    }
    let snapshot = town.db.read().await?;
    for id in &letter.mail.attachments {
        found.extend(pieces::by_id(&snapshot, *id).await?.filter(|piece| piece.removed_at.is_none()));
    }
    let Some(dossier) = effect.dossier else { return Ok(Some(found)) };
    let head = parvis_store::dossiers::by_id(&snapshot, dossier).await?.ok_or(Failure::NotFound)?;
    let being_made = decision::being_made(&snapshot, &head).await?;
    for key in &letter.documents {
        if being_made.contains(key) {
            return Ok(None);
        }
        match pieces::produced(&snapshot, dossier, key).await? {
            Some(piece) => found.push(piece),
            None => return Ok(None),
        }
    }
    Ok(Some(found))
}

/// The address refuses.
async fn refused(town: &Town, effect: &Effect, letter: &Letter, why: String) -> Result<Outcome, Failure> {
    let address = email_key(&letter.mail.to).unwrap_or_else(|_| letter.mail.to.clone());
    let unit = town.db.write().await?;
    mail_problems::put(&unit, &MailProblem { address, at: town.now(), reason: why.clone() }).await?;
    unit.commit().await?;
    match effect.dossier {
        Some(dossier) => {
            let happened = Happened::Unreachable { subject: letter.mail.subject.clone() };
            give_up(town, effect, (dossier, letter), happened, &why).await
        }
        None => Ok(Outcome::Dead(why)),
    }
}

/// Too many mails left to the address: an accusé de réception waits, any other letter is told otherwise.
async fn withhold(town: &Town, effect: &Effect, letter: &Letter, until: Instant) -> Result<Outcome, Failure> {
    let Some(dossier) = effect.dossier else { return Ok(Outcome::Dead(WITHHELD.to_owned())) };
    if letter.kind == LetterKind::Receipt && town.now() < effect.created_at.plus(PATIENCE) {
        return Ok(Outcome::NotBefore(until, WITHHELD));
    }
    let happened = Happened::Withheld { subject: letter.mail.subject.clone() };
    give_up(town, effect, (dossier, letter), happened, WITHHELD).await
}

/// A letter will not leave: the dossier says so, and a task asks to tell the usager otherwise.
async fn give_up(
    town: &Town,
    effect: &Effect,
    (dossier, letter): (DossierId, &Letter),
    happened: Happened,
    why: &str,
) -> Result<Outcome, Failure> {
    let title = format!("Prévenir l’usager par téléphone ou par courrier : {}", letter.mail.subject);
    for _ in 0..decision::ATTEMPTS {
        let loaded = load::read(town, dossier).await?;
        let mut head = loaded.head.clone();
        let refused = matches!(happened, Happened::Unreachable { .. });
        if refused && !head.marks.iter().any(|mark| mark == UNREACHABLE) {
            head.marks.push(UNREACHABLE.to_owned());
        }
        let along = Along {
            failed: Some((effect.id, why.to_owned())),
            by_hand: Some((format!("{BY_HAND}:{}:{}", effect.seq, effect.idx), title.clone())),
            ..Along::default()
        };
        let actor = calling::rules_actor(&Actor::System, "");
        if decision::by_platform(town, &loaded, &actor, happened.clone(), head, along).await?.is_some() {
            return Ok(Outcome::Acknowledged);
        }
    }
    Err(Failure::Conflict)
}
