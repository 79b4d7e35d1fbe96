//! What the platform does with states and decisions, whatever the démarche: it checks a decision whole before anything
//! of it is applied, and tells what entering a state means for a dossier.

use std::collections::BTreeSet;

use parvis_contract::{Action, Definition, Field, FilledBy, Kind, Outcome, Phase, State, WaitsFor};

use crate::rules::{Decision, Effect, RulingOutcome};

/// Most effects in one decision, as the contract says.
pub const MOST_EFFECTS: usize = 64;

/// Why a decision is refused whole. The sentence goes to logs and repeats no name that the démarche gave: it may hold an
/// answer of the citizen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecisionError {
    /// Too many effects.
    #[error("{0} effects, {MOST_EFFECTS} at most")]
    TooManyEffects(usize),
    /// It names what the definition does not declare.
    #[error("it names a {what} that the definition does not declare")]
    Unknown {
        /// State, function, template, field.
        what: &'static str,
        /// Name given.
        name: String,
    },
    /// It answers in the place of the usager.
    #[error("it fills a field of the usager: a decision may only fill fields of agents and computed ones")]
    NotItsField(String),
    /// A request for documents without list, reason or delay (article R112-11-4 du CRPA).
    #[error("a request for documents needs its list, its reason and its delay: {0} is missing")]
    IncompleteRequest(&'static str),
    /// An unfavourable decision without its reasons (articles L211-2 and L211-5 du CRPA).
    #[error("an unfavourable decision needs its considerations of {0}")]
    Unreasoned(&'static str),
    /// The same key twice.
    #[error("two effects have the same key")]
    SameKey(String),
    /// A mail attaches a document that nothing produces.
    #[error("a notice attaches a document that the decision does not produce and the dossier does not hold")]
    NothingToAttach(String),
}

/// Checks a decision against the definition; `held` are the keys of documents that the dossier already has.
pub fn check_decision(
    definition: &Definition,
    decision: &Decision,
    held: &BTreeSet<String>,
) -> Result<(), DecisionError> {
    if decision.effects.len() > MOST_EFFECTS {
        return Err(DecisionError::TooManyEffects(decision.effects.len()));
    }
    for (target, _) in decision.answers.iter() {
        let field = field(definition, &target.field).ok_or_else(|| unknown("field", &target.field))?;
        if field.filled_by == FilledBy::Usager {
            return Err(DecisionError::NotItsField(target.field.clone()));
        }
    }
    let produced: BTreeSet<&str> = decision
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Produce { key, .. } => Some(key.as_str()),
            _ => None,
        })
        .collect();
    let mut keys = BTreeSet::new();
    for effect in &decision.effects {
        check_effect(definition, effect, &produced, held)?;
        if let Some(key) = key(effect)
            && !keys.insert(key)
        {
            return Err(DecisionError::SameKey(key.1.to_owned()));
        }
    }
    Ok(())
}

