//! The use cases on a real database and a real vault.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod agents;
mod comptes;
mod doctor;
mod filing;
mod instruction;
mod mails;
mod policy;
mod redaction;
mod signing;
mod tennis;
mod towns;
mod workers;
