//! A guest that misbehaves as its answer `name` says.

use std::{
    hint::black_box,
    sync::atomic::{AtomicI32, Ordering},
};

use parvis_sdk::{
    Answer, Context, Decision, Demarche, Dossier, Effect, Event, FormState, Offer, Refusal, Target, Value,
    bindings::parvis::demarche::types::Request, contract::Definition,
};

struct Hostile;

parvis_sdk::export!(Hostile);

/// What a guest would remember from a call to the next, if instances were kept.
static CALLS: AtomicI32 = AtomicI32::new(0);

impl Demarche for Hostile {
    fn describe() -> Definition {
        let definition = include_str!("../../tennis/definition.json").replace("tennis-club", "hostile");
        serde_json::from_str(&definition).expect("the definition is a file of this workspace")
    }

    fn evaluate(_context: &Context, draft: &Dossier, _step: Option<&str>) -> FormState {
        let mut form = FormState {
            hidden: Vec::new(),
            required: Vec::new(),
            locked: Vec::new(),
            computed: Vec::new(),
            options: Vec::new(),
            problems: Vec::new(),
            lookups: Vec::new(),
            trace: Vec::new(),
            extra: "{}".to_owned(),
        };
        match behaviour(draft) {
            "loop" => loop {
                black_box(());
            },
            "memory" => {
                let mut kept = Vec::new();
                loop {
                    kept.push(black_box(vec![1_u8; 1 << 20]));
                }
            }
            "stack" => form.trace.push(dig(1).to_string()),
            "panic" => panic!("on purpose"),
            "output" => form.trace.push("x".repeat(3 << 20)),
            "ghost" => form.hidden.push(Target { field: "ghost".to_owned(), row: None }),
            "lookup" => form.lookups.push(request()),
            "count" => {
                let calls = CALLS.fetch_add(1, Ordering::Relaxed) + 1;
                let at = Target { field: "fee".to_owned(), row: None };
                form.computed.push(Answer { at, value: Value::Decimal(calls.to_string()) });
            }
            _ => {}
        }
        form
    }

    fn offers(_context: &Context, _dossier: &Dossier) -> Vec<Offer> {
        vec![Offer { action: "steal".to_owned(), refused_because: None }]
    }

    fn handle(_context: &Context, dossier: &Dossier, _event: &Event) -> Result<Decision, Refusal> {
        let mut decision = Decision {
            memory: "{}".to_owned(),
            answers: Vec::new(),
            effects: Vec::new(),
            trace: Vec::new(),
            extra: "{}".to_owned(),
        };
        match behaviour(dossier) {
            "swarm" => decision.effects = vec![Effect::Mark(String::new()); 60_000],
            "million-effects" => decision.effects = vec![Effect::Mark(String::new()); 1_000_000],
            "hundred-effects" => decision.effects = vec![Effect::Mark("m".to_owned()); 100],
            "unserved" => decision.effects = vec![Effect::Enter("open".to_owned()), Effect::Query(request())],
            "ghost" => decision.effects = vec![Effect::Enter("ghost".to_owned())],
            "memory" => decision.memory = format!("\"{}\"", "m".repeat(40_000)),
            "not-json" => decision.memory = "{".to_owned(),
            "rewrite" => {
                let at = Target { field: "name".to_owned(), row: None };
                decision.answers.push(Answer { at, value: Value::Text("someone else".to_owned()) });
            }
            _ => {}
        }
        Ok(decision)
    }
}

fn behaviour(dossier: &Dossier) -> &str {
    let answer = dossier.answers.iter().find(|answer| answer.at.field == "name");
    match answer.map(|answer| &answer.value) {
        Some(Value::Text(name)) => name,
        _ => "",
    }
}

fn request() -> Request {
    Request { key: "k".to_owned(), connector: "entreprise".to_owned(), question: "{}".to_owned() }
}

/// Recursion that no optimiser makes a loop of.
fn dig(depth: u64) -> u64 {
    let layer = black_box([depth; 64]);
    if depth == 0 {
        return 0;
    }
    dig(black_box(depth + 1)) + layer[(depth % 64) as usize]
}
