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
fn the_executive_signs_and_the_act_says_all() {
    let draft = drafted(scaffold());
    assert_eq!(draft.state, PROJET_ARRETE);
    let (signed, decision) =
        done(&signing(&valbrune(), CAMILLE, "signataire@valbrune.example"), &draft, &action("signer", vec![]));
    assert_eq!(signed.state, SIGNE);
    assert_eq!(
        effects(&decision),
        [
            "cancel debut-passe",
            "cancel relance-pieces",
            "cancel expiration-pieces",
            "rule Outcome::Favourable",
            "produce arrete",
            "enter signe",
            "schedule debut 2027-02-01T00:00:00",
            "notify favorable with [\"arrete\"]",
        ]
    );
    let act = produced(&decision, "arrete").unwrap();
    assert_eq!(act["titre"], "Arrêté n° 2026-0042");
    assert_eq!(
        act["objet"],
        "portant permis de stationnement et réglementation temporaire de la circulation et du stationnement"
    );
    assert_eq!(act["signature"]["delegation"], serde_json::Value::Null);
    assert_eq!(act["signature"]["nom"], "Camille Ferrand");
    let all = act.to_string().replace('\u{a0}', " ");
    for wanted in
        ["37,40 €", "Toitures du Val", "2026-10-071", "L2213-6", "L113-2", "L411-1", "Bâche de protection", "1,40 m"]
    {
        assert!(all.contains(wanted), "{wanted} is not in {all}");
    }
}

#[test]
fn the_payer_is_named_when_it_is_someone_else() {
    let answers = with(scaffold(), vec![yes("payeur_autre"), text("payeur_nom", "Syndic Le Val")]);
    let (_, decision) = done(
        &signing(&valbrune(), CAMILLE, "signataire@valbrune.example"),
        &drafted(answers),
        &action("signer", vec![]),
    );
    assert!(produced(&decision, "arrete").unwrap().to_string().contains("dus par Syndic Le Val"));
}

#[test]
fn an_anchored_installation_has_a_permission_de_voirie() {
    let (_, decision) = done(
        &signing(&valbrune(), CAMILLE, "signataire@valbrune.example"),
        &drafted(with(scaffold(), vec![yes("ancrage")])),
        &action("signer", vec![]),
    );
    let object = produced(&decision, "arrete").unwrap()["objet"].to_string();
    assert!(object.contains("portant permission de voirie et"), "{object}");
}

#[test]
fn who_instructs_never_signs() {
    let draft = drafted(scaffold());
    let context = signing(&valbrune(), ANA, "signataire@valbrune.example");
    let refusal = handle(&context, &draft, &action("signer", vec![])).unwrap_err();
    assert!(matches!(&refusal, Refusal::Forbidden(why) if why == decision::INSTRUCTED), "{refusal:?}");
    assert!(offers(&context, &draft).iter().all(|offer| offer.action != "signer" || offer.refused_because.is_some()));
}

#[test]
fn who_corrected_never_signs() {
    let filed = dossier(EN_INSTRUCTION, scaffold());
    let mut camille = as_instructor();
    CAMILLE.clone_into(&mut camille.actor.id);
    let (corrected, _) = done(&camille, &filed, &Event::Corrected(vec![]));
    let (draft, _) = done(&as_instructor(), &corrected, &action("preparer-arrete", vec![]));
    let context = signing(&valbrune(), CAMILLE, "signataire@valbrune.example");
    assert!(handle(&context, &draft, &action("signer", vec![])).is_err());
}

#[test]
fn a_delegation_is_printed_with_its_number_and_dates() {
    let (_, decision) = done(
        &signing(&valbrune(), CAMILLE, "Adjoint@valbrune.example"),
        &drafted(scaffold()),
        &action("signer", vec![]),
    );
    let act = produced(&decision, "arrete").unwrap();
    assert_eq!(act["signature"]["delegation"], "Pour la maire et par délégation");
    let visas = act["visas"].to_string().replace('\u{a0}', " ");
    assert!(visas.contains("n° 2026-087 du 7 avril 2026, publié le 9 avril 2026"), "{visas}");
}

fn signed_at(settings: &str, email: &str, day: &str, answers: Vec<Answer>) -> Result<Decision, Refusal> {
    let mut context = signing(settings, CAMILLE, email);
    context.extra = with(context.extra, vec![date("date_acte", day)]);
    handle(&context, &drafted(answers), &action("signer", vec![]))
}

