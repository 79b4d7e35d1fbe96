//! What `evaluate` and `offers` say, held to the definition.

use std::collections::HashSet;

use parvis_contract::Definition;
use parvis_domain::{
    ids::PieceId,
    rules::{CallError, FormState, Offer, Problem},
    value::{Answers, Value},
};

use super::catalogue::Catalogue;
use crate::limits::Limits;

/// Accepts a form state that names only what is declared, and pieces that were given.
pub(crate) fn check_form(
    limits: &Limits,
    definition: &Definition,
    catalogue: &Catalogue,
    given: &HashSet<PieceId>,
    form: &FormState,
) -> Result<(), CallError> {
    check_count(limits, &form.computed)?;
    held_to(definition, catalogue, given, form).map_err(CallError::Malformed)
}

fn held_to(
    definition: &Definition,
    catalogue: &Catalogue,
    given: &HashSet<PieceId>,
    form: &FormState,
) -> Result<(), String> {
    for target in &form.hidden {
        catalogue.field_or_page(&target.field).map_err(within("hidden"))?;
    }
    for target in form.required.iter().chain(&form.locked) {
        catalogue.field(&target.field).map_err(within("required or locked"))?;
    }
    for (at, value) in form.computed.iter() {
        catalogue.computed(at, value).and_then(|()| only_given(given, value)).map_err(within("computed"))?;
    }
    for (at, _) in &form.options {
        catalogue.field(&at.field).map_err(within("options"))?;
    }
    check_problems(catalogue, &form.problems)?;
    form.lookups
        .iter()
        .find(|lookup| !definition.connectors.contains(&lookup.connector))
        .map_or(Ok(()), |lookup| Err(format!("lookups: the connector `{}` is not declared", lookup.connector)))
}

/// Accepts offers of declared actions.
pub(crate) fn check_offers(catalogue: &Catalogue, offers: &[Offer]) -> Result<(), CallError> {
    offers.iter().try_for_each(|offer| catalogue.action(&offer.action)).map_err(CallError::Malformed)
}

/// Accepts problems that stand at declared fields or pages.
pub(crate) fn check_problems(catalogue: &Catalogue, problems: &[Problem]) -> Result<(), String> {
    problems
        .iter()
        .filter_map(|problem| problem.at.as_ref())
        .try_for_each(|at| catalogue.field_or_page(&at.field))
        .map_err(within("problems"))
}

/// Refuses more answers than allowed.
pub(super) fn check_count(limits: &Limits, answers: &Answers) -> Result<(), CallError> {
    if u64::try_from(answers.len()).unwrap_or(u64::MAX) > limits.answers {
        return Err(CallError::TooLarge { what: "the number of answers", limit: limits.answers });
    }
    Ok(())
}

/// Documents that some answers refer to.
pub(crate) fn pieces_of<'a>(sets: impl IntoIterator<Item = &'a Answers>) -> HashSet<PieceId> {
    let pieces = |value: &'a Value| match value {
        Value::Pieces(pieces) => pieces.as_slice(),
        _ => &[],
    };
    sets.into_iter().flat_map(Answers::iter).flat_map(|(_, value)| pieces(value)).map(|piece| piece.id).collect()
}

/// Refuses a reference to a document that the démarche was not given: it would open someone else's.
pub(super) fn only_given(given: &HashSet<PieceId>, value: &Value) -> Result<(), String> {
    let Value::Pieces(pieces) = value else { return Ok(()) };
    pieces
        .iter()
        .find(|piece| !given.contains(&piece.id))
        .map_or(Ok(()), |piece| Err(format!("the piece {} was not given", piece.id)))
}

fn within(part: &'static str) -> impl Fn(String) -> String {
    move |why| format!("{part}: {why}")
}

#[cfg(test)]
mod tests {
    use parvis_domain::{
        rules::{Level, Request},
        value::Target,
    };

    use super::*;
    use crate::checks::fixture;

    fn refused(form: &FormState) -> String {
        let definition = fixture::definition();
        let catalogue = Catalogue::of(&definition);
        match check_form(&Limits::default(), &definition, &catalogue, &HashSet::new(), form) {
            Err(CallError::Malformed(why)) => why,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_form_state_that_names_declared_things_is_accepted() {
        let form = FormState {
            hidden: vec![Target::field("identity"), Target::field("name")],
            computed: [(Target::field("fee"), Value::Decimal(1250.into()))].into_iter().collect(),
            ..FormState::default()
        };
        assert_eq!(refused(&form), "Ok(())");
    }

    #[test]
    fn an_unknown_field_is_refused_by_name() {
        let form = FormState { hidden: vec![Target::field("ghost")], ..FormState::default() };
        assert_eq!(refused(&form), "hidden: there is no field nor page `ghost`");
        let problem = Problem {
            at: Some(Target::field("ghost")),
            level: Level::Blocks,
            code: "c".to_owned(),
            message: "m".to_owned(),
        };
        let form = FormState { problems: vec![problem], ..FormState::default() };
        assert_eq!(refused(&form), "problems: there is no field nor page `ghost`");
    }

    #[test]
    fn what_the_usager_fills_cannot_be_computed() {
        let computed = [(Target::field("name"), Value::Text("Zoé".to_owned()))].into_iter().collect();
        let form = FormState { computed, ..FormState::default() };
        assert_eq!(refused(&form), "computed: `name` is filled by the usager, it cannot be computed");
    }

    #[test]
    fn a_computed_value_of_another_kind_is_refused() {
        let computed = [(Target::field("fee"), Value::Boolean(true))].into_iter().collect();
        let form = FormState { computed, ..FormState::default() };
        assert_eq!(refused(&form), "computed: the value of `fee` is not of its kind");
    }

    #[test]
    fn a_lookup_through_an_undeclared_connector_is_refused() {
        let lookup =
            Request { key: "k".to_owned(), connector: "entreprise".to_owned(), question: serde_json::Value::Null };
        let form = FormState { lookups: vec![lookup], ..FormState::default() };
        assert_eq!(refused(&form), "lookups: the connector `entreprise` is not declared");
    }
}
