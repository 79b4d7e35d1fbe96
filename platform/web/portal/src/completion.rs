//! The answer to a request for documents: what is asked, the files joined since, sending.

use askama::Template;
use parvis_domain::{
    ids::{DossierId, PieceId},
    input::name_of,
    policy::Actor,
    value::Target,
};
use parvis_ui::{
    Page, WebError,
    components::{Back, ErrorSummary},
    fields::{self, PieceRoutes, Rendered},
    page::{self, html, see},
    posted::Posted,
    session::Citizen,
    upload::Upload,
};
use parvis_usecases::{
    dossiers::{self, CompletionView},
    failure::Failure,
    formulaire::{Inputs, Mistake},
    pieces::UploadError,
};
use poem::{Response, handler, http::StatusCode, web::Path};

use crate::{
    depot::reader,
    dossiers::{Asked, asked},
    drafts::id_of,
};

#[derive(Template)]
#[template(path = "completer.html")]
struct Completing {
    page: Page,
    back: Back,
    summary: ErrorSummary,
    action: String,
    form: Rendered,
    asked: Asked,
}

#[handler]
pub(crate) async fn show(citizen: Citizen, Path(id): Path<String>) -> Result<Response, WebError> {
    let id: DossierId = id_of(&id)?;
    match dossiers::completion(&citizen.visit.town, &reader(&citizen, id), id).await {
        Ok(view) => page::ok(&completing(&citizen, &view)),
        Err(Failure::Refused(_)) => Ok(see(format!("/dossiers/{id}"))),
        Err(failure) => Err(failure.into()),
    }
}

fn completing(citizen: &Citizen, view: &CompletionView) -> Completing {
    let base = format!("/dossiers/{}", view.dossier);
    let routes = PieceRoutes {
        upload: Some(format!("{base}/completer/pieces")),
        remove: Some((format!("{base}/completer/retirer"), String::new())),
        read: None,
        file_limit: citizen.visit.town.parvis.config.limits.piece_octets,
    };
    let mut page = citizen.page("Compléter votre dossier").private();
    page.failed = !view.form.mistakes.is_empty();
    Completing {
        page,
        back: Back::labelled(&base, "Revenir au dossier"),
        summary: ErrorSummary::of_form(&view.form),
        action: format!("{base}/completer"),
        form: fields::render(&view.form, "", &routes),
        asked: asked(citizen, &view.request),
    }
}

#[handler]
pub(crate) async fn send(citizen: Citizen, Path(id): Path<String>, posted: Posted) -> Result<Response, WebError> {
    let id: DossierId = id_of(&id)?;
    let (town, actor) = (&citizen.visit.town, reader(&citizen, id));
    match dossiers::complete(town, &actor, id, posted.inputs()).await {
        Ok(None) => Ok(see(format!("/dossiers/{id}?fait=complete"))),
        Ok(Some(view)) => page::unprocessable(&completing(&citizen, &view)),
        Err(Failure::Refused(sentence)) => {
            let mistake = Mistake { anchor: None, at: None, message: sentence };
            let view = again(&citizen, &actor, id, posted.inputs(), Some(mistake)).await?;
            page::unprocessable(&completing(&citizen, &view))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// The page as it is now, with what was typed and what is wrong.
async fn again(
    citizen: &Citizen,
    actor: &Actor,
    id: DossierId,
    typed: &Inputs,
    mistake: Option<Mistake>,
) -> Result<CompletionView, WebError> {
    let mut view = dossiers::completion(&citizen.visit.town, actor, id).await?;
    fields::refill(&mut view.form.questions, typed);
    if let Some(mistake) = mistake {
        let concerned = view.form.questions.iter_mut().filter(|question| Some(&question.at) == mistake.at.as_ref());
        concerned.for_each(|question| question.errors = vec![mistake.message.clone()]);
        view.form.mistakes = vec![mistake];
    }
    Ok(view)
}

#[handler]
pub(crate) async fn add_piece(
    citizen: Citizen,
    Path((id, field)): Path<(String, String)>,
    mut files: Upload,
) -> Result<Response, WebError> {
    let id: DossierId = id_of(&id)?;
    let actor = reader(&citizen, id);
    let refused = add_all(&citizen, &actor, id, &field, &mut files).await;
    let typed = files.rest().await;
    match refused? {
        None => kept(&citizen, &actor, id, &typed).await,
        Some((_, UploadError::Failure(failure))) => Err(failure.into()),
        Some((at, error)) => {
            let status = match error {
                UploadError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let mistake = Mistake { anchor: Some(name_of(&at)), at: Some(at), message: error.to_string() };
            let view = again(&citizen, &actor, id, &typed, Some(mistake)).await?;
            html(status, &completing(&citizen, &view))
        }
    }
}

/// The page after a file came or went. Answers typed beside it are kept nowhere until they are sent: the page carries
/// them.
async fn kept(citizen: &Citizen, actor: &Actor, id: DossierId, typed: &Inputs) -> Result<Response, WebError> {
    if typed.values().flatten().all(|value| value.trim().is_empty()) {
        return Ok(see(format!("/dossiers/{id}/completer")));
    }
    let view = again(citizen, actor, id, typed, None).await?;
    page::ok(&completing(citizen, &view))
}

async fn add_all(
    citizen: &Citizen,
    actor: &Actor,
    id: DossierId,
    field: &str,
    files: &mut Upload,
) -> Result<Option<(Target, UploadError)>, WebError> {
    let at = fields::target_of(field);
    let mut any = false;
    while let Some(file) = files.next().await? {
        any = true;
        let (name, at) = (file.name.clone(), file.at.clone().unwrap_or_else(|| at.clone()));
        let town = &citizen.visit.town;
        if let Err(error) = dossiers::upload_to_completion(town, actor, id, &at, &name, file.into_reader()).await {
            return Ok(Some((at, error)));
        }
    }
    Ok(if any { None } else { Some((at, UploadError::Empty)) })
}

#[handler]
pub(crate) fn back(Path((id, _)): Path<(String, String)>) -> Response {
    see(format!("/dossiers/{id}/completer"))
}

#[handler]
pub(crate) async fn remove_piece(
    citizen: Citizen,
    Path((id, piece)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let (id, piece): (DossierId, PieceId) = (id_of(&id)?, id_of(&piece)?);
    let actor = reader(&citizen, id);
    dossiers::remove_from_completion(&citizen.visit.town, &actor, id, piece).await?;
    kept(&citizen, &actor, id, posted.inputs()).await
}
