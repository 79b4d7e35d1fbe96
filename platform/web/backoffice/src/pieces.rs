//! Documents of a dossier: downloads, and images of what can be shown.

use parvis_domain::ids::PieceId;
use parvis_ui::{WebError, download, session::AtWork};
use parvis_usecases::pieces;
use poem::{Response, handler, web::Path};

use crate::dossier::dossier_id;

fn piece_id(text: &str) -> Result<PieceId, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

/// `GET /agents/dossiers/:id/pieces/:piece`
#[handler]
pub(crate) async fn read(at_work: AtWork, Path((id, piece)): Path<(String, String)>) -> Result<Response, WebError> {
    let (town, actor) = (&at_work.visit.town, &at_work.signed_in.actor);
    let file = pieces::download(town, actor, dossier_id(&id)?, piece_id(&piece)?).await?;
    Ok(download::attachment(&file.name, &file.media_type, Some(file.size), file.content))
}

/// `GET /agents/dossiers/:id/pieces/:piece/apercu/:page`
#[handler]
pub(crate) async fn preview(
    at_work: AtWork,
    Path((id, piece, number)): Path<(String, String, u32)>,
) -> Result<Response, WebError> {
    let (town, actor) = (&at_work.visit.town, &at_work.signed_in.actor);
    let image = pieces::preview(town, actor, dossier_id(&id)?, piece_id(&piece)?, number).await?;
    Ok(download::image(&image.media_type, image.content))
}
