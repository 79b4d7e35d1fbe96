//! From the guest to the domain: what does not convert is told by its place.

use std::{fmt::Display, str::FromStr};

use parvis_contract::Choice;
use parvis_domain::{
    rules::{
        Audience, Decision, Effect, FormState, Level, Offer, Problem, Request, Ruling, RulingOutcome, WantedPiece,
    },
    value::{Answers, PieceRef, Target, Value},
};
use serde::de::DeserializeOwned;

use super::bindings::{exports::parvis::demarche::rules as wit, parvis::demarche::types};

type Taken<T> = Result<T, String>;

pub(super) fn form_state(form: wit::FormState) -> Taken<FormState> {
    Ok(FormState {
        hidden: form.hidden.into_iter().map(target).collect(),
        required: form.required.into_iter().map(target).collect(),
        locked: form.locked.into_iter().map(target).collect(),
        computed: answers(form.computed)?,
        options: form.options.into_iter().map(options).collect::<Taken<_>>()?,
        problems: form.problems.into_iter().map(problem).collect(),
        lookups: form.lookups.into_iter().map(request).collect::<Taken<_>>()?,
        trace: form.trace,
    })
}

pub(super) fn offer(offer: wit::Offer) -> Offer {
    Offer { action: offer.action, refused_because: offer.refused_because }
}

pub(super) fn decision(decision: wit::Decision) -> Taken<Decision> {
    let number = |(index, taken): (usize, wit::Effect)| effect(taken).map_err(|why| format!("effect {index}: {why}"));
    Ok(Decision {
        memory: json("memory", &decision.memory)?,
        answers: answers(decision.answers)?,
        effects: decision.effects.into_iter().enumerate().map(number).collect::<Taken<_>>()?,
        trace: decision.trace,
    })
}

pub(super) fn problem(problem: types::Problem) -> Problem {
    let level = match problem.level {
        types::Level::Blocks => Level::Blocks,
        types::Level::Warns => Level::Warns,
        types::Level::Ineligible => Level::Ineligible,
    };
    Problem { at: problem.at.map(target), level, code: problem.code, message: problem.message }
}

fn effect(effect: wit::Effect) -> Taken<Effect> {
    Ok(match effect {
        wit::Effect::Enter(state) => Effect::Enter(state),
        wit::Effect::Schedule(timer) => Effect::Schedule { at: text("at", &timer.at)?, key: timer.key },
        wit::Effect::Cancel(key) => Effect::Cancel(key),
        wit::Effect::Assign(task) => Effect::Assign {
            due: task.due.as_deref().map(|due| text("due", due)).transpose()?,
            key: task.key,
            function: task.function,
            title: task.title,
        },
        wit::Effect::Route(to) => Effect::Route { service: to.service, agent: to.agent, reason: to.reason },
        wit::Effect::Mark(mark) => Effect::Mark(mark),
        wit::Effect::AskPieces(asked) => Effect::AskPieces {
            items: asked.items.into_iter().map(wanted).collect(),
            reason: asked.reason,
            days: asked.days,
        },
        wit::Effect::Rule(taken) => Effect::Rule(ruling(taken)),
        wit::Effect::Note(note) => Effect::Note(note),
        wit::Effect::Redact(targets) => Effect::Redact(targets.into_iter().map(target).collect()),
        wit::Effect::Notify(notice) => Effect::Notify {
            variables: json("variables", &notice.variables)?,
            key: notice.key,
            template: notice.template,
            to: notice.to,
            attach: notice.attach,
        },
        wit::Effect::Produce(document) => Effect::Produce {
            variables: json("variables", &document.variables)?,
            key: document.key,
            template: document.template,
            audience: audience(document.audience),
        },
        wit::Effect::Query(_) => return unserved("query"),
        wit::Effect::Charge(_) => return unserved("charge"),
        wit::Effect::Consult(_) => return unserved("consult"),
        wit::Effect::Book(_) => return unserved("book"),
        wit::Effect::Release(_) => return unserved("release"),
        wit::Effect::Open(_) => return unserved("open"),
        wit::Effect::Other(extension) => return unserved(&extension.kind),
    })
}

fn unserved(kind: &str) -> Taken<Effect> {
    Err(format!("the platform does not serve `{kind}` yet"))
}

const fn audience(audience: wit::Audience) -> Audience {
    match audience {
        wit::Audience::Usager => Audience::Usager,
        wit::Audience::Agents => Audience::Agents,
    }
}

fn wanted(wanted: wit::Wanted) -> WantedPiece {
    WantedPiece { field: wanted.field, essential: wanted.essential, basis: wanted.basis }
}

fn ruling(ruling: wit::Ruling) -> Ruling {
    let outcome = match ruling.outcome {
        wit::Outcome::Favourable => RulingOutcome::Favourable,
        wit::Outcome::Partly => RulingOutcome::Partly,
        wit::Outcome::Unfavourable => RulingOutcome::Unfavourable,
        wit::Outcome::NoAction => RulingOutcome::NoAction,
    };
    Ruling { outcome, law: ruling.law, facts: ruling.facts, conditions: ruling.conditions }
}

fn request(request: types::Request) -> Taken<Request> {
    let question = json("question", &request.question)?;
    Ok(Request { key: request.key, connector: request.connector, question })
}

fn options(options: wit::Options) -> Taken<(Target, Vec<Choice>)> {
    let choices = json(&format!("options of `{}`", options.at.field), &options.choices)?;
    Ok((target(options.at), choices))
}

fn answers(list: Vec<types::Answer>) -> Taken<Answers> {
    list.into_iter()
        .map(|answer| {
            let value = value(answer.value).map_err(|why| format!("answer `{}`: {why}", answer.at.field))?;
            Ok((target(answer.at), value))
        })
        .collect()
}

fn target(target: types::Target) -> Target {
    Target { field: target.field, row: target.row }
}

fn value(value: types::Value) -> Taken<Value> {
    Ok(match value {
        types::Value::Empty => Value::Empty,
        types::Value::Text(given) => Value::Text(given),
        types::Value::Integer(number) => Value::Integer(number),
        types::Value::Decimal(given) => Value::Decimal(text("decimal", &given)?),
        types::Value::Boolean(yes) => Value::Boolean(yes),
        types::Value::Date(given) => Value::Date(text("date", &given)?),
        types::Value::Instant(given) => Value::Instant(text("instant", &given)?),
        types::Value::Choices(chosen) => Value::Choices(chosen),
        types::Value::Pieces(pieces) => Value::Pieces(pieces.into_iter().map(piece).collect::<Taken<_>>()?),
        types::Value::Json(given) => Value::Json(json("value", &given)?),
    })
}

fn piece(piece: types::Piece) -> Taken<PieceRef> {
    Ok(PieceRef {
        id: text("id of a piece", &piece.id)?,
        name: piece.name,
        media_type: piece.media_type,
        size: piece.size,
    })
}

fn text<T: FromStr<Err: Display>>(what: &str, given: &str) -> Taken<T> {
    given.parse().map_err(|error| format!("{what}: {error}"))
}

fn json<T: DeserializeOwned>(what: &str, given: &str) -> Taken<T> {
    serde_json::from_str(given).map_err(|error| format!("{what}: {error}"))
}
