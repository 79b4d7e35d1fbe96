//! Drafts, signatures and délégations.

use super::*;

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
    assert!(matches!(&refusal, Refusal::Forbidden(why) if why == crate::workflow::decision::INSTRUCTED), "{refusal:?}");
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
