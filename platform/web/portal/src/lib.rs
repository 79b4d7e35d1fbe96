//! The citizen's pages: the catalogue, a form from its first page to its receipt, the follow-up, the account, what the
//! law wants said.
//!
//! Thin: parse, call a use case, render. Never touches the store, never decides a rule. One file per group of pages,
//! each with its handlers and its templates. Start reading at [`routes`].

#![expect(clippy::needless_pass_by_value, reason = "handlers take what they extract by value")]

mod completion;
mod compte;
mod demarches;
mod depot;
mod dossiers;
mod drafts;
mod legal;
mod resumption;

use parvis_ui::{Web, assets, components::demo};
use poem::{Route, get, post};

/// The portal's routes and the assets of every public; the door of `parvis-ui` stands before them.
pub fn routes(web: &Web) -> Route {
    let route = assets::routes(Route::new());
    let route = if web.is_demo() { demo::routes(route) } else { route };
    let route = route
        .at("/", get(demarches::home))
        .at("/demarches", get(demarches::list))
        .at("/demarches/:id", get(demarches::show))
        .at("/demarches/:id/commencer", post(drafts::start))
        .at("/brouillons/:draft", get(drafts::resume))
        .at("/brouillons/:draft/verifier", get(drafts::check))
        .at("/brouillons/:draft/deposer", get(drafts::check_again).post(depot::deposit))
        .at("/brouillons/:draft/abandonner", get(drafts::ask_discard).post(drafts::discard))
        .at("/brouillons/:draft/fichiers/:piece", get(drafts::read_piece))
        .at("/brouillons/:draft/fichiers/:piece/retirer", post(drafts::remove_piece))
        .at("/brouillons/:draft/:page", get(drafts::show).post(drafts::save))
        .at("/brouillons/:draft/:page/direct", post(drafts::update))
        .at("/brouillons/:draft/:page/pieces/:field", get(drafts::back_to_page).post(drafts::add_pieces))
        .at("/suivi", get(depot::ask_code).post(depot::track))
        .at("/dossiers/:id", get(dossiers::follow))
        .at("/dossiers/:id/depot", get(depot::confirmation))
        .at("/dossiers/:id/recepisse", get(depot::receipt))
        .at("/dossiers/:id/messages", get(dossiers::back).post(dossiers::write))
        .at("/dossiers/:id/completer", get(completion::show).post(completion::send))
        .at("/dossiers/:id/completer/pieces/:field", get(completion::back).post(completion::add_piece))
        .at("/dossiers/:id/completer/retirer/:piece", post(completion::remove_piece))
        .at("/dossiers/:id/retirer", get(dossiers::ask_withdraw).post(dossiers::withdraw))
        .at("/dossiers/:id/documents/:piece", get(dossiers::document));
    legal::routes(compte::routes(route))
}
