//! From the domain to the guest: these conversions cannot fail.

use parvis_domain::{
    rules::{ActorKind, Context, DossierView, Event, Reply, RulesActor},
    value::{Answers, PieceRef, Target, Value},
};

use super::bindings::{
    exports::parvis::demarche::rules::{Action, Event as WitEvent},
    parvis::demarche::types as wit,
};

pub(super) fn context(context: &Context) -> wit::Context {
    wit::Context {
        now: context.now.clone(),
        zone: context.zone.clone(),
        closed_days: context.closed_days.clone(),
        language: context.language.clone(),
        channel: context.channel.clone(),
        trial: context.trial,
        seed: context.seed.clone(),
        actor: actor(&context.actor),
        settings: context.settings.json().to_owned(),
        replies: context.replies.iter().map(reply).collect(),
        extra: answers(&context.extra),
    }
}

pub(super) fn dossier(dossier: &DossierView) -> wit::Dossier {
    wit::Dossier {
        number: dossier.number.clone(),
        revision: dossier.revision,
        state: dossier.state.clone(),
        filed_at: dossier.filed_at.clone(),
        answers: answers(&dossier.answers),
        memory: dossier.memory.to_string(),
    }
}

pub(super) fn event(event: &Event) -> WitEvent {
    match event {
        Event::Filed => WitEvent::Filed,
        Event::Completed(given) => WitEvent::Completed(answers(given)),
        Event::Corrected(given) => WitEvent::Corrected(answers(given)),
        Event::Action { name, inputs } => WitEvent::Action(Action { name: name.clone(), inputs: answers(inputs) }),
        Event::Timer(key) => WitEvent::Timer(key.clone()),
        Event::Reply(given) => WitEvent::Reply(reply(given)),
        Event::Produced(key) => WitEvent::Produced(key.clone()),
        Event::Message => WitEvent::Message,
        Event::Opinion(given) => WitEvent::Opinion(reply(given)),
        Event::Lapsed => WitEvent::Lapsed,
        Event::Withdrawn => WitEvent::Withdrawn,
    }
}

fn actor(actor: &RulesActor) -> wit::Actor {
    let kind = match actor.kind {
        ActorKind::Usager => wit::ActorKind::Usager,
        ActorKind::Representative => wit::ActorKind::Representative,
        ActorKind::Agent => wit::ActorKind::Agent,
        ActorKind::Expert => wit::ActorKind::Expert,
        ActorKind::System => wit::ActorKind::System,
    };
    wit::Actor { kind, id: actor.id.clone(), function: actor.function.clone() }
}

fn reply(reply: &Reply) -> wit::Reply {
    wit::Reply { key: reply.key.clone(), succeeded: reply.succeeded, content: reply.content.to_string() }
}

fn answers(answers: &Answers) -> Vec<wit::Answer> {
    answers.iter().map(|(at, given)| wit::Answer { at: target(at), value: value(given) }).collect()
}

fn target(target: &Target) -> wit::Target {
    wit::Target { field: target.field.clone(), row: target.row }
}

fn value(value: &Value) -> wit::Value {
    match value {
        Value::Empty => wit::Value::Empty,
        Value::Text(text) => wit::Value::Text(text.clone()),
        Value::Integer(number) => wit::Value::Integer(*number),
        Value::Decimal(number) => wit::Value::Decimal(number.to_string()),
        Value::Boolean(yes) => wit::Value::Boolean(*yes),
        Value::Date(date) => wit::Value::Date(date.to_string()),
        Value::Instant(local) => wit::Value::Instant(local.to_string()),
        Value::Choices(chosen) => wit::Value::Choices(chosen.clone()),
        Value::Pieces(pieces) => wit::Value::Pieces(pieces.iter().map(piece).collect()),
        Value::Json(json) => wit::Value::Json(json.to_string()),
    }
}

fn piece(piece: &PieceRef) -> wit::Piece {
    wit::Piece {
        id: piece.id.to_string(),
        name: piece.name.clone(),
        media_type: piece.media_type.clone(),
        size: piece.size,
    }
}
