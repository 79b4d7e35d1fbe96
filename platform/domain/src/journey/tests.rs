//! The walk, on a démarche that is no town's.

use proptest::prelude::*;

use super::{
    fixture::{settings, tennis_club},
    *,
};
use crate::input::{FormData, read};

struct Draft {
    definition: Definition,
    settings: Settings,
    answers: Answers,
    raw: RawAnswers,
    filer: Filer,
    state: FormState,
}

impl Draft {
    fn new() -> Self {
        Self {
            definition: tennis_club(),
            settings: settings(),
            answers: Answers::default(),
            raw: RawAnswers::default(),
            filer: Filer::Usager,
            state: FormState::default(),
        }
    }

    fn walk(&self) -> Walk<'_> {
        walk(&self.definition, self.form(), &self.state)
    }

    fn form(&self) -> Form<'_> {
        Form { answers: &self.answers, raw: &self.raw, settings: &self.settings, filer: self.filer }
    }

    /// Posts a page as a browser does.
    fn post(&mut self, page: &str, typed: &[(&str, &str)]) {
        let form: FormData =
            typed.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect();
        let reading = {
            let walk = self.walk();
            read(&walk.page(page).expect("the page is shown").fields, &form)
        };
        reading.apply(&mut self.answers, &mut self.raw);
    }

    fn silver(mut self) -> Self {
        self.post("who", &[("f.name", "Camille"), ("f.level", "silver"), ("f.minor", "non")]);
        self
    }

    fn complete(self) -> Self {
        let mut draft = self.silver();
        draft.post("gear", &[("f.charter", "oui")]);
        draft
    }
}

fn ids(walk: &Walk<'_>) -> Vec<String> {
    walk.pages.iter().map(|page| page.page.id.clone()).collect()
}

#[test]
fn a_new_draft_opens_its_first_page_only() {
    let draft = Draft::new();
    let walk = draft.walk();
    assert_eq!(ids(&walk), ["who", "gear"]);
    assert!(walk.may_visit("who") && !walk.may_visit("gear") && !walk.may_visit("gold"));
    assert_eq!(walk.first_incomplete().unwrap().page.id, "who");
    assert!(!walk.is_complete());
    assert!(walk.back_from("who").is_none());
}

#[test]
fn pages_and_questions_appear_by_what_is_answered() {
    let mut draft = Draft::new();
    draft.post("who", &[("f.name", "Camille"), ("f.level", "gold"), ("f.minor", "oui")]);
    let walk = draft.walk();
    assert_eq!(ids(&walk), ["who", "gold", "gear"]);
    assert!(walk.page("who").unwrap().field("guardian", None).is_some_and(WalkedField::is_missing));
    assert_eq!(walk.first_incomplete().unwrap().page.id, "who", "a question that appeared is to be answered");
}

#[test]
fn an_optional_page_is_complete_once_it_was_asked() {
    let mut draft = Draft::new().silver();
    assert_eq!(draft.walk().page("gear").unwrap().status, Status::Incomplete);
    draft.post("gear", &[("f.charter", "oui")]);
    let walk = draft.walk();
    assert!(walk.is_complete(), "{:?}", walk.all_problems().collect::<Vec<_>>());
    assert!(walk.first_incomplete().is_none());
    assert_eq!(walk.next_after("who").unwrap().page.id, "gear");
    assert!(walk.next_after("gear").is_none(), "the check page follows");
    assert_eq!(walk.last_page().unwrap().page.id, "gear");
}

#[test]
fn a_hidden_answer_stays_in_the_draft_and_nothing_sees_it() {
    let mut draft = Draft::new();
    draft.post("who", &[("f.name", "Camille"), ("f.level", "gold"), ("f.minor", "oui")]);
    draft.post("who", &[("f.name", "Camille"), ("f.level", "gold"), ("f.minor", "oui"), ("f.guardian", "Dominique")]);
    draft.post("gold", &[("f.court", "c1")]);
    draft.post("who", &[("f.name", "Camille"), ("f.level", "silver"), ("f.minor", "non")]);
    let walk = draft.walk();
    for hidden in ["court", "guardian"] {
        assert!(draft.answers.get(hidden).is_some());
        assert!(walk.visible_answers().get(hidden).is_none());
    }
    assert!(!format!("{:?}", walk.summary()).contains("Dominique"));
}

