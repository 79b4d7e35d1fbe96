//! The key store: one small file per tenant, its key wrapped by the master key, in a folder of its own that is backed
//! up apart from objects and databases. Keys opened stay in memory.

use std::{
    collections::HashMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use parvis_domain::{ids::TenantId, time::Entropy};

use crate::{
    MasterKey, VaultError,
    cipher::{self, Key},
    object::folder::sync_folder,
};

pub(crate) struct TenantKeys {
    folder: PathBuf,
    master: MasterKey,
    opened: Mutex<HashMap<TenantId, Arc<Key>>>,
}

impl TenantKeys {
    /// Opens the key store, created when missing.
    pub(crate) fn open(folder: PathBuf, master: MasterKey) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, master, opened: Mutex::default() })
    }

    pub(crate) fn master(&self) -> &Key {
        self.master.key()
    }

    /// The key of a tenant that was opened before and not destroyed since.
    pub(crate) fn opened(&self, tenant: TenantId) -> Result<Arc<Key>, VaultError> {
        self.cache().get(&tenant).cloned().ok_or(VaultError::KeyMissing)
    }

    /// Reads the key of a tenant into memory.
    pub(crate) fn load(&self, tenant: TenantId) -> Result<(), VaultError> {
        if self.cache().contains_key(&tenant) {
            return Ok(());
        }
        let wrapped = fs::read(self.path(tenant)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => VaultError::KeyMissing,
            _ => VaultError::Unavailable(error),
        })?;
        let key = cipher::unwrap_key(self.master(), &context(tenant), &wrapped)?;
        self.cache().insert(tenant, Arc::new(key));
        Ok(())
    }

    /// Makes and keeps a key for a tenant that has none; the first of two that race wins, and both then load its key.
    pub(crate) fn create(&self, tenant: TenantId, entropy: &dyn Entropy) -> io::Result<()> {
        let wrapped = cipher::seal(self.master(), &context(tenant), cipher::new_key(entropy).as_slice(), entropy);
        let mut suffix = [0; 8];
        entropy.fill(&mut suffix);
        let unfinished = self.folder.join(format!("{tenant}.{:016x}.new", u64::from_le_bytes(suffix)));
        let written = write_synced(&unfinished, &wrapped).and_then(|()| fs::hard_link(&unfinished, self.path(tenant)));
        fs::remove_file(&unfinished)?;
        match written {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => sync_folder(&self.folder),
        }
    }

    /// Forgets a tenant's key, in memory and on disk: its objects can no longer be read, here and in their backups.
    pub(crate) fn destroy(&self, tenant: TenantId) -> io::Result<()> {
        self.cache().remove(&tenant);
        match fs::remove_file(self.path(tenant)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => sync_folder(&self.folder),
        }
    }

    fn path(&self, tenant: TenantId) -> PathBuf {
        self.folder.join(format!("{tenant}.key"))
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, HashMap<TenantId, Arc<Key>>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write_synced(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// What a wrapped tenant key is bound to.
fn context(tenant: TenantId) -> Vec<u8> {
    [b"parvis tenant key ".as_slice(), tenant.uuid().as_bytes()].concat()
}
