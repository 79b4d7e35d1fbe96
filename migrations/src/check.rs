//! Which schema a database has, compared with the one that this crate makes.

use std::collections::BTreeSet;

use sea_orm_migration::{
    MigratorTrait, SchemaManager,
    sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement},
};

/// Why a database is refused.
#[derive(Debug)]
pub enum Refused {
    /// It has migrations that this crate does not know.
    Newer {
        /// How many it has.
        found: u32,
        /// How many are known.
        known: u32,
    },
    /// It did not answer.
    Database(DbErr),
}

impl From<DbErr> for Refused {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

/// How many migrations a database has and how many are known; refuses one that has some unknown.
pub async fn check<M: MigratorTrait>(connection: &DatabaseConnection) -> Result<(u32, u32), Refused> {
    let table = M::migration_table_name().to_string();
    let mut found = BTreeSet::new();
    if SchemaManager::new(connection).has_table(&table).await? {
        let sql = format!("SELECT version FROM {table}");
        for row in connection.query_all_raw(Statement::from_string(connection.get_database_backend(), sql)).await? {
            found.insert(row.try_get::<String>("", "version")?);
        }
    }
    let known: BTreeSet<String> = M::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let count = |set: &BTreeSet<String>| u32::try_from(set.len()).unwrap_or(u32::MAX);
    if found.is_subset(&known) {
        Ok((count(&found), count(&known)))
    } else {
        Err(Refused::Newer { found: count(&found), known: count(&known) })
    }
}

/// Refuses a database that has unknown migrations.
pub async fn refuse_newer<M: MigratorTrait>(connection: &DatabaseConnection) -> Result<(), Refused> {
    check::<M>(connection).await.map(|_| ())
}
