//! The account's own pages: drafts and dossiers, names, password.

use askama::Template;
use parvis_ui::{
    Page, WebError,
    components::{Back, Cell, Empty, FormPage, Head, Input, Link, Sessions, Table},
    cookies::Cookie,
    dossier,
    page::{self, see},
    posted::Posted,
    session::{self, Citizen},
    text,
};
use parvis_usecases::{
    brouillons,
    comptes::{self, CompteError, ProfileChange},
    dossiers,
    passwords::Password,
};
use poem::{Response, handler};

use super::{Outcome, placed};

#[derive(Template)]
#[template(path = "compte/home.html")]
struct Home {
    page: Page,
    name: String,
    email: String,
    drafts: Option<Table>,
    dossiers: Option<Table>,
    empty: Empty,
    sessions: Sessions,
}

#[handler]
pub(crate) async fn home(citizen: Citizen) -> Result<Response, WebError> {
    let signed_in = citizen.account()?;
    let town = &citizen.visit.town;
    let zone = town.profile.time_zone();
    let drafts = brouillons::list(town, &signed_in.actor).await?;
    let filed = dossiers::of_usager(town, &signed_in.actor).await?;
    let head = |label: &str| Head { label: label.to_owned(), numeric: false };
    let draft_rows = drafts.iter().map(|draft| {
        vec![
            Cell::link(&format!("/brouillons/{}", draft.id), &format!("Reprendre : {}", draft.title)),
            Cell::text(&text::moment(draft.saved_at, &zone)),
            Cell::text(&text::day_of(draft.kept_until, &zone)),
        ]
    });
    let filed_rows = filed.iter().map(|line| {
        vec![
            Cell::link(&format!("/dossiers/{}", line.id), &line.number),
            Cell::text(&format!("{} – {}", line.title, line.summary)),
            Cell { tag: Some(dossier::state_tag(&line.state)), ..Cell::default() },
            Cell::text(&text::day_of(line.filed_at, &zone)),
        ]
    });
    let page = citizen.page("Mon compte").private();
    let sessions = session::list(&citizen.visit, signed_in, "/compte/connexions", &page.token).await?;
    page::ok(&Home {
        page,
        sessions,
        name: signed_in.name.clone(),
        email: signed_in.email.clone(),
        drafts: (!drafts.is_empty()).then(|| Table {
            caption: "Demandes à terminer".to_owned(),
            heads: vec![head("Demande"), head("Enregistrée"), head("Gardée jusqu’au")],
            rows: draft_rows.collect(),
        }),
        dossiers: (!filed.is_empty()).then(|| Table {
            caption: "Dossiers déposés".to_owned(),
            heads: vec![head("Numéro"), head("Demande"), head("État"), head("Déposé le")],
            rows: filed_rows.collect(),
        }),
        empty: Empty {
            title: "Aucun dossier pour l’instant".to_owned(),
            text: "Vos demandes apparaîtront ici dès que vous en commencerez une.".to_owned(),
            link: Some(Link::new("/demarches", "Voir les démarches")),
        },
    })
}

/// Ends a session of hers.
#[handler]
pub(crate) async fn end_session(citizen: Citizen, posted: Posted) -> Result<Response, WebError> {
    session::end(&citizen.visit, citizen.account()?, posted.text(session::CHOSEN)).await?;
    Ok(see("/compte"))
}

fn names_form(citizen: &Citizen, given: &str, family: &str) -> FormPage {
    FormPage::new(citizen.page("Modifier mon nom"), "/compte/profil", "Enregistrer")
        .with_back(Back::to("/compte"))
        .with_input(Input::text("prenom", "Prénom").with_autocomplete("given-name").with_value(given).optional())
        .with_input(Input::text("nom", "Nom").with_autocomplete("family-name").with_value(family).optional())
}

fn refuse(error: CompteError) -> WebError {
    match placed(error, "", "") {
        Outcome::Page(error) => error,
        Outcome::Beside(_, sentence) => WebError::Refused(sentence),
    }
}

#[handler]
pub(crate) async fn ask_names(citizen: Citizen) -> Result<Response, WebError> {
    let signed_in = citizen.account()?;
    let account = comptes::account(&citizen.visit.town, &signed_in.actor).await.map_err(refuse)?;
    names_form(&citizen, &account.given_name, &account.family_name).answer()
}

#[handler]
pub(crate) async fn change_names(citizen: Citizen, posted: Posted) -> Result<Response, WebError> {
    let signed_in = citizen.account()?;
    let change =
        ProfileChange { given_name: posted.text("prenom").to_owned(), family_name: posted.text("nom").to_owned() };
    match comptes::update_profile(&citizen.visit.town, &signed_in.actor, change).await {
        Ok(()) => Ok(see("/compte")),
        Err(error) => match placed(error, "prenom", "prenom") {
            Outcome::Page(error) => Err(error),
            Outcome::Beside(id, sentence) => {
                names_form(&citizen, "", "").with_typed(&posted).with_mistake(id, &sentence).answer()
            }
        },
    }
}

fn password_form(citizen: &Citizen) -> FormPage {
    FormPage::new(citizen.page("Changer mon mot de passe"), "/compte/changer-mot-de-passe", "Enregistrer")
        .with_back(Back::to("/compte"))
        .with_lead("Vos autres connexions prendront fin.")
        .with_input(Input::password("actuel", "Mot de passe actuel", "current-password"))
        .with_input(
            Input::password("nouveau", "Nouveau mot de passe", "new-password")
                .with_hint("12 caractères ou plus ; une phrase convient, vous pouvez la coller"),
        )
}

#[handler]
pub(crate) fn ask_password(citizen: Citizen) -> Result<Response, WebError> {
    citizen.account()?;
    password_form(&citizen).answer()
}

#[handler]
pub(crate) async fn change_password(citizen: Citizen, posted: Posted) -> Result<Response, WebError> {
    let signed_in = citizen.account()?;
    let (current, new) = (Password::new(posted.raw("actuel")), Password::new(posted.raw("nouveau")));
    match comptes::change_password(&citizen.visit.town, &signed_in.actor, current, new).await {
        Ok(opened) => {
            let mut response = see("/compte");
            session::keep(&citizen.visit, &mut response, Cookie::Usager, &opened);
            Ok(response)
        }
        Err(error) => match placed(error, "actuel", "nouveau") {
            Outcome::Page(error) => Err(error),
            Outcome::Beside(id, sentence) => password_form(&citizen).with_mistake(id, &sentence).answer(),
        },
    }
}
