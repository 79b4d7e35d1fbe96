//! What the author of a démarche writes against: the guest side of the contract `parvis:demarche`.
//!
//! A démarche is a type that implements [`Demarche`], four pure functions, and one line, `parvis_sdk::export!(It)`. The
//! crate compiles to wasm32-unknown-unknown and imports nothing; the same functions run natively under `cargo test`.
//!
//! Read in this order: [`Demarche`], [`answers`] (what was answered), [`define`] (what is declared), [`decide`] (what
//! comes out), [`calendar`] (worked days). This crate never knows the platform: no clock, no database, no page.
//!
//! ```
//! use parvis_sdk::{Answers, Context, Decision, Dossier, FormState, Value};
//!
//! /// A court of the tennis club costs 12,50 € an hour.
//! fn evaluate(_: &Context, draft: &Dossier) -> FormState {
//!     let mut state = FormState::default();
//!     let hours = Answers::new(&draft.answers).decimal("heures").unwrap_or_default();
//!     state.compute("prix", Value::of_decimal(hours * "12.50".parse::<rust_decimal::Decimal>().unwrap()));
//!     if hours.is_zero() {
//!         state.warn("heures", "aucune-heure", "Indiquez le nombre d’heures.");
//!     }
//!     state
//! }
//!
//! let filed = Decision::remembering(&()).enter("a-verifier").mark("urgent");
//! assert_eq!(filed.effects.len(), 2);
//! ```

// The generated bindings name this crate by its own name, for the crates that `export!` from it.
extern crate self as parvis_sdk;

pub mod answers;
#[expect(missing_docs, clippy::pedantic, reason = "generated from the WIT, whose own comments are the documentation")]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../contract/wit",
        world: "demarche",
        pub_export_macro: true,
        export_macro_name: "export_bindings",
        default_bindings_module: "parvis_sdk::bindings",
        runtime_path: "parvis_sdk::wit_bindgen::rt",
        generate_all,
        additional_derives: [PartialEq],
    });
}
pub mod calendar;
pub mod decide;
pub mod define;
mod demarche;
mod settings;

pub use answers::{Answers, answer, date, row};
pub use bindings::{
    exports::parvis::demarche::rules::{
        Action as ActionInput, Assignment, Audience, Decision, Document, Effect, Event, FormState, Notice, Offer,
        Options, Outcome as RulingOutcome, PieceRequest, Refusal, Ruling, Task, Timer, Wanted,
    },
    parvis::demarche::types::{
        Actor, ActorKind, Answer, Context, Dossier, Level, Piece, Problem, Reply, Target, Value,
    },
};
pub use demarche::{Demarche, Exported};
pub use parvis_contract as contract;
pub use settings::{SettingsError, settings};
#[doc(hidden)]
pub use wit_bindgen;

/// Makes a type that implements [`Demarche`] the démarche of the component. One by crate, at its root.
#[macro_export]
macro_rules! export {
    ($demarche:ty) => {
        #[cfg(target_arch = "wasm32")]
        type ParvisExport = $crate::Exported<$demarche>;
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::export_bindings!(ParvisExport with_types_in $crate::bindings);
    };
}
