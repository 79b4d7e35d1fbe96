//! The law's clock: when silence has a meaning, when a reception must be acknowledged.
//!
//! Days are those of the collectivité's zone. A delay in months runs from date to date; where the month has no such day,
//! its last one. The platform raises `lapsed` once the last day is over ([`lapses_at`]). These rules never know what the
//! démarche decides.

use jiff::{Span, civil::Date, tz::TimeZone};
use parvis_contract::{LegalCard, Nature, Silence, Term};

use crate::{calendar::Calendar, time::Instant};

/// Worked days to send the accusé de réception (article R112-11-2 du CRPA).
pub const ARE_WORKED_DAYS: u32 = 10;

/// Worked days to send the accusé d'enregistrement, where the accusé de réception is not instantaneous (R112-11-2).
pub const AEE_WORKED_DAYS: u32 = 1;

/// When a request reached an administration, and the competent one (articles L114-2 and L114-3 du CRPA).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reception {
    /// The administration first seized: silence that refuses runs from there.
    pub first: Date,
    /// The competent administration: silence that accepts runs from there.
    pub competent: Date,
}

impl Reception {
    /// Received by the competent administration at once.
    pub const fn direct(on: Date) -> Self {
        Self { first: on, competent: on }
    }
}

/// A request for documents, as the clock sees it (articles L114-5 and L114-5-1 du CRPA).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Day it was asked.
    pub asked: Date,
    /// Last day given.
    pub due: Date,
    /// Day it was produced.
    pub produced: Option<Date>,
    /// Instruction cannot go on without it. What is not essential stops no clock.
    pub essential: bool,
}

impl Request {
    /// A request made on a day, with so many days to answer.
    pub fn new(asked: Date, days: u16, essential: bool) -> Self {
        Self { asked, due: plus_days(asked, days), produced: None, essential }
    }

    /// The same, produced on a day.
    #[must_use]
    pub const fn produced_on(self, day: Date) -> Self {
        Self { produced: Some(day), ..self }
    }

    /// Whether it stops the clock on a day: from the request to the production, or to the end of the delay.
    fn suspends(&self, day: Date) -> bool {
        self.essential && day >= self.asked && day < self.end()
    }

    /// Day on which the clock starts again when silence refuses.
    fn end(&self) -> Date {
        self.produced.map_or(self.due, |produced| produced.min(self.due)).max(self.asked)
    }
}

/// The last day of the delay after which silence has a meaning. `None` when it never has one (nothing but a demande
/// calls for a decision), and, where silence accepts, as long as the request is not complete.
pub fn silence_term(card: &LegalCard, reception: Reception, requests: &[Request]) -> Option<Date> {
    let delay = card.term.filter(|_| card.nature == Nature::Demande)?;
    match card.silence {
        Silence::SansEffet => None,
        Silence::Rejet => Some(term_of_refusal(delay, reception.first, requests)),
        Silence::Acceptation => term_of_acceptance(delay, reception.competent, requests),
    }
}

/// Silence refuses: a request for essential documents suspends the clock until they come, or until its delay ends. Days
/// that two requests share count once; a request made after the term changes nothing.
fn term_of_refusal(delay: Term, received: Date, requests: &[Request]) -> Date {
    let mut essential: Vec<&Request> = requests.iter().filter(|request| request.essential).collect();
    essential.sort_by_key(|request| request.asked);
    let mut term = after(received, delay);
    let mut counted = received;
    for request in essential {
        let start = request.asked.max(counted);
        let end = request.end();
        if request.asked > term || end <= start {
            continue;
        }
        term = term.saturating_add(Span::new().days(days_between(start, end)));
        counted = end;
    }
    term
}

/// Silence accepts: the clock runs only from the day the request is complete.
fn term_of_acceptance(delay: Term, received: Date, requests: &[Request]) -> Option<Date> {
    let mut essential: Vec<&Request> = requests.iter().filter(|request| request.essential).collect();
    essential.sort_by_key(|request| request.asked);
    let mut complete = received;
    for request in essential {
        if request.asked <= after(complete, delay) {
            complete = complete.max(request.produced?);
        }
    }
    Some(after(complete, delay))
}

