//! The citizen's account: sign in and out, create, confirm, choose a new password, find drafts and dossiers again.

mod account;
mod creation;
mod password;
mod signing_in;

use parvis_ui::{WebError, page::see};
use parvis_usecases::comptes::CompteError;
use poem::{Response, Route, get, post};

pub(crate) use signing_in::sign_in_form;

/// The routes of the account.
pub(crate) fn routes(route: Route) -> Route {
    route
        .at("/compte", get(account::home))
        .at("/compte/connexion", get(signing_in::ask).post(signing_in::enter))
        .at("/compte/deconnexion", post(signing_in::leave))
        .at("/compte/creer", get(creation::ask).post(creation::create))
        .at("/compte/confirmer/:link", get(creation::ask_confirmation).post(creation::confirm))
        .at("/compte/mot-de-passe", get(password::ask).post(password::send))
        .at("/compte/mot-de-passe/:link", get(password::ask_new).post(password::choose))
        .at("/compte/connexions", post(account::end_session))
        .at("/compte/profil", get(account::ask_names).post(account::change_names))
        .at("/compte/changer-mot-de-passe", get(account::ask_password).post(account::change_password))
}

/// What a form does with a failure: its input's sentence, or a page.
enum Outcome {
    /// Beside this input.
    Beside(&'static str, String),
    /// A page of its own.
    Page(WebError),
}

/// Where each failure of an account is said.
fn placed(error: CompteError, first: &'static str, password: &'static str) -> Outcome {
    let sentence = error.to_string();
    match error {
        CompteError::Email | CompteError::Wrong | CompteError::Unconfirmed | CompteError::Throttled { .. } => {
            Outcome::Beside(first, sentence)
        }
        CompteError::Weak(_) => Outcome::Beside(password, sentence),
        CompteError::NameTooLong => Outcome::Beside("nom", sentence),
        CompteError::Link => Outcome::Page(WebError::Refused(sentence)),
        CompteError::Busy => Outcome::Page(WebError::Busy(5)),
        CompteError::Denied(denied) => Outcome::Page(denied.into()),
        CompteError::Store(error) => Outcome::Page(WebError::internal(error)),
    }
}

/// Where a citizen goes once signed in.
fn after_sign_in(back: &str) -> Response {
    see(parvis_ui::session::local_path(back, "/compte"))
}
