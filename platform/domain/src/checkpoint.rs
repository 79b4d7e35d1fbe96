//! The daily seal over all chains of a tenant: the Merkle root of their heads and their number, sealed again by the next
//! one, so that a dossier or the end of a chain that went missing shows (D3).

use jiff::civil::Date;

use crate::{chain::hash_of, digest::Sha256, ids::DossierId, time::Instant};

/// A checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// Day, in the tenant's zone.
    pub day: Date,
    /// When it was sealed.
    pub at: Instant,
    /// How many dossiers there were.
    pub count: u64,
    /// Merkle root of the last hashes of their chains.
    pub root: Sha256,
    /// Hash of the checkpoint before; for the first one, that of none.
    pub previous: Sha256,
    /// Hash of this checkpoint.
    pub hash: Sha256,
}

/// What is wrong with a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointFault {
    /// It does not follow the one before it.
    #[error("it does not follow the one before it")]
    Unlinked,
    /// Its row was changed.
    #[error("it was changed")]
    Changed,
    /// The dossiers of that day are not those that it sealed.
    #[error("it sealed {sealed} dossiers, {found} of that day are there, or one of them lost its events")]
    Differs {
        /// How many were sealed.
        sealed: u64,
        /// How many are there.
        found: u64,
    },
}

impl Checkpoint {
    /// Seals the heads of all dossiers under the checkpoint before.
    pub fn seal(
        previous: Option<&Self>,
        day: Date,
        at: Instant,
        heads: impl IntoIterator<Item = (DossierId, Sha256)>,
    ) -> Self {
        let heads: Vec<_> = heads.into_iter().collect();
        let count = u64::try_from(heads.len()).unwrap_or(u64::MAX);
        let (root, previous) = (merkle_root(heads), before(previous));
        let open = Self { day, at, count, root, previous, hash: previous };
        Self { hash: open.sealed(), ..open }
    }

    /// Verifies that it follows the one before it, and holds what it sealed.
    pub fn verify(&self, previous: Option<&Self>) -> Result<(), CheckpointFault> {
        if self.previous != before(previous) {
            return Err(CheckpointFault::Unlinked);
        }
        if self.sealed() == self.hash { Ok(()) } else { Err(CheckpointFault::Changed) }
    }

    /// Verifies that the heads that the chains had at that instant are those that it sealed.
    pub fn verify_heads(&self, heads: impl IntoIterator<Item = (DossierId, Sha256)>) -> Result<(), CheckpointFault> {
        let heads: Vec<_> = heads.into_iter().collect();
        let found = u64::try_from(heads.len()).unwrap_or(u64::MAX);
        if found == self.count && merkle_root(heads) == self.root {
            return Ok(());
        }
        Err(CheckpointFault::Differs { sealed: self.count, found })
    }

    fn sealed(&self) -> Sha256 {
        hash_of(&[
            b"parvis checkpoint 1",
            self.previous.as_bytes(),
            self.day.to_string().as_bytes(),
            &self.at.micros().to_be_bytes(),
            &self.count.to_be_bytes(),
            self.root.as_bytes(),
        ])
    }
}

fn before(previous: Option<&Checkpoint>) -> Sha256 {
    previous.map_or_else(|| hash_of(&[b"parvis no checkpoint 1"]), |previous| previous.hash)
}

/// The Merkle root of the heads of all dossiers, in the order of their ids. Leaves and nodes hash under different names
/// (RFC 6962 §2.1), so that no list can pass for another; an odd node goes up as it is.
fn merkle_root(heads: impl IntoIterator<Item = (DossierId, Sha256)>) -> Sha256 {
    let mut leaves: Vec<_> = heads.into_iter().collect();
    leaves.sort_unstable_by_key(|(dossier, _)| *dossier);
    let mut level: Vec<Sha256> = leaves
        .iter()
        .map(|(dossier, head)| hash_of(&[b"parvis leaf 1", dossier.uuid().as_bytes(), head.as_bytes()]))
        .collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => hash_of(&[b"parvis node 1", left.as_bytes(), right.as_bytes()]),
                _ => pair[0],
            })
            .collect();
    }
    level.first().copied().unwrap_or_else(|| hash_of(&[b"parvis no leaf 1"]))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    const DAY: Date = date(2026, 11, 23);
    const AT: Instant = Instant::from_micros(1);

    fn heads(count: u128) -> Vec<(DossierId, Sha256)> {
        (1..=count).map(|n| (DossierId::from_uuid(Uuid::from_u128(n)), Sha256::of(&n.to_be_bytes()))).collect()
    }

    #[test]
    fn a_missing_dossier_or_a_lost_tail_shows() {
        let sealed = Checkpoint::seal(None, DAY, AT, heads(5));
        assert_eq!(sealed.verify_heads(heads(5).into_iter().rev()), Ok(()), "order does not count");
        assert_eq!(sealed.verify_heads(heads(4)), Err(CheckpointFault::Differs { sealed: 5, found: 4 }));
        let mut shortened = heads(5);
        shortened[2].1 = Sha256::of(b"the event before");
        assert_eq!(sealed.verify_heads(shortened), Err(CheckpointFault::Differs { sealed: 5, found: 5 }));
    }

    #[test]
    fn each_checkpoint_seals_the_one_before() {
        let first = Checkpoint::seal(None, DAY, AT, heads(1));
        let second = Checkpoint::seal(Some(&first), DAY.tomorrow().unwrap(), AT, heads(2));
        assert_eq!((first.verify(None), second.verify(Some(&first))), (Ok(()), Ok(())));
        assert_eq!(second.verify(None), Err(CheckpointFault::Unlinked));
        assert_eq!(first.verify(Some(&second)), Err(CheckpointFault::Unlinked));
    }

    #[test]
    fn a_checkpoint_that_was_rewritten_shows() {
        let sealed = Checkpoint::seal(None, DAY, AT, heads(3));
        let changes = [
            Checkpoint { day: DAY.tomorrow().unwrap(), ..sealed },
            Checkpoint { at: Instant::from_micros(2), ..sealed },
            Checkpoint { count: 2, ..sealed },
            Checkpoint { root: merkle_root(heads(2)), ..sealed },
        ];
        for changed in changes {
            assert_eq!(changed.verify(None), Err(CheckpointFault::Changed), "{changed:?}");
        }
    }
}
