//! A tennis club's démarche: the host's own tests know no town.

use std::sync::Arc;

use parvis_contract::Definition;
use parvis_domain::{
    rules::{ActorKind, Context, DossierView, RulesActor},
    value::{Answers, Target, Value},
};
use serde_json::json;

pub(crate) fn definition() -> Definition {
    serde_json::from_str(include_str!("../../tests/guests/tennis/definition.json")).unwrap()
}

pub(crate) fn context() -> Context {
    Context {
        now: "2026-11-23T14:30:00+01:00".to_owned(),
        zone: "Europe/Paris".to_owned(),
        closed_days: vec!["2026-12-25".to_owned()],
        language: "fr".to_owned(),
        channel: "portail".to_owned(),
        trial: false,
        seed: "00".to_owned(),
        actor: RulesActor { kind: ActorKind::Usager, id: "u".to_owned(), function: String::new() },
        settings: Arc::default(),
        replies: Vec::new(),
        extra: Answers::default(),
    }
}

pub(crate) fn dossier() -> DossierView {
    DossierView {
        number: String::new(),
        revision: 0,
        state: String::new(),
        filed_at: None,
        answers: [(Target::field("name"), Value::Text("Zoé".to_owned()))].into_iter().collect(),
        memory: json!({}),
    }
}
