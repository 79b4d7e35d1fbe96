use parvis_sdk::{Answer, Level};

use super::*;
use crate::fixture::{VALBRUNE, context, date, decimal, dossier, scaffold, text, town, with, yes};

fn evaluated(answers: Vec<Answer>) -> FormState {
    evaluate(&context(&town(VALBRUNE), "", ""), &dossier("", answers), None)
}

fn problems(answers: Vec<Answer>) -> Vec<(Level, String)> {
    evaluated(answers).problems.into_iter().map(|problem| (problem.level, problem.code)).collect()
}

fn computed_text(state: &FormState, field: &str) -> Option<String> {
    Answers::new(&state.computed).text(field).map(str::to_owned)
}

#[test]
fn a_complete_request_has_no_problem_and_an_exact_estimate() {
    let state = evaluated(scaffold());
    assert_eq!(state.problems, []);
    assert_eq!(state.trace, Vec::<String>::new());
    let computed = Answers::new(&state.computed);
    // 9 m² × 2 weeks × 1,30 € = 23,40 €, and 14 € of fee.
    assert_eq!(computed.decimal("montant_estime"), Some(Decimal::new(3740, 2)));
    assert_eq!(computed.date("echeance_travail"), parvis_sdk::date("2027-01-25"));
    assert_eq!(computed_text(&state, "nom_contact"), Some("Toitures du Val".to_owned()));
    assert_eq!(computed_text(&state, "zone"), Some("Zone 1, centre ancien".to_owned()));
    assert_eq!(
        computed_text(&state, "resume").map(|line| line.replace('\u{a0}', " ")),
        Some("Échafaudage, 12 bis rue Pasteur, du 1er au 12 février 2027".to_owned())
    );
}

#[test]
fn an_empty_draft_is_no_problem() {
    assert_eq!(problems(Vec::new()), []);
}

#[test]
fn an_end_before_the_start_blocks() {
    let answers = with(scaffold(), vec![date("date_fin", "2027-01-31")]);
    assert_eq!(problems(answers), [(Level::Blocks, "fin-avant-debut".to_owned())]);
}

#[test]
fn a_start_in_the_past_blocks() {
    let answers = with(scaffold(), vec![date("date_debut", "2026-11-22")]);
    assert_eq!(problems(answers), [(Level::Blocks, "debut-passe".to_owned())]);
}

#[test]
fn impossible_sizes_block() {
    let answers = with(scaffold(), vec![decimal("longueur", "500"), decimal("largeur", "50")]);
    assert_eq!(problems(answers), [(Level::Blocks, "emprise-impossible".to_owned())]);
    let answers = with(scaffold(), vec![parvis_sdk::answer("places", Value::Integer(20))]);
    assert_eq!(problems(answers), [(Level::Blocks, "places-impossibles".to_owned())]);
    let absurd = with(scaffold(), vec![decimal("longueur", "79228162514264337593543950335")]);
    assert!(problems(absurd).iter().any(|(level, _)| *level == Level::Blocks));
}

#[test]
fn a_stay_of_four_years_blocks() {
    let answers = with(scaffold(), vec![date("date_fin", "2031-02-01")]);
    assert_eq!(problems(answers), [(Level::Blocks, "trop-long".to_owned())]);
}

#[test]
fn a_short_notice_only_warns_and_gives_the_phone() {
    let state = evaluated(with(scaffold(), vec![date("date_debut", "2026-12-01"), date("date_fin", "2026-12-02")]));
    let warning = state.problems.iter().find(|problem| problem.code == "delai-court").unwrap();
    assert_eq!(warning.level, Level::Warns);
    assert!(warning.message.contains("01 99 00 14 32"), "{}", warning.message);
}

#[test]
fn the_notice_is_counted_in_worked_days() {
    // Ten worked days stand between the 23rd of November and the 8th of December, excluded.
    let on = |first: &str| problems(with(scaffold(), vec![date("date_debut", first), date("date_fin", first)]));
    assert_eq!(on("2026-12-07"), [(Level::Warns, "delai-court".to_owned())]);
    assert_eq!(on("2026-12-08"), []);
}

