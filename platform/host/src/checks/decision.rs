//! A decision, held to the definition: one wrong effect refuses the whole, never a partial application.

use std::{collections::HashSet, io};

use parvis_domain::{
    ids::PieceId,
    rules::{CallError, Decision, Effect, Ruling, RulingOutcome},
};

use super::{
    catalogue::Catalogue,
    form::{check_count, only_given},
};
use crate::limits::Limits;

/// Accepts a decision within the limits that names only what is declared.
pub(crate) fn check(
    limits: &Limits,
    catalogue: &Catalogue,
    given: &HashSet<PieceId>,
    decision: &Decision,
) -> Result<(), CallError> {
    if u64::try_from(decision.effects.len()).unwrap_or(u64::MAX) > limits.effects {
        return Err(CallError::TooLarge { what: "the number of effects", limit: limits.effects });
    }
    if written_size(&decision.memory) > limits.memory {
        return Err(CallError::TooLarge { what: "the memory of the démarche", limit: limits.memory });
    }
    check_count(limits, &decision.answers)?;
    for (at, value) in decision.answers.iter() {
        catalogue
            .decided(at, value)
            .and_then(|()| only_given(given, value))
            .map_err(|why| CallError::Malformed(format!("answers: {why}")))?;
    }
    let mut keys = HashSet::new();
    for (index, effect) in decision.effects.iter().enumerate() {
        let checked = check_effect(catalogue, effect).and_then(|()| check_key(&mut keys, effect));
        checked.map_err(|why| CallError::Malformed(format!("effect {index}: {why}")))?;
    }
    Ok(())
}

fn check_effect(catalogue: &Catalogue, effect: &Effect) -> Result<(), String> {
    match effect {
        Effect::Enter(state) => catalogue.state(state),
        Effect::Schedule { key, .. } | Effect::Cancel(key) => filled("key", key),
        Effect::Assign { key, function, title, .. } => {
            filled("key", key)?;
            filled("title", title)?;
            catalogue.function(function)
        }
        Effect::Route { service: None, agent: None, .. } => Err("a route names a service or an agent".to_owned()),
        Effect::Route { reason, .. } => filled("reason", reason),
        Effect::Mark(mark) => filled("mark", mark),
        Effect::Note(note) => filled("note", note),
        Effect::AskPieces { items, reason, days } => {
            if items.is_empty() || *days == 0 {
                return Err("a request for pieces names at least one and gives at least one day".to_owned());
            }
            filled("reason", reason)?;
            items.iter().try_for_each(|item| {
                filled("basis", &item.basis)?;
                catalogue.field(&item.field)
            })
        }
        Effect::Rule(ruling) => check_ruling(ruling),
        Effect::Redact(targets) => targets.iter().try_for_each(|target| catalogue.field(&target.field)),
        Effect::Notify { key, template, to, variables, attach } => {
            filled("key", key)?;
            catalogue.notice(template)?;
            if to != "usager" {
                catalogue.function(to)?;
            }
            attach.iter().try_for_each(|document| filled("attached document", document))?;
            object(variables)
        }
        Effect::Produce { key, template, variables, .. } => {
            filled("key", key)?;
            catalogue.document(template)?;
            object(variables)
        }
    }
}

/// An unfavourable decision says why, in law and in fact (articles L211-2 and L211-5 du CRPA).
fn check_ruling(ruling: &Ruling) -> Result<(), String> {
    if matches!(ruling.outcome, RulingOutcome::Unfavourable | RulingOutcome::Partly) {
        filled("law", &ruling.law)?;
        filled("facts", &ruling.facts)?;
    }
    Ok(())
}

/// Keys are unique by kind in a decision: a second one would be taken for a retry of the first.
fn check_key<'a>(keys: &mut HashSet<(&'static str, &'a str)>, effect: &'a Effect) -> Result<(), String> {
    let key = match effect {
        Effect::Notify { key, .. } => ("notice", key),
        Effect::Produce { key, .. } => ("document", key),
        Effect::Assign { key, .. } => ("task", key),
        Effect::Schedule { key, .. } => ("timer", key),
        _ => return Ok(()),
    };
    if keys.insert((key.0, key.1.as_str())) {
        return Ok(());
    }
    Err(format!("the {} `{}` stands twice in the decision", key.0, key.1))
}

fn filled(what: &str, text: &str) -> Result<(), String> {
    if text.trim().is_empty() { Err(format!("its {what} is empty")) } else { Ok(()) }
}