fn check_effect(
    definition: &Definition,
    effect: &Effect,
    produced: &BTreeSet<&str>,
    held: &BTreeSet<String>,
) -> Result<(), DecisionError> {
    match effect {
        Effect::Enter(id) => state(definition, id).map(|_| ()).ok_or_else(|| unknown("state", id)),
        Effect::Assign { function, .. } => known_function(definition, function),
        Effect::AskPieces { items, reason, days } => {
            if items.is_empty() {
                return Err(DecisionError::IncompleteRequest("the list"));
            }
            if reason.trim().is_empty() {
                return Err(DecisionError::IncompleteRequest("the reason"));
            }
            if *days == 0 {
                return Err(DecisionError::IncompleteRequest("the delay"));
            }
            items.iter().try_for_each(|item| {
                if item.basis.trim().is_empty() {
                    return Err(DecisionError::IncompleteRequest("the text that requires it"));
                }
                field(definition, &item.field).map(|_| ()).ok_or_else(|| unknown("field", &item.field))
            })
        }
        Effect::Rule(ruling) if ruling.outcome == RulingOutcome::Unfavourable && ruling.law.trim().is_empty() => {
            Err(DecisionError::Unreasoned("law"))
        }
        Effect::Rule(ruling) if ruling.outcome == RulingOutcome::Unfavourable && ruling.facts.trim().is_empty() => {
            Err(DecisionError::Unreasoned("fact"))
        }
        Effect::Redact(targets) => targets.iter().try_for_each(|target| {
            field(definition, &target.field).map(|_| ()).ok_or_else(|| unknown("field", &target.field))
        }),
        Effect::Notify { template, to, attach, .. } => {
            if !definition.notices.iter().any(|notice| notice.id == *template) {
                return Err(unknown("notice", template));
            }
            if to != "usager" {
                known_function(definition, to)?;
            }
            match attach.iter().find(|key| !produced.contains(key.as_str()) && !held.contains(*key)) {
                Some(key) => Err(DecisionError::NothingToAttach(key.clone())),
                None => Ok(()),
            }
        }
        Effect::Produce { template, .. } if !definition.documents.iter().any(|document| document.id == *template) => {
            Err(unknown("document", template))
        }
        Effect::Rule(_)
        | Effect::Produce { .. }
        | Effect::Schedule { .. }
        | Effect::Cancel(_)
        | Effect::Route { .. }
        | Effect::Mark(_)
        | Effect::Note(_) => Ok(()),
    }
}

/// What must not appear twice in a decision.
fn key(effect: &Effect) -> Option<(&'static str, &str)> {
    match effect {
        Effect::Schedule { key, .. } => Some(("timer", key)),
        Effect::Assign { key, .. } => Some(("task", key)),
        Effect::Notify { key, .. } => Some(("notice", key)),
        Effect::Produce { key, .. } => Some(("document", key)),
        _ => None,
    }
}

fn unknown(what: &'static str, name: &str) -> DecisionError {
    DecisionError::Unknown { what, name: name.to_owned() }
}

fn known_function(definition: &Definition, id: &str) -> Result<(), DecisionError> {
    let declared = definition.functions.iter().any(|function| function.id == id);
    if declared { Ok(()) } else { Err(unknown("function", id)) }
}

/// A state of the definition.
pub fn state<'a>(definition: &'a Definition, id: &str) -> Option<&'a State> {
    definition.states.iter().find(|state| state.id == id)
}

/// An action of the definition.
pub fn action<'a>(definition: &'a Definition, id: &str) -> Option<&'a Action> {
    definition.actions.iter().find(|action| action.id == id)
}

/// A field of the definition, wherever it stands: page, block, internal.
pub fn field<'a>(definition: &'a Definition, id: &str) -> Option<&'a Field> {
    fn within<'a>(fields: &'a [Field], id: &str) -> Option<&'a Field> {
        fields.iter().find_map(|field| match &field.kind {
            _ if field.id == id => Some(field),
            Kind::Block { fields, .. } => within(fields, id),
            _ => None,
        })
    }
    definition
        .pages
        .iter()
        .find_map(|page| within(&page.fields, id))
        .or_else(|| within(&definition.internal_fields, id))
}

/// What being in a state means for a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Phase.
    pub phase: Phase,
    /// Whom it waits for.
    pub waits_for: WaitsFor,
    /// How it ended, or what was decided.
    pub outcome: Option<Outcome>,
    /// The dossier is closed.
    pub closed: bool,
    /// The express decision is made: silence has no meaning any more.
    pub decided: bool,
}

/// What being in a state means. Once ended, nothing is awaited from silence either.
pub const fn standing(state: &State) -> Standing {
    let closed = matches!(state.phase, Phase::Termine);
    Standing {
        phase: state.phase,
        waits_for: state.waits_for,
        outcome: state.outcome,
        closed,
        decided: state.decided || closed,
    }
}

/// A function under which someone already acted on a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastAct {
    /// Who, as events name her.
    pub actor: String,
    /// Under which function.
    pub function: String,
}

