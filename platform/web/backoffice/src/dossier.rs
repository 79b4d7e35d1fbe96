//! A dossier on one screen, and messages to the usager.

use askama::Template;
use jiff::tz::TimeZone;
use parvis_domain::{dossier::DossierKind, ids::DossierId};
use parvis_ui::{
    Page, WebError,
    components::{Answers, Messages, Tag, Timeline},
    dossier::{AnswerRoutes, answers, messages, state_tag, timeline},
    page::{html, see},
    posted::Posted,
    session::AtWork,
};
use parvis_usecases::{
    dossiers::{
        self,
        view::{AgentDossier, Side},
    },
    failure::Failure,
};
use poem::{Response, handler, http::StatusCode, web::Path};

use crate::{page, say::Say};

#[derive(Template)]
#[template(path = "dossier.html")]
struct Shown {
    page: Page,
    zone: TimeZone,
    d: AgentDossier,
    state: Tag,
    /// Each page of the form, and where it is corrected.
    answers: Vec<(Answers, Option<String>)>,
    messages: Messages,
    history: Timeline,
    trial: bool,
    refused: Option<String>,
    typed: String,
}

impl Say for Shown {
    fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

/// The section of fields that agents and the démarche fill: it is corrected by actions.
const INTERNAL: &str = "interne";

/// What an address names as a dossier; anything else names nothing.
pub(crate) fn dossier_id(text: &str) -> Result<DossierId, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

/// `GET /agents/dossiers/:id`
#[handler]
pub(crate) async fn show(at_work: AtWork, Path(id): Path<String>) -> Result<Response, WebError> {
    shown(&at_work, dossier_id(&id)?, StatusCode::OK, None, String::new()).await
}

/// The dossier again, with why something was not done.
pub(crate) async fn refused(at_work: &AtWork, id: DossierId, failure: Failure) -> Result<Response, WebError> {
    match WebError::from(failure) {
        WebError::Refused(sentence) => shown(at_work, id, StatusCode::CONFLICT, Some(sentence), String::new()).await,
        WebError::Conflict => {
            let sentence = "Quelqu’un vient de modifier ce dossier. Relisez-le, puis recommencez.".to_owned();
            shown(at_work, id, StatusCode::CONFLICT, Some(sentence), String::new()).await
        }
        other => Err(other),
    }
}

async fn shown(
    at_work: &AtWork,
    id: DossierId,
    status: StatusCode,
    refused: Option<String>,
    typed: String,
) -> Result<Response, WebError> {
    let town = &at_work.visit.town;
    let d = dossiers::agent_view(town, &at_work.signed_in.actor, id).await?;
    let title = format!("Dossier {}", d.number);
    let trial = d.kind == DossierKind::Trial;
    let zone = town.profile.time_zone();
    let mut page = page(at_work, &title);
    page.failed = refused.is_some();
    let routes = AnswerRoutes { change: None, read: format!("/agents/dossiers/{id}/pieces") };
    let corrected = d.answers.iter().map(|section| {
        let may = d.may.correct && section.page != INTERNAL;
        may.then(|| format!("/agents/dossiers/{id}/corriger/{}", section.page))
    });
    let answers = answers(&d.answers, &routes).into_iter().zip(corrected).collect();
    let shown = Shown {
        state: state_tag(&d.state),
        answers,
        messages: messages(&d.messages, Side::Town, &zone),
        history: timeline(&d.history, &zone),
        page,
        zone,
        d,
        trial,
        refused,
        typed,
    };
    html(status, &shown)
}

/// `POST /agents/dossiers/:id/messages`
#[handler]
pub(crate) async fn write(at_work: AtWork, Path(id): Path<String>, posted: Posted) -> Result<Response, WebError> {
    let id = dossier_id(&id)?;
    let body = posted.text("corps");
    match dossiers::write(&at_work.visit.town, &at_work.signed_in.actor, id, body).await {
        Ok(()) => Ok(see(format!("/agents/dossiers/{id}#messages"))),
        Err(Failure::Refused(sentence)) => {
            shown(&at_work, id, StatusCode::UNPROCESSABLE_ENTITY, Some(sentence), body.to_owned()).await
        }
        Err(failure) => refused(&at_work, id, failure).await,
    }
}
