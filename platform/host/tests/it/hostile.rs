//! A démarche that misbehaves harms nothing but its own call.

use std::{sync::Arc, time::Duration};

use parvis_domain::{
    ports::Installer,
    rules::{CallError, Event, Rules},
    value::{Target, Value},
};
use parvis_host::Limits;

use crate::world::{TENNIS, behaving, context, wish, with_hostile};

fn evaluated(limits: Limits, how: &str) -> CallError {
    let (host, hostile) = with_hostile(limits);
    let failed = host.evaluate(hostile, &context(""), &behaving(how), None).unwrap_err();
    // The next call works, for it and for the others.
    host.evaluate(hostile, &context(""), &behaving("well"), None).unwrap();
    let tennis = host.install(&TENNIS).unwrap().digest;
    host.evaluate(tennis, &context(""), &wish(1), None).unwrap();
    failed
}

fn handled(how: &str) -> CallError {
    let (host, hostile) = with_hostile(patient());
    host.handle(hostile, &context(""), &behaving(how), &Event::Filed).unwrap_err()
}

fn malformed(error: CallError) -> String {
    match error {
        CallError::Malformed(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_endless_loop_runs_out_of_fuel() {
    // The wall clock is the seatbelt: a busy machine must not reach it first.
    let limits = Limits { fuel: 1_000_000, wall_clock: Duration::from_secs(2), ..Limits::default() };
    assert_eq!(evaluated(limits, "loop"), CallError::OutOfFuel);
}

#[test]
fn a_call_that_outlasts_the_wall_clock_is_stopped() {
    // All the fuel there may be lasts far longer than a millisecond on any machine; nothing else is asked of this host,
    // which has no time for an honest call on a busy one.
    let limits = Limits { wall_clock: Duration::from_millis(1), ..Limits::CEILING };
    let (host, hostile) = with_hostile(limits);
    for _ in 0..2 {
        let stopped = host.evaluate(hostile, &context(""), &behaving("loop"), None);
        assert_eq!(stopped, Err(CallError::TimedOut));
    }
}

#[test]
fn a_memory_bomb_is_refused_its_memory() {
    assert_eq!(evaluated(patient(), "memory"), CallError::OutOfMemory);
}

#[test]
fn a_bottomless_recursion_and_a_panic_are_traps_that_name_a_function() {
    let CallError::Trap(told) = evaluated(patient(), "stack") else { panic!("no trap") };
    assert!(told.contains("dig"), "{told}");
    let CallError::Trap(told) = evaluated(patient(), "panic") else { panic!("no trap") };
    assert!(told.contains("evaluate") && !told.contains("panicking"), "the author’s code, not what stopped it: {told}");
}

/// The default limits, and the longest wall clock: a debug build on a busy machine is slow.
fn patient() -> Limits {
    Limits { wall_clock: Duration::from_secs(2), ..Limits::default() }
}

#[test]
fn an_answer_larger_than_the_limit_is_not_copied() {
    assert!(matches!(evaluated(patient(), "output"), CallError::TooLarge { limit: 1_048_576, .. }));
    assert!(matches!(handled("swarm"), CallError::TooLarge { limit: 1_048_576, .. }));
    assert_eq!(handled("million-effects"), CallError::OutOfMemory);
}

#[test]
fn effects_and_memory_have_their_limits() {
    assert_eq!(handled("hundred-effects"), CallError::TooLarge { what: "the number of effects", limit: 64 });
    assert_eq!(handled("memory"), CallError::TooLarge { what: "the memory of the démarche", limit: 32_768 });
}

#[test]
fn one_wrong_effect_refuses_the_whole_decision_by_name() {
    assert_eq!(malformed(handled("unserved")), "effect 1: the platform does not serve `query` yet");
    assert_eq!(malformed(handled("ghost")), "effect 0: there is no state `ghost`");
}

#[test]
fn an_answer_outside_the_contract_is_told_by_its_place() {
    assert!(malformed(handled("not-json")).starts_with("memory: "));
    assert!(malformed(handled("rewrite")).contains("`name` is neither computed nor filled by agents"));
    assert!(malformed(evaluated(patient(), "ghost")).contains("no field nor page `ghost`"));
    assert!(malformed(evaluated(patient(), "lookup")).contains("`entreprise` is not declared"));
    let (host, hostile) = with_hostile(patient());
    let offered = host.offers(hostile, &context(""), &behaving("")).unwrap_err();
    assert_eq!(malformed(offered), "there is no action `steal`");
}

#[test]
fn nothing_is_remembered_from_a_call_to_the_next() {
    let (host, hostile) = with_hostile(patient());
    for _ in 0..50 {
        let form = host.evaluate(hostile, &context(""), &behaving("count"), None).unwrap();
        assert_eq!(form.computed.get("fee"), Some(&Value::Decimal(1.into())));
    }
}

#[test]
fn an_input_over_the_limit_does_not_enter() {
    let (host, hostile) = with_hostile(patient());
    let mut context = context("");
    context.settings = Arc::new(serde_json::json!({"table": "x".repeat(2 << 20)}).into());
    let refused = host.evaluate(hostile, &context, &behaving(""), None);
    assert_eq!(refused, Err(CallError::TooLarge { what: "what the démarche is given", limit: 1_048_576 }));
    let many = (0..2_001).map(|row| (Target::row("player", row), Value::Boolean(true))).collect();
    let refused = host.evaluate(hostile, &crate::world::context(""), &crate::world::dossier(many), None);
    assert_eq!(refused, Err(CallError::TooLarge { what: "the number of answers", limit: 2_000 }));
}

#[test]
fn memory_comes_back_after_bombs_on_every_slot_at_once() {
    let (host, hostile) = with_hostile(patient());
    let bomb = || host.evaluate(hostile, &context(""), &behaving("memory"), None).unwrap_err();
    bomb();
    let before = resident();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..8).for_each(|_| assert_eq!(bomb(), CallError::OutOfMemory)));
        }
    });
    // 32 bombs of 32 MiB were thrown: what stays is what the four slots keep, and the noise of other tests.
    let grown = resident().saturating_sub(before);
    assert!(grown < 128 << 20, "{grown} octets stay");
    host.evaluate(hostile, &context(""), &behaving("well"), None).unwrap();
}

/// Octets of this process in memory.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 4096
}
