//! Reads one object as a stream: opens chunk by chunk, hashes, and gives the last octets only when the digest is right.
//! Between two batches no blocking thread is held, however slow the one who reads.

use std::{
    fs::File,
    io::{self, Read},
    pin::Pin,
    task::{Context, Poll},
};

use parvis_domain::digest::Sha256;
use sha2::Digest;
use tokio::{
    io::{AsyncRead, ReadBuf},
    task::{JoinHandle, spawn_blocking},
};

use super::{
    BATCH, CHUNK, HEADER_LENGTH, MAGIC, SEALED_CHUNK,
    folder::Folder,
    name::{CHUNK_CONTEXT, KEY_CONTEXT, ObjectName},
};
use crate::{
    VaultError,
    cipher::{self, ChunkOpener, Key, STREAM_NONCE_LENGTH, TAG_LENGTH, WRAPPED_LENGTH},
};

/// An object's file being read. Blocking: used from blocking threads only.
pub(crate) struct OpenObject {
    file: File,
    /// `None` once the last chunk is open.
    opener: Option<ChunkOpener>,
    context: Vec<u8>,
    hasher: sha2::Sha256,
    expected: Sha256,
    /// Octets of clear text, by the length of the file.
    size: u64,
    /// Octets of sealed text not read yet.
    left: u64,
    sealed: Vec<u8>,
}

impl OpenObject {
    /// Opens the file and the object's key.
    pub(crate) fn open(
        folder: &Folder,
        name: ObjectName,
        tenant_key: &Key,
        expected: Sha256,
    ) -> Result<Self, VaultError> {
        let mut file = File::open(folder.path(name)).map_err(VaultError::of_storage)?;
        let length = file.metadata().map_err(VaultError::Unavailable)?.len();
        let left = length.checked_sub(HEADER_LENGTH as u64).ok_or(VaultError::Tampered)?;
        let mut header = [0; HEADER_LENGTH];
        file.read_exact(&mut header).map_err(of_file)?;
        let (magic, header) = header.split_at(MAGIC.len());
        let (wrapped, nonce) = header.split_at(WRAPPED_LENGTH);
        if magic != MAGIC {
            return Err(VaultError::Tampered);
        }
        let nonce: [u8; STREAM_NONCE_LENGTH] = nonce.try_into().map_err(|_| VaultError::Tampered)?;
        let key =
            cipher::unwrap_key(tenant_key, &name.context(KEY_CONTEXT), wrapped).map_err(|_| VaultError::Tampered)?;
        Ok(Self {
            file,
            opener: Some(cipher::chunk_opener(&key, nonce)),
            context: name.context(CHUNK_CONTEXT),
            hasher: sha2::Sha256::new(),
            expected,
            size: left.saturating_sub(left.div_ceil(SEALED_CHUNK as u64) * TAG_LENGTH as u64),
            left,
            sealed: Vec::new(),
        })
    }

    /// The next octets of clear text; none after the end, which is reached only with the right digest.
    pub(crate) fn next_batch(&mut self) -> Result<Vec<u8>, VaultError> {
        let mut batch = Vec::new();
        while let Some(mut opener) = self.opener.take() {
            let length = self.left.min(SEALED_CHUNK as u64);
            self.left -= length;
            self.sealed.clear();
            let read = (&mut self.file).take(length).read_to_end(&mut self.sealed).map_err(of_file)?;
            if read as u64 != length {
                return Err(VaultError::Tampered);
            }
            if self.left == 0 {
                opener.decrypt_last_in_place(&self.context, &mut self.sealed).map_err(|_| VaultError::Tampered)?;
            } else {
                opener.decrypt_next_in_place(&self.context, &mut self.sealed).map_err(|_| VaultError::Tampered)?;
                self.opener = Some(opener);
            }
            self.hasher.update(&self.sealed);
            batch.extend_from_slice(&self.sealed);
            if self.opener.is_none() && self.hasher.clone().finalize().as_slice() != self.expected.as_bytes() {
                return Err(VaultError::Tampered);
            }
            if batch.len() + CHUNK > BATCH {
                break;
            }
        }
        Ok(batch)
    }
}

/// A file shorter than it said is one that was cut.
fn of_file(error: io::Error) -> VaultError {
    if error.kind() == io::ErrorKind::UnexpectedEof { VaultError::Tampered } else { VaultError::Unavailable(error) }
}

/// The clear text of an object, as a stream for a response's body. An error of the stream holds a [`VaultError`], which
/// [`VaultError::of_read`] gives back.
pub struct ObjectReader {
    size: u64,
    batch: Vec<u8>,
    given: usize,
    rest: Rest,
}

/// A read under way, which gives the object back with what it read.
type BatchRead = JoinHandle<(Box<OpenObject>, Result<Vec<u8>, VaultError>)>;

/// What comes after the batch in memory.
enum Rest {
    Waiting(Box<OpenObject>),
    Reading(BatchRead),
    Nothing,
}

impl ObjectReader {
    pub(crate) fn new(object: OpenObject, first: Vec<u8>) -> Self {
        let size = object.size;
        let rest = if object.opener.is_none() { Rest::Nothing } else { Rest::Waiting(Box::new(object)) };
        Self { size, batch: first, given: 0, rest }
    }

    /// Octets of clear text in the whole object.
    pub fn size(&self) -> u64 {
        self.size
    }
}

impl AsyncRead for ObjectReader {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while self.given == self.batch.len() {
            match std::mem::replace(&mut self.rest, Rest::Nothing) {
                Rest::Nothing => return Poll::Ready(Ok(())),
                Rest::Waiting(mut object) => {
                    self.rest = Rest::Reading(spawn_blocking(move || {
                        let batch = object.next_batch();
                        (object, batch)
                    }));
                }
                Rest::Reading(mut reading) => {
                    let Poll::Ready(read) = Pin::new(&mut reading).poll(cx) else {
                        self.rest = Rest::Reading(reading);
                        return Poll::Pending;
                    };
                    let (object, batch) = read.map_err(io::Error::other)?;
                    self.batch = batch?;
                    self.given = 0;
                    self.rest = if object.opener.is_none() { Rest::Nothing } else { Rest::Waiting(object) };
                }
            }
        }
        let taken = buffer.remaining().min(self.batch.len() - self.given);
        buffer.put_slice(&self.batch[self.given..self.given + taken]);
        self.given += taken;
        Poll::Ready(Ok(()))
    }
}
