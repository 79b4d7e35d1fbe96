//! A document, read back as a verified stream.

use parvis_domain::{
    ids::{DossierId, DraftId, PieceId},
    policy::{Actor, Permission},
    rules::Audience,
};
use parvis_store::pieces::{self, Piece};
use tokio::io::AsyncRead;

use crate::{brouillons::access, dossiers::load, failure::Failure, parvis::Town};

/// A document on its way out.
pub struct Download {
    /// File name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Size in octets.
    pub size: u64,
    /// Octets; the stream ends with an error when they are not those that were kept.
    pub content: Box<dyn AsyncRead + Send + Unpin>,
}

/// A document of a dossier.
pub async fn download(town: &Town, actor: &Actor, dossier: DossierId, id: PieceId) -> Result<Download, Failure> {
    let piece = of_dossier(town, actor, dossier, id).await?;
    open(town, piece).await
}

/// A document of a form being filled.
pub async fn download_of_draft(town: &Town, actor: &Actor, draft: DraftId, id: PieceId) -> Result<Download, Failure> {
    access::open(town, actor, draft).await?;
    let snapshot = town.db.read().await?;
    let given = pieces::of_draft(&snapshot, draft).await?;
    open(town, given.into_iter().find(|piece| piece.id == id).ok_or(Failure::NotFound)?).await
}

/// A document of a dossier that the actor may read.
pub(super) async fn of_dossier(town: &Town, actor: &Actor, dossier: DossierId, id: PieceId) -> Result<Piece, Failure> {
    let loaded = load::read(town, dossier).await?;
    town.allow(actor, Permission::DossierRead, Some(&loaded.subject()))?;
    town.log_access(actor, Permission::DossierRead, Some(dossier)).await?;
    let snapshot = town.db.read().await?;
    let piece = pieces::of_dossier(&snapshot, dossier).await?.into_iter().find(|piece| piece.id == id);
    let piece = piece.ok_or(Failure::NotFound)?;
    let is_agent = matches!(actor, Actor::Agent { .. } | Actor::System);
    if !is_agent && piece.audience != Audience::Usager {
        return Err(Failure::NotFound);
    }
    let hidden = town.scope(actor, Permission::DossierRead).hides_sensitive;
    if is_agent && hidden && piece.field.as_ref().is_some_and(|at| loaded.is_sensitive(&at.field)) {
        return Err(Failure::Forbidden);
    }
    Ok(piece)
}

async fn open(town: &Town, piece: Piece) -> Result<Download, Failure> {
    let content = town.vault.open(&piece.object_key, piece.sha256).await?;
    Ok(Download { name: piece.name, media_type: piece.media_type, size: piece.size, content: Box::new(content) })
}
