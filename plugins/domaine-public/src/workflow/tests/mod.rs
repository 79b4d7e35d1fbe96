//! From the filing to the end; signatures stand beside.

mod decision;

use parvis_sdk::{Answer, Reply, Value, answer};

use super::*;
use crate::{
    fixture::{
        SAINT_ELME, VALBRUNE, action, after, context, date, dossier, entered, produced, scaffold, signing, text, town,
        why, with, yes,
    },
    states::{
        A_COMPLETER, A_VERIFIER, EN_COURS, EN_INSTRUCTION, OPEN, PROJET_ARRETE, PROJET_REFUS, REFUSE, REJET_IMPLICITE,
        RETIRE, SANS_OBJET, SANS_SUITE, SIGNE, TERMINEE, TRANSMIS,
    },
};
use parvis_sdk::Effect;

const ANA: &str = "agent-ana";
const CAMILLE: &str = "agent-camille";

fn valbrune() -> String {
    town(VALBRUNE)
}

fn as_instructor() -> Context {
    context(&valbrune(), "instructeur", ANA)
}

fn system() -> Context {
    context(&valbrune(), "", "")
}

fn done(context: &Context, dossier: &Dossier, event: &Event) -> (Dossier, Decision) {
    let decision = handle(context, dossier, event).unwrap();
    (after(dossier, &decision), decision)
}

/// A dossier whose act is drafted by Ana.
fn drafted(answers: Vec<Answer>) -> Dossier {
    let (filed, _) = done(&system(), &dossier("depose", answers), &Event::Filed);
    let (instructed, _) = done(&as_instructor(), &filed, &action("instruire", vec![]));
    done(&as_instructor(), &instructed, &action("preparer-arrete", vec![text("prescriptions", "Bâche de protection.")]))
        .0
}

fn effects(decision: &Decision) -> Vec<String> {
    decision
        .effects
        .iter()
        .map(|effect| match effect {
            Effect::Enter(state) => format!("enter {state}"),
            Effect::Schedule(timer) => format!("schedule {} {}", timer.key, timer.at),
            Effect::Cancel(key) => format!("cancel {key}"),
            Effect::Assign(task) => format!("assign {} to {}", task.key, task.function),
            Effect::Mark(mark) => format!("mark {mark}"),
            Effect::AskPieces(request) => format!("ask {} for {} days", request.items.len(), request.days),
            Effect::Rule(ruling) => format!("rule {:?}", ruling.outcome),
            Effect::Notify(notice) => format!("notify {} with {:?}", notice.template, notice.attach),
            Effect::Produce(document) => format!("produce {}", document.key),
            Effect::Note(_) => "note".to_owned(),
            other => format!("{other:?}"),
        })
        .collect()
}

#[test]
fn filing_prices_schedules_and_goes_to_be_checked() {
    let (filed, decision) = done(&system(), &dossier("depose", scaffold()), &Event::Filed);
    assert_eq!(filed.state, A_VERIFIER);
    assert_eq!(
        effects(&decision),
        [
            "enter a-verifier",
            "schedule debut 2027-02-01T00:00:00",
            "schedule debut-passe 2027-02-02T00:00:00",
            "schedule fin 2027-02-13T00:00:00",
        ]
    );
    let answers = Answers::new(&filed.answers);
    assert_eq!(answers.decimal("montant_estime"), answers.decimal("montant"));
    assert_eq!(answers.decimal("montant").map(|amount| amount.to_string()), Some("37.40".to_owned()));
}

#[test]
fn a_late_request_is_marked_urgent_and_one_for_another_manager_too() {
    let late = with(scaffold(), vec![date("date_debut", "2026-11-25"), date("date_fin", "2026-11-26")]);
    let (_, decision) = done(&system(), &dossier("depose", late), &Event::Filed);
    assert!(effects(&decision).contains(&"mark urgent".to_owned()));
    let json = serde_json::json!({ "street": "1 rue de l’Industrie" }).to_string();
    let elsewhere = with(scaffold(), vec![answer("adresse_occupation", Value::Json(json))]);
    let (_, decision) = done(&system(), &dossier("depose", elsewhere), &Event::Filed);
    assert!(effects(&decision).contains(&"mark autre gestionnaire".to_owned()));
}

