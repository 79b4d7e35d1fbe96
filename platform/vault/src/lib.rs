//! Where documents are kept: encrypted before they leave the process, checked each time they are read.
//!
//! A master key, given by the operator, wraps a key per tenant, which wraps a key per object. An object is sealed in
//! chunks of 64 KiB (STREAM over XChaCha20-Poly1305), bound to its tenant and to its own key in the store: a byte
//! changed, a chunk moved, a tail cut, an object put in the place of another or lent to another tenant, all are refused.
//!
//! This crate never knows what a document is about, who may read it, nor any database: callers keep the object's key
//! and its SHA-256. Memory stays flat whatever the size. Start reading at [`Vault`], then [`TenantVault`].

mod cipher;
mod error;
mod master_key;
mod object;
mod tenant;
mod tenant_keys;
mod vault;

pub use error::VaultError;
pub use master_key::{MasterKey, NotAMasterKey};
pub use object::reader::ObjectReader;
pub use tenant::{Listed, Stored, TenantVault};
pub use vault::{Vault, VaultConfig};