#[test]
fn a_delegation_that_does_not_cover_the_matter_is_refused() {
    let settings = town(SAINT_ELME);
    let adjoint = "adjoint@saint-elme-les-bois.example";
    let refusal = signed_at(&settings, adjoint, "2026-11-23", scaffold()).unwrap_err();
    assert!(why(&refusal).contains("2026-12 ne couvre pas la police de la circulation"), "{refusal:?}");
    let quiet = with(scaffold(), vec![answer("fermetures", Value::Choices(vec![]))]);
    assert!(signed_at(&settings, adjoint, "2026-11-23", quiet).is_ok());
}

#[test]
fn a_delegation_that_does_not_cover_the_day_is_refused() {
    let ended = town(&VALBRUNE.replace("debut = \"2026-04-09\"", "debut = \"2026-04-09\"\nfin = \"2026-11-22\""));
    let adjoint = "adjoint@valbrune.example";
    assert!(signed_at(&ended, adjoint, "2026-11-22", scaffold()).is_ok());
    let refusal = signed_at(&ended, adjoint, "2026-11-23", scaffold()).unwrap_err();
    assert!(why(&refusal).contains("n’est pas en vigueur le 23\u{a0}novembre 2026"), "{refusal:?}");
    assert!(signed_at(&valbrune(), adjoint, "2026-04-08", scaffold()).is_err());
}

#[test]
fn a_delegation_that_is_not_published_is_not_in_force() {
    let unpublished = town(&VALBRUNE.replace("publiee_le = \"2026-04-09\"", "publiee_le = \"2026-12-01\""));
    assert!(signed_at(&unpublished, "adjoint@valbrune.example", "2026-11-23", scaffold()).is_err());
}

#[test]
fn someone_without_delegation_does_not_sign() {
    let refusal = signed_at(&valbrune(), "passant@valbrune.example", "2026-11-23", scaffold()).unwrap_err();
    assert!(matches!(&refusal, Refusal::Forbidden(_)), "{refusal:?}");
}

#[test]
fn a_signature_without_number_is_refused_but_for_a_trial() {
    let draft = drafted(scaffold());
    let mut context = signing(&valbrune(), CAMILLE, "signataire@valbrune.example");
    context.extra.retain(|fact| fact.at.field != "numero_acte");
    assert!(handle(&context, &draft, &action("signer", vec![])).is_err());
    context.trial = true;
    assert!(handle(&context, &draft, &action("signer", vec![])).is_ok());
}

fn refusing(law: &str, facts: &str) -> Event {
    action("preparer-refus", vec![text("motif_droit", law), text("motif_fait", facts)])
}

#[test]
fn a_refusal_without_reasons_is_refused() {
    let dossier = dossier(EN_INSTRUCTION, scaffold());
    for event in [refusing("", "Trottoir trop étroit"), refusing("Article L2213-6", "  ")] {
        assert_eq!(why(&handle(&as_instructor(), &dossier, &event).unwrap_err()), "motif-vide");
    }
}

#[test]
fn a_refusal_is_prepared_then_signed_by_another() {
    let event = refusing("Vu l’article L2213-6 du CGCT", "Considérant que le trottoir est trop étroit.");
    let (draft, decision) = done(&as_instructor(), &dossier(EN_INSTRUCTION, scaffold()), &event);
    assert_eq!(draft.state, PROJET_REFUS);
    assert_eq!(produced(&decision, "projet").unwrap()["projet"], true);
    let sign = action("signer-refus", vec![]);
    assert!(handle(&signing(&valbrune(), ANA, "signataire@valbrune.example"), &draft, &sign).is_err());
    let (refused, decision) = done(&signing(&valbrune(), CAMILLE, "signataire@valbrune.example"), &draft, &sign);
    assert_eq!(refused.state, REFUSE);
    assert!(effects(&decision).contains(&"notify refusee with [\"refus\"]".to_owned()));
    let act = produced(&decision, "refus").unwrap().to_string();
    assert!(act.contains("le trottoir est trop étroit") && act.contains("tribunal administratif"), "{act}");
}

#[test]
fn a_draft_is_sent_back_with_a_reason_or_taken_back() {
    let draft = drafted(scaffold());
    let context = signing(&valbrune(), CAMILLE, "signataire@valbrune.example");
    assert!(handle(&context, &draft, &action("renvoyer", vec![])).is_err());
    let (back, _) = done(&context, &draft, &action("renvoyer", vec![text("renvoi_motif", "La date est fausse")]));
    assert_eq!(back.state, EN_INSTRUCTION);
    assert_eq!(done(&as_instructor(), &draft, &action("reprendre", vec![])).0.state, EN_INSTRUCTION);
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