#[test]
fn taking_in_charge_asks_the_opinions_then_tells_when_all_are_given() {
    let (instructed, decision) = done(&as_instructor(), &dossier(A_VERIFIER, scaffold()), &action("instruire", vec![]));
    assert_eq!(
        effects(&decision),
        ["enter en-instruction", "assign avis-voirie to voirie", "assign avis-police to police-municipale"]
    );
    let opinion = |key: &str, content: &str| {
        Event::Opinion(Reply { key: key.to_owned(), succeeded: true, content: content.to_owned() })
    };
    let content = r#"{"sens": "reserves", "texte": "Avis favorable sous réserve : un filet"}"#;
    let (one, decision) = done(&system(), &instructed, &opinion("avis-voirie", content));
    assert_eq!(effects(&decision), Vec::<String>::new());
    assert_eq!(Answers::new(&one.answers).text("avis_voirie"), Some("Avis favorable sous réserve : un filet"));
    let (_, decision) = done(&system(), &one, &opinion("avis-police", "\"Rien à dire\""));
    assert_eq!(effects(&decision), ["assign avis-rendus to instructeur"]);
}

fn asking(essential: bool) -> Event {
    action(
        "demander-pieces",
        vec![
            answer("pieces_demandees", Value::Choices(vec!["plan".to_owned()])),
            text("pieces_motif", "Le plan n’est pas lisible"),
            answer("pieces_indispensables", Value::Boolean(essential)),
            answer("pieces_delai", Value::Integer(10)),
        ],
    )
}

#[test]
fn essential_documents_suspend_the_work_and_the_usager_is_reminded() {
    let (waiting, decision) = done(&as_instructor(), &dossier(EN_INSTRUCTION, scaffold()), &asking(true));
    assert_eq!(
        effects(&decision),
        [
            "ask 1 for 10 days",
            "enter a-completer",
            "schedule expiration-pieces 2026-12-04T00:00:00",
            "schedule relance-pieces 2026-11-28T00:00:00",
        ]
    );
    let (_, decision) = done(&system(), &waiting, &Event::Timer("relance-pieces".to_owned()));
    assert_eq!(effects(&decision), ["notify relance with []"]);
    let (resumed, decision) = done(&system(), &waiting, &Event::Completed(vec![]));
    assert_eq!(resumed.state, EN_INSTRUCTION);
    assert!(effects(&decision).contains(&"cancel expiration-pieces".to_owned()));
}

#[test]
fn a_document_that_is_only_missing_does_not_stop_the_work() {
    let (same, decision) = done(&as_instructor(), &dossier(EN_INSTRUCTION, scaffold()), &asking(false));
    assert_eq!(effects(&decision), ["ask 1 for 10 days"]);
    assert_eq!(same.state, EN_INSTRUCTION);
}

#[test]
fn a_document_that_the_form_does_not_hold_cannot_be_asked() {
    let removal = with(scaffold(), vec![text("nature", "demenagement")]);
    let refusal = handle(&as_instructor(), &dossier(EN_INSTRUCTION, removal), &asking(true)).unwrap_err();
    assert_eq!(why(&refusal), "piece-sans-objet");
}

#[test]
fn closing_without_answer_waits_for_the_end_of_the_delay() {
    let (waiting, _) = done(&as_instructor(), &dossier(EN_INSTRUCTION, scaffold()), &asking(true));
    let close = action("classer-sans-suite", vec![]);
    let refusal = handle(&as_instructor(), &waiting, &close).unwrap_err();
    assert!(why(&refusal).contains("3\u{a0}décembre 2026"), "{refusal:?}");
    assert!(offers(&as_instructor(), &waiting)[0].refused_because.is_some());

    let mut later = as_instructor();
    "2026-12-04T09:00:00+01:00".clone_into(&mut later.now);
    let (reminded, decision) = done(&later, &waiting, &Event::Timer("expiration-pieces".to_owned()));
    assert!(effects(&decision).contains(&"assign pieces-non-recues to instructeur".to_owned()));
    assert_eq!(reminded.state, A_COMPLETER);
    let (closed, decision) = done(&later, &reminded, &close);
    assert_eq!(closed.state, SANS_SUITE);
    assert!(effects(&decision).contains(&"notify sans-suite with []".to_owned()));
}

#[test]
fn a_correction_changes_the_amount_and_the_draft_and_is_told() {
    let mut draft = drafted(scaffold());
    draft.answers = with(draft.answers, vec![date("date_fin", "2027-02-28")]);
    let (corrected, decision) = done(&as_instructor(), &draft, &Event::Corrected(vec![date("date_fin", "2027-02-28")]));
    // Four weeks in place of two: 9 m² × 4 × 1,30 € and 14 € of fee; what was estimated stays as it was told.
    let answers = Answers::new(&corrected.answers);
    assert_eq!(answers.decimal("montant").map(|amount| amount.to_string()), Some("60.80".to_owned()));
    assert_eq!(answers.decimal("montant_estime").map(|amount| amount.to_string()), Some("37.40".to_owned()));
    let told = effects(&decision);
    assert!(told.contains(&"produce projet".to_owned()), "{told:?}");
    assert!(told.contains(&"schedule fin 2027-03-01T00:00:00".to_owned()), "{told:?}");
    assert!(told.contains(&"notify correction with []".to_owned()), "{told:?}");
}