/// The function that keeps someone from acting under `function` now, since she acted under it before: who instructs
/// never signs.
pub fn excluded<'a>(definition: &Definition, function: &str, actor: &str, past: &'a [PastAct]) -> Option<&'a str> {
    let excludes = &definition.functions.iter().find(|declared| declared.id == function)?.excludes;
    past.iter().find(|act| act.actor == actor && excludes.contains(&act.function)).map(|act| act.function.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        journey::fixture::tennis_club,
        rules::{Audience, Ruling, WantedPiece},
        value::{Answers, Target, Value},
    };

    fn check(effects: Vec<Effect>) -> Result<(), DecisionError> {
        let decision = Decision { memory: json!({}), answers: Answers::default(), effects, trace: Vec::new() };
        check_decision(&tennis_club(), &decision, &BTreeSet::new())
    }

    fn refusal(law: &str, facts: &str) -> Effect {
        let (law, facts) = (law.to_owned(), facts.to_owned());
        Effect::Rule(Ruling { outcome: RulingOutcome::Unfavourable, law, facts, conditions: None })
    }

    fn request(fields: &[&str], reason: &str, days: u16) -> Effect {
        let wanted =
            |field: &&str| WantedPiece { field: (*field).to_owned(), essential: true, basis: "art. 1".to_owned() };
        Effect::AskPieces { items: fields.iter().map(wanted).collect(), reason: reason.to_owned(), days }
    }

    #[test]
    fn a_refusal_without_reasons_is_refused() {
        assert_eq!(check(vec![refusal(" ", "trop tard")]), Err(DecisionError::Unreasoned("law")));
        assert_eq!(check(vec![refusal("article 3", "")]), Err(DecisionError::Unreasoned("fact")));
        assert_eq!(check(vec![refusal("article 3", "trop tard")]), Ok(()));
    }

    #[test]
    fn a_request_for_documents_needs_its_list_its_reason_and_its_delay() {
        assert_eq!(check(vec![request(&["name"], "illisible", 15)]), Ok(()));
        assert_eq!(check(vec![request(&[], "illisible", 15)]), Err(DecisionError::IncompleteRequest("the list")));
        assert_eq!(check(vec![request(&["name"], " ", 15)]), Err(DecisionError::IncompleteRequest("the reason")));
        assert_eq!(check(vec![request(&["name"], "illisible", 0)]), Err(DecisionError::IncompleteRequest("the delay")));
    }

    #[test]
    fn one_wrong_effect_refuses_the_whole_decision() {
        let wrong = check(vec![Effect::Enter("new".to_owned()), Effect::Enter("nowhere".to_owned())]);
        assert_eq!(wrong, Err(DecisionError::Unknown { what: "state", name: "nowhere".to_owned() }));
        let many = vec![Effect::Note("n".to_owned()); MOST_EFFECTS + 1];
        assert_eq!(check(many), Err(DecisionError::TooManyEffects(MOST_EFFECTS + 1)));
        let produce = Effect::Produce {
            key: "k".to_owned(),
            template: "t".to_owned(),
            audience: Audience::Usager,
            variables: json!({}),
        };
        assert_eq!(check(vec![produce]), Err(DecisionError::Unknown { what: "document", name: "t".to_owned() }));
    }

    #[test]
    fn a_decision_never_answers_in_the_place_of_the_usager() {
        let decide = |field: &str| {
            let answers = [(Target::field(field), Value::Text("x".to_owned()))].into_iter().collect();
            let decision = Decision { memory: json!({}), answers, effects: Vec::new(), trace: Vec::new() };
            check_decision(&tennis_club(), &decision, &BTreeSet::new())
        };
        assert_eq!(decide("name"), Err(DecisionError::NotItsField("name".to_owned())));
        assert_eq!(decide("fee"), Ok(()));
    }

    #[test]
    fn who_acted_under_an_excluded_function_cannot_act_now() {
        let past = [PastAct { actor: "agent-1".to_owned(), function: "coach".to_owned() }];
        assert_eq!(excluded(&tennis_club(), "captain", "agent-1", &past), Some("coach"));
        assert_eq!(excluded(&tennis_club(), "captain", "agent-2", &past), None);
        assert_eq!(excluded(&tennis_club(), "coach", "agent-1", &past), None);
    }
}