/// Whether a request for essential documents stops the clock on a day.
pub fn is_suspended(card: &LegalCard, requests: &[Request], on: Date) -> bool {
    match card.silence {
        Silence::SansEffet => false,
        Silence::Rejet => requests.iter().any(|request| request.suspends(on)),
        Silence::Acceptation => {
            let waits = |request: &Request| {
                request.essential && request.asked <= on && request.produced.is_none_or(|produced| produced > on)
            };
            requests.iter().any(waits)
        }
    }
}

/// The last day of a delay that begins on a day, which does not count.
pub fn after(from: Date, delay: Term) -> Date {
    match delay {
        Term::Months(months) => from.saturating_add(Span::new().months(i32::from(months))),
        Term::Days(days) => plus_days(from, days),
    }
}

/// The instant at which a delay has run: the first one after its last day.
pub fn lapses_at(term: Date, zone: &TimeZone) -> Instant {
    Instant::start_of(term.tomorrow().unwrap_or(Date::MAX), zone)
}

/// Last day to send the accusé de réception.
pub fn are_limit(received: Date, calendar: &Calendar) -> Date {
    calendar.plus_worked_days(received, ARE_WORKED_DAYS)
}

/// Last day to send the accusé d'enregistrement.
pub fn aee_limit(received: Date, calendar: &Calendar) -> Date {
    calendar.plus_worked_days(received, AEE_WORKED_DAYS)
}