#[test]
fn a_decided_request_is_neither_corrected_nor_withdrawn_nor_rejected_by_silence() {
    for state in [SIGNE, EN_COURS, TERMINEE, REFUSE] {
        let decided = dossier(state, scaffold());
        assert!(handle(&as_instructor(), &decided, &Event::Corrected(vec![])).is_err());
        assert!(handle(&system(), &decided, &Event::Withdrawn).is_err());
        assert_eq!(done(&system(), &decided, &Event::Lapsed).0.state, state);
    }
}

#[test]
fn a_request_for_another_authority_is_sent_and_told() {
    let to = text("destinataire", "la communauté de communes Val et Elme");
    let (sent, decision) = done(&as_instructor(), &dossier(A_VERIFIER, scaffold()), &action("transmettre", vec![to]));
    assert_eq!(sent.state, TRANSMIS);
    assert!(effects(&decision).contains(&"notify transmise with []".to_owned()));
}

#[test]
fn time_starts_ends_or_voids_the_occupation() {
    let timer =
        |state: &str, key: &str| done(&system(), &dossier(state, scaffold()), &Event::Timer(key.to_owned())).0.state;
    assert_eq!(timer(SIGNE, "debut"), EN_COURS);
    assert_eq!(timer(EN_COURS, "fin"), TERMINEE);
    assert_eq!(timer(SIGNE, "fin"), TERMINEE);
    for state in OPEN {
        assert_eq!(timer(state, "debut-passe"), SANS_OBJET);
        assert_eq!(timer(state, "debut"), state);
        assert_eq!(timer(state, "fin"), state);
    }
    assert_eq!(timer(SIGNE, "debut-passe"), SIGNE);
    assert_eq!(timer(EN_INSTRUCTION, "relance-pieces"), EN_INSTRUCTION);
}

#[test]
fn silence_and_withdrawal_close_what_is_open() {
    for state in OPEN {
        let (lapsed, decision) = done(&system(), &dossier(state, scaffold()), &Event::Lapsed);
        assert_eq!(lapsed.state, REJET_IMPLICITE);
        assert!(effects(&decision).iter().all(|effect| !effect.starts_with("notify")));
        assert_eq!(done(&system(), &dossier(state, scaffold()), &Event::Withdrawn).0.state, RETIRE);
    }
}

#[test]
fn an_action_out_of_its_state_or_function_is_refused() {
    let filed = dossier(A_VERIFIER, scaffold());
    assert!(matches!(
        handle(&as_instructor(), &filed, &action("preparer-arrete", vec![])),
        Err(Refusal::Unexpected(_))
    ));
    assert!(matches!(
        handle(&context(&valbrune(), "voirie", "v"), &filed, &action("instruire", vec![])),
        Err(Refusal::Forbidden(_))
    ));
    assert!(handle(&as_instructor(), &filed, &action("inconnue", vec![])).is_err());
}

#[test]
fn offers_are_those_of_the_state_and_of_the_function() {
    let names = |context: &Context, state: &str| {
        offers(context, &dossier(state, scaffold())).into_iter().map(|offer| offer.action).collect::<Vec<_>>()
    };
    assert_eq!(names(&as_instructor(), A_VERIFIER), ["instruire", "demander-pieces", "transmettre"]);
    let context = signing(&valbrune(), CAMILLE, "signataire@valbrune.example");
    assert_eq!(names(&context, PROJET_ARRETE), ["signer", "renvoyer"]);
    assert_eq!(names(&as_instructor(), SIGNE), Vec::<String>::new());
    assert_eq!(
        entered(&handle(&as_instructor(), &dossier(A_VERIFIER, scaffold()), &action("instruire", vec![])).unwrap()),
        Some(EN_INSTRUCTION)
    );
}

#[test]
fn wrong_settings_refuse_the_event_in_one_sentence() {
    let refusal = handle(&context("{}", "", ""), &dossier("depose", scaffold()), &Event::Filed).unwrap_err();
    assert!(why(&refusal).contains("paramétrage"), "{refusal:?}");
}

#[test]
fn an_act_for_a_street_of_another_authority_is_not_prepared() {
    let json = serde_json::json!({ "street": "1 rue de l’Industrie" }).to_string();
    let elsewhere = with(scaffold(), vec![answer("adresse_occupation", Value::Json(json))]);
    let dossier = dossier(EN_INSTRUCTION, elsewhere);
    let refusal = handle(&as_instructor(), &dossier, &action("preparer-arrete", vec![])).unwrap_err();
    assert!(why(&refusal).contains("la communauté de communes Val et Elme"), "{refusal:?}");
    let offer = offers(&as_instructor(), &dossier).into_iter().find(|offer| offer.action == "preparer-arrete").unwrap();
    assert!(offer.refused_because.is_some());
}
