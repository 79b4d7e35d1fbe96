//! Migrating PostgreSQL: done by the role that owns the tables, never by the one that serves.

use parvis_migrations::{MigratorTrait, PlatformMigrator, TenantMigrator};
use sea_orm::{ConnectionTrait, TransactionTrait};

use crate::{Result, StoreError, postgres};

/// Migrates both schemas as their owner, then opens the tables to the application's role.
pub async fn migrate_postgres(owner_url: &str, application_role: &str) -> Result<()> {
    if !application_role.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        let reason = "its name may hold only lower-case letters, digits and underscores";
        return Err(StoreError::UnsafeRole { role: application_role.to_owned(), reason });
    }
    let owner = postgres::connect(owner_url, 2).await?;
    PlatformMigrator::up(&owner, None).await?;
    TenantMigrator::up(&owner, None).await?;
    let transaction = owner.begin().await?;
    for sql in parvis_migrations::grants(application_role) {
        transaction.execute_unprepared(&sql).await?;
    }
    transaction.commit().await?;
    Ok(owner.close().await?)
}
