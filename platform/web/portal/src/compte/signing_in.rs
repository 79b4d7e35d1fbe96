//! Sign in and out.

use parvis_domain::policy::Actor;
use parvis_ui::{
    WebError,
    components::{FormPage, Input},
    cookies::{self, Cookie},
    page::see,
    posted::{Opening, Posted},
    session::{self, Citizen},
};
use parvis_usecases::{
    brouillons,
    comptes::{self, CompteError},
    passwords::Password,
    sessions::{self, Opened},
};
use poem::{Response, handler, web::Query};
use serde::Deserialize;

use super::{Outcome, after_sign_in, placed};
use crate::resumption;

#[derive(Deserialize)]
pub(crate) struct Return {
    #[serde(default)]
    retour: String,
}

/// The form, for a page that asks to sign in.
pub(crate) fn sign_in_form(citizen: &Citizen, back: &str) -> FormPage {
    let mut form = FormPage::new(citizen.page("Se connecter à votre compte"), "/compte/connexion", "Se connecter")
        .with_input(Input::email("email", "Adresse électronique").with_autocomplete("username"))
        .with_input(Input::password("mot-de-passe", "Mot de passe", "current-password"))
        .with_link("/compte/mot-de-passe", "Mot de passe oublié ?")
        .with_link("/compte/creer", "Créer un compte")
        .with_link("/suivi", "Suivre un dossier sans compte");
    if !back.is_empty() {
        form = form.with_hidden("retour", back);
    }
    form
}

#[handler]
pub(crate) fn ask(citizen: Citizen, query: Query<Return>) -> Result<Response, WebError> {
    if citizen.signed_in.is_some() {
        return Ok(after_sign_in(&query.retour));
    }
    sign_in_form(&citizen, &query.retour).answer()
}

#[handler]
pub(crate) async fn enter(citizen: Citizen, posted: Opening) -> Result<Response, WebError> {
    let visit = &citizen.visit;
    let password = Password::new(posted.raw("mot-de-passe"));
    let entered = comptes::sign_in(&visit.town, visit.client_address(), posted.text("email"), password).await;
    match entered {
        Ok(opened) => welcome(&citizen, &opened, &posted).await,
        Err(error) => refused(&citizen, &posted, error),
    }
}

fn refused(citizen: &Citizen, posted: &Opening, error: CompteError) -> Result<Response, WebError> {
    let sentence = match placed(error, "email", "mot-de-passe") {
        Outcome::Page(error) => return Err(error),
        Outcome::Beside(_, sentence) => sentence,
    };
    let mut form = sign_in_form(citizen, posted.text("retour"));
    if posted.has(resumption::PATH) {
        form = form.with_hidden(resumption::PATH, posted.text(resumption::PATH)).with_answers(posted.inputs());
    }
    form.with_typed(posted).with_mistake("email", &sentence).answer()
}

/// Signed in: the drafts of the visitor become the account's, answers that travelled are saved.
pub(super) async fn welcome(citizen: &Citizen, opened: &Opened, posted: &Opening) -> Result<Response, WebError> {
    let visit = &citizen.visit;
    let signed_in = sessions::resolve(&visit.town, opened.token.as_str()).await.map_err(WebError::internal)?;
    let actor = signed_in.ok_or(WebError::Forbidden)?.actor;
    adopt_drafts(citizen, &actor).await?;
    let mut response = match posted.text(resumption::PATH) {
        "" => after_sign_in(posted.text("retour")),
        path => match resumption::save(citizen, &actor, path, posted.inputs()).await {
            Ok(path) => see(path),
            Err(WebError::NotFound) => see("/compte"),
            Err(error) => return Err(error),
        },
    };
    session::keep(visit, &mut response, Cookie::Usager, opened);
    cookies::forget(&mut response, visit.transport(), Cookie::Drafts);
    Ok(response)
}

async fn adopt_drafts(citizen: &Citizen, actor: &Actor) -> Result<(), WebError> {
    let Actor::Usager(usager) = actor else { return Ok(()) };
    let town = &citizen.visit.town;
    for key in cookies::keys(citizen.visit.cookies.get(Cookie::Drafts)) {
        if let Some(draft) = brouillons::holder(town, key).await? {
            brouillons::attach(town, &Actor::DraftHolder(draft), draft, *usager).await?;
        }
    }
    Ok(())
}

#[handler]
pub(crate) async fn leave(citizen: Citizen, _: Posted) -> Result<Response, WebError> {
    let visit = &citizen.visit;
    if let Some(token) = visit.cookies.get(Cookie::Usager) {
        sessions::close(&visit.town, token).await.map_err(WebError::internal)?;
    }
    let mut response = see("/");
    cookies::forget(&mut response, visit.transport(), Cookie::Usager);
    Ok(response)
}