fn object(variables: &serde_json::Value) -> Result<(), String> {
    if variables.is_object() { Ok(()) } else { Err("its variables are not an object".to_owned()) }
}

fn written_size(json: &serde_json::Value) -> u64 {
    struct Counting(u64);
    impl io::Write for Counting {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counting = Counting(0);
    match serde_json::to_writer(&mut counting, json) {
        Ok(()) => counting.0,
        Err(_) => u64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use parvis_domain::{
        rules::WantedPiece,
        value::{Answers, PieceRef, Target, Value},
    };
    use serde_json::json;

    use super::*;
    use crate::checks::fixture;

    fn outcome(effects: Vec<Effect>, answers: Answers) -> Result<(), CallError> {
        let decision = Decision { memory: json!({}), answers, effects, trace: Vec::new() };
        check(&Limits::default(), &Catalogue::of(&fixture::definition()), &HashSet::new(), &decision)
    }

    fn refused(effect: Effect) -> String {
        match outcome(vec![effect], Answers::default()) {
            Err(CallError::Malformed(why)) => why,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn an_effect_on_something_undeclared_is_refused_by_name() {
        assert_eq!(refused(Effect::Enter("open".to_owned())), "Ok(())");
        assert_eq!(refused(Effect::Enter("ghost".to_owned())), "effect 0: there is no state `ghost`");
        let notify = Effect::Notify {
            key: "k".to_owned(),
            template: "ghost".to_owned(),
            to: "usager".to_owned(),
            variables: json!({}),
            attach: Vec::new(),
        };
        assert_eq!(refused(notify), "effect 0: there is no notice `ghost`");
    }

    #[test]
    fn a_refusal_without_reasons_is_refused() {
        let ruling = Ruling {
            outcome: RulingOutcome::Unfavourable,
            law: "article L2122-1".to_owned(),
            facts: "  ".to_owned(),
            conditions: None,
        };
        assert_eq!(refused(Effect::Rule(ruling)), "effect 0: its facts is empty");
    }

    #[test]
    fn a_request_for_pieces_says_what_and_how_long() {
        let asked = |days, items| Effect::AskPieces { items, reason: "illisible".to_owned(), days };
        let item = WantedPiece { field: "plan".to_owned(), essential: true, basis: "article 2".to_owned() };
        assert_eq!(refused(asked(15, vec![item.clone()])), "Ok(())");
        assert!(refused(asked(15, Vec::new())).contains("at least one"));
        assert!(refused(asked(0, vec![item])).contains("at least one"));
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        let task = Effect::Assign {
            key: "avis".to_owned(),
            function: "referee".to_owned(),
            title: "Avis".to_owned(),
            due: None,
        };
        let refused = outcome(vec![task.clone(), task], Answers::default());
        assert_eq!(
            refused,
            Err(CallError::Malformed("effect 1: the task `avis` stands twice in the decision".to_owned()))
        );
    }

    #[test]
    fn a_decision_cannot_rewrite_what_the_usager_filed() {
        let answers: Answers = [(Target::field("name"), Value::Text("Zoé".to_owned()))].into_iter().collect();
        let Err(CallError::Malformed(why)) = outcome(Vec::new(), answers) else { panic!("accepted") };
        assert!(why.contains("neither computed nor filled by agents"), "{why}");
    }

    #[test]
    fn a_piece_that_was_not_given_cannot_be_answered() {
        let forged = PieceRef {
            id: "0198c0de-0000-7000-8000-000000000001".parse().unwrap(),
            name: "plan.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            size: 10,
        };
        let answers: Answers = [(Target::field("report"), Value::Pieces(vec![forged]))].into_iter().collect();
        let Err(CallError::Malformed(why)) = outcome(Vec::new(), answers) else { panic!("accepted") };
        assert!(why.contains("was not given"), "{why}");
    }

    #[test]
    fn effects_and_memory_are_counted() {
        let effects = vec![Effect::Mark("m".to_owned()); 65];
        assert!(matches!(outcome(effects, Answers::default()), Err(CallError::TooLarge { limit: 64, .. })));
        let memory = json!("m".repeat(40_000));
        let decision = Decision { memory, answers: Answers::default(), effects: Vec::new(), trace: Vec::new() };
        let catalogue = Catalogue::of(&fixture::definition());
        let refused = check(&Limits::default(), &catalogue, &HashSet::new(), &decision);
        assert!(matches!(refused, Err(CallError::TooLarge { limit: 32_768, .. })));
    }
}
