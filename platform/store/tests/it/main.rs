//! The store, on SQLite and on PostgreSQL 15: the same tests, the same answers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod accounts;
mod cluster;
mod dossiers;
mod history;
mod inbox;
mod isolation;
mod opening;
mod outbox;
mod plans;
mod platform;
mod town;
