//! A dossier on one screen, and messages to the usager.

use askama::Template;
use jiff::tz::TimeZone;
use parvis_domain::{
    dossier::DossierKind,
    ids::{DossierId, TaskId},
    policy::Actor,
};
use parvis_ui::{
    Page, WebError,
    components::{Answers, Messages, Tag, Timeline},
    dossier::{AnswerRoutes, answers, messages, state_tag, timeline},
    page::{html, see},
    session::AtWork,
};
use parvis_usecases::{
    dossiers::{
        self,
        tasks::Opinion,
        view::{AgentDossier, Side, TaskAsk, TaskLine},
    },
    failure::Failure,
};
use poem::{Response, handler, http::StatusCode, web::Path};

use crate::{page, resumption::Written, say::Say};

#[derive(Template)]
#[template(path = "dossier.html")]
struct Shown {
    page: Page,
    zone: TimeZone,
    d: AgentDossier,
    state: Tag,
    answers: Vec<Section>,
    /// Name of the service.
    service: String,
    /// The dossier is already hers.
    mine: bool,
    messages: Messages,
    history: Timeline,
    trial: bool,
    refused: Option<String>,
    typed: Typed,
}

/// A page of the form, answered, and where it is corrected.
struct Section {
    title: String,
    answers: Answers,
    correct: Option<String>,
}

/// What was typed in a form of the page and could not be kept: it comes back with the page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed {
    pub(crate) message: String,
    pub(crate) note: String,
    pub(crate) opinion: Option<TypedOpinion>,
    /// Texts of a form that is no longer asked.
    pub(crate) texts: Vec<String>,
}

/// An opinion that could not be kept.
#[derive(Debug, Clone)]
pub(crate) struct TypedOpinion {
    pub(crate) task: TaskId,
    pub(crate) verdict: String,
    pub(crate) remarks: String,
}

impl Say for Shown {
    fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

impl Shown {
    /// The opinion typed about a task that could not be kept.
    fn typed_about(&self, task: &TaskLine) -> Option<&TypedOpinion> {
        self.typed.opinion.as_ref().filter(|opinion| opinion.task == task.id)
    }

    /// Whether a task only asks to say that it is done.
    #[expect(clippy::unused_self, reason = "templates ask it of the page")]
    fn is_telling(&self, task: &TaskLine) -> bool {
        task.asks == TaskAsk::Telling
    }

    /// The opinions that can be given.
    #[expect(clippy::unused_self, reason = "templates ask it of the page")]
    const fn opinions(&self) -> [Opinion; 3] {
        Opinion::ALL
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
    shown(&at_work, dossier_id(&id)?, StatusCode::OK, None, Typed::default()).await
}

/// The dossier again, with why something was not done and what had been typed.
pub(crate) async fn refused(
    at_work: &AtWork,
    id: DossierId,
    failure: Failure,
    typed: Typed,
) -> Result<Response, WebError> {
    let sentence = match WebError::from(failure) {
        WebError::Refused(sentence) => sentence,
        WebError::Conflict => "Un collègue vient de modifier ce dossier. Relisez-le, puis recommencez.".to_owned(),
        other => return Err(other),
    };
    shown(at_work, id, StatusCode::CONFLICT, Some(sentence), typed).await
}

async fn shown(
    at_work: &AtWork,
    id: DossierId,
    status: StatusCode,
    refused: Option<String>,
    typed: Typed,
) -> Result<Response, WebError> {
    let town = &at_work.visit.town;
    let actor = &at_work.signed_in.actor;
    let d = dossiers::agent_view(town, actor, id).await?;
    let title = format!("Dossier {}", d.number);
    let zone = town.profile.time_zone();
    let mut page = page(at_work, &title);
    page.failed = refused.is_some();
    let own = if let Actor::Agent { id, .. } = actor { Some(*id) } else { None };
    let service = town.profile.service(&d.service).map_or_else(|| d.service.clone(), |service| service.name.clone());
    let shown = Shown {
        state: state_tag(&d.state),
        answers: sections(&d),
        messages: messages(&d.messages, Side::Town, &zone),
        history: timeline(&d.history, &zone),
        trial: d.kind == DossierKind::Trial,
        mine: d.assignee.as_ref().is_some_and(|agent| Some(agent.id) == own),
        service,
        page,
        zone,
        d,
        refused,
        typed,
    };
    html(status, &shown)
}

fn sections(d: &AgentDossier) -> Vec<Section> {
    let base = format!("/agents/dossiers/{}", d.id);
    let routes = AnswerRoutes { change: None, read: format!("{base}/pieces") };
    let section = |(mut answers, page): (Answers, &str)| Section {
        title: std::mem::take(&mut answers.title),
        answers,
        correct: (d.may.correct && page != INTERNAL).then(|| format!("{base}/corriger/{page}")),
    };
    let pages = d.answers.iter().map(|section| section.page.as_str());
    answers(&d.answers, &routes).into_iter().zip(pages).map(section).collect()
}

/// `POST /agents/dossiers/:id/messages`
#[handler]
pub(crate) async fn write(Path(id): Path<String>, written: Written) -> Result<Response, WebError> {
    let Written { at_work, fields } = written;
    let id = dossier_id(&id)?;
    let body = fields.text("corps");
    match dossiers::write(&at_work.visit.town, &at_work.signed_in.actor, id, body).await {
        Ok(()) => Ok(see(format!("/agents/dossiers/{id}#messages"))),
        Err(failure) => refused(&at_work, id, failure, Typed { message: body.to_owned(), ..Typed::default() }).await,
    }
}