#[test]
fn what_evaluate_hides_is_absent_from_later_conditions() {
    let mut draft = Draft::new();
    draft.post("who", &[("f.name", "Camille"), ("f.level", "gold"), ("f.minor", "non")]);
    draft.state.hidden.push(Target::field("level"));
    assert_eq!(ids(&draft.walk()), ["who", "gear"], "the page that depends on it goes too");
    draft.state.hidden = vec![Target::field("gear")];
    assert_eq!(ids(&draft.walk()), ["who", "gold"]);
    let before = visible_answers(&draft.definition, draft.form());
    assert!(before.get("level").is_some(), "evaluate receives it");
}

#[test]
fn what_is_not_understood_is_kept_as_typed_and_says_why() {
    let mut draft = Draft::new().complete();
    let long = "x".repeat(41);
    draft.post("who", &[("f.name", long.as_str()), ("f.level", "bronze"), ("f.minor", "non")]);
    let walk = draft.walk();
    let page = walk.page("who").unwrap();
    assert_eq!(page.field("name", None).unwrap().raw.unwrap().whole(), long);
    let messages: Vec<_> = page.all_problems().into_iter().map(|problem| problem.message.clone()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages[0].starts_with("Le nom doit compter 40\u{a0}caractères au plus"), "{messages:?}");
    assert!(draft.answers.get("name").is_none(), "the earlier answer does not come back");
    assert_eq!(walk.page("gear").unwrap().status, Status::NotYet);
}

#[test]
fn an_agent_may_leave_what_only_the_usager_must_answer() {
    let mut draft = Draft::new();
    draft.post("who", &[("f.name", "Camille"), ("f.level", "gold"), ("f.minor", "non")]);
    draft.post("gold", &[("f.court", "")]);
    assert!(draft.walk().page("gold").unwrap().is_blocked());
    draft.filer = Filer::Agent;
    assert!(!draft.walk().page("gold").unwrap().is_blocked());
}

#[test]
fn options_come_from_the_settings_once_each() {
    let mut draft = Draft::new();
    draft.post("who", &[("f.name", "Camille"), ("f.level", "gold"), ("f.minor", "non")]);
    let walk = draft.walk();
    let options = &walk.page("gold").unwrap().fields[0].options;
    assert_eq!(options.iter().map(|option| option.label.as_str()).collect::<Vec<_>>(), ["Central", "Annexe"]);
}

#[test]
fn rows_are_added_and_removed() {
    let mut draft = Draft::new().silver();
    let block = draft.definition.pages[2].fields[1].clone();
    add_row(&block, 0, &mut draft.answers);
    add_row(&block, 1, &mut draft.answers);
    assert_eq!(draft.walk().page("gear").unwrap().fields[1].rows.len(), 2);
    let rows =
        [("f.brand.0", "A"), ("f.strung.0", "oui"), ("f.tension.0", "99"), ("f.brand.1", "B"), ("f.strung.1", "non")];
    let typed: Vec<_> = rows.into_iter().chain([("f.charter", "oui")]).collect();
    draft.post("gear", &typed);
    draft.post("gear", &typed);
    let wrong = draft.walk().page("gear").unwrap().all_problems().len();
    assert_eq!(wrong, 1, "the condition of a row reads its own row");
    remove_row(&block, 0, 2, &mut draft.answers, &mut draft.raw);
    assert!(draft.walk().is_complete(), "the wrong row is gone");
    assert_eq!(draft.answers.at(&Target::row("brand", 0)), Some(&Value::Text("B".to_owned())));
    assert_eq!(draft.walk().page("gear").unwrap().fields[1].rows.len(), 1);
    for shown in 1..9 {
        add_row(&block, shown, &mut draft.answers);
    }
    assert_eq!(draft.walk().page("gear").unwrap().fields[1].rows.len(), 3, "never more than declared");
}

#[test]
fn the_summary_lists_what_is_shown_and_says_what_is_empty() {
    let draft = Draft::new().complete();
    let sections = draft.walk().summary();
    assert_eq!(sections.iter().map(|section| section.title.as_str()).collect::<Vec<_>>(), ["Qui joue", "Matériel"]);
    let Line::Answer(level) = &sections[0].lines[1] else { panic!("an answer") };
    assert_eq!(level.text.as_deref(), Some("Argent"));
    let Line::Answer(health) = &sections[0].lines[3] else { panic!("an answer") };
    assert_eq!((health.text.as_deref(), health.missing), (None, false));
}

