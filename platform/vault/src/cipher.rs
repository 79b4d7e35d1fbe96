//! The one cipher of the vault, for short secrets (keys, settings); chunks of objects use it through STREAM.

use aead_stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use parvis_domain::time::Entropy;
use zeroize::Zeroizing;

use crate::VaultError;

/// Octets of a key.
pub(crate) const KEY_LENGTH: usize = 32;
/// Octets of the tag that authenticates a sealed text.
pub(crate) const TAG_LENGTH: usize = 16;
/// Octets of a nonce.
const NONCE_LENGTH: usize = 24;
/// Octets of a nonce of a STREAM: five are its counter and its last-chunk flag.
pub(crate) const STREAM_NONCE_LENGTH: usize = NONCE_LENGTH - 5;
/// Octets of a wrapped key.
pub(crate) const WRAPPED_LENGTH: usize = NONCE_LENGTH + KEY_LENGTH + TAG_LENGTH;

/// A key in memory, erased when dropped.
pub(crate) type Key = Zeroizing<[u8; KEY_LENGTH]>;
/// Seals the chunks of an object.
pub(crate) type ChunkSealer = EncryptorBE32<XChaCha20Poly1305>;
/// Opens the chunks of an object.
pub(crate) type ChunkOpener = DecryptorBE32<XChaCha20Poly1305>;

/// A new key.
pub(crate) fn new_key(entropy: &dyn Entropy) -> Key {
    let mut key = Zeroizing::new([0; KEY_LENGTH]);
    entropy.fill(key.as_mut_slice());
    key
}

/// Seals a short text under a key, bound to a context: nonce, then sealed text.
pub(crate) fn seal(key: &Key, context: &[u8], clear: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
    let mut nonce = [0; NONCE_LENGTH];
    entropy.fill(&mut nonce);
    let sealed = XChaCha20Poly1305::new((&**key).into())
        .encrypt(&XNonce::from(nonce), Payload { msg: clear, aad: context })
        .expect("a text in memory is far below the cipher's limit");
    [nonce.as_slice(), &sealed].concat()
}

/// Opens what [`seal`] made under the same key and context.
pub(crate) fn unseal(key: &Key, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LENGTH>().ok_or(VaultError::KeyRefused)?;
    XChaCha20Poly1305::new((&**key).into())
        .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: context })
        .map(Zeroizing::new)
        .map_err(|_| VaultError::KeyRefused)
}

/// Opens a wrapped key.
pub(crate) fn unwrap_key(key: &Key, context: &[u8], wrapped: &[u8]) -> Result<Key, VaultError> {
    let clear = unseal(key, context, wrapped)?;
    clear.as_slice().try_into().map(Zeroizing::new).map_err(|_| VaultError::KeyRefused)
}

/// The sealer of an object's chunks.
pub(crate) fn chunk_sealer(key: &Key, nonce: [u8; STREAM_NONCE_LENGTH]) -> ChunkSealer {
    ChunkSealer::new((&**key).into(), &nonce.into())
}

/// The opener of an object's chunks.
pub(crate) fn chunk_opener(key: &Key, nonce: [u8; STREAM_NONCE_LENGTH]) -> ChunkOpener {
    ChunkOpener::new((&**key).into(), &nonce.into())
}
