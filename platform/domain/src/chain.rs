//! The hash chain of a dossier's events. What seals all chains together is a [`crate::checkpoint`].
//!
//! An event's hash covers the hash before it and every column of its row; its payload is covered by the digest of
//! (salt, payload), so that both can be erased and the chain still verifies. Every part is delimited by its length: two
//! different rows never give the same bytes.

use crate::{digest::Sha256, ids::DossierId, time::Instant};

/// What the hash of an event covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link<'a> {
    /// Hash of the event before, or [`genesis`].
    pub previous: Sha256,
    /// Dossier.
    pub dossier: DossierId,
    /// Number in the dossier, from 1.
    pub seq: u32,
    /// When.
    pub at: Instant,
    /// What ("filed", "action:refuser").
    pub kind: &'a str,
    /// Kind of actor.
    pub actor_kind: &'a str,
    /// Id of the actor.
    pub actor_id: &'a str,
    /// Function of the actor.
    pub actor_function: &'a str,
    /// Component that decided.
    pub component: Sha256,
    /// Settings in force.
    pub settings: Sha256,
    /// Digest of salt and payload.
    pub payload_digest: Sha256,
}

/// An event as stored, to verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// What its hash covers.
    pub link: Link<'a>,
    /// Its stored hash.
    pub hash: Sha256,
    /// Digest of its stored payload; `None` once erased.
    pub payload: Option<Sha256>,
}

/// What is wrong with a chain, at the event of that number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// An event misses before this one.
    #[error("an event misses before number {0}")]
    Gap(u32),
    /// The event does not follow the one before it.
    #[error("event {0} does not follow the one before it")]
    Unlinked(u32),
    /// The row was changed.
    #[error("event {0} was changed")]
    Changed(u32),
    /// The payload was changed.
    #[error("the payload of event {0} was changed")]
    PayloadChanged(u32),
    /// The last event is not the one that the dossier names: a tail misses.
    #[error("the chain does not end where its dossier says")]
    Head,
}

/// What a chain that holds is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// Number of events.
    pub events: u32,
    /// Events whose payload was erased.
    pub erased: Vec<u32>,
}

/// What the first event of a dossier follows.
pub fn genesis(dossier: DossierId) -> Sha256 {
    Sha256::of_parts(&[b"parvis dossier 1", dossier.uuid().as_bytes()])
}

/// SHA-256(salt, payload). The salt, of 16 random octets, keeps a short payload from being guessed once it is erased.
pub fn payload_digest(salt: &[u8; 16], payload: &[u8]) -> Sha256 {
    Sha256::of_parts(&[salt, payload])
}

impl Link<'_> {
    /// The hash of the event.
    pub fn hash(&self) -> Sha256 {
        hash_of(&[
            b"parvis event 1",
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
        ])
    }
}

/// Verifies the chain of a dossier, from its first event to its head.
pub fn verify<'a>(
    dossier: DossierId,
    head: Sha256,
    rows: impl IntoIterator<Item = Row<'a>>,
) -> Result<Verified, ChainFault> {
    let mut verified = Verified::default();
    let mut previous = genesis(dossier);
    for row in rows {
        let seq = row.link.seq;
        if seq != verified.events.saturating_add(1) {
            return Err(ChainFault::Gap(seq));
        }
        if row.link.previous != previous || row.link.dossier != dossier {
            return Err(ChainFault::Unlinked(seq));
        }
        if row.link.hash() != row.hash {
            return Err(ChainFault::Changed(seq));
        }
        match row.payload {
            None => verified.erased.push(seq),
            Some(digest) if digest != row.link.payload_digest => return Err(ChainFault::PayloadChanged(seq)),
            Some(_) => {}
        }
        previous = row.hash;
        verified.events = seq;
    }
    if previous == head { Ok(verified) } else { Err(ChainFault::Head) }
}

/// A hash under which every part is delimited.
pub(crate) fn hash_of(parts: &[&[u8]]) -> Sha256 {
    let mut bytes = Vec::with_capacity(512);
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    Sha256::of(&bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const SALT: [u8; 16] = [7; 16];

    fn dossier(number: u128) -> DossierId {
        DossierId::from_uuid(Uuid::from_u128(number))
    }

    fn chain(payloads: &[Vec<u8>]) -> Vec<Row<'static>> {
        let mut previous = genesis(dossier(1));
        let mut rows = Vec::new();
        for (seq, payload) in (1..).zip(payloads) {
            let digest = payload_digest(&SALT, payload);
            let link = Link {
                previous,
                dossier: dossier(1),
                seq,
                at: Instant::from_micros(i64::from(seq)),
                kind: "filed",
                actor_kind: "usager",
                actor_id: "u",
                actor_function: "",
                component: Sha256::of(b"c"),
                settings: Sha256::of(b"s"),
                payload_digest: digest,
            };
            previous = link.hash();
            rows.push(Row { link, hash: previous, payload: Some(digest) });
        }
        rows
    }

    fn three() -> Vec<Row<'static>> {
        chain(&[b"one".to_vec(), b"two".to_vec(), b"three".to_vec()])
    }

    #[test]
    fn a_chain_holds_with_an_erased_payload() {
        let mut rows = three();
        rows[1].payload = None;
        assert_eq!(verify(dossier(1), rows[2].hash, rows), Ok(Verified { events: 3, erased: vec![2] }));
    }

    #[test]
    fn each_tampering_is_named() {
        let rows = three();
        let head = rows[2].hash;
        assert_eq!(verify(dossier(1), head, [rows[0], rows[2]]), Err(ChainFault::Gap(3)));
        assert_eq!(verify(dossier(1), head, [rows[0], rows[1]]), Err(ChainFault::Head));
        assert_eq!(verify(dossier(2), head, rows.clone()), Err(ChainFault::Unlinked(1)));
        let mut changed = rows.clone();
        changed[1].link.kind = "withdrawn";
        assert_eq!(verify(dossier(1), head, changed), Err(ChainFault::Changed(2)));
        let mut changed = rows;
        changed[2].payload = Some(Sha256::of(b"other"));
        assert_eq!(verify(dossier(1), head, changed), Err(ChainFault::PayloadChanged(3)));
    }

    #[test]
    fn letters_cannot_move_from_one_column_to_the_next() {
        let link = three()[0].link;
        let moved = Link { actor_kind: "usageru", actor_id: "", ..link };
        assert_ne!(link.hash(), moved.hash());
    }

    proptest! {
        #[test]
        fn any_changed_byte_of_a_payload_breaks_the_chain(
            payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..20), 1..6),
            at in any::<prop::sample::Index>(),
        ) {
            let mut rows = chain(&payloads);
            let head = rows.last().unwrap().hash;
            prop_assert!(verify(dossier(1), head, rows.clone()).is_ok());
            let place = at.index(rows.len());
            let mut changed = payloads[place].clone();
            changed[0] ^= 1;
            rows[place].payload = Some(payload_digest(&SALT, &changed));
            let seq = u32::try_from(place + 1).unwrap();
            prop_assert_eq!(verify(dossier(1), head, rows), Err(ChainFault::PayloadChanged(seq)));
        }
    }
}
