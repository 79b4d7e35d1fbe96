//! The journey through a form: one pure walk over a definition and a draft gives everything.
//!
//! What is shown and in which order, what is wrong and where, which page may be visited, where "Retour" and
//! "Continuer" lead, what the check page lists, what may be filed: nothing else computes any of these.
//!
//! Visibility has an order. (1) Declared conditions run in form order. (2) `evaluate` receives what is visible then
//! ([`visible_answers`]). (3) What it hides goes. (4) Declared conditions run once more with those absent ([`walk`]).
//! A hidden field is absent: its answer stays in the draft, and no rule, total, summary or export sees it.
//!
//! The walk never fails, never waits and never knows a démarche. Agents' actions ask by the same fields:
//! [`walk_fields`].

mod fields;
mod filed;
mod navigation;
mod rows;
mod summary;
mod visibility;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;

use parvis_contract::{Choice, Definition, Field, FilledBy, Kind, Page};

pub use filed::{INTERNAL_SECTION, filed_sections};
pub use rows::{add_row, remove_row};
pub use summary::{Entry, Line, NOT_PROVIDED, Section, text_of};

use crate::{
    input::{Raw, RawAnswers},
    rules::{FormState, Level, Problem},
    settings::Settings,
    value::{Answers, Target, Value},
};

/// Ids that no page may have: the form has addresses of its own beside those of its pages (`/brouillons/…/verifier`), which
/// would hide it.
pub const RESERVED_PAGES: [&str; 4] = ["abandonner", "deposer", "fichiers", "verifier"];

/// Who fills the form: an agent who files for someone may leave empty what only the usager must answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filer {
    /// The citizen.
    Usager,
    /// An agent, for a citizen.
    Agent,
}

/// A form being filled, as stored.
#[derive(Debug, Clone, Copy)]
pub struct Form<'a> {
    /// What is understood. [`Value::Empty`] says that the question was asked and left empty.
    pub answers: &'a Answers,
    /// What is not understood, as typed.
    pub raw: &'a RawAnswers,
    /// Settings of the tenant, for the options that come from them.
    pub settings: &'a Settings,
    /// Who fills it.
    pub filer: Filer,
}

/// What the walk found: pages and questions that are shown, in order.
#[derive(Debug, Clone)]
pub struct Walk<'a> {
    /// Pages that are shown.
    pub pages: Vec<WalkedPage<'a>>,
    /// Fields outside the pages, filled by agents or computed.
    pub internal: Vec<WalkedField<'a>>,
    /// Problems of the whole form.
    pub problems: Vec<Problem>,
    visible: Answers,
}

/// A page that is shown.
#[derive(Debug, Clone)]
pub struct WalkedPage<'a> {
    /// The page.
    pub page: &'a Page,
    /// How far it is.
    pub status: Status,
    /// Questions and texts that it shows.
    pub fields: Vec<WalkedField<'a>>,
    /// Problems of the page as a whole.
    pub problems: Vec<Problem>,
}

/// How far a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Every question was asked and nothing prevents going on.
    Complete,
    /// It is the first one that is not complete: it can be visited.
    Incomplete,
    /// A page before it is not complete: it cannot be visited yet.
    NotYet,
}

/// A question or a text that is shown.
#[derive(Debug, Clone)]
pub struct WalkedField<'a> {
    /// The field.
    pub field: &'a Field,
    /// Where it stands.
    pub at: Target,
    /// It must be answered.
    pub required: bool,
    /// It cannot be changed.
    pub locked: bool,
    /// It was asked and left empty, or answered, rightly or not.
    pub asked: bool,
    /// Its answer; `None` when empty or not understood.
    pub value: Option<Value>,
    /// What was typed, when it is not understood.
    pub raw: Option<&'a Raw>,
    /// What is offered, for a choice.
    pub options: Vec<Choice>,
    /// What is wrong or worth knowing.
    pub problems: Vec<Problem>,
    /// Rows of a block, each with its own fields.
    pub rows: Vec<Vec<Self>>,
}

/// The walk over a list of fields: the form of an agent's action.
#[derive(Debug, Clone)]
pub struct FieldsWalk<'a> {
    /// Questions and texts that are shown.
    pub fields: Vec<WalkedField<'a>>,
    /// Problems of the whole form.
    pub problems: Vec<Problem>,
    visible: Answers,
}

/// What is visible by declared conditions alone: what `evaluate` receives.
pub fn visible_answers(definition: &Definition, form: Form<'_>) -> Answers {
    let nothing = FormState::default();
    walk(definition, form, &nothing).visible
}

