//! The platform database: one connection that writes and a few that read on SQLite, one pool on PostgreSQL.

use sea_orm::DatabaseConnection;

use super::due::DueIndex;
use crate::{Result, sqlite::Pair};

/// The platform database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct PlatformDb {
    pub(super) pair: Pair,
    pub(super) due: DueIndex,
}

impl PlatformDb {
    pub(crate) fn new(pair: Pair) -> Self {
        let due = DueIndex::new(pair.clone());
        Self { pair, due }
    }

    pub(super) const fn reader(&self) -> &DatabaseConnection {
        &self.pair.reader
    }

    pub(crate) const fn writer(&self) -> &DatabaseConnection {
        &self.pair.writer
    }

    pub(crate) fn due_index(&self) -> DueIndex {
        self.due.clone()
    }

    /// Answers when the database does; for the readiness probe.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.reader().ping().await?)
    }

    pub(crate) async fn close(&self) -> Result<()> {
        self.pair.close().await
    }
}
