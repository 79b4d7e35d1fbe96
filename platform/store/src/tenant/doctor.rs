//! What `doctor` and the figures count.

use parvis_domain::{ids::DossierId, time::Instant};
use sea_orm::DatabaseTransaction;

use crate::{
    Reads, Result, UnitOfWork,
    codec::{instant, number, query_all, query_one},
    unit::sealed::Connected,
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
pub async fn integrity(unit: &UnitOfWork) -> Result<Vec<String>> {
    use sea_orm::{ConnectionTrait, DbBackend};
    if unit.connection().get_database_backend() != DbBackend::Sqlite {
        return Ok(Vec::new());
    }
    let rows = query_all(unit.connection(), "PRAGMA quick_check", vec![]).await?;
    let lines = rows.into_iter().map(|row| Ok(row.try_get_by_index::<String>(0)?)).collect::<Result<Vec<_>>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}
