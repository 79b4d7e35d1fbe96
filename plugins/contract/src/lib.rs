//! The contract between Parvis and a démarche: the declarative half.
//!
//! A démarche is a WebAssembly component that exports the world of `wit/demarche.wit`. Its behaviour is typed by the
//! WIT; what it declares (`describe`) is a JSON document whose types stand here, shared by the domain, the host and the
//! SDK. Start reading at [`Definition`].
//!
//! This crate never knows the product: serde only, so that a plugin drags in nothing. Types are additive for ever: a
//! field that is added carries a default, a kind that the platform does not serve is refused at install by its name.

mod condition;
mod definition;
mod field;
mod legal;
mod workflow;

pub use condition::{Condition, Literal};
pub use definition::{Category, Definition, DocumentTemplate, NoticeTemplate, Page, Presentation, Privacy};
pub use field::{
    Accept, Choice, ChoiceStyle, Field, FilledBy, Kind, Options, Prefill, Required, Sensitivity, TextFormat,
};
pub use legal::{LegalCard, Nature, Reference, Silence, Term};
pub use workflow::{Action, ActionStyle, Function, Outcome, Phase, State, WaitsFor};

/// Version of the contract that this crate describes, as in the WIT package.
pub const CONTRACT_VERSION: &str = "0.1.0";

/// The WIT package, embedded so that the build of a plugin needs no file beside the program.
pub const WIT: &str = include_str!("../wit/demarche.wit");

/// The JSON Schema of [`Definition`].
#[cfg(feature = "schema")]
pub fn definition_schema() -> serde_json::Value {
    schemars::schema_for!(Definition).to_value()
}
