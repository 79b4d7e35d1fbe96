//! The vault of one tenant: put, open, delete, list. A key of another tenant is `NotFound`.

use std::{fmt, pin::pin, sync::Arc};

use parvis_domain::{digest::Sha256, ids::TenantId, time::Instant};
use tokio::io::{AsyncRead, AsyncReadExt};
use zeroize::Zeroizing;

use crate::{
    ObjectReader, VaultError, cipher,
    object::{BATCH, name::ObjectName, reader::OpenObject, writer::ObjectWriter},
    vault::{Parts, blocking, secret_context},
};

/// How much of an object's start a put gives back, to tell its type by its content.
const HEAD_LENGTH: usize = 8 * 1024;

/// What a put gives back, for the caller to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Key of the object, which opens it again.
    pub object_key: String,
    /// Octets of clear text.
    pub size: u64,
    /// SHA-256 of the clear text.
    pub sha256: Sha256,
    /// The first 8 KiB of clear text.
    pub head: Vec<u8>,
}

/// An object found in the folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Key of the object.
    pub object_key: String,
    /// When it was stored, by the file system's clock.
    pub stored_at: Instant,
}

/// The vault of one tenant; cheap to clone.
#[derive(Clone)]
pub struct TenantVault {
    parts: Arc<Parts>,
    tenant: TenantId,
}

impl TenantVault {
    pub(crate) fn new(parts: Arc<Parts>, tenant: TenantId) -> Self {
        Self { parts, tenant }
    }

    /// Seals and keeps what the source gives, at most `limit` octets. Once it returns, the object survives a crash;
    /// before, nothing of it remains. A caller that stops waiting leaves nothing either.
    pub async fn put(&self, source: impl AsyncRead + Send, limit: u64) -> Result<Stored, VaultError> {
        let mut source = pin!(source.take(limit.saturating_add(1)));
        let key = self.parts.tenant_key(self.tenant)?;
        let name = ObjectName::new(self.tenant, &*self.parts.entropy);
        let mut head = Vec::new();
        let mut size = 0_u64;
        let mut writer: Option<Box<ObjectWriter>> = None;
        let mut batch = Vec::new();
        loop {
            batch.clear();
            source.as_mut().take(BATCH as u64).read_to_end(&mut batch).await.map_err(VaultError::Source)?;
            size += batch.len() as u64;
            if size > limit {
                return Err(VaultError::TooLarge { limit });
            }
            if writer.is_none() {
                head = batch.iter().copied().take(HEAD_LENGTH).collect();
            }
            let (parts, key) = (Arc::clone(&self.parts), Arc::clone(&key));
            let (reused, step) = blocking(move || {
                let mut writer = match writer {
                    Some(writer) => writer,
                    None => Box::new(ObjectWriter::create(&parts.folder, name, &key, &*parts.entropy)?),
                };
                writer.absorb(&batch)?;
                let step =
                    if batch.len() < BATCH { Step::Kept(writer.finish(&parts.folder)?) } else { Step::More(writer) };
                Ok((batch, step))
            })
            .await?;
            match step {
                Step::More(unfinished) => writer = Some(unfinished),
                Step::Kept(sha256) => return Ok(Stored { object_key: name.to_string(), size, sha256, head }),
            }
            batch = reused;
        }
    }

    /// A stream of the clear text, each octet authenticated before it is given, and the last ones given only when the
    /// whole has the digest asked; otherwise the stream ends with an error.
    pub async fn open(&self, object_key: &str, sha256: Sha256) -> Result<ObjectReader, VaultError> {
        let name = ObjectName::parse(self.tenant, object_key).ok_or(VaultError::NotFound)?;
        let key = self.parts.tenant_key(self.tenant)?;
        let parts = Arc::clone(&self.parts);
        let (object, first) = blocking(move || {
            let mut object = OpenObject::open(&parts.folder, name, &key, sha256)?;
            let first = object.next_batch()?;
            Ok((object, first))
        })
        .await?;
        Ok(ObjectReader::new(object, first))
    }

    /// The whole clear text, when it has at most `limit` octets.
    pub async fn read_all(&self, object_key: &str, sha256: Sha256, limit: u64) -> Result<Vec<u8>, VaultError> {
        let mut reader = self.open(object_key, sha256).await?;
        if reader.size() > limit {
            return Err(VaultError::TooLarge { limit });
        }
        let mut content = Vec::with_capacity(usize::try_from(reader.size()).unwrap_or(0));
        reader.read_to_end(&mut content).await.map_err(VaultError::of_read)?;
        Ok(content)
    }

    /// Removes an object; removing it twice changes nothing.
    pub async fn delete(&self, object_key: &str) -> Result<(), VaultError> {
        let name = ObjectName::parse(self.tenant, object_key).ok_or(VaultError::NotFound)?;
        let parts = Arc::clone(&self.parts);
        blocking(move || parts.folder.remove(name).map_err(VaultError::Unavailable)).await
    }

    /// Every object of the tenant, in the order of keys: `doctor` compares them with the database.
    pub async fn list(&self) -> Result<Vec<Listed>, VaultError> {
        let (parts, tenant) = (Arc::clone(&self.parts), self.tenant);
        blocking(move || parts.folder.list(tenant).map_err(VaultError::Unavailable)).await
    }

    /// Seals a short secret under the tenant's key (`parvis tenant secret set`); `context` names what it is for.
    pub fn seal(&self, context: &str, clear: &[u8]) -> Result<Vec<u8>, VaultError> {
        let key = self.parts.tenant_key(self.tenant)?;
        Ok(cipher::seal(&key, &secret_context(context), clear, &*self.parts.entropy))
    }

    /// Opens what [`TenantVault::seal`] made for the same tenant and context.
    pub fn unseal(&self, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        cipher::unseal(&*self.parts.tenant_key(self.tenant)?, &secret_context(context), sealed)
    }
}

impl fmt::Debug for TenantVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TenantVault").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

/// Where a put stands after a batch.
enum Step {
    More(Box<ObjectWriter>),
    Kept(Sha256),
}
