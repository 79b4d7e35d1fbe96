//! Why the store gave nothing. Messages are for operators: they carry no answer of a citizen.

use parvis_domain::ids::TenantId;

/// Why the store gave nothing. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine refused or did not answer.
    #[error("the database failed: {0}")]
    Database(#[from] sea_orm::DbErr),
    /// The database cannot be reached now, or is too busy; the same call may succeed later.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// No such tenant.
    #[error("no tenant {0}")]
    UnknownTenant(TenantId),
    /// The schema was written by a newer version of Parvis: this one must not touch it.
    #[error("the schema of {what} is version {found}, newer than {known}: start the version of Parvis that wrote it")]
    NewerSchema {
        /// Which database.
        what: String,
        /// Version found.
        found: u32,
        /// Newest version known.
        known: u32,
    },
    /// The schema was not migrated.
    #[error("the schema of {what} is version {found}, {known} is needed: run `parvis migrate`")]
    OlderSchema {
        /// Which database.
        what: String,
        /// Version found.
        found: u32,
        /// Version needed.
        known: u32,
    },
    /// The role of the application could read across tenants.
    #[error("the role {role} must not be used: {reason}")]
    UnsafeRole {
        /// The role.
        role: String,
        /// What it could do.
        reason: &'static str,
    },
    /// A row does not hold what it should.
    #[error("{table}: {what} cannot be read")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// What is wrong.
        what: String,
    },
    /// The row does not exist although the caller relies on it.
    #[error("{table}: no such row")]
    Missing {
        /// Table.
        table: &'static str,
    },
}

impl StoreError {
    /// Whether the same call may succeed later without anybody doing anything.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unavailable(_) => true,
            Self::Database(error) => {
                matches!(error, sea_orm::DbErr::ConnectionAcquire(_) | sea_orm::DbErr::Conn(_))
                    || error.to_string().contains("database is locked")
            }
            _ => false,
        }
    }

    pub(crate) fn corrupt(table: &'static str, what: impl Into<String>) -> Self {
        Self::Corrupt { table, what: what.into() }
    }

    pub(crate) fn file(path: &std::path::Path, source: std::io::Error) -> Self {
        Self::File { path: path.display().to_string(), source }
    }
}
