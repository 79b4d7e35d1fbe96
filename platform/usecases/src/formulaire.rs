//! A form ready to render: questions in order, what was typed, what is wrong. The same one serves the pages of a
//! citizen's form, the forms of agents' actions, corrections, and answers to a request for documents.
//!
//! Never knows HTML: names of inputs are those of `domain::input`.

use parvis_contract::{Choice, Field};
use parvis_domain::{
    input::{FormData, Raw, name_of, raw_of},
    journey::WalkedField,
    rules::{Level, Problem},
    value::{PieceRef, Target},
};

/// What a browser posted: the values of each name, in the order of the request.
pub type Inputs = FormData;

/// A form ready to render.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FormView {
    /// Questions shown now, in order, with information texts between them.
    pub questions: Vec<Question>,
    /// What is wrong, in the order of the questions: the summary at the top of the page. Empty on a first visit.
    pub mistakes: Vec<Mistake>,
    /// What is worth knowing and prevents nothing.
    pub warnings: Vec<Mistake>,
    /// Why the démarche is not for this person, when it is not: it is nobody's mistake.
    pub ineligible: Vec<String>,
}

/// Something wrong with an answer, or worth a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Name of the question's input (`domain::input::name_of`), to which the summary links; `None` for the whole form.
    pub anchor: Option<String>,
    /// The field concerned.
    pub at: Option<Target>,
    /// What to do, in one sentence; the same beside the field.
    pub message: String,
}

/// A question, or an information text.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Where the answer stands.
    pub at: Target,
    /// Name of its input, and prefix of the names of its parts.
    pub name: String,
    /// What the démarche declares: label, hint, kind, autocomplete token.
    pub field: Field,
    /// It must be answered; otherwise the label says "(facultatif)".
    pub required: bool,
    /// It cannot be changed.
    pub locked: bool,
    /// Choices offered now, for a choice or choices.
    pub options: Vec<Choice>,
    /// What was typed, or how the kept answer is typed.
    pub raw: Raw,
    /// Documents given.
    pub pieces: Vec<PieceRef>,
    /// What is wrong.
    pub errors: Vec<String>,
    /// What is worth knowing.
    pub warnings: Vec<String>,
    /// Rows of a block, each with its questions.
    pub rows: Vec<Vec<Question>>,
}

impl Question {
    /// Whether a choice is chosen.
    pub fn chosen(&self, value: &str) -> bool {
        self.raw.values().iter().any(|typed| typed == value)
    }
}

impl Mistake {
    pub(crate) fn of(problem: &Problem) -> Self {
        Self { anchor: problem.at.as_ref().map(name_of), at: problem.at.clone(), message: problem.message.clone() }
    }
}

impl FormView {
    /// The form of walked fields. A question that was never asked has no mistake yet.
    pub(crate) fn of(fields: &[WalkedField<'_>], general: &[Problem]) -> Self {
        let questions: Vec<Question> = fields.iter().map(question).collect();
        let shown: Vec<&Problem> = fields.iter().flat_map(shown_problems).chain(general).collect();
        let of = |level: Level| shown.iter().filter(move |problem| problem.level == level);
        Self {
            mistakes: of(Level::Blocks).map(|problem| Mistake::of(problem)).collect(),
            warnings: of(Level::Warns).map(|problem| Mistake::of(problem)).collect(),
            ineligible: of(Level::Ineligible).map(|problem| problem.message.clone()).collect(),
            questions,
        }
    }
}

fn shown_problems<'w>(walked: &'w WalkedField<'_>) -> Vec<&'w Problem> {
    let own = walked.problems.iter().filter(|_| walked.asked);
    own.chain(walked.rows.iter().flatten().flat_map(shown_problems)).collect()
}

fn question(walked: &WalkedField<'_>) -> Question {
    let raw = match (walked.raw, &walked.value) {
        (Some(raw), _) => raw.clone(),
        (None, Some(value)) => raw_of(walked.field, value),
        (None, None) => Raw::default(),
    };
    let pieces = match &walked.value {
        Some(parvis_domain::value::Value::Pieces(pieces)) => pieces.clone(),
        _ => Vec::new(),
    };
    let messages = |level: Level| {
        let own = walked.problems.iter().filter(|problem| walked.asked && problem.level == level);
        own.map(|problem| problem.message.clone()).collect()
    };
    Question {
        at: walked.at.clone(),
        name: name_of(&walked.at),
        field: walked.field.clone(),
        required: walked.required,
        locked: walked.locked,
        options: walked.options.clone(),
        raw,
        pieces,
        errors: messages(Level::Blocks),
        warnings: messages(Level::Warns),
        rows: walked.rows.iter().map(|row| row.iter().map(question).collect()).collect(),
    }
}
