//! Writes one object: seals chunk by chunk into a file apart, then syncs it and moves it to its place. Dropped before
//! the end, it leaves nothing. Blocking: called from blocking threads only.

use std::{
    fs::{self, File},
    io::Write,
    path::PathBuf,
};

use parvis_domain::{digest::Sha256, time::Entropy};
use sha2::Digest;

use super::{
    CHUNK, MAGIC, SEALED_CHUNK,
    folder::Folder,
    name::{CHUNK_CONTEXT, KEY_CONTEXT, ObjectName},
};
use crate::{
    VaultError,
    cipher::{self, ChunkSealer, Key, STREAM_NONCE_LENGTH},
};

pub(crate) struct ObjectWriter {
    file: File,
    unfinished: Unfinished,
    name: ObjectName,
    sealer: ChunkSealer,
    context: Vec<u8>,
    hasher: sha2::Sha256,
    /// Clear text not sealed yet: a full chunk waits here until one knows whether it is the last.
    chunk: Vec<u8>,
}

impl ObjectWriter {
    /// Starts an object, with a key of its own.
    pub(crate) fn create(
        folder: &Folder,
        name: ObjectName,
        tenant_key: &Key,
        entropy: &dyn Entropy,
    ) -> Result<Self, VaultError> {
        let key = cipher::new_key(entropy);
        let wrapped = cipher::seal(tenant_key, &name.context(KEY_CONTEXT), key.as_slice(), entropy);
        let mut nonce = [0; STREAM_NONCE_LENGTH];
        entropy.fill(&mut nonce);
        let path = folder.incoming_path(name);
        let mut file = File::create_new(&path).map_err(VaultError::Unavailable)?;
        let unfinished = Unfinished(path);
        file.write_all(&[MAGIC.as_slice(), &wrapped, &nonce].concat()).map_err(VaultError::Unavailable)?;
        Ok(Self {
            file,
            unfinished,
            name,
            sealer: cipher::chunk_sealer(&key, nonce),
            context: name.context(CHUNK_CONTEXT),
            hasher: sha2::Sha256::new(),
            chunk: Vec::with_capacity(SEALED_CHUNK),
        })
    }

    /// Takes more clear text.
    pub(crate) fn absorb(&mut self, mut clear: &[u8]) -> Result<(), VaultError> {
        self.hasher.update(clear);
        while !clear.is_empty() {
            if self.chunk.len() == CHUNK {
                self.sealer
                    .encrypt_next_in_place(&self.context, &mut self.chunk)
                    .map_err(|_| VaultError::TooLarge { limit: CHUNK as u64 * u64::from(u32::MAX) })?;
                self.file.write_all(&self.chunk).map_err(VaultError::Unavailable)?;
                self.chunk.clear();
            }
            let (taken, rest) = clear.split_at(clear.len().min(CHUNK - self.chunk.len()));
            self.chunk.extend_from_slice(taken);
            clear = rest;
        }
        Ok(())
    }

    /// Seals the last chunk and makes the object durable; gives the digest of the clear text.
    pub(crate) fn finish(mut self, folder: &Folder) -> Result<Sha256, VaultError> {
        self.sealer.encrypt_last_in_place(&self.context, &mut self.chunk).map_err(|_| VaultError::Tampered)?;
        self.file.write_all(&self.chunk).map_err(VaultError::Unavailable)?;
        self.file.sync_all().map_err(VaultError::Unavailable)?;
        folder.publish(self.name).map_err(VaultError::Unavailable)?;
        self.unfinished.published();
        Ok(Sha256::from_bytes(self.hasher.finalize().into()))
    }
}

/// The file being written, removed unless the object was published.
struct Unfinished(PathBuf);

impl Unfinished {
    /// The file moved: nothing is left to remove.
    fn published(mut self) {
        self.0.clear();
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.0.as_os_str().is_empty() {
            return;
        }
        if let Err(error) = fs::remove_file(&self.0) {
            tracing::warn!(%error, "an unfinished object could not be removed");
        }
    }
}
