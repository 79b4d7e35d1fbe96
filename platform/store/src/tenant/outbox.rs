//! Effects that wait to leave: written with the event that wants them, executed afterwards, at least once.
//!
//! A worker leases rows, commits, executes outside any transaction, then says what became of them. Once a tenant's queue
//! is worked, [`settle`] tells the index of due work what is left.

use std::time::Duration;

use parvis_domain::{
    ids::{DossierId, OutboxId},
    time::Instant,
};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use serde::{Deserialize, Serialize};

use crate::{
    Reads, Result, StoreError, TenantDb, UnitOfWork,
    codec::{
        execute, from_json, from_word, insert_if_absent, instant, json, maybe_instant, micros, query_all, query_one,
        unsigned, word,
    },
    entity::work::outbox,
    platform::due,
    unit::sealed::Connected,
};

pub use crate::platform::due::Queue;

const TABLE: &str = "outbox";

/// Queue, present, end of the lease, limit.
pub(crate) const LEASE: &str = "UPDATE outbox SET leased_until = $3, attempts = attempts + 1 WHERE id IN (\
               SELECT id FROM outbox WHERE state = 'waiting' AND queue = $1 AND at <= $2 \
               AND (leased_until IS NULL OR leased_until <= $2) ORDER BY at, id LIMIT $4) \
               AND state = 'waiting' AND (leased_until IS NULL OR leased_until <= $2) RETURNING *";

/// What became of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EffectState {
    /// It waits.
    Waiting,
    /// It was done.
    Done,
    /// It failed for good: an agent sees it and may replay it.
    Dead,
    /// It is not wanted any more.
    Cancelled,
}

/// An effect to do later. Dossier, event, index and queue name it: enqueuing it twice does it once.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEffect {
    /// Id.
    pub id: OutboxId,
    /// Dossier; `None` for an effect of the tenant itself.
    pub dossier: Option<DossierId>,
    /// Event that wants it.
    pub seq: u32,
    /// Its place among the effects of the event.
    pub idx: u32,
    /// Kind of work.
    pub queue: Queue,
    /// Key of a timer or of a document.
    pub key: Option<String>,
    /// What to do.
    pub payload: serde_json::Value,
    /// Not before.
    pub at: Instant,
    /// The present.
    pub created_at: Instant,
}

/// An effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// Id.
    pub id: OutboxId,
    /// Dossier.
    pub dossier: Option<DossierId>,
    /// Event that wants it.
    pub seq: u32,
    /// Its place among the effects of the event.
    pub idx: u32,
    /// Kind of work.
    pub queue: Queue,
    /// Key of a timer or of a document.
    pub key: Option<String>,
    /// What to do.
    pub payload: serde_json::Value,
    /// Not before.
    pub at: Instant,
    /// How many times it was tried.
    pub attempts: u32,
    /// Until when a worker has it.
    pub leased_until: Option<Instant>,
    /// What became of it.
    pub state: EffectState,
    /// Why it failed last.
    pub last_error: Option<String>,
    /// When it was asked.
    pub created_at: Instant,
    /// When it was done, given up or cancelled.
    pub done_at: Option<Instant>,
}

/// Asks for an effect and wakes its queue; false when it was asked already.
pub async fn enqueue(unit: &UnitOfWork, effect: &NewEffect) -> Result<bool> {
    let row = outbox::Model {
        id: effect.id.uuid(),
        dossier: effect.dossier.map(DossierId::uuid),
        seq: effect.seq.into(),
        idx: effect.idx.into(),
        queue: word(&effect.queue),
        key: effect.key.clone(),
        payload: json(&effect.payload)?,
        at: effect.at.micros(),
        attempts: 0,
        leased_until: None,
        state: word(&EffectState::Waiting),
        last_error: None,
        created_at: effect.created_at.micros(),
        done_at: None,
    };
    let new = insert_if_absent(unit.connection(), row).await?;
    unit.wake(effect.queue, effect.at);
    Ok(new)
}

/// Takes the effects of a queue that are due, earliest first, for as long as the lease. Each is tried once more.
pub async fn lease_due(
    unit: &UnitOfWork,
    queue: Queue,
    now: Instant,
    lease: Duration,
    limit: u32,
) -> Result<Vec<Effect>> {
    let until = now.micros().saturating_add(micros(lease));
    let values = vec![word(&queue).into(), now.micros().into(), until.into(), i64::from(limit).into()];
    let rows = query_all(unit.connection(), LEASE, values).await?;
    let mut effects = rows
        .iter()
        .map(|row| read(<outbox::Model as sea_orm::FromQueryResult>::from_query_result(row, "")?))
        .collect::<Result<Vec<_>>>()?;
    effects.sort_by_key(|effect| (effect.at, effect.id));
    Ok(effects)
}

