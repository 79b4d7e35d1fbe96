//! An ordinary démarche, that of a tennis club.

use parvis_domain::{
    digest::Sha256,
    rules::{CallError, Effect, Event, Level, Offer, Refusal, Rules},
    value::{Answers, Target, Value},
};

use crate::world::{context, wish, with_tennis};

#[test]
fn evaluate_computes_and_warns() {
    let (host, tennis) = with_tennis();
    let form = host.evaluate(tennis, &context(""), &wish(3), Some("wish")).unwrap();
    assert_eq!(form.computed.get("fee"), Some(&Value::Decimal("360.00".parse().unwrap())));
    assert_eq!(form.problems[0].level, Level::Warns);
    assert_eq!(form.problems[0].at, Some(Target::field("courts")));
    assert_eq!(form.trace, ["3 answers"]);
}

#[test]
fn every_kind_of_value_goes_to_the_guest_and_fits() {
    let (host, tennis) = with_tennis();
    let values = [
        Value::Empty,
        Value::Text("é".to_owned()),
        Value::Integer(-1),
        Value::Decimal("0.10".parse().unwrap()),
        Value::Boolean(false),
        Value::Date("2026-11-23".parse().unwrap()),
        Value::Instant("2026-11-23T14:30:00".parse().unwrap()),
        Value::Choices(vec!["a".to_owned()]),
        Value::Json(serde_json::json!({"town": "Saint-Aubin"})),
    ];
    let answers: Answers =
        values.into_iter().zip(0..).map(|(value, row)| (Target::row("player", row), value)).collect();
    let form = host.evaluate(tennis, &context(""), &crate::world::dossier(answers), None).unwrap();
    assert_eq!(form.trace, ["9 answers"]);
}

#[test]
fn handle_decides_answers_and_effects() {
    let (host, tennis) = with_tennis();
    let accept = Event::Action { name: "accept".to_owned(), inputs: Answers::default() };
    let decision = host.handle(tennis, &context("referee"), &wish(1), &accept).unwrap();
    assert_eq!(decision.effects[0], Effect::Enter("granted".to_owned()));
    assert!(matches!(&decision.effects[1], Effect::Notify { to, .. } if to == "usager"));
    assert_eq!(decision.answers.get("fee"), Some(&Value::Decimal("120.00".parse().unwrap())));
}

#[test]
fn a_refusal_keeps_its_sentence() {
    let (host, tennis) = with_tennis();
    let accept = Event::Action { name: "accept".to_owned(), inputs: Answers::default() };
    let refused = host.handle(tennis, &context("president"), &wish(1), &accept);
    let forbidden = Refusal::Forbidden("Seul le juge-arbitre accepte.".to_owned());
    assert_eq!(refused, Err(CallError::Refused(forbidden)));
}

#[test]
fn offers_follow_the_state() {
    let (host, tennis) = with_tennis();
    let offers = host.offers(tennis, &context("referee"), &wish(1)).unwrap();
    assert_eq!(offers, [Offer { action: "accept".to_owned(), refused_because: None }]);
}

#[test]
fn the_same_inputs_give_the_same_decision() {
    let (host, tennis) = with_tennis();
    let decide = || host.handle(tennis, &context(""), &wish(2), &Event::Filed).unwrap();
    assert_eq!(decide(), decide());
}

#[test]
fn a_component_that_is_not_installed_is_named() {
    let (host, _) = with_tennis();
    let other = Sha256::of(b"other");
    assert_eq!(host.evaluate(other, &context(""), &wish(1), None), Err(CallError::Unknown(other)));
}

#[test]
fn more_callers_than_slots_all_get_their_answer() {
    let (host, tennis) = with_tennis();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for courts in 1..40 {
                    let form = host.evaluate(tennis, &context(""), &wish(courts), None).unwrap();
                    let fee = Value::Decimal((courts * 120).into());
                    assert_eq!(form.computed.get("fee"), Some(&fee));
                }
            });
        }
    });
}
