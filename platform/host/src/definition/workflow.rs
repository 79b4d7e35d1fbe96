//! States, actions and functions: each reference names something, and a dossier can always end.

use std::collections::HashSet;

use parvis_contract::{Definition, Phase};

use super::Flaws;

pub(super) fn check(definition: &Definition, flaws: &mut Flaws) {
    let states: HashSet<&str> = definition.states.iter().map(|state| state.id.as_str()).collect();
    let functions: HashSet<&str> = definition.functions.iter().map(|function| function.id.as_str()).collect();
    check_states(definition, flaws);
    check_functions(definition, &functions, flaws);
    check_actions(definition, &states, &functions, flaws);
}

fn check_states(definition: &Definition, flaws: &mut Flaws) {
    for state in &definition.states {
        let place = format!("state `{}`", state.id);
        flaws.id(&place, &state.id);
        flaws.filled(&place, "label", &state.label);
        flaws.filled(&place, "usager_label", &state.usager_label);
        flaws.filled(&place, "usager_next", &state.usager_next);
        let is_over = state.phase == Phase::Termine;
        flaws.require(&place, !is_over || state.outcome.is_some(), "a state of the phase `termine` names its outcome");
        flaws.require(&place, !(is_over && state.withdrawable), "a dossier that ended cannot be withdrawn");
        flaws.require(&place, state.phase != Phase::Brouillon, "the phase `brouillon` belongs to the platform");
    }
    flaws.unique("states", definition.states.iter().map(|state| state.id.as_str()));
    let ends = definition.states.iter().any(|state| state.phase == Phase::Termine);
    flaws.require("states", ends, "none is of the phase `termine`: a dossier could never end");
    let initial = definition.states.iter().find(|state| state.id == definition.initial_state);
    match initial {
        None => flaws.add("initial_state", format!("there is no state `{}`", definition.initial_state)),
        Some(state) => {
            flaws.require("initial_state", state.phase != Phase::Termine, "a dossier cannot start at its end");
        }
    }
}

fn check_functions(definition: &Definition, functions: &HashSet<&str>, flaws: &mut Flaws) {
    for function in &definition.functions {
        let place = format!("function `{}`", function.id);
        flaws.id(&place, &function.id);
        flaws.filled(&place, "label", &function.label);
        flaws.require(&place, function.id != "usager", "`usager` is the citizen, not a function");
        for excluded in function.excludes.iter().filter(|id| !functions.contains(id.as_str())) {
            flaws.add(&place, format!("it excludes `{excluded}`, which is not a function"));
        }
        flaws.require(&place, !function.excludes.contains(&function.id), "it excludes itself");
    }
    flaws.unique("functions", definition.functions.iter().map(|function| function.id.as_str()));
}

fn check_actions(definition: &Definition, states: &HashSet<&str>, functions: &HashSet<&str>, flaws: &mut Flaws) {
    for action in &definition.actions {
        let place = format!("action `{}`", action.id);
        flaws.id(&place, &action.id);
        flaws.filled(&place, "label", &action.label);
        flaws.require(&place, !action.states.is_empty(), "it is offered in no state");
        flaws.require(&place, !action.functions.is_empty(), "no function may do it");
        for state in action.states.iter().filter(|id| !states.contains(id.as_str())) {
            flaws.add(&place, format!("it is offered in `{state}`, which is not a state"));
        }
        for function in action.functions.iter().filter(|id| !functions.contains(id.as_str())) {
            flaws.add(&place, format!("it is done by `{function}`, which is not a function"));
        }
    }
    flaws.unique("actions", definition.actions.iter().map(|action| action.id.as_str()));
}
