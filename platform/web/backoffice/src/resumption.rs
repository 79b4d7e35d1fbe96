//! Answers that an agent posted when her session had ended: they wait in the page while she signs in, in another tab.
//!
//! Signing in takes two steps, and no server keeps what belongs to nobody yet: the page holds the answers and posts them
//! again, first to the same address without a token that serves, then with one, once she confirmed.

use askama::Template;
use parvis_ui::{Page, Visit, WebError, page::html, posted::Fields, session::AtWork};
use poem::{Response, http::StatusCode};

use crate::{page, sign_in};

#[derive(Template)]
#[template(path = "resumption.html")]
struct Shown {
    page: Page,
    signed_in: bool,
    action: String,
    answers: Vec<(String, String)>,
}

/// The page that asks to sign in, with the answers in it.
pub(crate) fn ask_sign_in(visit: &Visit, fields: &Fields) -> Result<Response, WebError> {
    let page = sign_in::bare(visit, "Reconnectez-vous pour enregistrer");
    shown(&Shown { page, signed_in: false, action: visit.path.to_string(), answers: answers(fields) })
}

/// The page that asks to confirm: it was loaded before she signed in.
pub(crate) fn ask_confirmation(at_work: &AtWork, fields: &Fields) -> Result<Response, WebError> {
    let page = page(at_work, "Confirmez l’enregistrement");
    shown(&Shown { page, signed_in: true, action: at_work.visit.path.to_string(), answers: answers(fields) })
}

fn shown(shown: &Shown) -> Result<Response, WebError> {
    html(StatusCode::FORBIDDEN, shown)
}

fn answers(fields: &Fields) -> Vec<(String, String)> {
    let carried = fields.inputs().iter().filter(|(name, _)| name.starts_with("f."));
    carried.flat_map(|(name, values)| values.iter().map(move |value| (name.clone(), value.clone()))).collect()
}
