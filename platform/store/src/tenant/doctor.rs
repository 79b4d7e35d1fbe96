//! What `doctor` and the figures count.

use std::time::Duration;

use parvis_domain::{ids::DossierId, time::Instant};
use sea_orm::DatabaseTransaction;

use super::outbox;
use crate::{
    Reads, Result, Store, TenantDb,
    codec::{instant, number, query_all, query_one},
    platform::due::{self, Queue},
};

/// Counts of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Real dossiers.
    pub dossiers: u64,
    /// Real dossiers that are not closed.
    pub open_dossiers: u64,
    /// Forms being filled.
    pub drafts: u64,
    /// Documents.
    pub pieces: u64,
    /// Citizens' accounts.
    pub usagers: u64,
    /// Effects that wait past their time.
    pub waiting: u64,
    /// Since when the oldest one does.
    pub oldest_waiting: Option<Instant>,
    /// Effects that failed for good.
    pub dead: u64,
}

/// Counts a tenant.
pub async fn counts(reads: &impl Reads, now: Instant) -> Result<Counts> {
    let connection = reads.connection();
    let waiting = "SELECT count(*) AS waiting, min(at) AS oldest FROM outbox WHERE state = 'waiting' AND at <= $1";
    let row = query_one(connection, waiting, vec![now.micros().into()]).await?;
    let (waiting, oldest_waiting) = match row {
        Some(row) => {
            (row.try_get::<i64>("", "waiting")?.unsigned_abs(), row.try_get::<Option<i64>>("", "oldest")?.map(instant))
        }
        None => (0, None),
    };
    Ok(Counts {
        dossiers: count(connection, "SELECT count(*) FROM dossier WHERE kind = 'real'").await?,
        open_dossiers: count(connection, "SELECT count(*) FROM dossier WHERE kind = 'real' AND closed_at IS NULL")
            .await?,
        drafts: count(connection, "SELECT count(*) FROM draft WHERE dossier IS NULL").await?,
        pieces: count(connection, "SELECT count(*) FROM piece WHERE removed_at IS NULL").await?,
        usagers: count(connection, "SELECT count(*) FROM usager").await?,
        waiting,
        oldest_waiting,
        dead: count(connection, "SELECT count(*) FROM outbox WHERE state = 'dead'").await?,
    })
}

async fn count(connection: &DatabaseTransaction, sql: &str) -> Result<u64> {
    Ok(number(connection, sql, vec![]).await?.unsigned_abs())
}

/// Dossiers that have no event or no answer row although they were filed: what a torn write would leave.
pub async fn incomplete_dossiers(reads: &impl Reads) -> Result<Vec<DossierId>> {
    let sql = "SELECT d.id FROM dossier d WHERE NOT EXISTS (SELECT 1 FROM dossier_event e WHERE e.dossier = d.id) \
               OR NOT EXISTS (SELECT 1 FROM answer a WHERE a.dossier = d.id) ORDER BY d.id";
    let rows = query_all(reads.connection(), sql, vec![]).await?;
    rows.into_iter().map(|row| Ok(DossierId::from_uuid(row.try_get("", "id")?))).collect()
}

/// Lets the engine look at what it holds: SQLite verifies the file, PostgreSQL does by itself.
pub async fn integrity(reads: &impl Reads) -> Result<Vec<String>> {
    use sea_orm::{ConnectionTrait, DbBackend};
    if reads.connection().get_database_backend() != DbBackend::Sqlite {
        return Ok(Vec::new());
    }
    let rows = query_all(reads.connection(), "PRAGMA quick_check", vec![]).await?;
    let lines = rows.into_iter().map(|row| Ok(row.try_get_by_index::<String>(0)?)).collect::<Result<Vec<_>>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

/// How the index of due work differs from the outbox of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueFault {
    /// Effects wait and the index does not know it, or knows a later instant: nobody comes for them in time.
    Missing {
        /// Which.
        queue: Queue,
        /// When the first of them is due.
        waits: Instant,
    },
    /// The index has long called a worker for a queue where nothing is due: none came.
    Stale {
        /// Which.
        queue: Queue,
        /// Since when.
        since: Instant,
    },
}

/// How many times the index and an outbox are read before they are said to differ: a running process changes both.
const READINGS: u32 = 3;

/// Compares the index of due work with the outbox of a tenant. An index that is too low is no fault until a worker should
/// have come, `late` ago.
pub async fn due_faults(store: &Store, tenant: &TenantDb, now: Instant, late: Duration) -> Result<Vec<DueFault>> {
    let mut faults = Vec::new();
    for _ in 0..READINGS {
        faults = compared(store, tenant, now.minus(late), now).await?;
        if faults.is_empty() {
            break;
        }
    }
    Ok(faults)
}

async fn compared(store: &Store, tenant: &TenantDb, late: Instant, now: Instant) -> Result<Vec<DueFault>> {
    let index = due::of_tenant(store.platform(), tenant.id()).await?;
    let snapshot = tenant.read().await?;
    let mut faults = Vec::new();
    for queue in Queue::ALL {
        let (known, waits) = (index.get(&queue).copied(), outbox::next_at(&snapshot, queue).await?);
        match (known, waits) {
            (known, Some(waits)) if known.is_none_or(|known| known > waits) => {
                faults.push(DueFault::Missing { queue, waits });
            }
            (Some(since), waits) if since < late && waits.is_none_or(|waits| waits > now) => {
                faults.push(DueFault::Stale { queue, since });
            }
            _ => {}
        }
    }
    Ok(faults)
}
