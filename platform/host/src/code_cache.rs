//! Compiled code kept on disk. Loading compiled code is trusting it: each file is authenticated with the deployment's
//! key, bound to its component and to the engine that compiled it. Anything that does not match is compiled again.

use std::{
    fmt, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use hmac::{Hmac, KeyInit, Mac};
use parvis_domain::digest::Sha256;

const TAG: usize = 32;
const PURPOSE: &[u8] = b"parvis compiled code 1";

/// Makes temporary names unique in this process.
static TEMPORARY: AtomicU64 = AtomicU64::new(0);

/// A folder of compiled code and the key that authenticates it.
#[derive(Clone)]
pub struct CodeCache {
    dir: PathBuf,
    key: [u8; 32],
}

impl fmt::Debug for CodeCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodeCache").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl CodeCache {
    /// A cache in a folder, made at the first write; `key` is a secret of the deployment, kept for this use.
    pub const fn new(dir: PathBuf, key: [u8; 32]) -> Self {
        Self { dir, key }
    }

    /// The compiled code of a component for an engine, if it is there and authentic.
    pub(crate) fn load(&self, component: Sha256, engine: Sha256) -> Option<Vec<u8>> {
        let mut file = fs::read(self.path(component, engine)).ok()?;
        let code = file.split_off(TAG.min(file.len()));
        if self.mac(component, engine, &code).verify_slice(&file).is_err() {
            tracing::warn!(%component, "compiled code is not authentic: it is compiled again");
            return None;
        }
        Some(code)
    }

    /// Keeps compiled code. A failure costs a compilation at the next start, nothing else.
    pub(crate) fn store(&self, component: Sha256, engine: Sha256, code: &[u8]) {
        if let Err(error) = self.write(component, engine, code) {
            tracing::warn!(%component, %error, "compiled code could not be kept");
        }
    }

    fn write(&self, component: Sha256, engine: Sha256, code: &[u8]) -> io::Result<()> {
        make_private(&self.dir)?;
        let number = TEMPORARY.fetch_add(1, Ordering::Relaxed);
        let temporary = self.dir.join(format!(".{component}.{}.{number}", std::process::id()));
        let written = self.write_and_rename(&temporary, component, engine, code);
        if written.is_err() {
            // The first error is the one to tell.
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    fn write_and_rename(&self, temporary: &Path, component: Sha256, engine: Sha256, code: &[u8]) -> io::Result<()> {
        let mut file = fs::File::create_new(temporary)?;
        file.write_all(&self.mac(component, engine, code).finalize().into_bytes())?;
        file.write_all(code)?;
        file.sync_all()?;
        fs::rename(temporary, self.path(component, engine))
    }

    fn path(&self, component: Sha256, engine: Sha256) -> PathBuf {
        self.dir.join(Sha256::of_parts(&[component.as_bytes(), engine.as_bytes()]).to_string())
    }

    fn mac(&self, component: Sha256, engine: Sha256, code: &[u8]) -> Hmac<sha2::Sha256> {
        let mac = Hmac::<sha2::Sha256>::new_from_slice(&self.key).expect("HMAC takes a key of any length");
        // Every part but the last has a fixed length.
        mac.chain_update(PURPOSE).chain_update(component.as_bytes()).chain_update(engine.as_bytes()).chain_update(code)
    }
}

fn make_private(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digests() -> (Sha256, Sha256) {
        (Sha256::of(b"component"), Sha256::of(b"engine"))
    }

    #[test]
    fn code_that_was_stored_is_loaded() {
        let dir = tempfile::tempdir().unwrap();
        let cache = CodeCache::new(dir.path().join("code"), [1; 32]);
        let (component, engine) = digests();
        assert_eq!(cache.load(component, engine), None);
        cache.store(component, engine, b"code");
        assert_eq!(cache.load(component, engine).as_deref(), Some(&b"code"[..]));
    }

    #[test]
    fn code_altered_truncated_or_signed_with_another_key_is_not_loaded() {
        let dir = tempfile::tempdir().unwrap();
        let cache = CodeCache::new(dir.path().to_owned(), [1; 32]);
        let (component, engine) = digests();
        cache.store(component, engine, b"code");
        assert_eq!(CodeCache::new(dir.path().to_owned(), [2; 32]).load(component, engine), None);

        let path = cache.path(component, engine);
        let mut file = fs::read(&path).unwrap();
        *file.last_mut().unwrap() ^= 1;
        fs::write(&path, &file).unwrap();
        assert_eq!(cache.load(component, engine), None);
        fs::write(&path, b"short").unwrap();
        assert_eq!(cache.load(component, engine), None);
    }

    #[test]
    fn code_of_another_component_put_in_place_is_not_loaded() {
        let dir = tempfile::tempdir().unwrap();
        let cache = CodeCache::new(dir.path().to_owned(), [1; 32]);
        let (component, engine) = digests();
        let other = Sha256::of(b"other");
        cache.store(other, engine, b"code");
        fs::rename(cache.path(other, engine), cache.path(component, engine)).unwrap();
        assert_eq!(cache.load(component, engine), None);
    }
}
