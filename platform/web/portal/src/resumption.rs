//! Answers that were posted when the session had ended, or from a page older than it: nothing typed is lost.
//!
//! The answers travel in the page that asks to sign in, as hidden inputs, and are saved once she has: no server keeps
//! what belongs to nobody yet.

use parvis_domain::policy::Actor;
use parvis_ui::{
    WebError,
    components::{Banner, FormPage},
    page::html,
    posted::Fields,
    session::Citizen,
};
use parvis_usecases::{
    brouillons::{
        self,
        view::{After, SaveOutcome, Step},
    },
    formulaire::Inputs,
};
use poem::{Response, http::StatusCode};

use crate::{compte, depot::confirmation_path, drafts::id_of};

/// Name of the hidden input that says which page the answers were posted to.
pub(crate) const PATH: &str = "_reprise";

/// The page that asks to sign in, with the answers in it.
pub(crate) fn ask_sign_in(citizen: &Citizen, fields: &Fields) -> Result<Response, WebError> {
    let form = compte::sign_in_form(citizen, "").with_notice(Banner::info(
        "Vos réponses sont gardées",
        "Votre connexion a pris fin pendant que vous remplissiez cette page. Connectez-vous : vos réponses seront \
         enregistrées et vous reprendrez où vous étiez.",
    ));
    html(StatusCode::FORBIDDEN, &form.with_hidden(PATH, &citizen.visit.path).with_answers(fields.inputs()))
}

/// The page that asks to confirm: it was loaded before she signed in, or out.
pub(crate) fn ask_confirmation(citizen: &Citizen, fields: &Fields) -> Result<Response, WebError> {
    let form = FormPage::new(
        citizen.page("Confirmez l’enregistrement"),
        &citizen.visit.path,
        "Enregistrer et continuer",
    )
    .with_lead(
        "Cette page a été ouverte avant votre connexion actuelle. Vos réponses ne sont pas perdues : confirmez pour \
             les enregistrer.",
    );
    html(StatusCode::FORBIDDEN, &form.with_answers(fields.inputs()))
}

/// Saves the answers that travelled with the sign-in; where to go then.
pub(crate) async fn save(citizen: &Citizen, actor: &Actor, path: &str, inputs: &Inputs) -> Result<String, WebError> {
    let pieces: Vec<&str> = path.split('/').collect();
    let ["", "brouillons", draft, page] = pieces.as_slice() else { return Ok("/compte".to_owned()) };
    let id = id_of(draft)?;
    let outcome = brouillons::save_page(&citizen.visit.town, actor, id, page, After::Next, inputs).await?;
    Ok(match outcome {
        SaveOutcome::Go(Step::Page(page)) => format!("/brouillons/{draft}/{page}"),
        SaveOutcome::Go(Step::Check) => format!("/brouillons/{draft}/verifier"),
        SaveOutcome::Invalid(_) | SaveOutcome::Changed(_) => path.to_owned(),
        SaveOutcome::Filed(dossier) => confirmation_path(dossier),
    })
}
