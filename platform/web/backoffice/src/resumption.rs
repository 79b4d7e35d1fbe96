//! What an agent posted when her session had ended: it waits in the page while she signs in, in another tab.
//!
//! Signing in takes two steps, and no server keeps what belongs to nobody yet: the page holds the answers and posts them
//! again, first to the same address without a token that serves, then with one, once she confirmed.

use askama::Template;
use parvis_ui::{
    Page, Visit, WebError,
    page::html,
    posted::{Fields, Stale},
    session::AtWork,
};
use poem::{FromRequest, Request, RequestBody, Response, http::StatusCode};

use crate::{page, sign_in};

#[derive(Template)]
#[template(path = "resumption.html")]
struct Shown {
    page: Page,
    signed_in: bool,
    action: String,
    answers: Vec<(String, String)>,
}

/// What an agent wrote and sent. Handlers take it where something would be lost with her session: without one that
/// stands, the answer is a page that holds what was sent.
pub(crate) struct Written {
    pub(crate) at_work: AtWork,
    pub(crate) fields: Fields,
}

impl<'a> FromRequest<'a> for Written {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let visit = Visit::from_request(request, body).await?;
        let at_work = AtWork::from_request(request, body).await;
        let Stale { fields, trusted } = Stale::from_request(request, body).await?;
        let waiting = match at_work {
            Ok(at_work) if trusted => return Ok(Self { at_work, fields }),
            Ok(at_work) => ask_confirmation(&at_work, &fields)?,
            Err(_) => ask_sign_in(&visit, &fields)?,
        };
        Err(poem::Error::from_response(waiting))
    }
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
    let sent = fields.inputs().iter();
    sent.flat_map(|(name, values)| values.iter().map(move |value| (name.clone(), value.clone()))).collect()
}
