//! Occupation temporaire du domaine public (déménagement, benne, échafaudage, terrasse), as a démarche.
//!
//! Four pure functions: `form` declares, [`evaluate`] prices and checks while the form is filled, [`workflow`] decides.
//! The law of the matter stands in `tariff` (droits de voirie), `place` (who manages the street), [`signature`]
//! (délégations) and `acte` (the arrêté). It never knows the platform: no clock, no database, no other démarche.

mod acte;
pub mod evaluate;
#[cfg(test)]
mod fixture;
mod form;
mod french;
pub mod place;
pub mod request;
pub mod settings;
pub mod signature;
pub mod states;
pub mod tariff;
pub mod workflow;

use parvis_sdk::{Context, Decision, Demarche, Dossier, Event, FormState, Offer, Refusal, contract::Definition};

/// The démarche.
#[derive(Debug)]
pub struct DomainePublic;

parvis_sdk::export!(DomainePublic);

impl Demarche for DomainePublic {
    fn describe() -> Definition {
        form::definition()
    }

    fn evaluate(context: &Context, draft: &Dossier, step: Option<&str>) -> FormState {
        evaluate::evaluate(context, draft, step)
    }

    fn offers(context: &Context, dossier: &Dossier) -> Vec<Offer> {
        workflow::offers(context, dossier)
    }

    fn handle(context: &Context, dossier: &Dossier, event: &Event) -> Result<Decision, Refusal> {
        workflow::handle(context, dossier, event)
    }
}