/// The effect was done.
pub async fn done(unit: &UnitOfWork, id: OutboxId, at: Instant) -> Result<()> {
    let sql = "UPDATE outbox SET state = 'done', done_at = $2, leased_until = NULL, last_error = NULL WHERE id = $1";
    execute(unit.connection(), sql, vec![id.uuid().into(), at.micros().into()]).await?;
    Ok(())
}

/// The effect failed and may succeed later.
pub async fn retry_at(unit: &UnitOfWork, effect: &Effect, at: Instant, error: &str) -> Result<()> {
    let sql = "UPDATE outbox SET at = $2, last_error = $3, leased_until = NULL WHERE id = $1 AND state = 'waiting'";
    execute(unit.connection(), sql, vec![effect.id.uuid().into(), at.micros().into(), error.into()]).await?;
    unit.wake(effect.queue, at);
    Ok(())
}

/// The effect failed for good.
pub async fn dead(unit: &UnitOfWork, id: OutboxId, at: Instant, error: &str) -> Result<()> {
    let sql = "UPDATE outbox SET state = 'dead', done_at = $2, last_error = $3, leased_until = NULL WHERE id = $1";
    execute(unit.connection(), sql, vec![id.uuid().into(), at.micros().into(), error.into()]).await?;
    Ok(())
}

/// Tries again an effect that failed for good, from now; false when it is not one.
pub async fn replay(unit: &UnitOfWork, id: OutboxId, now: Instant) -> Result<bool> {
    let sql = "UPDATE outbox SET state = 'waiting', at = $2, attempts = 0, done_at = NULL, leased_until = NULL \
               WHERE id = $1 AND state = 'dead' RETURNING queue";
    let Some(row) = query_one(unit.connection(), sql, vec![id.uuid().into(), now.micros().into()]).await? else {
        return Ok(false);
    };
    unit.wake(from_word(TABLE, row.try_get("", "queue")?)?, now);
    Ok(true)
}

/// Makes the effects of a dossier that wait in a queue due now: what they waited for has come.
pub async fn hasten(unit: &UnitOfWork, dossier: DossierId, queue: Queue, now: Instant) -> Result<u64> {
    let sql = "UPDATE outbox SET at = $3 WHERE dossier = $1 AND queue = $2 AND state = 'waiting' AND at > $3";
    let values = vec![dossier.uuid().into(), word(&queue).into(), now.micros().into()];
    let hastened = execute(unit.connection(), sql, values).await?;
    if hastened > 0 {
        unit.wake(queue, now);
    }
    Ok(hastened)
}

/// Makes the effects of a queue that failed due now, those that wait for `other_than` apart: what made them fail is over.
pub async fn hasten_failed(unit: &UnitOfWork, queue: Queue, other_than: &str, now: Instant) -> Result<u64> {
    let sql = "UPDATE outbox SET at = $2 WHERE queue = $1 AND state = 'waiting' AND at > $2 AND attempts > 0 \
               AND last_error IS NOT NULL AND last_error NOT IN ('', $3)";
    let values = vec![word(&queue).into(), now.micros().into(), other_than.into()];
    let hastened = execute(unit.connection(), sql, values).await?;
    if hastened > 0 {
        unit.wake(queue, now);
    }
    Ok(hastened)
}

/// Forgets the effects of a dossier that wait in a queue under a key, such as a timer.
pub async fn cancel(unit: &UnitOfWork, dossier: DossierId, queue: Queue, key: &str, at: Instant) -> Result<u64> {
    let sql = "UPDATE outbox SET state = 'cancelled', done_at = $4, leased_until = NULL \
               WHERE dossier = $1 AND queue = $2 AND key = $3 AND state = 'waiting'";
    let values = vec![dossier.uuid().into(), word(&queue).into(), key.into(), at.micros().into()];
    execute(unit.connection(), sql, values).await
}

/// Forgets a timer of a démarche.
pub async fn cancel_timer(unit: &UnitOfWork, dossier: DossierId, key: &str, at: Instant) -> Result<u64> {
    cancel(unit, dossier, Queue::Timer, key, at).await
}

/// Forgets everything of a dossier that waits in a queue.
pub async fn cancel_queue(unit: &UnitOfWork, dossier: DossierId, queue: Queue, at: Instant) -> Result<u64> {
    let sql = "UPDATE outbox SET state = 'cancelled', done_at = $3, leased_until = NULL \
               WHERE dossier = $1 AND queue = $2 AND state = 'waiting'";
    execute(unit.connection(), sql, vec![dossier.uuid().into(), word(&queue).into(), at.micros().into()]).await
}

/// An effect by its id.
pub async fn by_id(reads: &impl Reads, id: OutboxId) -> Result<Option<Effect>> {
    outbox::Entity::find_by_id(id.uuid()).one(reads.connection()).await?.map(read).transpose()
}

