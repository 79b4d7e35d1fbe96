//! A démarche that is no town's: joining a tennis club. It has every shape of question that the walk must know.

use parvis_contract::Definition;
use serde_json::{Value, json};

use crate::settings::Settings;

fn field(id: &str, label: &str, kind: &Value, more: &Value) -> Value {
    let mut field = json!({ "id": id, "label": label, "kind": kind, "purpose": "inscription" });
    let map = field.as_object_mut().unwrap();
    map.extend(more.as_object().cloned().unwrap_or_default());
    field
}

/// The definition.
pub(crate) fn tennis_club() -> Definition {
    let text = json!({ "text": { "max-length": 40 } });
    let level = json!({ "choice": { "options": { "fixed": [
        { "value": "silver", "label": "Argent" }, { "value": "gold", "label": "Or" }] } } });
    let court =
        json!({ "choice": { "options": { "setting": { "block": "courts", "value": "id", "label": "name" } } } });
    let racket = json!({ "block": { "min": 0, "max": 3, "item": "Raquette", "fields": [
        field("brand", "Marque", &text, &json!({})),
        field("strung", "Cordage", &json!("boolean"), &json!({ "required": "no" })),
        field("tension", "Tension", &json!({ "integer": { "min": 10, "max": 35, "unit": "kg" } }), 
            &json!({ "condition": { "equals": { "field": "strung", "value": true } } })),
    ] } });
    let state = json!({ "id": "new", "label": "Nouveau", "usager_label": "Reçu", "usager_next": "On vous répond.",
        "phase": "depose", "waits_for": "agent" });
    serde_json::from_value(json!({
        "contract": "0.1.0", "id": "tennis-club", "version": "1.0.0", "title": "Adhérer au club", "summary": "…",
        "category": "associations", "keywords": [], "number_prefix": "TEN",
        "presentation": { "paragraphs": [], "needed": [], "minutes": 5 },
        "legal": { "nature": "demande", "silence": "rejet", "term": { "months": 2 }, "silence_basis": "", "texts": [],
            "remedies": "" },
        "privacy": { "purpose": "", "basis": "", "recipients": [], "retention_class": "club", "retention_months": 12 },
        "functions": [{ "id": "coach", "label": "Coach" }, { "id": "captain", "label": "Capitaine", "excludes": ["coach"] }],
        "pages": [
            { "id": "who", "title": "Qui joue", "fields": [
                field("name", "Nom", &text, &json!({ "column": true })),
                field("level", "Formule", &level, &json!({})),
                field("minor", "Avez-vous moins de 18 ans ?", &json!("boolean"), &json!({})),
                field("guardian", "Nom du responsable", &text, 
                    &json!({ "condition": { "equals": { "field": "minor", "value": true } } })),
                field("health", "Précisions de santé", &text, &json!({ "required": "no", "sensitivity": "sensitive" })),
            ] },
            { "id": "gold", "title": "Avantages", "condition": { "equals": { "field": "level", "value": "gold" } },
              "fields": [field("court", "Court préféré", &court, &json!({ "required": "usager" }))] },
            { "id": "gear", "title": "Matériel", "fields": [
                field("help", "Aide", &json!({ "information": { "text": "Vos raquettes." } }), &json!({})),
                field("rackets", "Raquettes", &racket, &json!({ "required": "no" })),
                field("charter", "J’accepte la charte", &json!("consent"), &json!({})),
            ] },
        ],
        "internal_fields": [field("fee", "Cotisation", &json!("amount"), &json!({ "filled_by": "computed", "told": true }))],
        "states": [state], "initial_state": "new", "actions": [], "notices": [], "documents": [],
    }))
    .expect("the fixture follows the contract")
}

/// Its settings.
pub(crate) fn settings() -> Settings {
    Settings::from(
        json!({ "courts": [{ "id": "c1", "name": "Central" }, { "id": "c2", "name": "Annexe" }, { "id": "c1", "name": "Doublon" }] }),
    )
}
