//! Daily work of a town: the checkpoint of its chains, what is forgotten in its time, its figures.

use std::time::Duration;

use jiff::{ToSpan as _, civil::Date};
use parvis_domain::{digest::Sha256, ids::OutboxId, time::Instant};
use parvis_store::{
    StoreError, access_log,
    checkpoints::{self, Checkpoint},
    drafts, events, idempotency,
    outbox::{self, NewEffect, Queue},
    pieces, sessions, throttles, tokens,
};

use super::{Outcome, figures};
use crate::{failure::Failure, parvis::Town};

/// Hour of the day, in the town's zone.
const HOUR: i8 = 3;
const DAY: Duration = Duration::from_hours(24);
/// How long the traces of agents' readings are kept (recommendation of the CNIL: six to twelve months).
const TRACES: Duration = Duration::from_hours(365 * 24);
/// How long an effect that was done is kept, with the personal data it carried.
const DONE: Duration = Duration::from_hours(30 * 24);
/// How long a document that was removed stays in the vault, for a reading that had begun.
const REMOVED: Duration = Duration::from_hours(1);
/// Rows forgotten at a time.
const BATCH: u32 = 200;

/// Does the daily work, and schedules the next.
pub(super) async fn keep(town: &Town) -> Result<Outcome, Failure> {
    checkpoint(town).await?;
    forget(town).await?;
    figures::push(town).await?;
    // Its own queue is settled by the worker, once this effect is acknowledged.
    for queue in [Queue::Mail, Queue::Document, Queue::Timer, Queue::Term] {
        outbox::settle(&town.db, queue).await?;
    }
    schedule(town).await?;
    Ok(Outcome::Done)
}

/// Schedules the next daily work; asking twice for the same day schedules it once.
pub(super) async fn schedule(town: &Town) -> Result<(), StoreError> {
    let zone = town.profile.time_zone();
    let now = town.now();
    let today = now.date(&zone);
    let at = |day: Date| Instant::at(day.at(HOUR, 0, 0, 0), &zone);
    let day = if now < at(today) { today } else { today.saturating_add(1.day()) };
    let name = Sha256::of(format!("housekeeping {day}").as_bytes());
    let mut octets = [0; 16];
    octets.copy_from_slice(&name.as_bytes()[..16]);
    let effect = NewEffect {
        id: OutboxId::from_uuid(uuid::Builder::from_custom_bytes(octets).into_uuid()),
        dossier: None,
        seq: 0,
        idx: 0,
        queue: Queue::Housekeeping,
        key: None,
        payload: serde_json::Value::Null,
        at: at(day),
        created_at: now,
    };
    let unit = town.db.write().await?;
    outbox::enqueue(&unit, &effect).await?;
    unit.commit().await
}

/// Seals the heads of all chains under the checkpoint of the day before.
async fn checkpoint(town: &Town) -> Result<(), Failure> {
    let unit = town.db.write().await?;
    let now = town.now();
    let day = now.date(&town.profile.time_zone());
    let latest = checkpoints::latest(&unit).await?;
    if latest.is_some_and(|latest| latest.day >= day) {
        return Ok(());
    }
    let checkpoint = Checkpoint::seal(latest.as_ref(), day, now, events::heads(&unit).await?);
    checkpoints::insert(&unit, &checkpoint).await?;
    Ok(unit.commit().await?)
}

async fn forget(town: &Town) -> Result<(), Failure> {
    let now = town.now();
    loop {
        let unit = town.db.write().await?;
        let forgotten = drafts::purge_expired(&unit, now, BATCH).await?;
        unit.commit().await?;
        if forgotten.is_empty() {
            break;
        }
    }
    loop {
        let removed = {
            let snapshot = town.db.read().await?;
            pieces::removed_before(&snapshot, now.minus(REMOVED), BATCH).await?
        };
        if removed.is_empty() {
            break;
        }
        for piece in removed {
            town.vault.delete(&piece.object_key).await?;
            let unit = town.db.write().await?;
            pieces::delete(&unit, piece.id).await?;
            unit.commit().await?;
        }
    }
    let unit = town.db.write().await?;
    sessions::purge_expired(&unit, now).await?;
    tokens::purge_expired(&unit, now).await?;
    throttles::purge(&unit, now.minus(DAY)).await?;
    idempotency::purge(&unit, now.minus(DAY)).await?;
    outbox::purge(&unit, now.minus(DONE)).await?;
    access_log::purge(&unit, now.minus(TRACES)).await?;
    Ok(unit.commit().await?)
}
