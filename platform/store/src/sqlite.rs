//! SQLite files: how they are opened, and how a tenant's file is made from a migrated template.
//!
//! WAL with synchronous=FULL: a committed unit of work survives kill -9 and power cuts. One connection writes, a few
//! read; the journal is emptied into the file when a file is closed.

use std::{
    num::NonZeroU32,
    path::{Path, PathBuf},
    time::Duration,
};

use parvis_migrations::{MigratorTrait, TenantMigrator};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

use crate::{Result, StoreError};

/// How long a writer waits for its turn before the caller is told to try later.
const PATIENCE: Duration = Duration::from_secs(10);

/// The connection that writes and those that read; on PostgreSQL, twice the same pool.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) writer: DatabaseConnection,
    pub(crate) reader: DatabaseConnection,
}

impl Pair {
    /// Empties the journal into the file and closes.
    pub(crate) async fn close(&self) -> Result<()> {
        self.reader.close_by_ref().await?;
        if self.writer.get_database_backend() == sea_orm::DbBackend::Sqlite {
            self.writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(self.writer.close_by_ref().await?)
    }
}

/// Whether a file may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opening {
    Existing,
    Create,
}

/// Opens a file.
pub(crate) async fn open(path: &Path, opening: Opening, readers: NonZeroU32) -> Result<Pair> {
    let writer = connect(path, opening, 1, false).await?;
    let reader = connect(path, Opening::Existing, readers.get(), true).await?;
    Ok(Pair { writer, reader })
}

async fn connect(path: &Path, opening: Opening, connections: u32, lazy: bool) -> Result<DatabaseConnection> {
    let file = path.to_owned();
    let mut options = ConnectOptions::new("sqlite::memory:");
    options
        .max_connections(connections)
        .min_connections(0)
        .acquire_timeout(PATIENCE)
        .idle_timeout(lazy.then_some(Duration::from_mins(1)))
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_lazy(lazy)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |options| {
            options
                .filename(&file)
                .in_memory(false)
                .shared_cache(false)
                .create_if_missing(opening == Opening::Create)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(PATIENCE)
                .pragma("cache_size", "-2000")
                .pragma("temp_store", "memory")
        });
    Ok(Database::connect(options).await?)
}

/// Where the files of a deployment stand.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    dir: PathBuf,
    readers: NonZeroU32,
}

impl Files {
    pub(crate) const fn new(dir: PathBuf, readers: NonZeroU32) -> Self {
        Self { dir, readers }
    }

    pub(crate) fn platform(&self) -> PathBuf {
        self.dir.join("platform.db")
    }

    pub(crate) fn tenant(&self, id: parvis_domain::ids::TenantId) -> PathBuf {
        self.dir.join("tenants").join(format!("{id}.db"))
    }

    /// Connections that read one file.
    pub(crate) const fn readers(&self) -> NonZeroU32 {
        self.readers
    }

    fn template(&self) -> PathBuf {
        self.dir.join(format!("template-{}.db", parvis_migrations::tenant_version()))
    }

    /// Held while a schema is made or migrated: two processes never do it at once.
    pub(crate) async fn lock(&self) -> Result<std::fs::File> {
        let path = self.dir.join("migration.lock");
        let shown = path.clone();
        let taken = tokio::task::spawn_blocking(move || {
            let file = std::fs::File::create(path)?;
            file.lock()?;
            Ok(file)
        });
        taken
            .await
            .map_err(|error| StoreError::Unavailable(error.to_string()))?
            .map_err(|error| StoreError::file(&shown, error))
    }

    pub(crate) async fn prepare(&self) -> Result<()> {
        let tenants = self.dir.join("tenants");
        tokio::fs::create_dir_all(&tenants).await.map_err(|error| StoreError::file(&tenants, error))
    }

    /// Makes the file of a new tenant, whole or not at all.
    pub(crate) async fn create_tenant(&self, id: parvis_domain::ids::TenantId) -> Result<()> {
        let _lock = self.lock().await?;
        let template = self.template();
        if !template.exists() {
            let raw = template.with_extension("new");
            remove(&raw).await?;
            let pair = open(&raw, Opening::Create, self.readers).await?;
            TenantMigrator::up(&pair.writer, None).await?;
            pair.close().await?;
            rename(&raw, &template).await?;
        }
        let target = self.tenant(id);
        let copy = target.with_extension("new");
        tokio::fs::copy(&template, &copy).await.map_err(|error| StoreError::file(&copy, error))?;
        let file = tokio::fs::File::open(&copy).await.map_err(|error| StoreError::file(&copy, error))?;
        file.sync_all().await.map_err(|error| StoreError::file(&copy, error))?;
        rename(&copy, &target).await
    }
}

async fn remove(path: &Path) -> Result<()> {
    match tokio::fs::remove_file(path).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::file(path, error)),
        _ => Ok(()),
    }
}

async fn rename(from: &Path, to: &Path) -> Result<()> {
    tokio::fs::rename(from, to).await.map_err(|error| StoreError::file(to, error))
}
