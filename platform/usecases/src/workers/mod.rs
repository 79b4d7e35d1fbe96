//! What happens by itself: mails and documents of the outbox, timers, the law's terms, daily work.
//!
//! A worker takes the tenant that has waited longest in a queue, leases its rows, commits, executes outside any
//! transaction, acknowledges; once the queue is empty it tells the index what is left (D5). Each effect happens at least
//! once; those that raise an event, exactly once, because the row is acknowledged in the event's own transaction.
//! Start reading at [`run`].

mod allowance;
mod documents;
mod figures;
mod housekeeping;
mod mails;
pub(crate) mod orders;
mod timers;

use std::{sync::Arc, time::Duration};

use parvis_domain::time::Instant;
use parvis_store::{
    StoreError, due,
    outbox::{self, Effect, Queue},
    tenants,
};
use tokio::{sync::watch, task::JoinSet};

pub use figures::Figures;
pub(crate) use mails::{REJECTED, WITHHELD};

use crate::{
    failure::Failure,
    parvis::{Parvis, Town, TownError},
};

/// How long a tenant, and a row, are one worker's.
const LEASE: Duration = Duration::from_mins(5);
/// Rows taken at a time.
const BATCH: u32 = 20;
/// How long a worker sleeps at most before it looks again. What this process commits wakes it at once; this finds what
/// another one committed, and what becomes due with time.
const PATIENCE: Duration = Duration::from_secs(2);
/// Attempts after which an effect is given up and shown to agents.
const MOST_ATTEMPTS: u32 = 12;

/// Why the workers could not work; what concerns one effect is kept with it.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A town.
    #[error(transparent)]
    Town(#[from] TownError),
}

/// What became of an effect that was tried.
enum Outcome {
    /// Done, and acknowledged with the event that it raised.
    Acknowledged,
    /// Done; the row is to be acknowledged.
    Done,
    /// Not yet: what it needs is on its way.
    Later(Duration),
    /// Not before this instant, and why.
    NotBefore(Instant, &'static str),
    /// It failed and may succeed later.
    Failed(String),
    /// The outside is out of order and nothing is wrong with the effect: it is kept until it works.
    Kept(String),
    /// It will never succeed.
    Dead(String),
}

/// Works until asked to stop; what was begun ends first.
pub async fn run(parvis: Arc<Parvis>, stopping: watch::Receiver<bool>) {
    if let Err(error) = sweep(&parvis).await {
        tracing::error!(error = %error, "the sweep at start failed");
    }
    let mut workers = JoinSet::new();
    for queue in Queue::ALL {
        let count = if queue == Queue::Mail { 2 } else { 1 };
        for _ in 0..count {
            workers.spawn(worker(Arc::clone(&parvis), queue, stopping.clone()));
        }
    }
    while let Some(ended) = workers.join_next().await {
        if let Err(lost) = ended {
            tracing::error!(error = %lost, "a worker was lost: its queue waits for the next start");
        }
    }
}

async fn worker(parvis: Arc<Parvis>, queue: Queue, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        match work_once(&parvis, queue).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::error!(?queue, error = %error, "a worker failed"),
        }
        if queue == Queue::Housekeeping
            && let Err(error) = figures::push_touched(&parvis).await
        {
            tracing::error!(error = %error, "the figures could not be pushed");
        }
        let nap = tokio::time::sleep(PATIENCE);
        tokio::select! {
            () = nap => {}
            () = due::woken(parvis.store.platform(), queue) => {}
            changed = stopping.changed() => if changed.is_err() { return },
        }
    }
}

/// Does everything that is due, and what it makes due, until nothing is; says how many effects were tried. For tests and
/// for a command that runs once: the clock is the product's.
pub async fn run_due_once(parvis: &Arc<Parvis>) -> Result<usize, WorkError> {
    let mut tried = 0;
    loop {
        let before = tried;
        for queue in [Queue::Document, Queue::Timer, Queue::Term, Queue::Housekeeping, Queue::Mail] {
            loop {
                match work_once(parvis, queue).await? {
                    0 => break,
                    worked => tried += worked,
                }
            }
        }
        if tried == before {
            figures::push_touched(parvis).await?;
            return Ok(tried);
        }
    }
}

/// Looks at every tenant: what is due is written again in the index, and its daily work is scheduled.
pub async fn sweep(parvis: &Arc<Parvis>) -> Result<(), WorkError> {
    for tenant in tenants::list(parvis.store.platform()).await? {
        let town = match parvis.town_by_id(tenant.id).await {
            Ok(town) => town,
            Err(TownError::NoProfile(_)) => continue,
            Err(error) => return Err(error.into()),
        };
        housekeeping::schedule(&town).await?;
        for queue in Queue::ALL {
            outbox::settle(&town.db, queue).await?;
        }
        figures::push(&town).await?;
    }
    Ok(())
}

