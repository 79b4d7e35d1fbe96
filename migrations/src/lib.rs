//! The schema, on SQLite and on PostgreSQL: what belongs to the deployment and what belongs to a tenant are two migrators.
//!
//! A table of a tenant is declared through [`table::Table::of_tenant`] and nothing else: on SQLite the file is the tenant's;
//! on PostgreSQL the helper adds the column that the application never names, row-level security, and puts the tenant
//! first in every key. A migration is never changed once released: a change is a new one. Each runs in a transaction.

mod check;
mod m20261123_000001_platform;
mod m20261123_000002_tenant_town;
mod m20261123_000003_tenant_people;
mod m20261123_000004_tenant_dossier;
mod m20261123_000005_tenant_work;
pub mod table;

use sea_orm_migration::{
    MigrationTrait, async_trait,
    sea_orm::{DynIden, sea_query::IntoIden},
};

pub use check::{Refused, check, refuse_newer};
pub use sea_orm_migration::MigratorTrait;

/// Tables of the deployment, on both engines.
pub const PLATFORM_TABLES: [&str; 7] =
    ["agent", "component", "due", "tenant", "tenant_figure", "tenant_host", "tombstone"];

/// Where each migrator remembers what it applied.
pub const MIGRATION_TABLES: [&str; 2] = ["parvis_platform_migration", "parvis_tenant_migration"];

/// Migrates the platform database.
#[derive(Debug, Clone, Copy)]
pub struct PlatformMigrator;

/// Migrates a tenant's file, or the tables of all tenants on PostgreSQL.
#[derive(Debug, Clone, Copy)]
pub struct TenantMigrator;

#[async_trait::async_trait]
impl MigratorTrait for PlatformMigrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m20261123_000001_platform::Migration)]
    }

    fn migration_table_name() -> DynIden {
        MIGRATION_TABLES[0].into_iden()
    }
}

#[async_trait::async_trait]
impl MigratorTrait for TenantMigrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000002_tenant_town::Migration),
            Box::new(m20261123_000003_tenant_people::Migration),
            Box::new(m20261123_000004_tenant_dossier::Migration),
            Box::new(m20261123_000005_tenant_work::Migration),
        ]
    }

    fn migration_table_name() -> DynIden {
        MIGRATION_TABLES[1].into_iden()
    }
}

/// Version of a tenant's schema that this crate makes: how many migrations it has.
pub fn tenant_version() -> u32 {
    u32::try_from(TenantMigrator::migrations().len()).unwrap_or(u32::MAX)
}

/// What opens the tables to the application's role on PostgreSQL: rows, never the schema; history only grows.
pub fn grants(role: &str) -> Vec<String> {
    vec![
        format!("GRANT USAGE ON SCHEMA public TO {role}"),
        format!("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"),
        format!("REVOKE UPDATE, DELETE ON dossier_event FROM {role}"),
        format!("REVOKE INSERT, UPDATE, DELETE ON {}, {} FROM {role}", MIGRATION_TABLES[0], MIGRATION_TABLES[1]),
    ]
}
