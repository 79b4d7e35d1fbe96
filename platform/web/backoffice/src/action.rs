//! Actions of the workflow: their forms, several dossiers at once, and corrections.

use askama::Template;
use parvis_contract::ActionStyle;
use parvis_domain::ids::DossierId;
use parvis_ui::{
    Page, WebError,
    components::{Banner, ErrorSummary},
    fields::{self, PieceRoutes, Rendered},
    page::{html, ok, see},
    posted::{Fields, Posted},
    session::AtWork,
};
use parvis_usecases::{
    dossiers::{self, ActOutcome, BatchLine, view::ActionForm},
    failure::Failure,
    formulaire::Inputs,
};
use poem::{Response, handler, http::StatusCode, web::Path};

use crate::{
    dossier::{Typed, dossier_id, refused},
    page,
    resumption::Written,
};

#[derive(Template)]
#[template(path = "action.html")]
struct Shown {
    page: Page,
    form: ActionForm,
    /// Someone else acted while the form was being filled.
    changed: Option<Banner>,
    summary: Option<ErrorSummary>,
    fields: Rendered,
    action: String,
}

impl Shown {
    /// Class of the button: whatever the action, it is the next step of this page.
    const fn style(&self) -> &'static str {
        match self.form.action.style {
            ActionStyle::Danger => "danger",
            ActionStyle::Primary | ActionStyle::Secondary => "",
        }
    }
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
        Ok(form) => shown(&at_work, form, StatusCode::OK, None),
        Err(failure) => refused(&at_work, id, failure, Typed::default()).await,
    }
}

/// `POST /agents/dossiers/:id/actions/:action`
#[handler]
pub(crate) async fn act(Path((id, action)): Path<(String, String)>, written: Written) -> Result<Response, WebError> {
    let Written { at_work, fields: posted } = written;
    let id = dossier_id(&id)?;
    let (town, actor) = (&at_work.visit.town, &at_work.signed_in.actor);
    match dossiers::act(town, actor, id, &action, revision(&posted)?, posted.inputs()).await {
        Ok(outcome) => concluded(&at_work, id, outcome),
        Err(failure) => {
            let again = dossiers::action_form(town, actor, id, &action).await;
            overtaken(&at_work, id, failure, again, posted.inputs()).await
        }
    }
}

/// `GET /agents/dossiers/:id/corriger/:page`
#[handler]
pub(crate) async fn correction(
    at_work: AtWork,
    Path((id, page)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let id = dossier_id(&id)?;
    match dossiers::correction_form(&at_work.visit.town, &at_work.signed_in.actor, id, &page).await {
        Ok(form) => shown(&at_work, form, StatusCode::OK, None),
        Err(failure) => refused(&at_work, id, failure, Typed::default()).await,
    }
}

/// `POST /agents/dossiers/:id/corriger/:page`
#[handler]
pub(crate) async fn correct(Path((id, page)): Path<(String, String)>, written: Written) -> Result<Response, WebError> {
    let Written { at_work, fields: posted } = written;
    let id = dossier_id(&id)?;
    let (town, actor) = (&at_work.visit.town, &at_work.signed_in.actor);
    match dossiers::correct(town, actor, id, &page, revision(&posted)?, posted.inputs()).await {
        Ok(outcome) => concluded(&at_work, id, outcome),
        Err(failure) => {
            let again = dossiers::correction_form(town, actor, id, &page).await;
            overtaken(&at_work, id, failure, again, posted.inputs()).await
        }
    }
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

fn concluded(at_work: &AtWork, id: DossierId, outcome: ActOutcome) -> Result<Response, WebError> {
    match outcome {
        ActOutcome::Done => Ok(see(format!("/agents/dossiers/{id}"))),
        ActOutcome::Invalid(form) => shown(at_work, *form, StatusCode::UNPROCESSABLE_ENTITY, None),
    }
}

/// Not done. When a colleague changed the dossier meanwhile, the form comes back with what was typed, on the dossier as
/// it is now; when the form is no longer asked, its texts stand on the dossier.
async fn overtaken(
    at_work: &AtWork,
    id: DossierId,
    failure: Failure,
    again: Result<ActionForm, Failure>,
    typed: &Inputs,
) -> Result<Response, WebError> {
    match (failure, again) {
        (Failure::Conflict, Ok(mut form)) if !form.form.questions.is_empty() => {
            fields::refill(&mut form.form.questions, typed);
            let changed = Banner::warning(
                "Ce dossier vient de changer",
                "Un collègue l’a modifié pendant que vous écriviez. Rien n’est enregistré ni perdu : voici votre saisie. \
                 Relisez le dossier, puis confirmez si c’est toujours utile.",
            );
            let changed =
                changed.with_link(&format!("/agents/dossiers/{id}"), &format!("Relire le dossier {}", form.number));
            shown(at_work, form, StatusCode::CONFLICT, Some(changed))
        }
        (failure, _) => refused(at_work, id, failure, Typed { texts: texts(typed), ..Typed::default() }).await,
    }
}

/// What was written by hand, of what was posted: choices and numbers are soon given again.
fn texts(typed: &Inputs) -> Vec<String> {
    let answers = typed.iter().filter(|(name, _)| name.starts_with(fields::ANSWER));
    answers.flat_map(|(_, values)| values).filter(|value| value.trim().contains(' ')).cloned().collect()
}

/// The revision that the agent saw.
fn revision(posted: &Fields) -> Result<u32, WebError> {
    posted.text("revision").parse().map_err(|_| WebError::Unreadable("the revision is missing"))
}

fn shown(
    at_work: &AtWork,
    form: ActionForm,
    status: StatusCode,
    changed: Option<Banner>,
) -> Result<Response, WebError> {
    let title = format!("{} – dossier {}", form.action.label, form.number);
    let fields = fields::render(&form.form, "", &PieceRoutes::default());
    let summary = (!form.form.mistakes.is_empty()).then(|| ErrorSummary::of_form(&form.form));
    let mut page = page(at_work, &title);
    page.failed = summary.is_some() || changed.is_some();
    let action = at_work.visit.path.to_string();
    html(status, &Shown { page, form, changed, summary, fields, action })
}
