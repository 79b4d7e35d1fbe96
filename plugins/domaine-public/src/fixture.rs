//! What tests share: the settings of the three towns, a request for an échafaudage, a context by hand.

use parvis_sdk::{
    ActionInput, Actor, ActorKind, Answer, Context, Decision, Dossier, Effect, Event, Refusal, Value, answer,
};

/// The settings of a town, as the host gives them: JSON made from its TOML.
pub(crate) fn town(toml: &str) -> String {
    let table: serde_json::Value = toml::from_str(toml).expect("the settings are TOML");
    table.to_string()
}

pub(crate) const VALBRUNE: &str = include_str!("../../../tenants/valbrune/demarches/domaine-public.toml");
pub(crate) const SAINT_ELME: &str = include_str!("../../../tenants/saint-elme-les-bois/demarches/domaine-public.toml");
pub(crate) const VAL_ET_ELME: &str = include_str!("../../../tenants/cc-val-et-elme/demarches/domaine-public.toml");

/// A context on a Monday, for an agent under a function.
pub(crate) fn context(settings: &str, function: &str, agent: &str) -> Context {
    Context {
        now: "2026-11-23T10:00:00+01:00".to_owned(),
        zone: "Europe/Paris".to_owned(),
        closed_days: vec!["2026-12-25".to_owned(), "2027-01-01".to_owned()],
        language: "fr".to_owned(),
        channel: "web".to_owned(),
        trial: false,
        seed: "seed".to_owned(),
        actor: Actor { kind: ActorKind::Agent, id: agent.to_owned(), function: function.to_owned() },
        settings: settings.to_owned(),
        replies: Vec::new(),
        extra: Vec::new(),
    }
}

/// A context in which someone signs.
pub(crate) fn signing(settings: &str, agent: &str, email: &str) -> Context {
    let mut context = context(settings, "signataire", agent);
    context.extra = vec![
        answer("signataire.prenom", Value::of_text("Camille")),
        answer("signataire.nom", Value::of_text("Ferrand")),
        answer("signataire.email", Value::of_text(email)),
        answer("numero_acte", Value::of_text("2026-0042")),
        answer("date_acte", Value::Date("2026-11-23".to_owned())),
    ];
    context
}

pub(crate) fn text(field: &str, text: &str) -> Answer {
    answer(field, Value::of_text(text))
}

pub(crate) fn date(field: &str, text: &str) -> Answer {
    answer(field, Value::Date(text.to_owned()))
}

pub(crate) fn decimal(field: &str, text: &str) -> Answer {
    answer(field, Value::Decimal(text.to_owned()))
}

pub(crate) fn yes(field: &str) -> Answer {
    answer(field, Value::Boolean(true))
}

fn address(field: &str, street: &str) -> Answer {
    let json = serde_json::json!({ "street": street, "postal_code": "23910", "town": "Valbrune", "note": "" });
    answer(field, Value::Json(json.to_string()))
}

/// A complete request for an échafaudage of 6 m by 1,50 m in the old town, on the pavement.
pub(crate) fn scaffold() -> Vec<Answer> {
    vec![
        text("type_demandeur", "entreprise"),
        text("raison_sociale", "Toitures du Val"),
        text("siret", "73282932000074"),
        text("prenom", "Ana"),
        text("nom", "Duval"),
        address("adresse", "4 rue des Lilas"),
        text("courriel", "ana@toitures.example"),
        text("telephone", "0199001234"),
        answer("payeur_autre", Value::Boolean(false)),
        address("adresse_occupation", "12 bis rue Pasteur"),
        text("nature", "echafaudage"),
        answer("ancrage", Value::Boolean(false)),
        date("date_debut", "2027-02-01"),
        date("date_fin", "2027-02-12"),
        decimal("longueur", "6"),
        decimal("largeur", "1.50"),
        answer("fermetures", Value::Choices(vec!["trottoir".to_owned()])),
        decimal("passage_pietons", "1.40"),
        text("intervenant", "Toitures du Val"),
        text("astreinte", "0199005678"),
    ]
}

/// The same answers with some of them in place of the first ones.
pub(crate) fn with(mut answers: Vec<Answer>, others: Vec<Answer>) -> Vec<Answer> {
    for other in others {
        answers.retain(|known| known.at != other.at);
        answers.push(other);
    }
    answers
}

/// A dossier in a state.
pub(crate) fn dossier(state: &str, answers: Vec<Answer>) -> Dossier {
    Dossier {
        number: "ODP-2026-000123".to_owned(),
        revision: 1,
        state: state.to_owned(),
        filed_at: Some("2026-11-20T09:00:00+01:00".to_owned()),
        answers,
        memory: "{}".to_owned(),
    }
}

pub(crate) fn action(name: &str, inputs: Vec<Answer>) -> Event {
    Event::Action(ActionInput { name: name.to_owned(), inputs })
}

/// The dossier after a decision: its memory, its answers, its state.
pub(crate) fn after(dossier: &Dossier, decision: &Decision) -> Dossier {
    let mut next = dossier.clone();
    next.memory.clone_from(&decision.memory);
    next.answers = with(next.answers, decision.answers.clone());
    if let Some(state) = entered(decision) {
        state.clone_into(&mut next.state);
    }
    next
}

/// The state that a decision enters.
pub(crate) fn entered(decision: &Decision) -> Option<&str> {
    decision.effects.iter().rev().find_map(|effect| match effect {
        Effect::Enter(state) => Some(state.as_str()),
        _ => None,
    })
}

/// Variables of a document that a decision makes.
pub(crate) fn produced(decision: &Decision, key: &str) -> Option<serde_json::Value> {
    decision.effects.iter().find_map(|effect| match effect {
        Effect::Produce(document) if document.key == key => serde_json::from_str(&document.variables).ok(),
        _ => None,
    })
}

/// Why an event is refused, in words.
pub(crate) fn why(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Forbidden(why) | Refusal::Unexpected(why) => why.clone(),
        Refusal::Invalid(problems) => problems.iter().map(|problem| problem.code.clone()).collect::<Vec<_>>().join(" "),
    }
}
