//! Which tenant has something to do, and when: an index across tenants that holds no personal data.
//!
//! Lowered before a unit of work commits, raised by [`crate::outbox::settle`] only while the tenant's writers wait, so
//! that no wake-up is lost. On SQLite one process serves: it remembers what it wrote and spares the second write when the
//! index is low enough already. On PostgreSQL the row is written in the unit of work's own transaction, whose lock makes
//! `settle` wait.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use parvis_domain::{ids::TenantId, time::Instant};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Value};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::handle::PlatformDb;
use crate::{
    Result,
    codec::{execute, from_word, instant, micros, query_all, query_one, word},
    sqlite::Pair,
};

/// Queue, present, end of the lease.
pub(crate) const LEASE: &str = "UPDATE due SET leased_until = $3, attempts = attempts + 1 WHERE queue = $1 AND tenant = (\
               SELECT tenant FROM due WHERE queue = $1 AND at <= $2 AND (leased_until IS NULL OR leased_until <= $2) \
               ORDER BY at, tenant LIMIT 1) AND (leased_until IS NULL OR leased_until <= $2) \
               RETURNING tenant, at, attempts";

/// A kind of work that waits in the tenants' outboxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Queue {
    /// Mails to send.
    Mail,
    /// Documents to make.
    Document,
    /// Timers of démarches to fire.
    Timer,
    /// Legal terms to reach.
    Term,
    /// Daily work: checkpoints, purges, figures.
    Housekeeping,
}

impl Queue {
    /// All queues.
    pub const ALL: [Self; 5] = [Self::Mail, Self::Document, Self::Timer, Self::Term, Self::Housekeeping];
}

/// A tenant that has something to do, leased to one worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The tenant.
    pub tenant: TenantId,
    /// In which queue.
    pub queue: Queue,
    /// Since when.
    pub at: Instant,
    /// How many times in a row it was leased without being settled.
    pub attempts: u32,
}

/// The index, as units of work hold it.
#[derive(Debug, Clone)]
pub(crate) struct DueIndex {
    pair: Pair,
    written: Arc<Mutex<HashMap<(TenantId, Queue), Instant>>>,
    bells: Arc<[Notify; Queue::ALL.len()]>,
}

impl DueIndex {
    pub(super) fn new(pair: Pair) -> Self {
        Self { pair, written: Arc::default(), bells: Arc::default() }
    }

    /// Wakes a worker of a queue in this process: something was committed for it.
    pub(crate) fn ring(&self, queue: Queue) {
        self.bell(queue).notify_one();
    }

    fn bell(&self, queue: Queue) -> &Notify {
        let place = Queue::ALL.iter().position(|known| *known == queue).unwrap_or(0);
        &self.bells[place]
    }

    fn is_low_enough(&self, tenant: TenantId, queue: Queue, at: Instant) -> bool {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.get(&(tenant, queue)).is_some_and(|known| *known <= at)
    }

    fn remember(&self, tenant: TenantId, queue: Queue, at: Option<Instant>) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        match at {
            Some(at) => written.insert((tenant, queue), at),
            None => written.remove(&(tenant, queue)),
        };
    }
}

/// Lowers the index, in one statement: it is durable before `unit`, the tenant's transaction, is.
pub(crate) async fn lower(
    index: &DueIndex,
    unit: &DatabaseTransaction,
    tenant: TenantId,
    wanted: &BTreeMap<Queue, Instant>,
) -> Result<()> {
    if unit.get_database_backend() == DbBackend::Postgres {
        return put(unit, tenant, wanted.iter()).await;
    }
    let higher = |(queue, at): &(&Queue, &Instant)| !index.is_low_enough(tenant, **queue, **at);
    let lowered: Vec<_> = wanted.iter().filter(higher).collect();
    put(&index.pair.writer, tenant, lowered.iter().copied()).await?;
    for (queue, at) in lowered {
        index.remember(tenant, *queue, Some(*at));
    }
    Ok(())
}

/// Writes entries, where those that are there are not lower.
async fn put<'a>(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    entries: impl Iterator<Item = (&'a Queue, &'a Instant)>,
) -> Result<()> {
    let mut values: Vec<Value> = vec![tenant.uuid().into()];
    let mut rows = Vec::new();
    for (queue, at) in entries {
        rows.push(format!("($1, ${}, ${}, 0)", values.len() + 1, values.len() + 2));
        values.extend([word(queue).into(), at.micros().into()]);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO due (tenant, queue, at, attempts) VALUES {} ON CONFLICT (tenant, queue) DO UPDATE SET \
         at = CASE WHEN due.at < excluded.at THEN due.at ELSE excluded.at END",
        rows.join(", ")
    );
    execute(connection, &sql, values).await?;
    Ok(())
}

