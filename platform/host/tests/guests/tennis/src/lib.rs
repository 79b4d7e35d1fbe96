//! A tennis club lends its courts: a démarche that is not a town's, to prove that the platform knows none.

use parvis_sdk::{
    Answer, Context, Decision, Demarche, Dossier, Effect, Event, FormState, Level, Notice, Offer, Problem, Refusal,
    Target, Value, contract::Definition,
};

/// Price of one court for members, in euros.
const MEMBER_PRICE: i32 = 120;
/// Price of one court for others, in euros.
const GUEST_PRICE: i32 = 180;

struct TennisClub;

parvis_sdk::export!(TennisClub);

impl Demarche for TennisClub {
    fn describe() -> Definition {
        serde_json::from_str(include_str!("../definition.json")).expect("the definition is a file of this crate")
    }

    fn evaluate(_context: &Context, draft: &Dossier, _step: Option<&str>) -> FormState {
        FormState {
            hidden: Vec::new(),
            required: Vec::new(),
            locked: Vec::new(),
            computed: fee(draft).into_iter().collect(),
            options: Vec::new(),
            problems: too_many_courts(draft).into_iter().collect(),
            lookups: Vec::new(),
            trace: vec![format!("{} answers", draft.answers.len())],
            extra: "{}".to_owned(),
        }
    }

    fn offers(_context: &Context, dossier: &Dossier) -> Vec<Offer> {
        let refused_because = (dossier.state != "open").then(|| "La demande est close.".to_owned());
        vec![Offer { action: "accept".to_owned(), refused_because }]
    }

    fn handle(context: &Context, dossier: &Dossier, event: &Event) -> Result<Decision, Refusal> {
        let effects = match event {
            Event::Filed => vec![Effect::Enter("open".to_owned())],
            Event::Action(action) if action.name == "accept" => {
                if context.actor.function != "referee" {
                    return Err(Refusal::Forbidden("Seul le juge-arbitre accepte.".to_owned()));
                }
                vec![Effect::Enter("granted".to_owned()), Effect::Notify(granted())]
            }
            _ => return Err(Refusal::Unexpected("Rien à faire.".to_owned())),
        };
        Ok(Decision {
            memory: dossier.memory.clone(),
            answers: fee(dossier).into_iter().collect(),
            effects,
            trace: Vec::new(),
            extra: "{}".to_owned(),
        })
    }
}

fn granted() -> Notice {
    Notice {
        key: "granted".to_owned(),
        template: "granted".to_owned(),
        to: "usager".to_owned(),
        variables: "{}".to_owned(),
        attach: Vec::new(),
    }
}

fn answer<'a>(dossier: &'a Dossier, field: &str) -> Option<&'a Value> {
    dossier.answers.iter().find(|answer| answer.at.field == field).map(|answer| &answer.value)
}

fn courts(dossier: &Dossier) -> Option<i32> {
    match answer(dossier, "courts")? {
        Value::Integer(courts) => Some(*courts),
        _ => None,
    }
}

fn fee(dossier: &Dossier) -> Option<Answer> {
    let is_member = matches!(answer(dossier, "member"), Some(Value::Boolean(true)));
    let price = if is_member { MEMBER_PRICE } else { GUEST_PRICE };
    let amount = courts(dossier)?.checked_mul(price)?;
    let at = Target { field: "fee".to_owned(), row: None };
    Some(Answer { at, value: Value::Decimal(format!("{amount}.00")) })
}

fn too_many_courts(dossier: &Dossier) -> Option<Problem> {
    (courts(dossier)? > 2).then(|| Problem {
        at: Some(Target { field: "courts".to_owned(), row: None }),
        level: Level::Warns,
        code: "many-courts".to_owned(),
        message: "Au-delà de deux courts, le bureau est consulté.".to_owned(),
    })
}
