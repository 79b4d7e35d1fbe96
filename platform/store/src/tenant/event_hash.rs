//! What the hash of an event covers: every column of its row, each part delimited by its length.

use parvis_domain::{digest::Sha256, ids::DossierId, time::Instant};

/// The columns that a hash covers.
pub(super) struct Sealed<'a> {
    pub(super) dossier: DossierId,
    pub(super) seq: u32,
    pub(super) at: Instant,
    pub(super) kind: &'a str,
    pub(super) actor_kind: &'a str,
    pub(super) actor_id: &'a str,
    pub(super) actor_function: &'a str,
    pub(super) component: Sha256,
    pub(super) settings: Sha256,
    pub(super) payload_digest: Sha256,
    pub(super) previous: Sha256,
}

impl Sealed<'_> {
    pub(super) fn hash(&self) -> Sha256 {
        let mut bytes = Vec::with_capacity(512);
        for part in [
            b"parvis event 1".as_slice(),
            self.previous.as_bytes(),
            self.dossier.uuid().as_bytes(),
            &self.seq.to_be_bytes(),
            &self.at.micros().to_be_bytes(),
            self.kind.as_bytes(),
            self.actor_kind.as_bytes(),
            self.actor_id.as_bytes(),
            self.actor_function.as_bytes(),
            self.component.as_bytes(),
            self.settings.as_bytes(),
            self.payload_digest.as_bytes(),
        ] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        Sha256::of(&bytes)
    }
}

/// What the first event of a dossier follows.
pub(super) fn genesis(dossier: DossierId) -> Sha256 {
    Sha256::of_parts(&[b"parvis dossier 1", dossier.uuid().as_bytes()])
}

/// SHA-256(salt, payload); the salt has a fixed length.
pub(super) fn payload_digest(salt: &[u8], payload: &[u8]) -> Sha256 {
    Sha256::of_parts(&[salt, payload])
}
