//! The four functions of a démarche, and the bridge to the generated bindings.

use std::marker::PhantomData;

use parvis_contract::Definition;

use crate::{
    Context, Decision, Dossier, Event, FormState, Offer, Refusal,
    bindings::exports::parvis::demarche::{definition, rules},
};

/// A démarche: four pure functions. What a call may depend on is its arguments, and nothing else.
pub trait Demarche {
    /// What it declares: pages, fields, states, actions, settings. Read once, when the component is installed.
    fn describe() -> Definition;

    /// What is shown, required, computed and wrong while a form is being filled. `step` is the page, or the action whose
    /// form is filled; `None` for the whole form. `draft` holds the visible answers only.
    fn evaluate(context: &Context, draft: &Dossier, step: Option<&str>) -> FormState;

    /// Which actions make sense now for this actor, beyond what the definition declares.
    fn offers(context: &Context, dossier: &Dossier) -> Vec<Offer>;

    /// What it decides on an event. The answers of the dossier already hold what the event filed, completed or corrected.
    fn handle(context: &Context, dossier: &Dossier, event: &Event) -> Result<Decision, Refusal>;
}

/// A démarche as the component exports it.
#[derive(Debug)]
pub struct Exported<D>(PhantomData<D>);

impl<D: Demarche> definition::Guest for Exported<D> {
    fn describe() -> String {
        serde_json::to_string(&D::describe()).expect("a definition has only text keys, so that it is always JSON")
    }
}

impl<D: Demarche> rules::Guest for Exported<D> {
    fn evaluate(context: Context, draft: Dossier, step: Option<String>) -> FormState {
        D::evaluate(&context, &draft, step.as_deref())
    }

    fn offers(context: Context, dossier: Dossier) -> Vec<Offer> {
        D::offers(&context, &dossier)
    }

    fn handle(context: Context, dossier: Dossier, event: Event) -> Result<Decision, Refusal> {
        D::handle(&context, &dossier, &event)
    }
}