#[test]
fn computed_values_are_filed_and_listed() {
    let mut draft = Draft::new().complete();
    draft.state.computed.set(Target::field("fee"), Value::Decimal("1234.5".parse().unwrap()));
    draft.state.computed.set(Target::field("name"), Value::Text("Pirate".to_owned()));
    let walk = draft.walk();
    assert_eq!(walk.computed()[0].text.as_deref(), Some("1\u{202f}234,50\u{a0}€"));
    assert!(walk.visible_answers().get("fee").is_some());
    assert_eq!(walk.visible_answers().text("name"), Some("Camille"), "a computed value never takes a person's place");
}

#[test]
fn problems_of_evaluate_stand_at_their_field_or_above_all() {
    let mut draft = Draft::new().complete();
    let problem = |at: Option<&str>, level| Problem {
        at: at.map(Target::field),
        level,
        code: "test".to_owned(),
        message: "À revoir".to_owned(),
    };
    draft.state.problems = vec![problem(Some("name"), Level::Warns), problem(Some("court"), Level::Blocks)];
    let walk = draft.walk();
    assert!(walk.is_complete(), "a warning prevents nothing, and nobody can mend a hidden field");
    assert_eq!(walk.page("who").unwrap().fields[0].problems.len(), 1);
    draft.state.problems = vec![problem(None, Level::Ineligible)];
    let walk = draft.walk();
    assert!(!walk.is_complete() && walk.ineligible().is_some());
}

#[test]
fn an_unticked_box_is_no_answer() {
    let mut draft = Draft::new().silver();
    draft.post("gear", &[]);
    let walk = draft.walk();
    let problems = walk.page("gear").unwrap().all_problems();
    assert_eq!(problems[0].message, "Cochez la case «\u{a0}J’accepte la charte\u{a0}»");
}

#[test]
fn a_filed_dossier_is_read_whatever_its_conditions_say_now() {
    let answers: Answers = [(Target::field("guardian"), Value::Text("Dominique".to_owned()))].into_iter().collect();
    let sections = filed_sections(&tennis_club(), &answers, &settings());
    assert_eq!(sections.len(), 1);
    assert_eq!(sections[0].lines.len(), 1);
}

#[test]
fn the_form_of_an_action_is_walked_alike() {
    let definition = tennis_club();
    let (answers, raw, settings) = (Answers::default(), RawAnswers::default(), settings());
    let form = Form { answers: &answers, raw: &raw, settings: &settings, filer: Filer::Agent };
    let walked = walk_fields(&definition.pages[0].fields, form, &FormState::default());
    assert!(!walked.is_right());
    assert_eq!(walked.fields.len(), 4);
}

fn answers() -> impl Strategy<Value = Answers> {
    let value = prop_oneof![
        Just(Value::Empty),
        Just(Value::Text("gold".to_owned())),
        Just(Value::Text("c1".to_owned())),
        Just(Value::Boolean(true)),
        Just(Value::Boolean(false)),
        (-5_i32..50).prop_map(Value::Integer),
    ];
    let names =
        ["name", "level", "minor", "guardian", "health", "court", "rackets", "brand", "strung", "tension", "charter"];
    let at = (prop::sample::select(names.to_vec()), prop::option::of(0_u32..6))
        .prop_map(|(field, row)| Target { field: field.to_owned(), row });
    prop::collection::vec((at, value), 0..25).prop_map(|list| list.into_iter().collect())
}

proptest! {
    #[test]
    fn walking_what_is_visible_shows_the_same(answers in answers(), hide in prop::option::of(0_usize..3)) {
        let mut draft = Draft { answers, ..Draft::new() };
        draft.state.hidden = hide.map(|index| Target::field(["level", "minor", "gear"][index])).into_iter().collect();
        let once = draft.walk().visible_answers().clone();
        let again = Draft { answers: once.clone(), state: draft.state.clone(), ..Draft::new() };
        let twice = again.walk().visible_answers().clone();
        prop_assert_eq!(twice, once);
        prop_assert_eq!(ids(&again.walk()), ids(&draft.walk()));
    }

    #[test]
    fn visitable_pages_are_the_complete_ones_and_the_first_that_is_not(answers in answers()) {
        let draft = Draft { answers, ..Draft::new() };
        let walk = draft.walk();
        let open = walk.pages.iter().take_while(|page| page.status == Status::Complete).count();
        for (place, page) in walk.pages.iter().enumerate() {
            prop_assert_eq!(walk.may_visit(&page.page.id), place <= open);
        }
        if walk.is_complete() {
            prop_assert_eq!(open, walk.pages.len());
        }
    }
}
