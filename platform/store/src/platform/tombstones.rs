//! What was erased on purpose, replayed after a restore of an older backup.

use parvis_domain::{ids::TenantId, time::Instant};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::handle::PlatformDb;
use crate::{
    Result,
    codec::{insert_if_absent, instant},
    entity::platform::tombstone,
};

/// Something that was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// In which tenant.
    pub tenant: TenantId,
    /// What it was ("dossier", "usager", "piece").
    pub kind: String,
    /// Its id.
    pub id: String,
    /// When it was erased.
    pub at: Instant,
}

/// Remembers an erasure.
pub async fn insert(platform: &PlatformDb, tombstone: &Tombstone) -> Result<()> {
    let row = tombstone::Model {
        tenant: tombstone.tenant.uuid(),
        kind: tombstone.kind.clone(),
        id: tombstone.id.clone(),
        at: tombstone.at.micros(),
    };
    insert_if_absent(platform.writer(), row).await?;
    Ok(())
}

/// Erasures since an instant, oldest first.
pub async fn since(platform: &PlatformDb, at: Instant) -> Result<Vec<Tombstone>> {
    let query = tombstone::Entity::find().filter(tombstone::Column::At.gte(at.micros()));
    let found = query.order_by_asc(tombstone::Column::At).all(platform.reader()).await?;
    Ok(found
        .into_iter()
        .map(|row| Tombstone {
            tenant: TenantId::from_uuid(row.tenant),
            kind: row.kind,
            id: row.id,
            at: instant(row.at),
        })
        .collect())
}
