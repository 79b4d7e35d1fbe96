//! Why the vault refuses; data in fields, no sentence for users here.

use std::io;

/// Why an object was not kept or not given back.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// No such object in this tenant.
    #[error("no such object")]
    NotFound,
    /// The object is not what was put there: changed, truncated, swapped, or not the one whose digest was asked.
    #[error("the object is not what was stored")]
    Tampered,
    /// More octets than the caller accepts.
    #[error("larger than {limit} octets")]
    TooLarge {
        /// Limit in octets.
        limit: u64,
    },
    /// The tenant has objects but its key is gone: destroyed, or the key store is not the right one.
    #[error("the tenant's key is missing from the key store")]
    KeyMissing,
    /// The key that wraps does not open what it should: wrong master key, or a wrapped key that was changed.
    #[error("the key does not open what was sealed with it")]
    KeyRefused,
    /// What the caller was sending stopped: connection lost, body malformed.
    #[error("the source cannot be read: {0}")]
    Source(#[source] io::Error),
    /// The storage fails.
    #[error("the storage is unavailable: {0}")]
    Unavailable(#[source] io::Error),
}

impl VaultError {
    /// From an operation on an object's file.
    pub(crate) fn of_storage(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::NotFound } else { Self::Unavailable(error) }
    }

    /// From a read of an [`crate::ObjectReader`], which carries a vault error inside an I/O error.
    pub fn of_read(error: io::Error) -> Self {
        error.downcast::<Self>().unwrap_or_else(Self::Unavailable)
    }
}

/// A verified stream is read through `AsyncRead`, whose errors are I/O errors.
impl From<VaultError> for io::Error {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Source(error) | VaultError::Unavailable(error) => error,
            VaultError::NotFound => Self::new(io::ErrorKind::NotFound, error),
            other => Self::new(io::ErrorKind::InvalidData, other),
        }
    }
}
