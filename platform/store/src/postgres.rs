//! PostgreSQL: how the application connects, and what it refuses. A role that owns the tables, is a superuser or has
//! BYPASSRLS would read across tenants whatever the policies say.

use std::time::Duration;

use parvis_migrations::{PlatformMigrator, Refused, TenantMigrator};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use crate::{Result, StoreError, codec::query_one, sqlite::Pair};

/// Connects as the application, checks its role and the schema.
pub(crate) async fn open(url: &str) -> Result<Pair> {
    let pool = connect(url, 16).await?;
    refuse_unsafe_role(&pool).await?;
    check("the platform", parvis_migrations::check::<PlatformMigrator>(&pool).await)?;
    check("the tenants", parvis_migrations::check::<TenantMigrator>(&pool).await)?;
    Ok(Pair { writer: pool.clone(), reader: pool })
}

pub(crate) async fn connect(url: &str, connections: u32) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    Ok(Database::connect(options).await?)
}

fn check(what: &str, outcome: Result<(u32, u32), Refused>) -> Result<()> {
    match outcome {
        Ok((found, known)) if found < known => Err(StoreError::OlderSchema { what: what.to_owned(), found, known }),
        Ok(_) => Ok(()),
        Err(Refused::Newer { found, known }) => Err(StoreError::NewerSchema { what: what.to_owned(), found, known }),
        Err(Refused::Database(error)) => Err(error.into()),
    }
}

async fn refuse_unsafe_role(pool: &DatabaseConnection) -> Result<()> {
    let sql = "SELECT current_user::text AS role, r.rolsuper AS superuser, r.rolbypassrls AS bypass, \
               EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') \
               AND pg_has_role(current_user, c.relowner, 'MEMBER')) AS owner \
               FROM pg_roles r WHERE r.rolname = current_user";
    let row = query_one(pool, sql, vec![]).await?.ok_or(StoreError::Missing { table: "pg_roles" })?;
    let role: String = row.try_get("", "role")?;
    let reasons = [
        ("superuser", "it is a superuser"),
        ("bypass", "it has BYPASSRLS"),
        ("owner", "it owns tables, or is a member of the role that does"),
    ];
    for (column, reason) in reasons {
        if row.try_get::<bool>("", column)? {
            return Err(StoreError::UnsafeRole { role, reason });
        }
    }
    Ok(())
}
