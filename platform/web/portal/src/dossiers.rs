//! The follow-up of a dossier: state in plain words, who handles it, history, messages, withdrawal, documents.

use askama::Template;
use parvis_domain::ids::{DossierId, PieceId};
use parvis_ui::{
    Page, WebError,
    components::{
        Answers, Back, Banner, Button, ButtonStyle, ErrorSummary, FileLine, FormPage, Input, Messages, ServiceCard,
        Steps, Tag, Timeline,
    },
    dossier::{self, AnswerRoutes},
    download, fields,
    page::{self, see},
    posted::Posted,
    session::Citizen,
    text,
};
use parvis_usecases::{
    dossiers::{
        self,
        view::{FollowUp, Side},
    },
    failure::Failure,
    pieces,
};
use poem::{
    Response, handler,
    web::{Path, Query},
};
use serde::Deserialize;

use crate::{depot::reader, drafts::id_of};

#[derive(Template)]
#[template(path = "dossier.html")]
struct FollowPage {
    page: Page,
    summary: ErrorSummary,
    followed: FollowUp,
    filed: String,
    tag: Tag,
    steps: Steps,
    term: Option<String>,
    asked: Option<Asked>,
    documents: Vec<FileLine>,
    messages: Messages,
    message: Input,
    timeline: Timeline,
    answers: Vec<Answers>,
    handler: ServiceCard,
}

/// What is asked of the citizen.
pub(crate) struct Asked {
    pub(crate) reason: String,
    since: String,
    pub(crate) until: String,
    items: Vec<String>,
    pub(crate) mention: String,
}

#[derive(Deserialize)]
pub(crate) struct Done {
    fait: Option<String>,
}

fn banner(done: Option<&str>) -> Option<Banner> {
    Some(match done? {
        "message" => Banner::success("Votre message est envoyé", "Le service vous répondra ici et par courriel."),
        "complete" => Banner::success("Vos éléments sont envoyés", "Le service reprend l’examen de votre dossier."),
        "retrait" => Banner::success("Votre demande est retirée", "Le service ne l’examinera pas."),
        _ => return None,
    })
}

#[handler]
pub(crate) async fn follow(citizen: Citizen, Path(id): Path<String>, done: Query<Done>) -> Result<Response, WebError> {
    let id = id_of(&id)?;
    let followed = dossiers::follow_up(&citizen.visit.town, &reader(&citizen, id), id).await?;
    let mut view = view(&citizen, followed);
    view.page.banner = banner(done.fait.as_deref());
    page::ok(&view)
}

fn view(citizen: &Citizen, followed: FollowUp) -> FollowPage {
    let zone = citizen.visit.town.profile.time_zone();
    let base = format!("/dossiers/{}", followed.id);
    let routes = AnswerRoutes { change: None, read: format!("{base}/documents") };
    FollowPage {
        page: citizen.page(&format!("Dossier {}", followed.number)).private(),
        summary: ErrorSummary::default(),
        filed: text::day_of(followed.filed_at, &zone),
        tag: dossier::state_tag(&followed.state),
        steps: dossier::steps(&followed.state),
        term: followed.term.as_ref().map(|term| term.sentence.clone()),
        asked: followed.request.as_ref().map(|request| asked(citizen, request)),
        documents: followed.documents.iter().map(|piece| fields::file_line(piece, &routes.read)).collect(),
        messages: dossier::messages(&followed.messages, Side::Usager, &zone),
        message: Input::lines("message", "Votre message"),
        timeline: dossier::timeline(&followed.history, &zone),
        answers: dossier::answers(&followed.answers, &routes),
        handler: dossier::handler_card(&followed.handler),
        followed,
    }
}

pub(crate) fn asked(citizen: &Citizen, request: &dossiers::view::PieceRequestView) -> Asked {
    let zone = citizen.visit.town.profile.time_zone();
    Asked {
        reason: request.reason.clone(),
        since: text::day_of(request.asked_at, &zone),
        until: text::day_of(request.until, &zone),
        items: request
            .items
            .iter()
            .map(|item| {
                let weight = if item.essential { "indispensable" } else { "utile" };
                format!("{} ({weight}\u{a0}; {})", item.label, item.basis)
            })
            .collect(),
        mention: request.mention.clone(),
    }
}

/// Pages that only a form opens lead back to the dossier.
#[handler]
pub(crate) fn back(Path(id): Path<String>) -> Response {
    see(format!("/dossiers/{id}"))
}

#[handler]
pub(crate) async fn write(citizen: Citizen, Path(id): Path<String>, posted: Posted) -> Result<Response, WebError> {
    let id: DossierId = id_of(&id)?;
    let actor = reader(&citizen, id);
    let town = &citizen.visit.town;
    let typed = posted.text("message");
    let sentence = match dossiers::write(town, &actor, id, typed).await {
        Ok(()) => return Ok(see(format!("/dossiers/{id}?fait=message"))),
        Err(Failure::Invalid(problems)) => problems.into_iter().next().map(|problem| problem.message),
        Err(Failure::Refused(sentence)) => Some(sentence),
        Err(failure) => return Err(failure.into()),
    };
    let sentence = sentence.unwrap_or_else(|| "Écrivez votre message".to_owned());
    let mut view = view(&citizen, dossiers::follow_up(town, &actor, id).await?);
    view.page.failed = true;
    view.summary = ErrorSummary::one("message", &sentence);
    view.message = view.message.with_value(typed).with_error(Some(sentence));
    page::unprocessable(&view)
}

#[handler]
pub(crate) async fn document(
    citizen: Citizen,
    Path((id, piece)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let (id, piece): (DossierId, PieceId) = (id_of(&id)?, id_of(&piece)?);
    let file = pieces::download(&citizen.visit.town, &reader(&citizen, id), id, piece).await?;
    Ok(download::attachment(&file.name, &file.media_type, Some(file.size), file.content))
}

fn withdraw_form(citizen: &Citizen, id: DossierId, number: &str) -> FormPage {
    let mut form = FormPage::new(
        citizen.page("Retirer votre demande"),
        &format!("/dossiers/{id}/retirer"),
        "Retirer ma demande",
    )
    .with_back(Back::labelled(&format!("/dossiers/{id}"), "Garder ma demande et revenir au dossier"))
    .with_lead(&format!(
        "Le dossier {number} sera fermé : le service n’examinera pas votre demande et ne prendra pas de décision."
    ))
    .with_lead("Vous ne pourrez pas annuler ce retrait. Vous pourrez déposer une nouvelle demande.");
    form.button = Button::new(ButtonStyle::Danger, "Retirer ma demande");
    form
}

#[handler]
pub(crate) async fn ask_withdraw(citizen: Citizen, Path(id): Path<String>) -> Result<Response, WebError> {
    let id = id_of(&id)?;
    let followed = dossiers::follow_up(&citizen.visit.town, &reader(&citizen, id), id).await?;
    if !followed.withdrawable {
        return Ok(see(format!("/dossiers/{id}")));
    }
    withdraw_form(&citizen, id, &followed.number).answer()
}

#[handler]
pub(crate) async fn withdraw(citizen: Citizen, Path(id): Path<String>, _: Posted) -> Result<Response, WebError> {
    let id: DossierId = id_of(&id)?;
    dossiers::withdraw(&citizen.visit.town, &reader(&citizen, id), id).await?;
    Ok(see(format!("/dossiers/{id}?fait=retrait")))
}
