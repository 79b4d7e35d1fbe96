use std::collections::BTreeSet;

use parvis_sdk::contract::{Condition, Field, Kind};

use super::definition;
use crate::{
    fixture::{SAINT_ELME, VAL_ET_ELME, VALBRUNE, town},
    settings::Settings,
    states::{OPEN, STEPS},
};

#[test]
fn the_settings_of_the_three_towns_are_right_and_declared() {
    let declared = definition().settings;
    for source in [VALBRUNE, SAINT_ELME, VAL_ET_ELME] {
        let json = town(source);
        let settings: Settings<'_> = serde_json::from_str(&json).unwrap();
        settings.check().unwrap();
        let table: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_declared(&declared, &table, "");
    }
}

fn assert_declared(fields: &[Field], table: &serde_json::Value, place: &str) {
    for (key, value) in table.as_object().unwrap() {
        let field =
            fields.iter().find(|field| field.id == *key).unwrap_or_else(|| panic!("{place}{key} is not declared"));
        if let Kind::Block { fields, .. } = &field.kind {
            value.as_array().unwrap().iter().for_each(|row| assert_declared(fields, row, &format!("{key}.")));
        }
    }
}

#[test]
fn an_unknown_or_a_missing_setting_is_named() {
    let wrong = town(&VALBRUNE.replace("affichage_jours", "afichage_jours"));
    let error = serde_json::from_str::<Settings<'_>>(&wrong).unwrap_err().to_string();
    assert!(error.contains("afichage_jours"), "{error}");
    let wrong = town(&VALBRUNE.replace("ville = \"Valbrune\"\n", ""));
    let error = serde_json::from_str::<Settings<'_>>(&wrong).unwrap_err().to_string();
    assert!(error.contains("ville"), "{error}");
}

#[test]
fn a_wrong_amount_or_an_unknown_code_is_named() {
    for (from, to, told) in [
        ("prix = \"16.50\"", "prix = \"seize\"", "seize"),
        ("prix = \"16.50\"", "prix = \"-1\"", "-1"),
        ("effet = \"2025-01-01\"", "effet = \"01/01/2025\"", "01/01/2025"),
        ("zone_defaut = \"2\"", "zone_defaut = \"9\"", "zone_defaut"),
        ("gestionnaire = \"dept\"", "gestionnaire = \"etat\"", "etat"),
    ] {
        let json = town(&VALBRUNE.replace(from, to));
        let settings: Settings<'_> = serde_json::from_str(&json).unwrap();
        let error = settings.check().unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn ids_are_unique_among_pages_and_fields() {
    let definition = definition();
    let mut seen = BTreeSet::new();
    let pages = definition.pages.iter().map(|page| page.id.clone());
    let fields = definition.pages.iter().flat_map(|page| &page.fields).chain(&definition.internal_fields);
    for id in pages.chain(fields.flat_map(ids)) {
        assert!(seen.insert(id.clone()), "{id} stands twice");
    }
}

fn ids(field: &Field) -> Vec<String> {
    let inner = match &field.kind {
        Kind::Block { fields, .. } => fields.iter().map(|field| field.id.clone()).collect(),
        _ => Vec::new(),
    };
    std::iter::once(field.id.clone()).chain(inner).collect()
}

#[test]
fn conditions_name_earlier_fields_only() {
    let mut earlier = BTreeSet::new();
    for page in definition().pages {
        let check = |condition: Option<&Condition>, earlier: &BTreeSet<String>| {
            for field in condition.map(Condition::fields).unwrap_or_default() {
                assert!(earlier.contains(field), "{field} is not earlier");
            }
        };
        check(page.condition.as_ref(), &earlier);
        for field in page.fields {
            check(field.condition.as_ref(), &earlier);
            earlier.insert(field.id);
        }
    }
}

#[test]
fn every_question_says_why_it_is_asked() {
    for field in definition().pages.iter().flat_map(|page| &page.fields).filter(|field| field.kind.is_question()) {
        assert!(!field.purpose.is_empty() && !field.label.is_empty(), "{}", field.id);
    }
}

#[test]
fn nothing_that_the_law_forbids_is_asked() {
    let definition = serde_json::to_string(&definition().pages).unwrap().to_lowercase();
    for forbidden in ["justificatif de domicile", "copie certifiée", "extrait kbis", "pièce d’identité"] {
        assert!(!definition.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn states_and_actions_are_those_of_the_table() {
    let definition = definition();
    let states: Vec<&str> = definition.states.iter().map(|state| state.id.as_str()).collect();
    assert_eq!(definition.actions.len(), STEPS.len());
    assert!(STEPS.iter().flat_map(|step| step.states).all(|state| states.contains(state)));
    for state in definition.states.iter().filter(|state| OPEN.contains(&state.id.as_str())) {
        assert!(state.withdrawable && !state.decided, "{}", state.id);
    }
    assert!(definition.states.iter().all(|state| !state.usager_next.is_empty()));
}

#[test]
fn variables_of_notices_are_declared() {
    for notice in definition().notices {
        let text = format!("{} {}", notice.subject, notice.body);
        for name in text.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()) {
            let platform = ["numero", "lien", "service", "collectivite"].contains(&name.trim());
            assert!(
                platform || notice.variables.iter().any(|variable| variable == name.trim()),
                "{} {name}",
                notice.id
            );
        }
    }
}

#[test]
fn the_definition_is_read_back_as_it_was_written() {
    let definition = definition();
    let json = serde_json::to_string(&definition).unwrap();
    assert_eq!(serde_json::from_str::<parvis_sdk::contract::Definition>(&json).unwrap(), definition);
}
