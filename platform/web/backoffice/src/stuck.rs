//! What could not leave, and sending it again.

use askama::Template;
use jiff::tz::TimeZone;
use parvis_domain::ids::OutboxId;
use parvis_ui::{
    Page, WebError,
    page::{ok, see},
    posted::Posted,
    session::AtWork,
};
use parvis_usecases::dossiers::{self, StuckRow};
use poem::{Response, handler, web::Path};

use crate::{dossier::dossier_id, page, say::Say};

#[derive(Template)]
#[template(path = "stuck.html")]
struct Shown {
    page: Page,
    zone: TimeZone,
    rows: Vec<StuckRow>,
}

impl Say for Shown {
    fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

fn row_id(text: &str) -> Result<OutboxId, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

/// `GET /agents/envois`
#[handler]
pub(crate) async fn show(at_work: AtWork) -> Result<Response, WebError> {
    let town = &at_work.visit.town;
    let rows = dossiers::stuck(town, &at_work.signed_in.actor).await?;
    ok(&Shown { page: page(&at_work, "Envois en échec"), zone: town.profile.time_zone(), rows })
}

/// `POST /agents/envois/:row`
#[handler]
pub(crate) async fn replay(at_work: AtWork, Path(row): Path<String>, _posted: Posted) -> Result<Response, WebError> {
    dossiers::replay(&at_work.visit.town, &at_work.signed_in.actor, row_id(&row)?).await?;
    Ok(see("/agents/envois"))
}

/// `POST /agents/dossiers/:id/envois/:row`
#[handler]
pub(crate) async fn replay_of_dossier(
    at_work: AtWork,
    Path((id, row)): Path<(String, String)>,
    _posted: Posted,
) -> Result<Response, WebError> {
    let id = dossier_id(&id)?;
    dossiers::replay(&at_work.visit.town, &at_work.signed_in.actor, row_id(&row)?).await?;
    Ok(see(format!("/agents/dossiers/{id}")))
}
