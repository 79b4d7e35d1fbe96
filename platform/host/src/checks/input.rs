//! What is given to a démarche, measured before it enters the sandbox.

use parvis_domain::{
    rules::{CallError, Context, DossierView, Event, Reply},
    value::{Answers, Value},
};
use serde_json::Value as Json;

use crate::limits::Limits;

/// Octets counted for a value beside its text: a tag, a length, an address.
const OVERHEAD: u64 = 16;

/// Refuses an input over the limits of octets or of answers.
pub(crate) fn check(
    limits: &Limits,
    context: &Context,
    dossier: &DossierView,
    event: Option<&Event>,
) -> Result<(), CallError> {
    let moved = event.and_then(moved);
    let count = dossier.answers.len() + context.extra.len() + moved.map_or(0, Answers::len);
    if u64::try_from(count).unwrap_or(u64::MAX) > limits.answers {
        return Err(CallError::TooLarge { what: "the number of answers", limit: limits.answers });
    }
    let size = of_context(context)
        + of_dossier(dossier)
        + moved.map_or(0, of_answers)
        + event.and_then(replied).map_or(0, of_reply);
    if size > limits.input {
        return Err(CallError::TooLarge { what: "what the démarche is given", limit: limits.input });
    }
    Ok(())
}

/// Answers that an event carries.
pub(crate) const fn moved(event: &Event) -> Option<&Answers> {
    match event {
        Event::Completed(answers) | Event::Corrected(answers) | Event::Action { inputs: answers, .. } => Some(answers),
        _ => None,
    }
}

const fn replied(event: &Event) -> Option<&Reply> {
    match event {
        Event::Reply(reply) | Event::Opinion(reply) => Some(reply),
        _ => None,
    }
}

fn of_context(context: &Context) -> u64 {
    let days = context.closed_days.iter().map(|day| of_text(day)).sum::<u64>();
    let replies = context.replies.iter().map(of_reply).sum::<u64>();
    days + replies + of_text(context.settings.json()) + of_answers(&context.extra) + of_text(&context.seed)
}

fn of_dossier(dossier: &DossierView) -> u64 {
    of_answers(&dossier.answers) + of_json(&dossier.memory)
}

fn of_reply(reply: &Reply) -> u64 {
    of_text(&reply.key) + of_json(&reply.content)
}

fn of_answers(answers: &Answers) -> u64 {
    answers.iter().map(|(at, value)| of_text(&at.field) + of_value(value)).sum()
}

fn of_value(value: &Value) -> u64 {
    match value {
        Value::Text(text) => of_text(text),
        Value::Choices(chosen) => chosen.iter().map(|choice| of_text(choice)).sum(),
        Value::Pieces(pieces) => {
            pieces.iter().map(|piece| of_text(&piece.name) + of_text(&piece.media_type) + 3 * OVERHEAD).sum()
        }
        Value::Json(json) => of_json(json),
        _ => 2 * OVERHEAD,
    }
}

fn of_text(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX).saturating_add(OVERHEAD)
}

/// About the octets of a JSON value once written, without writing it.
fn of_json(json: &Json) -> u64 {
    match json {
        Json::Null | Json::Bool(_) => 5,
        Json::Number(_) => OVERHEAD,
        Json::String(text) => of_text(text),
        Json::Array(items) => 2 + items.iter().map(of_json).sum::<u64>(),
        Json::Object(members) => 2 + members.iter().map(|(name, value)| of_text(name) + of_json(value)).sum::<u64>(),
    }
}

#[cfg(test)]
mod tests {
    use parvis_domain::value::{Target, Value};

    use super::*;
    use crate::checks::fixture;

    #[test]
    fn an_ordinary_input_is_accepted() {
        assert_eq!(check(&Limits::default(), &fixture::context(), &fixture::dossier(), Some(&Event::Filed)), Ok(()));
    }

    #[test]
    fn more_octets_than_the_limit_are_refused() {
        let mut dossier = fixture::dossier();
        dossier.answers.set(Target::field("name"), Value::Text("x".repeat(2 << 20)));
        let refused = check(&Limits::default(), &fixture::context(), &dossier, None);
        assert_eq!(refused, Err(CallError::TooLarge { what: "what the démarche is given", limit: 1 << 20 }));
    }

    #[test]
    fn the_answers_of_the_event_count_with_those_of_the_dossier() {
        let inputs: Answers = (0..2_001).map(|row| (Target::row("plate", row), Value::Empty)).collect();
        let event = Event::Corrected(inputs);
        let refused = check(&Limits::default(), &fixture::context(), &fixture::dossier(), Some(&event));
        assert_eq!(refused, Err(CallError::TooLarge { what: "the number of answers", limit: 2_000 }));
    }
}
