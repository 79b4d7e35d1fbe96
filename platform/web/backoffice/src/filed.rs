//! What an agent has just filed for someone: the number and the code to hand over, and the receipt to print.

use askama::Template;
use parvis_domain::ids::DossierId;
use parvis_ui::{
    Page, WebError,
    components::{Panel, PanelLine},
    download,
    page::ok,
    session::AtWork,
    text,
};
use parvis_usecases::dossiers;
use poem::{Response, handler, web::Path};

use crate::{dossier::dossier_id, page};

#[derive(Template)]
#[template(path = "filed.html")]
struct Shown {
    page: Page,
    panel: Panel,
    received: String,
    receipt_to: Option<String>,
    has_code: bool,
    receipt: String,
}

/// Where a dossier filed at a desk is confirmed.
pub(crate) fn confirmation_path(dossier: DossierId) -> String {
    format!("/agents/dossiers/{dossier}/depot")
}

/// `GET /agents/dossiers/:id/depot`
#[handler]
pub(crate) async fn show(at_work: AtWork, Path(id): Path<String>) -> Result<Response, WebError> {
    let id = dossier_id(&id)?;
    let town = &at_work.visit.town;
    let filed = dossiers::confirmation(town, &at_work.signed_in.actor, id).await?.filed;
    let mut lines = vec![PanelLine { before: "Numéro de dossier\u{a0}:".to_owned(), code: filed.number }];
    let has_code = filed.tracking_code.is_some();
    lines.extend(filed.tracking_code.map(|code| PanelLine { before: "Code de suivi\u{a0}:".to_owned(), code }));
    ok(&Shown {
        page: page(&at_work, "La demande est déposée"),
        panel: Panel { title: "La demande est déposée".to_owned(), lines },
        received: text::moment(filed.filed_at, &town.profile.time_zone()),
        receipt_to: filed.receipt_to,
        has_code,
        receipt: format!("/agents/dossiers/{id}/recepisse"),
    })
}

/// `GET /agents/dossiers/:id/recepisse`
#[handler]
pub(crate) async fn receipt(at_work: AtWork, Path(id): Path<String>) -> Result<Response, WebError> {
    let id = dossier_id(&id)?;
    let (town, actor) = (&at_work.visit.town, &at_work.signed_in.actor);
    let filed = dossiers::confirmation(town, actor, id).await?.filed;
    let content = dossiers::receipt(town, actor, id).await?;
    Ok(download::attachment_of(&format!("recepisse-{}.pdf", filed.number), "application/pdf", content))
}
