//! A forgotten password: a link by mail, then a new one.

use parvis_ui::{
    WebError,
    components::{FormPage, Input},
    posted::Opening,
    session::Citizen,
};
use parvis_usecases::{comptes, passwords::Password};
use poem::{Response, handler, web::Path};

use super::{Outcome, creation::mailed, placed, signing_in};

fn form(citizen: &Citizen) -> FormPage {
    FormPage::new(citizen.page("Mot de passe oublié"), "/compte/mot-de-passe", "Recevoir un lien")
        .with_lead("Donnez l’adresse de votre compte : vous recevrez un lien pour choisir un nouveau mot de passe.")
        .with_input(Input::email("email", "Adresse électronique"))
        .with_link("/compte/connexion", "Revenir à la connexion")
}

#[handler]
pub(crate) fn ask(citizen: Citizen) -> Result<Response, WebError> {
    form(&citizen).answer()
}

#[handler]
pub(crate) async fn send(citizen: Citizen, posted: Opening) -> Result<Response, WebError> {
    let visit = &citizen.visit;
    match comptes::forgotten(&visit.town, visit.client_address(), posted.text("email")).await {
        Ok(()) => mailed(
            &citizen,
            "Consultez votre messagerie",
            &format!(
                "Si un compte existe pour {}, un lien vient de partir. Il sert une fois, pendant 30 minutes.",
                posted.text("email")
            ),
        ),
        Err(error) => match placed(error, "email", "email") {
            Outcome::Page(error) => Err(error),
            Outcome::Beside(_, sentence) => {
                form(&citizen).with_typed(&posted).with_mistake("email", &sentence).answer()
            }
        },
    }
}

fn new_form(citizen: &Citizen, link: &str) -> FormPage {
    FormPage::new(
        citizen.page("Choisir un nouveau mot de passe"),
        &format!("/compte/mot-de-passe/{link}"),
        "Enregistrer et me connecter",
    )
    .with_input(
        Input::password("mot-de-passe", "Nouveau mot de passe", "new-password")
            .with_hint("12 caractères ou plus ; une phrase convient, vous pouvez la coller"),
    )
}

#[handler]
pub(crate) async fn ask_new(citizen: Citizen, Path(link): Path<String>) -> Result<Response, WebError> {
    match comptes::check_recovery(&citizen.visit.town, &link).await {
        Ok(()) => new_form(&citizen, &link).answer(),
        Err(error) => match placed(error, "mot-de-passe", "mot-de-passe") {
            Outcome::Page(error) => Err(error),
            Outcome::Beside(_, sentence) => Err(WebError::Refused(sentence)),
        },
    }
}

#[handler]
pub(crate) async fn choose(citizen: Citizen, Path(link): Path<String>, posted: Opening) -> Result<Response, WebError> {
    let password = Password::new(posted.raw("mot-de-passe"));
    match comptes::recover(&citizen.visit.town, &link, password).await {
        Ok(opened) => signing_in::welcome(&citizen, &opened, &posted).await,
        Err(error) => match placed(error, "mot-de-passe", "mot-de-passe") {
            Outcome::Page(error) => Err(error),
            Outcome::Beside(_, sentence) => new_form(&citizen, &link).with_mistake("mot-de-passe", &sentence).answer(),
        },
    }
}