/// The walk, with what `evaluate` said.
pub fn walk<'a>(definition: &'a Definition, form: Form<'a>, state: &FormState) -> Walk<'a> {
    let mut walker = fields::Walker::new(form, state);
    let mut pages = Vec::new();
    for page in &definition.pages {
        if let Some(walked) = walker.page(page) {
            pages.push(walked);
        }
    }
    navigation::settle(&mut pages);
    let internal = walker.internal(&definition.internal_fields);
    let known = |id: &str| fields::names(definition, id);
    Walk { pages, internal, problems: walker.general_problems(known), visible: walker.into_visible() }
}

/// The walk over one list of fields: an agent's action, or settings.
pub fn walk_fields<'a>(list: &'a [Field], form: Form<'a>, state: &FormState) -> FieldsWalk<'a> {
    let mut walker = fields::Walker::new(form, state);
    let fields = walker.list(list, None);
    let known = |id: &str| fields::find(list, id).is_some();
    FieldsWalk { fields, problems: walker.general_problems(known), visible: walker.into_visible() }
}

impl Walk<'_> {
    /// What may be filed: answers of shown questions, computed ones included, and nothing that a hidden field holds.
    pub const fn visible_answers(&self) -> &Answers {
        &self.visible
    }

    /// Whether the form may be filed: every page is complete and nothing blocks the whole.
    pub fn is_complete(&self) -> bool {
        self.pages.iter().all(|page| page.status == Status::Complete) && !self.problems.iter().any(Problem::prevents)
    }

    /// Everything wrong or worth knowing, in the order of the form, with the page where it stands.
    pub fn all_problems(&self) -> impl Iterator<Item = (Option<&str>, &Problem)> {
        let of_pages = self.pages.iter().flat_map(|page| {
            page.all_problems().into_iter().map(move |problem| (Some(page.page.id.as_str()), problem))
        });
        of_pages.chain(self.problems.iter().map(|problem| (None, problem)))
    }

    /// Why the démarche is not for this person, when it is not.
    pub fn ineligible(&self) -> Option<&Problem> {
        self.all_problems().map(|(_, problem)| problem).find(|problem| problem.level == Level::Ineligible)
    }
}

impl WalkedPage<'_> {
    /// Everything wrong or worth knowing on the page, in its order.
    pub fn all_problems(&self) -> Vec<&Problem> {
        self.problems.iter().chain(self.fields.iter().flat_map(WalkedField::all_problems)).collect()
    }

    /// Whether something on the page prevents going on.
    pub fn is_blocked(&self) -> bool {
        self.all_problems().into_iter().any(Problem::prevents)
    }
}

impl FieldsWalk<'_> {
    /// Answers of shown questions.
    pub const fn visible_answers(&self) -> &Answers {
        &self.visible
    }

    /// Whether nothing prevents going on.
    pub fn is_right(&self) -> bool {
        !self.all_problems().into_iter().any(Problem::prevents)
    }

    /// Everything wrong or worth knowing, in the order of the form.
    pub fn all_problems(&self) -> Vec<&Problem> {
        self.fields.iter().flat_map(WalkedField::all_problems).chain(&self.problems).collect()
    }
}

impl WalkedField<'_> {
    /// Everything wrong or worth knowing, rows included.
    pub fn all_problems(&self) -> Vec<&Problem> {
        self.problems.iter().chain(self.rows.iter().flatten().flat_map(Self::all_problems)).collect()
    }

    /// Whether it is a repeatable block.
    pub const fn is_block(&self) -> bool {
        matches!(self.field.kind, Kind::Block { .. })
    }

    /// Whether it asks for documents.
    pub const fn is_pieces(&self) -> bool {
        matches!(self.field.kind, Kind::Pieces { .. })
    }

    /// Whether the page asks it: neither a text, nor locked, nor computed.
    pub fn is_asked_on_page(&self) -> bool {
        self.field.kind.is_question() && !self.locked && self.field.filled_by != FilledBy::Computed
    }

    /// Whether something was answered, rightly or not.
    pub const fn holds_something(&self) -> bool {
        self.value.is_some() || self.raw.is_some()
    }

    /// Whether its answer is missing: the check page shows a link to it in place of the answer.
    pub fn is_missing(&self) -> bool {
        self.required && self.value.is_none()
    }
}

impl Problem {
    /// Whether it prevents going on.
    pub fn prevents(&self) -> bool {
        self.level != Level::Warns
    }
}
