//! Who asked to see or to do what: written at the door of the use cases, apart from business data.

use parvis_domain::{ids::DossierId, time::Instant};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Reads, Result, UnitOfWork,
    codec::{insert_all, instant},
    entity::town::access_log,
    unit::sealed::Connected,
};

/// A trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Its own id, ordered by time.
    pub id: uuid::Uuid,
    /// When.
    pub at: Instant,
    /// Kind of actor ("agent", "usager", "tracker").
    pub actor_kind: String,
    /// Who.
    pub actor_id: String,
    /// What was asked ("dossier:read").
    pub permission: String,
    /// About which dossier.
    pub dossier: Option<DossierId>,
    /// Request, as in the log of the server.
    pub request_id: String,
}

/// Writes traces; several at once cost one write.
pub async fn insert(unit: &UnitOfWork, traces: &[Access]) -> Result<()> {
    let rows = traces.iter().map(|trace| access_log::Model {
        id: trace.id,
        at: trace.at.micros(),
        actor_kind: trace.actor_kind.clone(),
        actor_id: trace.actor_id.clone(),
        permission: trace.permission.clone(),
        dossier: trace.dossier.map(DossierId::uuid),
        request_id: trace.request_id.clone(),
    });
    insert_all(unit.connection(), rows.collect()).await
}

/// The latest traces about a dossier.
pub async fn of_dossier(reads: &impl Reads, dossier: DossierId, limit: u32) -> Result<Vec<Access>> {
    let query = access_log::Entity::find()
        .filter(access_log::Column::Dossier.eq(dossier.uuid()))
        .order_by_desc(access_log::Column::At)
        .order_by_desc(access_log::Column::Id)
        .limit(u64::from(limit));
    Ok(query.all(reads.connection()).await?.into_iter().map(read).collect())
}

/// Forgets the traces before an instant.
pub async fn purge(unit: &UnitOfWork, before: Instant) -> Result<u64> {
    let query = access_log::Entity::delete_many().filter(access_log::Column::At.lt(before.micros()));
    Ok(query.exec(unit.connection()).await?.rows_affected)
}

fn read(row: access_log::Model) -> Access {
    Access {
        id: row.id,
        at: instant(row.at),
        actor_kind: row.actor_kind,
        actor_id: row.actor_id,
        permission: row.permission,
        dossier: row.dossier.map(DossierId::from_uuid),
        request_id: row.request_id,
    }
}