/// Waits for the units of work that lower this entry, on PostgreSQL; on SQLite the tenant's only writer asks.
pub(crate) async fn hold(unit: &DatabaseTransaction, tenant: TenantId, queue: Queue) -> Result<()> {
    if unit.get_database_backend() == DbBackend::Postgres {
        let sql = "SELECT at FROM due WHERE tenant = $1 AND queue = $2 FOR UPDATE";
        query_one(unit, sql, key(tenant, queue, None)).await?;
    }
    Ok(())
}

/// Writes what is left to do, `None` for nothing, and ends the lease.
pub(crate) async fn raise(
    index: &DueIndex,
    unit: &DatabaseTransaction,
    tenant: TenantId,
    queue: Queue,
    at: Option<Instant>,
) -> Result<()> {
    // The row is emptied rather than deleted: whoever lowers it at the same time waits for it instead of missing it.
    let sql = "UPDATE due SET at = $3, leased_until = NULL, attempts = 0 WHERE tenant = $1 AND queue = $2";
    let values = vec![tenant.uuid().into(), word(&queue).into(), at.map(Instant::micros).into()];
    let changed = if unit.get_database_backend() == DbBackend::Postgres {
        execute(unit, sql, values).await?
    } else {
        execute(&index.pair.writer, sql, values).await?
    };
    if changed == 0 {
        index.remember(tenant, queue, None);
        return match at {
            Some(at) => lower(index, unit, tenant, &BTreeMap::from([(queue, at)])).await,
            None => Ok(()),
        };
    }
    index.remember(tenant, queue, at);
    Ok(())
}

/// Waits until this process commits something for a queue, or did since the last wait. What another process commits is found
/// by looking now and then.
pub async fn woken(platform: &PlatformDb, queue: Queue) {
    platform.due_index().bell(queue).notified().await;
}

/// Takes the tenant that has waited longest in one of the queues, for as long as the lease.
pub async fn lease_earliest(platform: &PlatformDb, queue: Queue, now: Instant, lease: Duration) -> Result<Option<Due>> {
    let until = now.micros().saturating_add(micros(lease));
    let values = vec![word(&queue).into(), now.micros().into(), until.into()];
    let Some(row) = query_one(platform.writer(), LEASE, values).await? else { return Ok(None) };
    Ok(Some(Due {
        tenant: TenantId::from_uuid(row.try_get("", "tenant")?),
        queue,
        at: instant(row.try_get("", "at")?),
        attempts: u32::try_from(row.try_get::<i64>("", "attempts")?).unwrap_or(u32::MAX),
    }))
}

/// When the next tenant will have something to do in a queue.
pub async fn next_at(platform: &PlatformDb, queue: Queue) -> Result<Option<Instant>> {
    let row =
        query_one(platform.reader(), "SELECT min(at) FROM due WHERE queue = $1", vec![word(&queue).into()]).await?;
    Ok(row.map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose()?.flatten().map(instant))
}

/// What the index says of a tenant, for `doctor`.
pub async fn of_tenant(platform: &PlatformDb, tenant: TenantId) -> Result<BTreeMap<Queue, Instant>> {
    let sql = "SELECT queue, at FROM due WHERE tenant = $1 AND at IS NOT NULL";
    let rows = query_all(platform.reader(), sql, vec![tenant.uuid().into()]).await?;
    rows.into_iter()
        .map(|row| Ok((from_word("due", row.try_get("", "queue")?)?, instant(row.try_get("", "at")?))))
        .collect()
}

/// Tenants that the index names and that do not exist, for `doctor`.
pub async fn of_nobody(platform: &PlatformDb) -> Result<Vec<TenantId>> {
    let sql = "SELECT DISTINCT tenant FROM due WHERE tenant NOT IN (SELECT id FROM tenant) ORDER BY tenant";
    let rows = query_all(platform.reader(), sql, vec![]).await?;
    rows.into_iter().map(|row| Ok(TenantId::from_uuid(row.try_get("", "tenant")?))).collect()
}

fn key(tenant: TenantId, queue: Queue, at: Option<Instant>) -> Vec<Value> {
    let mut values = vec![tenant.uuid().into(), word(&queue).into()];
    values.extend(at.map(|at| at.micros().into()));
    values
}
