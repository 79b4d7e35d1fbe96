//! What the town writes by mail: the accusé de réception, requests for documents, notices of démarches.
//!
//! A mail is composed when its event is recorded and leaves through the outbox. It never carries the content of a
//! message nor an answer: a link leads to the page where the citizen reads it.

mod mails;
mod template;

pub(crate) use mails::{
    About, Letter, LetterKind, accuse_reception, facts_of_town, lapsed, message_received, notice, piece_request,
    receipt_of, service_in_charge, suspension_mention, withdrawn,
};
pub use template::{TemplateError, fill};