fn plus_days(from: Date, days: u16) -> Date {
    from.saturating_add(Span::new().days(i32::from(days)))
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn card(silence: Silence) -> LegalCard {
        LegalCard {
            nature: Nature::Demande,
            silence,
            term: Some(Term::Months(2)),
            silence_basis: String::new(),
            texts: Vec::new(),
            remedies: String::new(),
            algorithmic: None,
        }
    }

    fn both(reception: Reception, requests: &[Request]) -> (Option<Date>, Option<Date>) {
        let term = |silence| silence_term(&card(silence), reception, requests);
        (term(Silence::Rejet), term(Silence::Acceptation))
    }

    const RECEIVED: Date = date(2026, 1, 5);

    #[test]
    fn a_complete_request_runs_from_date_to_date() {
        let march = Some(date(2026, 3, 5));
        assert_eq!(both(Reception::direct(RECEIVED), &[]), (march, march));
    }

    #[test]
    fn documents_that_come_in_time_suspend_refusal_and_start_acceptance() {
        let request = Request::new(date(2026, 1, 20), 30, true).produced_on(date(2026, 2, 3));
        let (refusal, acceptance) = both(Reception::direct(RECEIVED), &[request]);
        assert_eq!(refusal, Some(date(2026, 3, 19)));
        assert_eq!(acceptance, Some(date(2026, 4, 3)));
    }

    #[test]
    fn documents_that_never_come_suspend_for_the_delay_given() {
        let request = Request::new(date(2026, 1, 20), 30, true);
        let (refusal, acceptance) = both(Reception::direct(RECEIVED), &[request]);
        assert_eq!(refusal, Some(date(2026, 4, 4)));
        assert_eq!(acceptance, None, "an incomplete request is never deemed accepted");
    }

    #[test]
    fn a_month_without_such_a_day_gives_its_last_one() {
        let february = Some(date(2026, 2, 28));
        assert_eq!(both(Reception::direct(date(2025, 12, 31)), &[]), (february, february));
    }

    #[test]
    fn a_transferred_request_refuses_from_the_first_and_accepts_from_the_competent() {
        let reception = Reception { first: RECEIVED, competent: date(2026, 1, 19) };
        assert_eq!(both(reception, &[]), (Some(date(2026, 3, 5)), Some(date(2026, 3, 19))));
    }

    #[test]
    fn what_is_not_essential_stops_no_clock() {
        let request = Request::new(date(2026, 1, 20), 30, false);
        let march = Some(date(2026, 3, 5));
        assert_eq!(both(Reception::direct(RECEIVED), &[request]), (march, march));
        assert!(!is_suspended(&card(Silence::Rejet), &[request], date(2026, 1, 25)));
    }

    #[test]
    fn shared_days_of_two_requests_count_once() {
        let requests = [Request::new(date(2026, 1, 20), 10, true), Request::new(date(2026, 1, 25), 10, true)];
        let (refusal, _) = both(Reception::direct(RECEIVED), &requests);
        assert_eq!(refusal, Some(date(2026, 3, 20)), "15 days, from 20 January to 4 February");
    }

    #[test]
    fn a_request_made_after_the_term_changes_nothing() {
        let request = Request::new(date(2026, 3, 6), 30, true);
        let march = Some(date(2026, 3, 5));
        assert_eq!(both(Reception::direct(RECEIVED), &[request]), (march, march));
    }

    #[test]
    fn silence_has_no_meaning_for_a_declaration() {
        let declaration = LegalCard { nature: Nature::Declaration, ..card(Silence::Acceptation) };
        assert_eq!(silence_term(&declaration, Reception::direct(RECEIVED), &[]), None);
        assert_eq!(silence_term(&card(Silence::SansEffet), Reception::direct(RECEIVED), &[]), None);
    }

    #[test]
    fn the_clock_is_suspended_until_production_or_the_end_of_the_delay() {
        let request = Request::new(date(2026, 1, 20), 30, true).produced_on(date(2026, 2, 3));
        let refusal = card(Silence::Rejet);
        assert!(is_suspended(&refusal, &[request], date(2026, 1, 20)));
        assert!(is_suspended(&refusal, &[request], date(2026, 2, 2)));
        assert!(!is_suspended(&refusal, &[request], date(2026, 2, 3)));
    }

    #[test]
    fn silence_speaks_once_the_last_day_is_over() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let lapsed = lapses_at(date(2026, 3, 5), &paris);
        assert_eq!(lapsed.to_string(), "2026-03-05T23:00:00Z");
    }

    #[test]
    fn receptions_are_acknowledged_within_ten_worked_days_or_one() {
        let calendar = Calendar::default();
        assert_eq!(are_limit(date(2026, 4, 30), &calendar), date(2026, 5, 19));
        assert_eq!(aee_limit(date(2026, 5, 23), &calendar), date(2026, 5, 26));
    }

    fn requests() -> impl Strategy<Value = Vec<Request>> {
        let request = (0_i32..120, 1_u16..60, prop::option::of(0_i32..90), any::<bool>()).prop_map(
            |(asked, days, produced, essential)| {
                let asked = RECEIVED.saturating_add(Span::new().days(asked));
                let produced = produced.map(|after| asked.saturating_add(Span::new().days(after)));
                Request { produced, ..Request::new(asked, days, essential) }
            },
        );
        prop::collection::vec(request, 0..5)
    }

    proptest! {
        #[test]
        fn acceptance_never_comes_before_completeness_and_the_delay(requests in requests(), months in 1_u8..5) {
            let card = LegalCard { term: Some(Term::Months(months)), ..card(Silence::Acceptation) };
            let first = after(RECEIVED, Term::Months(months));
            if let Some(term) = silence_term(&card, Reception::direct(RECEIVED), &requests) {
                prop_assert!(term >= first);
                for request in requests.iter().filter(|request| request.essential && request.asked <= first) {
                    let produced = request.produced.expect("an incomplete request has no term");
                    prop_assert!(term >= after(produced, Term::Months(months)));
                }
            }
        }

        #[test]
        fn a_request_never_brings_a_refusal_nearer(requests in requests()) {
            let term = |requests: &[Request]| silence_term(&card(Silence::Rejet), Reception::direct(RECEIVED), requests).unwrap();
            for kept in 0..=requests.len() {
                prop_assert!(term(&requests[..kept]) <= term(&requests));
            }
        }

        #[test]
        fn a_refusal_is_delayed_by_the_days_given_at_most(requests in requests()) {
            let given: i32 = requests.iter().map(|request| days_between(request.asked, request.due)).sum();
            let term = silence_term(&card(Silence::Rejet), Reception::direct(RECEIVED), &requests).unwrap();
            prop_assert!(term <= date(2026, 3, 5).saturating_add(Span::new().days(given)));
        }
    }
}