/// Works the tenant that has waited longest in a queue; says how many effects were tried.
async fn work_once(parvis: &Arc<Parvis>, queue: Queue) -> Result<usize, WorkError> {
    let now = parvis.now();
    // Read first: whoever looks for nothing takes no writer's turn.
    if due::next_at(parvis.store.platform(), queue).await?.is_none_or(|at| at > now) {
        return Ok(0);
    }
    let Some(due) = due::lease_earliest(parvis.store.platform(), queue, now, LEASE).await? else { return Ok(0) };
    let town = parvis.town_by_id(due.tenant).await?;
    let mut tried = 0;
    loop {
        let unit = town.db.write().await?;
        let effects = outbox::lease_due(&unit, queue, parvis.now(), LEASE, BATCH).await?;
        unit.commit().await?;
        if effects.is_empty() {
            break;
        }
        tried += effects.len();
        for effect in effects {
            one(&town, &effect).await?;
        }
    }
    outbox::settle(&town.db, queue).await?;
    if queue == Queue::Mail && parvis.relay.recovered() {
        mails::hasten(parvis).await?;
    }
    if tried > 0 {
        parvis.figures.touch(town.id);
    }
    Ok(tried)
}

async fn one(town: &Town, effect: &Effect) -> Result<(), WorkError> {
    let outcome = match effect.queue {
        Queue::Mail => mails::send(town, effect).await,
        Queue::Document => documents::make(town, effect).await,
        Queue::Timer => timers::fire(town, effect).await,
        Queue::Term => timers::lapse(town, effect).await,
        Queue::Housekeeping => housekeeping::keep(town).await,
    };
    let now = town.now();
    let outcome = outcome.unwrap_or_else(|failure| of_failure(&failure));
    let most = if matches!(outcome, Outcome::Kept(_)) { u32::MAX } else { MOST_ATTEMPTS };
    let unit = town.db.write().await?;
    match outcome {
        Outcome::Acknowledged => return Ok(()),
        Outcome::Done => outbox::done(&unit, effect.id, now).await?,
        Outcome::Later(delay) => outbox::retry_at(&unit, effect, now.plus(delay), "").await?,
        Outcome::NotBefore(at, why) => outbox::retry_at(&unit, effect, at, why).await?,
        Outcome::Failed(why) | Outcome::Kept(why) if effect.attempts < most => {
            let at = next_try(now, effect.attempts);
            tracing::warn!(tenant = %town.id, effect = %effect.id, attempts = effect.attempts, error = %why, "an effect failed");
            outbox::retry_at(&unit, effect, at, &why).await?;
        }
        Outcome::Failed(why) | Outcome::Kept(why) | Outcome::Dead(why) => {
            tracing::error!(tenant = %town.id, effect = %effect.id, error = %why, "an effect was given up");
            outbox::dead(&unit, effect.id, now, &why).await?;
        }
    }
    Ok(unit.commit().await?)
}

/// What a failure of a use case means for the effect that met it.
fn of_failure(failure: &Failure) -> Outcome {
    match failure {
        // Already done by another worker, or void: nothing is left to do.
        Failure::Refused(_) | Failure::NotFound => Outcome::Done,
        Failure::Forbidden | Failure::Invalid(_) | Failure::Decision(_) => Outcome::Dead(failure.to_string()),
        Failure::Conflict | Failure::Throttled { .. } | Failure::Busy { .. } => Outcome::Later(Duration::from_secs(5)),
        Failure::Demarche(error) => Outcome::Failed(error.to_string()),
        Failure::Store(error) => Outcome::Failed(error.to_string()),
        Failure::Vault(error) => Outcome::Failed(error.to_string()),
    }
}

/// When an effect that failed is tried again: soon at first, then less and less often.
fn next_try(now: Instant, attempts: u32) -> Instant {
    let minutes = [1, 2, 5, 15, 30, 60, 120, 240];
    let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX).min(minutes.len() - 1);
    now.plus(Duration::from_mins(minutes[index]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_spaced_more_and_more() {
        let now = Instant::from_micros(0);
        let delays: Vec<i64> = (1..=12).map(|attempt| next_try(now, attempt).micros() / 60_000_000).collect();
        assert_eq!(delays, [1, 2, 5, 15, 30, 60, 120, 240, 240, 240, 240, 240]);
    }
}
