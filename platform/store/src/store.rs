//! The door: opens the platform database, and a tenant's database by its id, through a bounded cache.

use std::{
    collections::HashMap,
    fmt,
    num::NonZeroU32,
    path::PathBuf,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use parvis_domain::ids::TenantId;
use parvis_migrations::{MigratorTrait, PlatformMigrator, TenantMigrator};
use tokio::sync::Mutex;

use crate::{
    PlatformDb, Result, Snapshot, StoreError, UnitOfWork,
    platform::{
        due::DueIndex,
        tenants::{self, NewTenant},
    },
    postgres,
    sqlite::{self, Files, Opening, Pair},
    unit::{Purpose, begin},
};

/// Open files of tenants at most; the least recently used is closed once nobody holds it.
const OPEN_FILES: usize = 64;

/// Readers of one SQLite file, when nothing says otherwise. Reads are short: more threads would only take memory.
pub const READERS: NonZeroU32 = NonZeroU32::new(3).unwrap();

/// Which engine, and where.
#[derive(Clone, PartialEq, Eq)]
pub enum StoreConfig {
    /// A folder of SQLite files.
    Sqlite {
        /// The folder.
        dir: PathBuf,
        /// Connections that read one file; one more writes. With a single one, a use case that reads within a read
        /// waits for itself: tests run so.
        readers: NonZeroU32,
    },
    /// A PostgreSQL database, as the application's role.
    Postgres {
        /// Connection URL, with its password: never shown.
        url: String,
    },
}

/// The URL may hold a password.
impl fmt::Debug for StoreConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { dir, readers } => {
                f.debug_struct("Sqlite").field("dir", dir).field("readers", readers).finish()
            }
            Self::Postgres { .. } => f.debug_struct("Postgres").finish_non_exhaustive(),
        }
    }
}

/// The databases of a deployment. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    platform: PlatformDb,
    engine: Engine,
}

#[derive(Debug)]
enum Engine {
    Sqlite { files: Files, open: std::sync::Mutex<HashMap<TenantId, Slot>>, uses: AtomicU64 },
    Postgres { pool: Pair },
}

/// A file being opened or open; the mutex is held while it is opened and migrated.
#[derive(Debug, Clone)]
struct Slot {
    pair: Arc<Mutex<Option<Pair>>>,
    used: u64,
}

/// A tenant's data. Cheap to clone; obtained only by resolving the tenant.
#[derive(Debug, Clone)]
pub struct TenantDb {
    tenant: TenantId,
    pair: Pair,
    due: DueIndex,
}

impl TenantDb {
    /// Whose data they are.
    pub const fn id(&self) -> TenantId {
        self.tenant
    }

    /// Reads the tenant's data at one instant.
    pub async fn read(&self) -> Result<Snapshot> {
        Ok(Snapshot::new(begin(&self.pair.reader, self.tenant, Purpose::Read).await?))
    }

    /// Starts to write. On SQLite one unit of work runs at a time per tenant: never await anything slow in it.
    pub async fn write(&self) -> Result<UnitOfWork> {
        let transaction = begin(&self.pair.writer, self.tenant, Purpose::Write).await?;
        Ok(UnitOfWork::new(transaction, self.tenant, self.due.clone()))
    }
}

