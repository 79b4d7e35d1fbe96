//! What the operator's console reads of a tenant: counts, pushed by workers. It reads nothing else.

use std::collections::BTreeMap;

use parvis_domain::{ids::TenantId, time::Instant};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, TransactionTrait};

use super::handle::PlatformDb;
use crate::{
    Result,
    codec::{execute, insert_if_absent, instant},
    entity::platform::tenant_figure,
};

/// A figure and when it was true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// Value.
    pub value: i64,
    /// When it was counted.
    pub at: Instant,
}

/// Pushes the figures of a tenant.
pub async fn push(platform: &PlatformDb, tenant: TenantId, figures: &BTreeMap<String, i64>, at: Instant) -> Result<()> {
    let transaction = platform.writer().begin().await?;
    for (name, value) in figures {
        let row = tenant_figure::Model { tenant: tenant.uuid(), name: name.clone(), value: *value, at: at.micros() };
        if !insert_if_absent(&transaction, row).await? {
            let sql = "UPDATE tenant_figure SET value = $3, at = $4 WHERE tenant = $1 AND name = $2";
            let values = vec![tenant.uuid().into(), name.clone().into(), (*value).into(), at.micros().into()];
            execute(&transaction, sql, values).await?;
        }
    }
    Ok(transaction.commit().await?)
}

/// The figures of a tenant, by name.
pub async fn of_tenant(platform: &PlatformDb, tenant: TenantId) -> Result<BTreeMap<String, Figure>> {
    let query = tenant_figure::Entity::find().filter(tenant_figure::Column::Tenant.eq(tenant.uuid()));
    let found = query.all(platform.reader()).await?;
    Ok(found.into_iter().map(|row| (row.name, Figure { value: row.value, at: instant(row.at) })).collect())
}
