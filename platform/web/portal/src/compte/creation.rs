//! Create an account, then confirm its address with the link that was mailed.

use parvis_ui::{
    WebError,
    components::{Banner, FormPage, Input},
    page,
    posted::Opening,
    session::Citizen,
};
use parvis_usecases::{
    comptes::{self, NewAccount},
    passwords::Password,
};
use poem::{Response, handler, web::Path};

use super::{Outcome, placed, signing_in};

fn form(citizen: &Citizen) -> FormPage {
    FormPage::new(citizen.page("Créer un compte"), "/compte/creer", "Créer mon compte")
        .with_lead("Un compte permet de retrouver toutes vos demandes au même endroit. Il n’est pas obligatoire.")
        .with_input(Input::text("prenom", "Prénom").with_autocomplete("given-name").optional())
        .with_input(Input::text("nom", "Nom").with_autocomplete("family-name").optional())
        .with_input(Input::email("email", "Adresse électronique"))
        .with_input(
            Input::password("mot-de-passe", "Mot de passe", "new-password")
                .with_hint("12 caractères ou plus ; une phrase convient, vous pouvez la coller"),
        )
        .with_link("/compte/connexion", "J’ai déjà un compte")
}

#[handler]
pub(crate) fn ask(citizen: Citizen) -> Result<Response, WebError> {
    form(&citizen).answer()
}

#[handler]
pub(crate) async fn create(citizen: Citizen, posted: Opening) -> Result<Response, WebError> {
    let visit = &citizen.visit;
    let new = NewAccount {
        email: posted.text("email").to_owned(),
        password: Password::new(posted.raw("mot-de-passe")),
        given_name: posted.text("prenom").to_owned(),
        family_name: posted.text("nom").to_owned(),
    };
    match comptes::create(&visit.town, visit.client_address(), new).await {
        Ok(()) => mailed(
            &citizen,
            "Confirmez votre adresse",
            &format!(
                "Un message vient de partir vers {}. Ouvrez le lien qu’il contient pour terminer la création du compte. Il \
                 sert pendant 24 heures.",
                posted.text("email")
            ),
        ),
        Err(error) => match placed(error, "email", "mot-de-passe") {
            Outcome::Page(error) => Err(error),
            Outcome::Beside(id, sentence) => form(&citizen).with_typed(&posted).with_mistake(id, &sentence).answer(),
        },
    }
}

/// The page that says to open a mailbox.
pub(super) fn mailed(citizen: &Citizen, title: &str, sentence: &str) -> Result<Response, WebError> {
    #[derive(askama::Template)]
    #[template(path = "compte/mailed.html")]
    struct Mailed {
        page: parvis_ui::Page,
        sentence: String,
        demo: Option<Banner>,
    }
    let demo = citizen.visit.web.is_demo().then(|| {
        Banner::info("Démonstration", "Les courriels de la démonstration se lisent sur la page indiquée au démarrage.")
    });
    page::ok(&Mailed { page: citizen.page(title).private(), sentence: sentence.to_owned(), demo })
}

fn confirmation_form(citizen: &Citizen, link: &str) -> FormPage {
    FormPage::new(citizen.page("Terminer la création du compte"), &format!("/compte/confirmer/{link}"), "Confirmer")
        .with_lead("Saisissez le mot de passe choisi à la création du compte : votre adresse sera confirmée.")
        .with_input(Input::password("mot-de-passe", "Mot de passe", "current-password"))
}

#[handler]
pub(crate) fn ask_confirmation(citizen: Citizen, Path(link): Path<String>) -> Result<Response, WebError> {
    confirmation_form(&citizen, &link).answer()
}

#[handler]
pub(crate) async fn confirm(citizen: Citizen, Path(link): Path<String>, posted: Opening) -> Result<Response, WebError> {
    let visit = &citizen.visit;
    let password = Password::new(posted.raw("mot-de-passe"));
    match comptes::confirm(&visit.town, visit.client_address(), &link, password).await {
        Ok(opened) => signing_in::welcome(&citizen, &opened, &posted).await,
        Err(error) => match placed(error, "mot-de-passe", "mot-de-passe") {
            Outcome::Page(error) => Err(error),
            Outcome::Beside(_, sentence) => {
                confirmation_form(&citizen, &link).with_mistake("mot-de-passe", &sentence).answer()
            }
        },
    }
}
