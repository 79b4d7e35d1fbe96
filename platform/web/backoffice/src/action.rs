//! Actions of the workflow: their forms, several dossiers at once, and corrections.

use askama::Template;
use parvis_domain::ids::DossierId;
use parvis_ui::{
    Page, WebError,
    components::ErrorSummary,
    fields::{PieceRoutes, Rendered, render},
    page::{html, ok, see},
    posted::Posted,
    session::AtWork,
};
use parvis_usecases::{
    dossiers::{self, ActOutcome, BatchLine, view::ActionForm},
    failure::Failure,
};
use poem::{Response, handler, http::StatusCode, web::Path};

use crate::{
    dossier::{dossier_id, refused},
    page,
};

#[derive(Template)]
#[template(path = "action.html")]
struct Shown {
    page: Page,
    form: ActionForm,
    summary: Option<ErrorSummary>,
    fields: Rendered,
    action: String,
}

#[derive(Template)]
#[template(path = "batch.html")]
struct Done {
    page: Page,
    title: String,
    lines: Vec<BatchLine>,
}

/// `GET /agents/dossiers/:id/actions/:action`
#[handler]
pub(crate) async fn show(at_work: AtWork, Path((id, action)): Path<(String, String)>) -> Result<Response, WebError> {
    let id = dossier_id(&id)?;
    match dossiers::action_form(&at_work.visit.town, &at_work.signed_in.actor, id, &action).await {
        Ok(form) => shown(&at_work, form, StatusCode::OK),
        Err(failure) => refused(&at_work, id, failure).await,
    }
}

/// `POST /agents/dossiers/:id/actions/:action`
#[handler]
pub(crate) async fn act(
    at_work: AtWork,
    Path((id, action)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let id = dossier_id(&id)?;
    let (town, actor) = (&at_work.visit.town, &at_work.signed_in.actor);
    let outcome = dossiers::act(town, actor, id, &action, revision(&posted)?, posted.inputs()).await;
    concluded(&at_work, id, outcome).await
}

/// `GET /agents/dossiers/:id/corriger/:page`
#[handler]
pub(crate) async fn correction(
    at_work: AtWork,
    Path((id, page)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let id = dossier_id(&id)?;
    match dossiers::correction_form(&at_work.visit.town, &at_work.signed_in.actor, id, &page).await {
        Ok(form) => shown(&at_work, form, StatusCode::OK),
        Err(failure) => refused(&at_work, id, failure).await,
    }
}

/// `POST /agents/dossiers/:id/corriger/:page`
#[handler]
pub(crate) async fn correct(
    at_work: AtWork,
    Path((id, page)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let id = dossier_id(&id)?;
    let (town, actor) = (&at_work.visit.town, &at_work.signed_in.actor);
    let outcome = dossiers::correct(town, actor, id, &page, revision(&posted)?, posted.inputs()).await;
    concluded(&at_work, id, outcome).await
}

/// `POST /agents/lot`
#[handler]
pub(crate) async fn batch(at_work: AtWork, posted: Posted) -> Result<Response, WebError> {
    let chosen: Vec<DossierId> = posted.all("dossier").iter().map(|id| dossier_id(id)).collect::<Result<_, _>>()?;
    if chosen.is_empty() {
        return Err(WebError::Refused("Choisissez au moins un dossier, puis recommencez.".to_owned()));
    }
    let lines =
        dossiers::act_batch(&at_work.visit.town, &at_work.signed_in.actor, posted.text("action"), &chosen).await?;
    let done = lines.iter().filter(|line| line.result.is_ok()).count();
    let title = format!("{done} sur {} dossiers traités", lines.len());
    ok(&Done { page: page(&at_work, &title), title, lines })
}

async fn concluded(
    at_work: &AtWork,
    id: DossierId,
    outcome: Result<ActOutcome, Failure>,
) -> Result<Response, WebError> {
    match outcome {
        Ok(ActOutcome::Done) => Ok(see(format!("/agents/dossiers/{id}"))),
        Ok(ActOutcome::Invalid(form)) => shown(at_work, *form, StatusCode::UNPROCESSABLE_ENTITY),
        Err(failure) => refused(at_work, id, failure).await,
    }
}

/// The revision that the agent saw.
fn revision(posted: &Posted) -> Result<u32, WebError> {
    posted.text("revision").parse().map_err(|_| WebError::Unreadable("the revision is missing"))
}

fn shown(at_work: &AtWork, form: ActionForm, status: StatusCode) -> Result<Response, WebError> {
    let title = format!("{} – dossier {}", form.action.label, form.number);
    let fields = render(&form.form, &form.action.label, &PieceRoutes::default());
    let summary = (!form.form.mistakes.is_empty()).then(|| ErrorSummary::of_form(&form.form));
    let mut page = page(at_work, &title).with_form_script();
    page.failed = summary.is_some();
    let action = at_work.visit.path.to_string();
    html(status, &Shown { page, form, summary, fields, action })
}
