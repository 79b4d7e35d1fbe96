//! An object on disk: a header (magic, the object's key wrapped by the tenant's, the nonce of the stream), then sealed
//! chunks. The last chunk is flagged in its nonce: a file cut between two chunks does not open.

pub(crate) mod folder;
pub(crate) mod name;
pub(crate) mod reader;
pub(crate) mod writer;

use crate::cipher::{STREAM_NONCE_LENGTH, TAG_LENGTH, WRAPPED_LENGTH};

/// First octets of an object's file; the digit is the version of this layout.
const MAGIC: [u8; 4] = *b"PVO1";
/// Octets before the first chunk.
const HEADER_LENGTH: usize = MAGIC.len() + WRAPPED_LENGTH + STREAM_NONCE_LENGTH;
/// Octets of clear text in a chunk; the last one may hold fewer.
const CHUNK: usize = 64 * 1024;
/// Octets of a full chunk on disk.
const SEALED_CHUNK: usize = CHUNK + TAG_LENGTH;
/// Octets of clear text that go to or come from the disk in one visit of a blocking thread.
pub(crate) const BATCH: usize = 4 * CHUNK;