#[test]
fn an_early_request_only_warns() {
    let answers = with(scaffold(), vec![date("date_debut", "2027-06-01"), date("date_fin", "2027-06-02")]);
    assert_eq!(problems(answers), [(Level::Warns, "demande-anticipee".to_owned())]);
}

#[test]
fn a_narrow_passage_only_warns() {
    let answers = with(scaffold(), vec![decimal("passage_pietons", "1.39")]);
    assert_eq!(problems(answers), [(Level::Warns, "passage-etroit".to_owned())]);
}

#[test]
fn works_on_a_facade_without_reference_only_warn() {
    let answers = with(scaffold(), vec![yes("travaux_facade")]);
    assert_eq!(problems(answers), [(Level::Warns, "declaration-absente".to_owned())]);
    let answers = with(scaffold(), vec![yes("travaux_facade"), text("declaration_prealable", "DP 099 101 26 00012")]);
    assert_eq!(problems(answers), []);
}

fn at(street: &str) -> FormState {
    let json = serde_json::json!({ "street": street, "postal_code": "", "town": "", "note": "" }).to_string();
    evaluated(with(scaffold(), vec![parvis_sdk::answer("adresse_occupation", Value::Json(json))]))
}

#[test]
fn another_road_manager_is_told_and_does_not_prevent_filing() {
    let state = at("3 rue de l'industrie");
    assert_eq!(state.problems.len(), 1);
    assert_eq!(state.problems[0].level, Level::Warns);
    assert!(
        state.problems[0].message.contains("la communauté de communes Val et Elme"),
        "{}",
        state.problems[0].message
    );
    assert_eq!(computed_text(&state, "gestionnaire"), Some("la communauté de communes Val et Elme".to_owned()));
    let state = at("12 bd Jean Moulin");
    assert!(state.problems[0].message.contains("permission de voirie"), "{}", state.problems[0].message);
}

#[test]
fn an_unknown_street_has_the_default_zone_and_a_warning() {
    let state = at("1 rue qui n’existe pas");
    assert_eq!(state.problems.iter().map(|problem| problem.code.as_str()).collect::<Vec<_>>(), ["voie-inconnue"]);
    assert_eq!(computed_text(&state, "zone"), Some("Zone 2, autres quartiers".to_owned()));
}

#[test]
fn the_moment_of_the_day_is_asked_for_a_single_day() {
    let hides = |last: &str| {
        let answers = with(scaffold(), vec![text("nature", "demenagement"), date("date_fin", last)]);
        evaluated(answers).hidden.iter().any(|target| target.field == "creneau")
    };
    assert!(hides("2027-02-02"));
    assert!(!hides("2027-02-01"));
}

#[test]
fn an_exemption_that_is_not_for_the_applicant_is_told() {
    let answers = with(scaffold(), vec![text("exoneration", "association")]);
    assert_eq!(problems(answers), [(Level::Warns, "exoneration-ecartee".to_owned())]);
}

#[test]
fn wrong_settings_never_stop_a_citizen() {
    let state = evaluate(&context("{}", "", ""), &dossier("", scaffold()), None);
    assert_eq!(state.problems, []);
    assert_eq!(state.trace.len(), 1);
}

#[test]
fn every_page_hides_the_same_questions() {
    let town = context(&town(VALBRUNE), "", "");
    let whole = evaluate(&town, &dossier("", scaffold()), None);
    assert!(!whole.hidden.is_empty());
    for page in ["demandeur", "payeur", "lieu", "occupation", "pieces"] {
        assert_eq!(evaluate(&town, &dossier("", scaffold()), Some(page)).hidden, whole.hidden, "{page}");
    }
}

#[test]
fn reasons_of_a_refusal_cannot_be_spaces() {
    let answers = with(scaffold(), vec![text("motif_droit", "  "), text("motif_fait", "Trottoir trop étroit")]);
    let state = evaluate(
        &context(&town(VALBRUNE), "instructeur", "a"),
        &dossier("en-instruction", answers),
        Some("preparer-refus"),
    );
    assert_eq!(state.problems.len(), 1);
    assert_eq!(state.problems[0].code, "motif-vide");
}
