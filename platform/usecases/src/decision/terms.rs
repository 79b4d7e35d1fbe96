//! The law's clock of a dossier: computed by `domain`, scheduled in the outbox, never by a démarche.

use jiff::civil::Date;
use parvis_domain::{
    delais::{Reception, Request, is_suspended, lapses_at, silence_term},
    dossier::Dossier,
    ids::OutboxId,
    lifecycle,
    rules::{Effect, Event},
    time::Instant,
};
use parvis_store::{
    UnitOfWork,
    outbox::{self, NewEffect, Queue},
    piece_requests::PieceRequest,
};

use crate::{dossiers::load::Loaded, failure::Failure, parvis::Town, workers::orders::TermOrder};

/// The instant at which silence will have a meaning, for a dossier that is being filed.
pub(super) fn at_filing(town: &Town, loaded: &Loaded, head: &Dossier) -> Option<Instant> {
    if is_decided(loaded, head) { None } else { term(town, loaded, &[]) }
}

/// The same, after an event and its effects.
pub(super) fn after(
    town: &Town,
    loaded: &Loaded,
    head: &Dossier,
    event: &Event,
    effects: &[Effect],
    requests: &[PieceRequest],
) -> Option<Instant> {
    if is_decided(loaded, head) || matches!(event, Event::Lapsed) {
        return None;
    }
    let today = town.now().date(&town.profile.time_zone());
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::AskPieces { items, days, .. } => {
            Some(Request::new(today, *days, items.iter().any(|item| item.essential)))
        }
        _ => None,
    });
    let answers_now = matches!(event, Event::Completed(_)) || asked.is_some();
    let mut known = seen(town, requests);
    for request in &mut known {
        if answers_now && request.produced.is_none() {
            request.produced = Some(today);
        }
    }
    known.extend(asked);
    term(town, loaded, &known)
}

/// Whether a request for essential documents stops the clock now.
pub(crate) fn suspended(town: &Town, loaded: &Loaded, requests: &[PieceRequest]) -> bool {
    let today = town.now().date(&town.profile.time_zone());
    is_suspended(&loaded.definition.legal, &seen(town, requests), today)
}

/// The last day of a term: the one that ends at its instant.
pub(crate) fn day(town: &Town, term: Option<Instant>) -> Option<Date> {
    let last = term?.minus(std::time::Duration::from_micros(1));
    Some(last.date(&town.profile.time_zone()))
}

/// The end of the last day of a delay given to someone.
pub(super) fn end_of_delay(town: &Town, from: Instant, days: u16) -> Instant {
    let zone = town.profile.time_zone();
    let last = Request::new(from.date(&zone), days, false).due;
    lapses_at(last, &zone).minus(std::time::Duration::from_micros(1))
}

/// Schedules the term when it changed.
pub(super) async fn schedule(
    town: &Town,
    unit: &UnitOfWork,
    before: &Dossier,
    head: &Dossier,
    seq: u32,
) -> Result<(), Failure> {
    if before.term_at == head.term_at {
        return Ok(());
    }
    let now = town.now();
    outbox::cancel_queue(unit, head.id, Queue::Term, now).await?;
    let Some(at) = head.term_at else { return Ok(()) };
    let parvis = &town.parvis;
    let order = TermOrder { at: at.micros() };
    let effect = NewEffect {
        id: OutboxId::new(&*parvis.clock, &*parvis.entropy),
        dossier: Some(head.id),
        seq,
        idx: 0,
        queue: Queue::Term,
        key: None,
        payload: serde_json::to_value(order).expect("an order holds a number"),
        at,
        created_at: now,
    };
    outbox::enqueue(unit, &effect).await?;
    Ok(())
}

fn is_decided(loaded: &Loaded, head: &Dossier) -> bool {
    lifecycle::state(&loaded.definition, &head.state).is_none_or(|state| lifecycle::standing(state).decided)
}

fn term(town: &Town, loaded: &Loaded, requests: &[Request]) -> Option<Instant> {
    let zone = town.profile.time_zone();
    let reception = Reception::direct(loaded.head.filed_at.date(&zone));
    silence_term(&loaded.definition.legal, reception, requests).map(|day| lapses_at(day, &zone))
}

fn seen(town: &Town, requests: &[PieceRequest]) -> Vec<Request> {
    let zone = town.profile.time_zone();
    let as_clock = |request: &PieceRequest| Request {
        asked: request.asked_at.date(&zone),
        due: request.due_at.date(&zone),
        produced: request.answered_at.map(|at| at.date(&zone)),
        essential: request.essential,
    };
    requests.iter().map(as_clock).collect()
}
