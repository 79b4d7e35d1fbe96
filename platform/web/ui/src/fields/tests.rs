//! What a question looks like in each of its states.

use parvis_contract::{Choice, Condition, FilledBy, Literal, Options, Required, Sensitivity};
use parvis_domain::input::Raw;

use super::*;

fn asked(id: &str, label: &str, kind: Kind) -> Question {
    let field = parvis_contract::Field {
        id: id.to_owned(),
        label: label.to_owned(),
        hint: None,
        kind,
        required: Required::Yes,
        purpose: String::new(),
        sensitivity: Sensitivity::None,
        prefill: None,
        column: false,
        autocomplete: None,
        condition: Some(Condition::Equals { field: "x".to_owned(), value: Literal::Boolean(true) }),
        filled_by: FilledBy::Usager,
        key: false,
        told: false,
    };
    Question {
        at: Target::field(id),
        name: format!("f.{id}"),
        field,
        required: true,
        locked: false,
        options: Vec::new(),
        raw: Raw::default(),
        pieces: Vec::new(),
        errors: Vec::new(),
        warnings: Vec::new(),
        rows: Vec::new(),
    }
}

fn html(question: Question) -> String {
    let form = FormView { questions: vec![question], ..FormView::default() };
    render(&form, "", &PieceRoutes::default()).questions[0].to_string()
}

#[test]
fn what_was_typed_comes_back_escaped() {
    let mut question = asked("nom", "Nom", Kind::Email);
    question.raw = Raw::text("\"><script>alert(1)</script>");
    let html = html(question);
    assert!(!html.contains("<script>") && html.contains("&#60;script&#62;"), "{html}");
}

#[test]
fn a_mistake_is_beside_its_input_and_tied_to_it() {
    let mut question = asked("nom", "Nom", Kind::Email);
    question.field.hint = Some("Une aide".to_owned());
    question.field.autocomplete = Some("email".to_owned());
    question.errors = vec!["Indiquez le nom".to_owned()];
    let html = html(question);
    assert!(html.contains("aria-describedby=\"f.nom-aide f.nom-erreur\""), "{html}");
    assert!(html.contains("aria-invalid=\"true\"") && html.contains("autocomplete=\"email\""));
    assert!(html.find("f.nom-erreur\"").unwrap() < html.find("<input").unwrap());
    assert!(!html.contains("required") && !html.contains("placeholder"));
}

#[test]
fn only_the_wrong_part_of_a_date_is_marked_and_reached() {
    let mut question = asked("debut", "Premier jour", Kind::Date);
    question.raw = Raw::from_parts([("day", "12"), ("month", "13"), ("year", "2027")]);
    question.errors = vec!["Vérifiez le mois".to_owned()];
    let mistake = Mistake { anchor: Some("f.debut".to_owned()), at: None, message: String::new() };
    let form = FormView { questions: vec![question.clone()], ..FormView::default() };
    assert_eq!(anchor(&form, &mistake).as_deref(), Some("f.debut.month"));
    assert_eq!(html(question).matches("aria-invalid").count(), 1);
}

#[test]
fn the_summary_leads_to_the_first_option() {
    let mut question = asked("nature", "Nature", Kind::Choices { options: Options::Evaluated });
    let option = |value: &str| Choice { value: value.to_owned(), label: value.to_uppercase(), hint: None };
    question.options = vec![option("a"), option("b")];
    question.raw = Raw::several(["b"]);
    let html = html(question);
    assert!(html.contains("<fieldset") && html.contains("id=\"f.nature\" name=\"f.nature\" type=\"checkbox\""));
    assert!(html.contains("id=\"f.nature-2\" name=\"f.nature\" type=\"checkbox\" value=\"b\" checked"), "{html}");
}

#[test]
fn an_optional_question_says_so_and_nothing_is_starred() {
    let mut question = asked("note", "Note", Kind::Siret);
    question.required = false;
    let html = html(question);
    assert!(html.contains("(facultatif)") && !html.contains('*'), "{html}");
}

#[test]
fn formats_and_weight_are_told_before_a_file_is_chosen() {
    use parvis_contract::Accept;
    let accept = vec![Accept::Pdf, Accept::Png];
    let kind = Kind::Pieces { accept, max_files: 2, essential: true, basis: String::new() };
    let form = FormView { questions: vec![asked("plan", "Plan", kind)], ..FormView::default() };
    let upload = Some("/b/p/pieces".to_owned());
    let routes = PieceRoutes { upload, file_limit: 5 * 1024 * 1024, ..PieceRoutes::default() };
    let rendered = render(&form, "", &routes);
    let html = rendered.questions[0].to_string();
    assert!(html.contains("PDF ou PNG. 2 fichiers au plus, 5\u{a0}Mo") && html.contains("form=\"f.plan-envoi\""));
    assert_eq!(rendered.uploads[0].action, "/b/p/pieces/plan");
}

#[test]
fn where_something_else_is_asked_a_file_travels_with_the_answers() {
    let kind = Kind::Pieces { accept: Vec::new(), max_files: 2, essential: true, basis: String::new() };
    let questions = vec![asked("nom", "Nom", Kind::Email), asked("plan", "Plan", kind)];
    let form = FormView { questions, ..FormView::default() };
    let routes = PieceRoutes { upload: Some("/b/p/pieces".to_owned()), ..PieceRoutes::default() };
    let rendered = render(&form, "", &routes);
    let html = rendered.questions[1].to_string();
    assert!(rendered.uploads.is_empty() && !html.contains(" form="), "{html}");
    assert!(html.contains("formaction=\"/b/p/pieces/plan\" formenctype=\"multipart/form-data\""), "{html}");
    assert!(html.contains("name=\"fichier.plan\""));
    assert_eq!(target_of_input("fichier.plan"), Some(Target::field("plan")));
    assert_eq!(target_of_input("fichier"), None);
}

#[test]
fn the_free_part_of_an_address_is_never_wrong() {
    let mut question = asked("lieu", "Adresse", Kind::Address);
    question.errors = vec!["Indiquez l’adresse".to_owned()];
    assert_eq!(html(question).matches("aria-invalid").count(), 3);
}

#[test]
fn a_kept_phone_number_reads_as_people_write_it() {
    let mut question = asked("tel", "Téléphone", Kind::Phone);
    question.raw = Raw::text("+33612345678");
    assert!(!html(question).contains("+336"));
}

#[test]
fn a_target_survives_its_path() {
    for target in [Target::field("plan"), Target::row("photo", 2)] {
        assert_eq!(target_of(&path_of(&target)), target);
    }
}