/// The effects of a dossier, oldest first.
pub async fn of_dossier(reads: &impl Reads, dossier: DossierId) -> Result<Vec<Effect>> {
    let query = outbox::Entity::find()
        .filter(outbox::Column::Dossier.eq(dossier.uuid()))
        .order_by_asc(outbox::Column::Seq)
        .order_by_asc(outbox::Column::Idx)
        .order_by_asc(outbox::Column::Id);
    query.all(reads.connection()).await?.into_iter().map(read).collect()
}

/// What failed for good, latest first.
pub async fn dead_letters(reads: &impl Reads, limit: u32) -> Result<Vec<Effect>> {
    let query = outbox::Entity::find()
        .filter(outbox::Column::State.eq(word(&EffectState::Dead)))
        .order_by_desc(outbox::Column::At)
        .limit(u64::from(limit));
    query.all(reads.connection()).await?.into_iter().map(read).collect()
}

/// How many effects wait in a queue past an instant, and since when the oldest does.
pub async fn backlog(reads: &impl Reads, queue: Queue, now: Instant) -> Result<(u64, Option<Instant>)> {
    let sql = "SELECT count(*) AS waiting, min(at) AS oldest FROM outbox \
               WHERE state = 'waiting' AND queue = $1 AND at <= $2";
    let row = query_one(reads.connection(), sql, vec![word(&queue).into(), now.micros().into()]).await?;
    let row = row.ok_or(StoreError::Missing { table: TABLE })?;
    let oldest = row.try_get::<Option<i64>>("", "oldest")?.map(instant);
    Ok((row.try_get::<i64>("", "waiting")?.unsigned_abs(), oldest))
}

/// Effects that failed and are tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Queue.
    pub queue: Queue,
    /// Why they failed last.
    pub why: String,
    /// How many.
    pub count: u64,
    /// Since when the oldest was asked.
    pub since: Instant,
}

/// What is tried again, by queue and by reason.
pub async fn held(reads: &impl Reads) -> Result<Vec<Held>> {
    let sql = "SELECT queue, last_error, count(*) AS held, min(created_at) AS since FROM outbox \
               WHERE state = 'waiting' AND last_error IS NOT NULL AND last_error <> '' \
               GROUP BY queue, last_error ORDER BY queue, last_error";
    let rows = query_all(reads.connection(), sql, vec![]).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Held {
                queue: from_word(TABLE, row.try_get("", "queue")?)?,
                why: row.try_get("", "last_error")?,
                count: row.try_get::<i64>("", "held")?.unsigned_abs(),
                since: instant(row.try_get("", "since")?),
            })
        })
        .collect()
}

/// Erases what was done or cancelled before an instant, with the personal data it carried.
pub async fn purge(unit: &UnitOfWork, before: Instant) -> Result<u64> {
    let done = outbox::Entity::delete_many()
        .filter(outbox::Column::State.is_in([word(&EffectState::Done), word(&EffectState::Cancelled)]))
        .filter(Expr::col(outbox::Column::DoneAt).lt(before.micros()))
        .exec(unit.connection())
        .await?;
    Ok(done.rows_affected)
}

/// When a queue has something to do next, leases counted.
pub async fn next_at(reads: &impl Reads, queue: Queue) -> Result<Option<Instant>> {
    let sql = "SELECT min(CASE WHEN leased_until IS NOT NULL AND leased_until > at THEN leased_until ELSE at END) AS at \
               FROM outbox WHERE state = 'waiting' AND queue = $1";
    let row = query_one(reads.connection(), sql, vec![word(&queue).into()]).await?;
    Ok(row.map(|row| row.try_get::<Option<i64>>("", "at")).transpose()?.flatten().map(instant))
}

/// Tells the index of due work when the queue has something left to do, and ends the worker's lease on the tenant. Done in
/// a unit of work of its own, while the tenant's writers wait: what one of them commits afterwards lowers the index again.
pub async fn settle(tenant: &TenantDb, queue: Queue) -> Result<Option<Instant>> {
    let unit = tenant.write().await?;
    due::hold(unit.connection(), unit.tenant(), queue).await?;
    let next = next_at(&unit, queue).await?;
    due::raise(unit.due(), unit.connection(), unit.tenant(), queue, next).await?;
    unit.commit().await?;
    Ok(next)
}

fn read(row: outbox::Model) -> Result<Effect> {
    Ok(Effect {
        id: OutboxId::from_uuid(row.id),
        dossier: row.dossier.map(DossierId::from_uuid),
        seq: unsigned(TABLE, row.seq)?,
        idx: unsigned(TABLE, row.idx)?,
        queue: from_word(TABLE, row.queue)?,
        key: row.key,
        payload: from_json(TABLE, &row.payload)?,
        at: instant(row.at),
        attempts: unsigned(TABLE, row.attempts)?,
        leased_until: maybe_instant(row.leased_until),
        state: from_word(TABLE, row.state)?,
        last_error: row.last_error,
        created_at: instant(row.created_at),
        done_at: maybe_instant(row.done_at),
    })
}
