//! A document shown as an image: an image as it is, a page of a PDF made in a limited child process.

use std::sync::Arc;

use parvis_domain::{
    ids::{DossierId, PieceId},
    policy::Actor,
    ports::DocumentError,
};

use super::download::of_dossier;
use crate::{failure::Failure, parvis::Town};

/// Width of a page image, in pixels.
const WIDTH: u16 = 900;

/// An image of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Media type of the image.
    pub media_type: String,
    /// Octets.
    pub content: Vec<u8>,
}

/// The image of a document of a dossier, or of a page of it from 0; not found after the last page.
pub async fn preview(
    town: &Town,
    actor: &Actor,
    dossier: DossierId,
    id: PieceId,
    page: u32,
) -> Result<Preview, Failure> {
    let piece = of_dossier(town, actor, dossier, id).await?;
    let content = town.vault.read_all(&piece.object_key, piece.sha256, town.parvis.config.limits.piece_octets).await?;
    match piece.media_type.as_str() {
        "image/jpeg" | "image/png" if page == 0 => Ok(Preview { media_type: piece.media_type, content }),
        "application/pdf" => {
            let typesetter = Arc::clone(&town.parvis.typesetter);
            let image = town.parvis.pools.documents.run(move || typesetter.page_image(&content, page, WIDTH)).await?;
            match image {
                Ok(Some(content)) => Ok(Preview { media_type: "image/png".to_owned(), content }),
                Ok(None) => Err(Failure::NotFound),
                Err(DocumentError::Unreadable(_) | DocumentError::OverLimits) => {
                    Err(Failure::Refused("Ce document ne peut pas être affiché : téléchargez-le.".to_owned()))
                }
                Err(error) => {
                    tracing::error!(tenant = %town.id, piece = %id, error = %error, "a page image failed");
                    Err(Failure::Busy { retry_after: 5 })
                }
            }
        }
        _ => Err(Failure::NotFound),
    }
}
