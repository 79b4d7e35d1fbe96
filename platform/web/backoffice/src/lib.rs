//! The agent's pages: her inbox, a dossier on one screen, what she can do with it.
//!
//! Thin: parse, call a use case, render. What an agent may do is decided by the policy at the use case's door; a page
//! only shows what the view says. This crate never touches the store. Start reading at [`routes`].

mod action;
mod assignment;
mod deposit;
mod dossier;
mod drafts;
mod filed;
mod inbox;
mod own;
mod pieces;
mod resumption;
mod say;
mod sign_in;
mod stuck;
mod tasks;

use parvis_domain::policy::Permission;
use parvis_ui::{Nav, NavItem, Page, session::AtWork};
use poem::{Route, get, post};

/// Routes under `/agents`.
pub fn routes() -> Route {
    Route::new()
        .at("/", get(inbox::show))
        .at("/lot", post(action::batch))
        .at("/connexion", get(sign_in::show).post(sign_in::password))
        .at("/code", get(sign_in::second).post(sign_in::code))
        .at("/bienvenue/:link", get(sign_in::invitation).post(sign_in::accept))
        .at("/deconnexion", post(sign_in::out))
        .at("/deposer", get(deposit::show).post(deposit::start))
        .at("/brouillons/:draft", get(drafts::resume))
        .at("/brouillons/:draft/verifier", get(drafts::check))
        .at("/brouillons/:draft/deposer", get(drafts::check_again).post(drafts::file))
        .at("/brouillons/:draft/abandonner", post(drafts::discard))
        .at("/brouillons/:draft/fichiers/:piece", get(drafts::read_piece))
        .at("/brouillons/:draft/fichiers/:piece/retirer", post(drafts::remove_piece))
        .at("/brouillons/:draft/:page", get(drafts::show).post(drafts::save))
        .at("/brouillons/:draft/:page/direct", post(drafts::update))
        .at("/brouillons/:draft/:page/pieces/:field", get(drafts::back_to_page).post(drafts::add_pieces))
        .at("/compte", get(own::show))
        .at("/compte/connexions", post(own::end))
        .at("/taches", get(tasks::show))
        .at("/envois", get(stuck::show))
        .at("/envois/:row", post(stuck::replay))
        .at("/dossiers/:id", get(dossier::show))
        .at("/dossiers/:id/depot", get(filed::show))
        .at("/dossiers/:id/recepisse", get(filed::receipt))
        .at("/dossiers/:id/actions/:action", get(action::show).post(action::act))
        .at("/dossiers/:id/corriger/:page", get(action::correction).post(action::correct))
        .at("/dossiers/:id/affecter", post(assignment::assign))
        .at("/dossiers/:id/notes", post(assignment::note))
        .at("/dossiers/:id/messages", post(dossier::write))
        .at("/dossiers/:id/taches/:task", post(tasks::opinion))
        .at("/dossiers/:id/envois/:row", post(stuck::replay_of_dossier))
        .at("/dossiers/:id/pieces/:piece", get(pieces::read))
        .at("/dossiers/:id/pieces/:piece/apercu/:page", get(pieces::preview))
}

/// A page of the back office.
fn page(at_work: &AtWork, title: &str) -> Page {
    let path = &*at_work.visit.path;
    let item =
        |href: &str, label: &str, current: bool| NavItem { href: href.to_owned(), label: label.to_owned(), current };
    let may = |permission| at_work.visit.town.allow(&at_work.signed_in.actor, permission, None).is_ok();
    let items = [
        may(Permission::DossierList)
            .then(|| item("/agents/", "Dossiers", path == "/agents/" || path.starts_with("/agents/dossiers"))),
        may(Permission::DossierAct).then(|| item("/agents/taches", "Avis et tâches", path == "/agents/taches")),
        may(Permission::OutboxManage).then(|| item("/agents/envois", "Envois en échec", path == "/agents/envois")),
        Some(item("/agents/compte", &at_work.signed_in.name, path == "/agents/compte")),
    ];
    let nav = Nav {
        home: "/agents/".to_owned(),
        place: "Espace des agents".to_owned(),
        items: items.into_iter().flatten().collect(),
        who: None,
        sign_out: None,
    };
    let nav = nav.signed_in(&at_work.signed_in.name, "/agents/deconnexion");
    Page::of_town(&at_work.visit.town, title, nav, at_work.visit.form_token()).private()
}
