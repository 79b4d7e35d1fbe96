//! The law's clock of a dossier: computed by `domain`, scheduled in the outbox, never by a démarche.

use jiff::{civil::Date, tz::TimeZone};
use parvis_domain::{
    delais::{Reception, Request, is_suspended, lapses_at, silence_term},
    dossier::Dossier,
    ids::{OutboxId, PieceRequestId},
    lifecycle,
    rules::{Effect, Event},
    time::Instant,
};
use parvis_store::{
    UnitOfWork,
    outbox::{self, NewEffect, Queue},
    piece_requests::PieceRequest,
};

use super::Step;
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
    step: &Step,
    effects: &[Effect],
    requests: &[PieceRequest],
) -> Option<Instant> {
    if is_decided(loaded, head) || matches!(step.event, Event::Lapsed) {
        return None;
    }
    let zone = town.profile.time_zone();
    let known = requests_after(requests, &step.along.answered, effects, town.now().date(&zone), &zone);
    term(town, loaded, &known)
}

/// The requests as the clock sees them after an event: those that it answers are produced that day, those that it makes
/// come besides. Asking for more neither produces nor takes back what was asked before (article L114-5 du CRPA: only the
/// production of the documents, or the end of their delay, ends the suspension).
fn requests_after(
    requests: &[PieceRequest],
    answered: &[PieceRequestId],
    effects: &[Effect],
    today: Date,
    zone: &TimeZone,
) -> Vec<Request> {
    let known = requests.iter().map(|request| match seen(request, zone) {
        open if open.produced.is_none() && answered.contains(&request.id) => open.produced_on(today),
        other => other,
    });
    let asked = effects.iter().filter_map(|effect| match effect {
        Effect::AskPieces { items, days, .. } => {
            Some(Request::new(today, *days, items.iter().any(|item| item.essential)))
        }
        _ => None,
    });
    known.chain(asked).collect()
}

/// Whether a request for essential documents stops the clock now.
pub(crate) fn suspended(town: &Town, loaded: &Loaded, requests: &[PieceRequest]) -> bool {
    let zone = town.profile.time_zone();
    let known: Vec<Request> = requests.iter().map(|request| seen(request, &zone)).collect();
    is_suspended(&loaded.definition.legal, &known, town.now().date(&zone))
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

fn seen(request: &PieceRequest, zone: &TimeZone) -> Request {
    Request {
        asked: request.asked_at.date(zone),
        due: request.due_at.date(zone),
        produced: request.answered_at.map(|at| at.date(zone)),
        essential: request.essential,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use parvis_domain::{ids::DossierId, rules::WantedPiece};
    use uuid::Uuid;

    use super::*;

    const TODAY: Date = date(2026, 1, 25);

    fn asked(number: u128, answered_at: Option<Instant>) -> PieceRequest {
        let on = |day: Date| Instant::at(day.at(10, 0, 0, 0), &TimeZone::UTC);
        PieceRequest {
            id: PieceRequestId::from_uuid(Uuid::from_u128(number)),
            dossier: DossierId::from_uuid(Uuid::from_u128(9)),
            asked_at: on(date(2026, 1, 20)),
            due_at: on(date(2026, 2, 19)),
            items: Vec::new(),
            reason: String::new(),
            essential: true,
            answered_at,
            reminded_at: None,
        }
    }

    fn ask(essential: bool) -> Effect {
        let item = WantedPiece { field: "plan".to_owned(), essential, basis: String::new() };
        Effect::AskPieces { items: vec![item], reason: String::new(), days: 10 }
    }

    fn after(requests: &[PieceRequest], answered: &[PieceRequestId], effects: &[Effect]) -> Vec<Request> {
        requests_after(requests, answered, effects, TODAY, &TimeZone::UTC)
    }

    #[test]
    fn asking_for_more_produces_nothing_of_what_was_asked_before() {
        for essential in [true, false] {
            let known = after(&[asked(1, None)], &[], &[ask(essential)]);
            assert_eq!(known[0].produced, None);
            assert_eq!(known[1], Request::new(TODAY, 10, essential));
        }
    }

    #[test]
    fn what_is_answered_is_produced_that_day_and_the_rest_still_waits() {
        let (first, second) = (asked(1, None), asked(2, None));
        let known = after(&[first.clone(), second], &[first.id], &[]);
        assert_eq!((known[0].produced, known[1].produced), (Some(TODAY), None));
    }

    #[test]
    fn what_was_answered_before_keeps_its_day() {
        let before = asked(1, Some(Instant::at(date(2026, 1, 22).at(9, 0, 0, 0), &TimeZone::UTC)));
        let known = after(std::slice::from_ref(&before), &[before.id], &[]);
        assert_eq!(known[0].produced, Some(date(2026, 1, 22)));
    }
}
