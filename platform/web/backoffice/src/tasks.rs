//! Internal tasks: opinions that a service is asked.

use askama::Template;
use jiff::tz::TimeZone;
use parvis_ui::{
    Page, WebError,
    page::{ok, see},
    session::AtWork,
};
use parvis_usecases::dossiers::{self, view::TaskLine};
use poem::{Response, handler, web::Path};

use crate::{
    dossier::{Typed, TypedOpinion, dossier_id, refused},
    page,
    resumption::Written,
    say::Say,
};

#[derive(Template)]
#[template(path = "tasks.html")]
struct Shown {
    page: Page,
    zone: TimeZone,
    tasks: Vec<TaskLine>,
}

impl Say for Shown {
    fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

/// `GET /agents/taches`
#[handler]
pub(crate) async fn show(at_work: AtWork) -> Result<Response, WebError> {
    let town = &at_work.visit.town;
    let tasks = dossiers::tasks(town, &at_work.signed_in.actor).await?;
    ok(&Shown { page: page(&at_work, "Avis et tâches"), zone: town.profile.time_zone(), tasks })
}

/// `POST /agents/dossiers/:id/taches/:task`
#[handler]
pub(crate) async fn opinion(Path((id, task)): Path<(String, String)>, written: Written) -> Result<Response, WebError> {
    let Written { at_work, fields } = written;
    let id = dossier_id(&id)?;
    let task = task.parse().map_err(|_| WebError::NotFound)?;
    let (verdict, remarks) = (fields.text("avis"), fields.text("observations"));
    match dossiers::give_opinion(&at_work.visit.town, &at_work.signed_in.actor, id, task, verdict, remarks).await {
        Ok(()) => Ok(see(format!("/agents/dossiers/{id}#taches"))),
        Err(failure) => {
            let opinion = TypedOpinion { task, verdict: verdict.to_owned(), remarks: remarks.to_owned() };
            refused(&at_work, id, failure, Typed { opinion: Some(opinion), ..Typed::default() }).await
        }
    }
}
