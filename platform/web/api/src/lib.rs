//! What programs ask of a town, under `/api/v1` of its host: JSON in, JSON out, and problems of RFC 9457.
//!
//! | Request | Answer |
//! |---|---|
//! | `GET /demarches` | the démarches of the town |
//! | `GET /demarches/{id}` | the form of one, with what a program needs to build its answers |
//! | `POST /dossiers` | files a dossier without an account; `Idempotency-Key` is required |
//! | `GET /dossiers/{number}` | where it stands; `Tracking-Code` is required |
//! | `GET /problems` | every public code of a problem |
//!
//! Filing: the body is `{"demarche": "<id>", "answers": {"<field>": value, "<block>": [{"<field>": value}]}}`. A text, a
//! date (`2026-12-01`) and a choice are strings, a number is a number or a string, yes or no is a boolean, several
//! choices are a list, an address is `{"street", "postal_code", "town", "note"}`. An answer to a question that is not
//! asked is refused rather than forgotten. The same key with the same body gives the same answer for at least a day;
//! with another body it is refused; wrong answers do not use the key up.
//!
//! Limits of this version: it sends no document, so that a démarche which needs one with these answers is refused
//! (`pieces-required`); nobody signs in, so that a program files as anyone does, so many times an hour from one address.
//!
//! This crate parses, calls one use case, and renders; it never decides a rule of the product and never touches the
//! store. Start reading at [`problem::ProblemCode`] for the errors, at [`door`] for what keeps HTML away.

mod body;
mod catalogue;
mod deposit;
pub mod door;
pub mod problem;
mod standing;

use poem::{Endpoint, Response, Route, get, post};

pub use door::{API, never_html};
use door::{Methods, Problems};

/// The routes, relative to `/api/v1`. They stand behind the door of the pages ([`parvis_ui::shell`]).
pub fn routes() -> impl Endpoint<Output = Response> {
    const READ: &str = "GET, HEAD";
    let routes = Route::new()
        .at("/demarches", Methods::new(READ, get(catalogue::list)))
        .at("/demarches/:id", Methods::new(READ, get(catalogue::one)))
        .at("/dossiers", Methods::new("POST", post(deposit::file)))
        .at("/dossiers/:number", Methods::new(READ, get(standing::one)))
        .at("/problems", Methods::new(READ, get(problem::list)));
    Problems(routes)
}
