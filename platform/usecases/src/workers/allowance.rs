//! How many mails of dossiers may leave to one address in a day.
//!
//! Whoever files without an account gives any address: without a bound, she would have the town write to a third party as
//! often as she files. Beyond the bound an accusé de réception, which the law wants (article L112-11 du CRPA, ten worked
//! days), waits for the next day, three days at most; any other letter, and one that waited in vain, becomes a task to
//! tell the usager otherwise. Nothing is dropped in silence. An address that its account confirmed, and those of agents,
//! have no bound; mails of accounts have their own, by the hour ([`crate::comptes`]).

use std::time::Duration;

use parvis_domain::{digest::Sha256, identifiers::email_key, ids::DossierId, time::Instant};
use parvis_store::{StoreError, dossiers, throttles, usagers};

use crate::{
    notifications::{Letter, LetterKind},
    parvis::Town,
};

const DAY: Duration = Duration::from_hours(24);

/// Whether a letter may leave now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Allowance {
    /// It is not counted.
    Free,
    /// It may, and is counted under this key once it left.
    Counted(String),
    /// Not before this instant.
    Exhausted(Instant),
}

/// Whether a letter of a dossier may leave now.
pub(super) async fn of(town: &Town, dossier: Option<DossierId>, letter: &Letter) -> Result<Allowance, StoreError> {
    let Some(dossier) = dossier.filter(|_| letter.kind != LetterKind::ToAgent) else { return Ok(Allowance::Free) };
    let address = email_key(&letter.mail.to).unwrap_or_else(|_| letter.mail.to.clone());
    let snapshot = town.db.read().await?;
    if let Some(head) = dossiers::by_id(&snapshot, dossier).await?
        && let Some(id) = head.usager
        && let Some(account) = usagers::by_id(&snapshot, id).await?
        && account.confirmed_at.is_some()
        && account.email == address
    {
        return Ok(Allowance::Free);
    }
    // A digest: no address is kept in clear, as for the other counters.
    let key = format!("mail-day:{}", Sha256::of(address.as_bytes()));
    let ends = |throttle: &throttles::Throttle| throttle.window_start.plus(DAY);
    let counted = throttles::get(&snapshot, &key).await?.filter(|throttle| town.now() < ends(throttle));
    Ok(match counted {
        Some(throttle) if throttle.count >= town.parvis.config.limits.mails_per_day => {
            Allowance::Exhausted(ends(&throttle))
        }
        _ => Allowance::Counted(key),
    })
}

/// Counts a letter that left.
pub(super) async fn spend(town: &Town, allowance: Allowance) -> Result<(), StoreError> {
    let Allowance::Counted(key) = allowance else { return Ok(()) };
    let unit = town.db.write().await?;
    throttles::hit(&unit, &key, town.now(), DAY).await?;
    unit.commit().await
}