impl Store {
    /// Opens the databases; makes and migrates the platform file on SQLite, checks the schema and the role on
    /// PostgreSQL.
    pub async fn open(config: &StoreConfig) -> Result<Self> {
        let inner = match config {
            StoreConfig::Sqlite { dir, readers } => {
                let files = Files::new(dir.clone(), *readers);
                files.prepare().await?;
                let lock = files.lock().await?;
                let pair = sqlite::open(&files.platform(), Opening::Create, files.readers()).await?;
                migrate::<PlatformMigrator>(&pair, "the platform").await?;
                drop(lock);
                let engine = Engine::Sqlite { files, open: std::sync::Mutex::default(), uses: AtomicU64::new(0) };
                Inner { platform: PlatformDb::new(pair), engine }
            }
            StoreConfig::Postgres { url } => {
                let pool = postgres::open(url).await?;
                Inner { platform: PlatformDb::new(pool.clone()), engine: Engine::Postgres { pool } }
            }
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The platform database.
    pub fn platform(&self) -> &PlatformDb {
        &self.inner.platform
    }

    /// Creates a tenant: its file first, then its row, so that a row always has its data. Creating it again after a
    /// crash completes it.
    pub async fn create_tenant(&self, tenant: &NewTenant) -> Result<()> {
        if tenants::by_id(self.platform(), tenant.id).await?.is_some() {
            return Ok(());
        }
        if let Engine::Sqlite { files, .. } = &self.inner.engine {
            files.create_tenant(tenant.id).await?;
        }
        tenants::insert(self.platform(), tenant, parvis_migrations::tenant_version()).await
    }

    /// The data of a tenant; migrated at first open.
    pub async fn tenant(&self, id: TenantId) -> Result<TenantDb> {
        let pair = match &self.inner.engine {
            Engine::Postgres { pool } => {
                tenants::by_id(self.platform(), id).await?.ok_or(StoreError::UnknownTenant(id))?;
                pool.clone()
            }
            Engine::Sqlite { files, open, uses } => {
                let slot = slot(open, uses, id);
                let mut pair = slot.lock().await;
                match &*pair {
                    Some(pair) => pair.clone(),
                    None => pair.insert(self.open_file(files, id).await?).clone(),
                }
            }
        };
        Ok(TenantDb { tenant: id, pair, due: self.inner.platform.due_index() })
    }

    async fn open_file(&self, files: &Files, id: TenantId) -> Result<Pair> {
        let row = tenants::by_id(self.platform(), id).await?.ok_or(StoreError::UnknownTenant(id))?;
        let known = parvis_migrations::tenant_version();
        if row.schema_version > known {
            return Err(StoreError::NewerSchema { what: row.slug, found: row.schema_version, known });
        }
        let pair = sqlite::open(&files.tenant(id), Opening::Existing, files.readers()).await?;
        if row.schema_version < known {
            let _lock = files.lock().await?;
            migrate::<TenantMigrator>(&pair, &row.slug).await?;
            tenants::set_schema_version(self.platform(), id, known).await?;
        }
        Ok(pair)
    }

    /// Empties the journals into the files and closes everything; called once, when the process ends.
    pub async fn close(&self) -> Result<()> {
        if let Engine::Sqlite { open, .. } = &self.inner.engine {
            let slots: Vec<_> = {
                let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
                open.drain().map(|(_, slot)| slot.pair).collect()
            };
            for slot in slots {
                if let Some(pair) = slot.lock().await.take() {
                    pair.close().await?;
                }
            }
        }
        self.inner.platform.close().await
    }
}

/// The slot of a tenant; makes room when too many files are open. A file that is put aside closes when the last
/// [`TenantDb`] on it is dropped.
fn slot(open: &std::sync::Mutex<HashMap<TenantId, Slot>>, uses: &AtomicU64, id: TenantId) -> Arc<Mutex<Option<Pair>>> {
    let turn = uses.fetch_add(1, Ordering::Relaxed);
    let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(slot) = open.get_mut(&id) {
        slot.used = turn;
        return slot.pair.clone();
    }
    if open.len() >= OPEN_FILES
        && let Some(oldest) = open.iter().min_by_key(|(_, slot)| slot.used).map(|(id, _)| *id)
    {
        open.remove(&oldest);
    }
    open.entry(id).or_insert_with(|| Slot { pair: Arc::default(), used: turn }).pair.clone()
}

/// Applies the migrations that miss; refuses a schema that has some unknown ones.
async fn migrate<M: MigratorTrait>(pair: &Pair, what: &str) -> Result<()> {
    parvis_migrations::refuse_newer::<M>(&pair.writer).await.map_err(|found| match found {
        parvis_migrations::Refused::Newer { found, known } => {
            StoreError::NewerSchema { what: what.to_owned(), found, known }
        }
        parvis_migrations::Refused::Database(error) => error.into(),
    })?;
    Ok(M::up(&pair.writer, None).await?)
}
