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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_without_its_defaults_is_read() {
        let kind: Kind = serde_json::from_str(r#"{"text": {"max-length": 80}}"#).expect("a line of text");
        assert_eq!(kind, Kind::Text { format: TextFormat::Free, max_length: 80, lines: 1 });
    }

    #[test]
    fn a_kind_that_is_not_served_is_refused_by_its_name() {
        let error = serde_json::from_str::<Kind>(r#""hologram""#).expect_err("no such kind");
        assert!(error.to_string().contains("hologram"), "{error}");
    }

    #[test]
    fn a_condition_tells_the_fields_that_it_reads() {
        let answered = |field: &str| Condition::Answered { field: field.to_owned() };
        let condition = Condition::All(vec![answered("a"), Condition::Not(Box::new(answered("b")))]);
        assert_eq!(condition.fields(), ["a", "b"]);
    }

    #[cfg(feature = "schema")]
    #[test]
    fn the_schema_names_the_root_of_a_definition() {
        assert_eq!(definition_schema()["title"], "Definition");
    }
}
