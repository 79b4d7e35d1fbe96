//! The vault on a real folder: what comes back, what is refused, what survives.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod integrity;
mod keys;
mod objects;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use parvis_domain::{ids::TenantId, time::Entropy};
use parvis_vault::{MasterKey, TenantVault, Vault, VaultConfig, VaultError};
use tempfile::TempDir;

const CHUNK: usize = 64 * 1024;
const BATCH: usize = 4 * CHUNK;
const NO_LIMIT: u64 = u64::MAX;

/// Bytes that never repeat: a counter through SHA-256.
#[derive(Default)]
struct Counted(AtomicU64);

impl Entropy for Counted {
    fn fill(&self, buffer: &mut [u8]) {
        for part in buffer.chunks_mut(32) {
            let block = parvis_domain::digest::Sha256::of(&self.0.fetch_add(1, Ordering::Relaxed).to_le_bytes());
            part.copy_from_slice(&block.as_bytes()[..part.len()]);
        }
    }
}

struct Fixture {
    folder: TempDir,
    entropy: Arc<Counted>,
}

impl Fixture {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), entropy: Arc::default() }
    }

    fn config(&self) -> VaultConfig {
        VaultConfig::under(self.folder.path())
    }

    /// The vault as a process that starts would open it.
    fn vault(&self) -> Vault {
        self.vault_with(MasterKey::from_bytes([7; 32])).unwrap()
    }

    fn vault_with(&self, master: MasterKey) -> Result<Vault, VaultError> {
        Vault::open(self.config(), master, Arc::clone(&self.entropy) as Arc<dyn Entropy>)
    }

    async fn tenant(&self, number: u8) -> TenantVault {
        self.vault().for_tenant(tenant_id(number)).await.unwrap()
    }

    fn object_path(&self, object_key: &str) -> PathBuf {
        let (tenant, name) = object_key.split_once('/').unwrap();
        self.config().objects.join(tenant).join(name.get(..2).unwrap()).join(name)
    }
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_under(&path)) } else { files.push(path) }
    }
    files
}

fn tenant_id(number: u8) -> TenantId {
    format!("00000000-0000-7000-8000-0000000000{number:02x}").parse().unwrap()
}

/// Content of any size in which no two chunks are the same.
fn content(size: usize) -> Vec<u8> {
    (0..size).map(|at| u8::try_from((at / 7 + at / CHUNK * 31) % 251).unwrap()).collect()
}

/// Runs a test's future.
fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap().block_on(future)
}
