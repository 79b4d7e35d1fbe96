//! A read at one instant, and a write that happens whole or not at all.
//!
//! Both stand in a transaction of the tenant's database. On PostgreSQL, the first thing that a transaction does is to
//! name the tenant to the engine, in `begin` and nowhere else.

use std::{collections::BTreeMap, fmt, sync::Mutex};

use parvis_domain::{ids::TenantId, time::Instant};
use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

use crate::{
    Result, StoreError,
    codec::execute,
    platform::due::{self, DueIndex, Queue},
};

pub(crate) mod sealed {
    use sea_orm::DatabaseTransaction;

    /// What only this crate's snapshots and units of work have.
    pub trait Connected: Sync {
        /// The transaction they stand in.
        fn connection(&self) -> &DatabaseTransaction;
    }
}

/// What can be read from: a [`Snapshot`] or a [`UnitOfWork`].
pub trait Reads: sealed::Connected {}

/// The tenant's data as they were at one instant.
pub struct Snapshot {
    transaction: DatabaseTransaction,
}

/// Changes of the tenant's data, kept by [`UnitOfWork::commit`] and forgotten otherwise.
pub struct UnitOfWork {
    transaction: DatabaseTransaction,
    tenant: TenantId,
    due: DueIndex,
    wanted: Mutex<BTreeMap<Queue, Instant>>,
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Read,
    Write,
}

/// Starts a transaction and, on PostgreSQL, tells the engine which tenant it belongs to.
pub(crate) async fn begin(
    connection: &DatabaseConnection,
    tenant: TenantId,
    purpose: Purpose,
) -> Result<DatabaseTransaction> {
    let postgres = connection.get_database_backend() == DbBackend::Postgres;
    let options = TransactionOptions {
        access_mode: (postgres && purpose == Purpose::Read).then_some(AccessMode::ReadOnly),
        sqlite_transaction_mode: (!postgres && purpose == Purpose::Write).then_some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = connection.begin_with_options(options).await.map_err(busy)?;
    if postgres {
        let name_the_tenant = "SELECT set_config('parvis.tenant', $1, true)";
        execute(&transaction, name_the_tenant, vec![tenant.to_string().into()]).await?;
    }
    Ok(transaction)
}

/// A queue of writers that does not move is a passing state, not a defect.
fn busy(error: sea_orm::DbErr) -> StoreError {
    let text = error.to_string();
    if text.contains("locked") || text.contains("timed out") { StoreError::Unavailable(text) } else { error.into() }
}

impl Snapshot {
    pub(crate) const fn new(transaction: DatabaseTransaction) -> Self {
        Self { transaction }
    }
}

impl UnitOfWork {
    pub(crate) const fn new(transaction: DatabaseTransaction, tenant: TenantId, due: DueIndex) -> Self {
        Self { transaction, tenant, due, wanted: Mutex::new(BTreeMap::new()) }
    }

    /// Remembers that the tenant has something to do at that instant; [`Self::commit`] tells the index of due work.
    pub(crate) fn wake(&self, queue: Queue, at: Instant) {
        if let Ok(mut wanted) = self.wanted.lock() {
            wanted.entry(queue).and_modify(|earliest| *earliest = at.min(*earliest)).or_insert(at);
        }
    }

    pub(crate) const fn tenant(&self) -> TenantId {
        self.tenant
    }

    pub(crate) const fn due(&self) -> &DueIndex {
        &self.due
    }

    /// Keeps everything. The index of due work is lowered first: waking a worker for nothing is harmless, not waking it
    /// is not. Those of this process are woken once all is there.
    pub async fn commit(self) -> Result<()> {
        let wanted = self.wanted.into_inner().unwrap_or_default();
        due::lower(&self.due, &self.transaction, self.tenant, &wanted).await?;
        self.transaction.commit().await?;
        for queue in wanted.into_keys() {
            self.due.ring(queue);
        }
        Ok(())
    }

    /// Forgets everything, now rather than when dropped.
    pub async fn rollback(self) -> Result<()> {
        Ok(self.transaction.rollback().await?)
    }
}

impl sealed::Connected for Snapshot {
    fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}

impl sealed::Connected for UnitOfWork {
    fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}

impl Reads for Snapshot {}
impl Reads for UnitOfWork {}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Snapshot")
    }
}

impl fmt::Debug for UnitOfWork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnitOfWork")
    }
}
