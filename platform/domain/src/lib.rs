//! The pure rules of Parvis: what a dossier, a form, a delay, an amount and a right are.
//!
//! This crate never does I/O, never waits, never reads a clock or draws a random number by itself: instants and random
//! bytes come in as values ([`time::Clock`], [`time::Entropy`] are the only doors, and only the outer rooms open them).
//! It knows no démarche: everything about one comes from its definition. The traits that the outer rooms implement stand
//! in [`ports`] and [`rules`]. Start reading at [`journey`] for forms, at [`dossier`] for the life of a request.

pub mod calendar;
pub mod chain;
pub mod checkpoint;
pub mod delais;
pub mod digest;
pub mod dossier;
pub mod file_type;
pub mod fold;
pub mod french;
pub mod identifiers;
pub mod ids;
pub mod index;
pub mod input;
pub mod journey;
pub mod lifecycle;
pub mod money;
pub mod numbers;
pub mod policy;
pub mod ports;
pub mod receipt;
pub mod rules;
pub mod settings;
pub mod time;
pub mod value;
