//! What the démarche declares: assembled here, written page by page beside.
//!
//! Nothing that article R113-8 du CRPA forbids is asked: no proof of domicile, no certified copy, no document that the
//! administration already holds.

mod internal;
mod pages;
mod settings;
mod texts;
mod workflow;

#[cfg(test)]
mod tests;

use parvis_sdk::contract::{CONTRACT_VERSION, Category, Definition, DocumentTemplate, Presentation};

use crate::states;

/// Key and template of the act.
pub(crate) const ARRETE: &str = "arrete";
/// Key and template of the refusal.
pub(crate) const REFUS: &str = "refus";
/// Key and template of drafts.
pub(crate) const PROJET: &str = "projet";

pub(crate) use texts::{CORRECTION, FAVORABLE, REFUSEE, RELANCE, SANS_OBJET, SANS_SUITE, TRANSMISE, algorithmic};

/// The definition.
pub(crate) fn definition() -> Definition {
    Definition {
        contract: CONTRACT_VERSION.to_owned(),
        id: "domaine-public".to_owned(),
        version: "0.1.0".to_owned(),
        title: "Occuper temporairement le domaine public".to_owned(),
        summary:
            "Déménagement, benne, échafaudage, terrasse : demandez l’autorisation d’occuper la rue ou le trottoir."
                .to_owned(),
        category: Category::Voirie,
        keywords: [
            "stationnement",
            "voirie",
            "arrêté",
            "travaux",
            "camion",
            "emménagement",
            "échafaudage",
            "benne",
            "terrasse",
            "palissade",
            "chantier",
            "trottoir",
            "permission de voirie",
            "permis de stationnement",
            "14023",
            "14024",
        ]
        .map(str::to_owned)
        .to_vec(),
        number_prefix: "ODP".to_owned(),
        presentation: presentation(),
        legal: texts::legal(),
        privacy: texts::privacy(),
        functions: workflow::functions(),
        pages: pages::pages(),
        internal_fields: internal::fields(),
        states: workflow::states(),
        initial_state: states::DEPOSE.to_owned(),
        actions: workflow::actions(),
        settings: settings::fields(),
        notices: texts::notices(),
        documents: documents(),
        connectors: Vec::new(),
    }
}

fn presentation() -> Presentation {
    Presentation {
        paragraphs: [
            "Avant de poser une benne ou un échafaudage, de réserver des places pour un déménagement ou d’installer une \
             terrasse, vous avez besoin d’une autorisation de la collectivité.",
            "Cette démarche est ouverte aux particuliers, aux entreprises et aux associations. L’autorisation est \
             temporaire ; elle peut être retirée si l’intérêt général le demande.",
        ]
        .map(str::to_owned)
        .to_vec(),
        needed: [
            "l’adresse et les dates de l’occupation",
            "ses dimensions, en mètres",
            "pour une entreprise, son numéro SIRET ; pour une association, son numéro RNA",
            "pour un échafaudage, une terrasse ou un chantier, un plan ou une photo",
            "pour une benne, l’attestation d’assurance de qui la pose",
        ]
        .map(str::to_owned)
        .to_vec(),
        minutes: 10,
        cost: Some(
            "Des droits de voirie peuvent être dus. Leur montant est estimé pendant que vous remplissez la demande."
                .to_owned(),
        ),
    }
}

fn documents() -> Vec<DocumentTemplate> {
    let template = |id: &str, title: &str, register: Option<&str>| DocumentTemplate {
        id: id.to_owned(),
        title: title.to_owned(),
        source: include_str!("../../documents/acte.typ").to_owned(),
        register: register.map(str::to_owned),
    };
    vec![
        template(ARRETE, "Arrêté", Some("arretes")),
        template(REFUS, "Arrêté de refus", Some("arretes")),
        template(PROJET, "Projet d’arrêté", None),
    ]
}
