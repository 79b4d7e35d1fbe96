//! The vault as a whole: opened once by `cli`, asked for one tenant at a time.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use parvis_domain::{ids::TenantId, time::Entropy};
use zeroize::Zeroizing;

use crate::{
    MasterKey, TenantVault, VaultError,
    cipher::{self, Key},
    object::folder::Folder,
    tenant_keys::TenantKeys,
};

/// Where the vault stands. Both folders may be on different disks, and are backed up apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultConfig {
    /// Folder of the sealed objects.
    pub objects: PathBuf,
    /// Folder of the wrapped tenant keys.
    pub keys: PathBuf,
}

impl VaultConfig {
    /// Both folders side by side in a data folder, for a small deployment.
    pub fn under(root: &Path) -> Self {
        Self { objects: root.join("objects"), keys: root.join("keys") }
    }
}

/// The vault; cheap to clone.
#[derive(Clone)]
pub struct Vault {
    parts: Arc<Parts>,
}

pub(crate) struct Parts {
    pub(crate) folder: Folder,
    keys: TenantKeys,
    pub(crate) entropy: Arc<dyn Entropy>,
}

impl Parts {
    /// The key of a tenant, as long as it was not destroyed.
    pub(crate) fn tenant_key(&self, tenant: TenantId) -> Result<Arc<Key>, VaultError> {
        self.keys.opened(tenant)
    }
}

impl Vault {
    /// Opens the vault, whose folders are created when missing. Done once, at start: it blocks.
    pub fn open(config: VaultConfig, master: MasterKey, entropy: Arc<dyn Entropy>) -> Result<Self, VaultError> {
        let folder = Folder::open(config.objects).map_err(VaultError::Unavailable)?;
        let keys = TenantKeys::open(config.keys, master).map_err(VaultError::Unavailable)?;
        Ok(Self { parts: Arc::new(Parts { folder, keys, entropy }) })
    }

    /// The vault of one tenant. Its key is made on first use, and never again while objects of it remain: a key store
    /// that was lost is an error to see, not a reason to start over.
    pub async fn for_tenant(&self, tenant: TenantId) -> Result<TenantVault, VaultError> {
        let parts = Arc::clone(&self.parts);
        blocking(move || match parts.keys.load(tenant) {
            Err(VaultError::KeyMissing) if !parts.folder.has_objects_of(tenant).map_err(VaultError::Unavailable)? => {
                parts.keys.create(tenant, &*parts.entropy).map_err(VaultError::Unavailable)?;
                parts.keys.load(tenant)
            }
            loaded => loaded,
        })
        .await?;
        Ok(TenantVault::new(Arc::clone(&self.parts), tenant))
    }

    /// Destroys the key of a tenant: nothing it stored can be read again, backups of objects included.
    pub async fn destroy_tenant_key(&self, tenant: TenantId) -> Result<(), VaultError> {
        let parts = Arc::clone(&self.parts);
        blocking(move || parts.keys.destroy(tenant).map_err(VaultError::Unavailable)).await?;
        tracing::info!(%tenant, "the tenant's vault key is destroyed");
        Ok(())
    }

    /// Removes what interrupted puts left. Called at start, before the first put of the only process that writes.
    pub fn remove_unfinished(&self) -> Result<usize, VaultError> {
        self.parts.folder.remove_unfinished().map_err(VaultError::Unavailable)
    }

    /// Seals a short secret of the platform (a second factor's seed) for a database; `context` names what it is for.
    pub fn seal(&self, context: &str, clear: &[u8]) -> Vec<u8> {
        cipher::seal(self.parts.keys.master(), &secret_context(context), clear, &*self.parts.entropy)
    }

    /// Opens what [`Vault::seal`] made for the same context.
    pub fn unseal(&self, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        cipher::unseal(self.parts.keys.master(), &secret_context(context), sealed)
    }
}

/// What a sealed secret is bound to.
pub(crate) fn secret_context(context: &str) -> Vec<u8> {
    ["parvis secret ", context].concat().into_bytes()
}

/// Runs file work away from the threads that serve requests.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
) -> Result<T, VaultError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|stopped| Err(VaultError::Unavailable(io::Error::other(stopped))))
}
