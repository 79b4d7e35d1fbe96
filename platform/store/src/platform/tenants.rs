//! Tenants and their hosts. A host belongs to one tenant; it is matched exactly and nothing else names a tenant.

use parvis_domain::{ids::TenantId, time::Instant};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, TransactionTrait, sea_query::Expr};
use serde::{Deserialize, Serialize};

use super::handle::PlatformDb;
use crate::{
    Result, StoreError,
    codec::{from_word, insert as insert_row, insert_all, instant, unsigned, word},
    entity::platform::{tenant, tenant_host},
};

/// Whether a tenant serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TenantStatus {
    /// It serves.
    Open,
    /// Its pages answer that it is closed.
    Closed,
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Id.
    pub id: TenantId,
    /// Short name, as folders and commands use it.
    pub slug: String,
    /// Name, as people read it.
    pub name: String,
    /// Whether it serves.
    pub status: TenantStatus,
    /// Version of its schema.
    pub schema_version: u32,
    /// Database it is placed on, when not the first.
    pub shard: Option<String>,
    /// When it was created.
    pub created_at: Instant,
}

/// A tenant to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTenant {
    /// Id.
    pub id: TenantId,
    /// Short name.
    pub slug: String,
    /// Name.
    pub name: String,
    /// The present.
    pub created_at: Instant,
}

/// The tenant of a host.
pub async fn by_host(platform: &PlatformDb, host: &str) -> Result<Option<Tenant>> {
    let Some(found) = tenant_host::Entity::find_by_id(host.to_owned()).one(platform.reader()).await? else {
        return Ok(None);
    };
    by_id(platform, TenantId::from_uuid(found.tenant)).await
}

/// A tenant by its short name.
pub async fn by_slug(platform: &PlatformDb, slug: &str) -> Result<Option<Tenant>> {
    let found = tenant::Entity::find().filter(tenant::Column::Slug.eq(slug)).one(platform.reader()).await?;
    found.map(Tenant::try_from).transpose()
}

/// A tenant by its id.
pub async fn by_id(platform: &PlatformDb, id: TenantId) -> Result<Option<Tenant>> {
    tenant::Entity::find_by_id(id.uuid()).one(platform.reader()).await?.map(Tenant::try_from).transpose()
}

/// All tenants, by short name.
pub async fn list(platform: &PlatformDb) -> Result<Vec<Tenant>> {
    let found = tenant::Entity::find().order_by_asc(tenant::Column::Slug).all(platform.reader()).await?;
    found.into_iter().map(Tenant::try_from).collect()
}

/// Hosts of a tenant.
pub async fn hosts(platform: &PlatformDb, id: TenantId) -> Result<Vec<String>> {
    let found = tenant_host::Entity::find()
        .filter(tenant_host::Column::Tenant.eq(id.uuid()))
        .order_by_asc(tenant_host::Column::Host)
        .all(platform.reader())
        .await?;
    Ok(found.into_iter().map(|row| row.host).collect())
}

/// Changes what people read of a tenant, and whether it serves.
pub async fn update(platform: &PlatformDb, id: TenantId, name: &str, status: TenantStatus) -> Result<()> {
    tenant::Entity::update_many()
        .col_expr(tenant::Column::Name, Expr::value(name))
        .col_expr(tenant::Column::Status, Expr::value(word(&status)))
        .filter(tenant::Column::Id.eq(id.uuid()))
        .exec(platform.writer())
        .await?;
    Ok(())
}

/// Gives a tenant these hosts, and no other. A host of another tenant is left where it is and named in the error.
pub async fn set_hosts(platform: &PlatformDb, id: TenantId, hosts: &[String]) -> Result<()> {
    let transaction = platform.writer().begin().await?;
    tenant_host::Entity::delete_many().filter(tenant_host::Column::Tenant.eq(id.uuid())).exec(&transaction).await?;
    insert_all(
        &transaction,
        hosts.iter().map(|host| tenant_host::Model { host: host.clone(), tenant: id.uuid() }).collect(),
    )
    .await?;
    let taken = tenant_host::Entity::find()
        .filter(tenant_host::Column::Host.is_in(hosts.iter().cloned()))
        .filter(tenant_host::Column::Tenant.ne(id.uuid()))
        .one(&transaction)
        .await?;
    if let Some(taken) = taken {
        return Err(StoreError::corrupt("tenant_host", format!("host {:?}, given to another tenant,", taken.host)));
    }
    Ok(transaction.commit().await?)
}

pub(crate) async fn insert(platform: &PlatformDb, new: &NewTenant, schema_version: u32) -> Result<()> {
    let row = tenant::Model {
        id: new.id.uuid(),
        slug: new.slug.clone(),
        name: new.name.clone(),
        status: word(&TenantStatus::Open),
        schema_version: schema_version.into(),
        shard: None,
        created_at: new.created_at.micros(),
    };
    insert_row(platform.writer(), row).await
}

pub(crate) async fn set_schema_version(platform: &PlatformDb, id: TenantId, version: u32) -> Result<()> {
    tenant::Entity::update_many()
        .col_expr(tenant::Column::SchemaVersion, Expr::value(i64::from(version)))
        .filter(tenant::Column::Id.eq(id.uuid()))
        .exec(platform.writer())
        .await?;
    Ok(())
}

impl TryFrom<tenant::Model> for Tenant {
    type Error = StoreError;

    fn try_from(row: tenant::Model) -> Result<Self> {
        Ok(Self {
            id: TenantId::from_uuid(row.id),
            slug: row.slug,
            name: row.name,
            status: from_word("tenant", row.status)?,
            schema_version: unsigned("tenant", row.schema_version)?,
            shard: row.shard,
            created_at: instant(row.created_at),
        })
    }
}
