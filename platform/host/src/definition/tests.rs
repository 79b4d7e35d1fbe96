use parvis_contract::{Condition, Kind, Options, Silence};

use super::check;
use crate::checks::fixture::definition;

#[test]
fn a_complete_definition_has_no_flaw() {
    assert_eq!(check(&definition()), Vec::<String>::new());
}

#[test]
fn a_contract_or_a_connector_that_is_not_served_is_refused_by_name() {
    let mut wrong = definition();
    wrong.contract = "0.9.0".to_owned();
    wrong.connectors = vec!["entreprise".to_owned()];
    assert_eq!(
        check(&wrong),
        [
            "definition: the contract `0.9.0` is not served, this host serves 0.1.0",
            "definition: the connector `entreprise` is not served by this platform yet",
        ]
    );
}

#[test]
fn a_page_that_an_address_of_every_form_would_hide_is_refused_by_name() {
    for id in ["verifier", "deposer", "abandonner", "fichiers"] {
        let mut wrong = definition();
        wrong.pages[0].id = id.to_owned();
        let flaws = check(&wrong);
        let expected = format!("page `{id}`: this id is an address of every form; give another one");
        assert!(flaws.len() == 1 && flaws[0].starts_with(&expected), "{flaws:?}");
    }
}

#[test]
fn a_condition_on_a_later_field_is_refused() {
    let mut wrong = definition();
    wrong.pages[0].fields[0].condition = Some(Condition::Answered { field: "courts".to_owned() });
    assert_eq!(
        check(&wrong),
        ["page `identity`, field `name`: its condition names `courts`, which is not an earlier field"]
    );
}

#[test]
fn an_id_that_stands_twice_is_refused_across_pages_blocks_and_internal_fields() {
    let mut wrong = definition();
    let twin = wrong.pages[0].fields[0].clone();
    wrong.internal_fields.push(twin);
    assert_eq!(check(&wrong), ["pages and fields: the id `name` stands twice"]);
}

#[test]
fn references_of_the_workflow_name_something() {
    let mut wrong = definition();
    wrong.initial_state = "ghost".to_owned();
    wrong.actions[0].states = vec!["nowhere".to_owned()];
    wrong.actions[0].functions = vec!["nobody".to_owned()];
    assert_eq!(
        check(&wrong),
        [
            "initial_state: there is no state `ghost`",
            "action `accept`: it is offered in `nowhere`, which is not a state",
            "action `accept`: it is done by `nobody`, which is not a function",
        ]
    );
}

#[test]
fn a_demande_without_a_term_or_without_remedies_is_refused() {
    let mut wrong = definition();
    wrong.legal.term = None;
    wrong.legal.remedies = " ".to_owned();
    assert_eq!(
        check(&wrong),
        [
            "legal: silence has a meaning, so a term is needed",
            "legal: its remedies (voies et délais de recours) is empty",
        ]
    );
    wrong = definition();
    wrong.legal.silence = Silence::SansEffet;
    assert!(check(&wrong).iter().any(|flaw| flaw.contains("a demande calls for a decision")));
}

#[test]
fn options_of_a_setting_read_columns_that_exist() {
    let mut wrong = definition();
    let options = Options::Setting { block: "courts".to_owned(), value: "id".to_owned(), label: "ghost".to_owned() };
    wrong.pages[0].fields[0].kind = Kind::Choices { options };
    let flaws = check(&wrong);
    assert_eq!(
        flaws,
        ["page `identity`, field `name`: its options come from `courts`, which is not a block of settings"]
    );
}

#[test]
fn bounds_that_cross_are_refused() {
    let mut wrong = definition();
    wrong.pages[0].fields[0].kind =
        Kind::Decimal { min: "2.00".to_owned(), max: "1.00".to_owned(), places: 2, unit: None };
    assert_eq!(check(&wrong), ["page `identity`, field `name`: its min is above its max"]);
}

#[test]
fn ids_are_well_formed() {
    let mut wrong = definition();
    wrong.number_prefix = "tennis".to_owned();
    wrong.id = "Club de tennis".to_owned();
    assert_eq!(check(&wrong).len(), 2);
}
