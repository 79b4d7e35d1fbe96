//! Erasing answers: their versions and keys, the documents that they refer to, and the payload of every event that held
//! one. The events stay in the chain, which holds digests only (D3): it verifies as before, and says what was erased.

use parvis_domain::{ids::DossierId, time::Instant, value::Target};
use parvis_store::{
    UnitOfWork, answers, events,
    pieces::{self, PieceKind},
};

use super::record::Record;
use crate::failure::Failure;

/// Erases answers of a dossier, wherever they stand.
pub(super) async fn redact(
    unit: &UnitOfWork,
    dossier: DossierId,
    targets: &[Target],
    now: Instant,
) -> Result<(), Failure> {
    answers::erase(unit, dossier, targets).await?;
    for piece in pieces::of_dossier(unit, dossier).await? {
        let named = piece.field.as_ref().is_some_and(|field| targets.contains(field));
        if named && piece.kind == PieceKind::Piece {
            pieces::mark_removed(unit, piece.id, now).await?;
        }
    }
    for event in events::history(unit, dossier).await? {
        let Some(payload) = &event.payload else { continue };
        let Some(record) = Record::read(Some(payload)) else {
            tracing::error!(%dossier, seq = event.seq, "an event cannot be read: what it holds was not erased");
            continue;
        };
        if targets.iter().any(|target| record.holds(target)) {
            events::erase_payload(unit, dossier, event.seq).await?;
        }
    }
    Ok(())
}
