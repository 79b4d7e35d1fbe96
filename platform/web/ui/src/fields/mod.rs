//! The questions of a form as HTML: one template per family of [`Kind`]. The same rendering serves the citizen's form,
//! agents' actions, corrections and answers to a request for documents.
//!
//! Ids of elements are the names of their inputs, so that the error summary can lead to them.

mod choices;
mod frame;
mod line;
mod parts;
mod pieces;
#[cfg(test)]
mod tests;

use std::fmt;

use askama::Template;
use parvis_contract::{ChoiceStyle, Kind};
use parvis_domain::{
    input::{Raw, part_name_of},
    value::Target,
};
use parvis_usecases::{
    brouillons::save::ROW_BUTTON,
    formulaire::{FormView, Inputs, Mistake, Question},
};

use self::{
    choices::{ChoicesField, SelectField, YES_OR_NO, choices, options},
    frame::Frame,
    line::text_field,
    parts::{ADDRESS, DATE, DATE_TIME, first_part, parts, wrong_part},
    pieces::pieces,
};
use crate::components::html_safe;

pub(crate) use frame::Attributes;
pub use pieces::{answer_file, file_line};

/// What the names of answers start with.
pub const ANSWER: &str = "f.";

/// Where the documents of a form are sent and read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PieceRoutes {
    /// Where a file posts; the field's id is added. Without it no file can be added.
    pub upload: Option<String>,
    /// Before the id of a document, to remove it: "{before}/{id}{after}".
    pub remove: Option<(String, String)>,
    /// Before the id of a document, to read it.
    pub read: Option<String>,
    /// Most octets of a file.
    pub file_limit: u64,
}

/// The form that sends the files of a question; it stands beside the form of the page, and inputs name it. A page that
/// asks something else as well has none: its own form carries the file and the answers together, so that no answer is
/// lost when a file is added without a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadForm {
    /// Id of the form.
    pub id: String,
    /// Where it posts.
    pub action: String,
}

/// Questions as HTML, ready for a template.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rendered {
    /// One fragment a question, in order.
    pub questions: Vec<Fragment>,
    /// Forms of the files.
    pub uploads: Vec<UploadForm>,
    /// The only question is the title of the page: its label is the `h1`.
    pub titled: bool,
}

/// A question as HTML, made by a template of this module.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fragment {
    /// Name of the question's input: tells the script which question it is.
    pub name: String,
    html: String,
}

impl fmt::Display for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.html)
    }
}

/// Renders the questions of a form. When the page asks only one and has its words for title, the label is the `h1`.
pub fn render(form: &FormView, title: &str, routes: &PieceRoutes) -> Rendered {
    let titled = matches!(form.questions.as_slice(), [only] if only.field.label == title && !is_box(&only.field.kind));
    let mut rendered = Rendered { titled, ..Rendered::default() };
    let is_pieces = |question: &Question| matches!(question.field.kind, Kind::Pieces { .. });
    let mixed = all_questions(&form.questions).any(|asked| asked.field.kind.is_question() && !is_pieces(asked));
    let context = Context { routes, heading: titled, mixed };
    rendered.questions.extend(form.questions.iter().map(|question| fragment(question, &context)));
    if let Some(upload) = routes.upload.as_ref().filter(|_| !mixed) {
        let asking = all_questions(&form.questions).filter(|asked| is_pieces(asked));
        rendered.uploads = asking
            .map(|question| UploadForm { id: form_id(question), action: upload_path(upload, question) })
            .collect();
    }
    rendered
}

/// Id of the form that sends the files of a question.
fn form_id(question: &Question) -> String {
    format!("{}-envoi", question.name)
}

/// Where the files of a question post.
fn upload_path(upload: &str, question: &Question) -> String {
    format!("{upload}/{}", path_of(&question.at))
}

/// Name of the inputs for files; followed by the question when the form has several.
const FILE_INPUT: &str = "fichier";

/// The question that an input for files names.
pub(crate) fn target_of_input(name: &str) -> Option<Target> {
    Some(target_of(name.strip_prefix(FILE_INPUT)?.strip_prefix('.')?))
}

/// Puts what was posted back in the questions.
pub fn refill(questions: &mut [Question], typed: &Inputs) {
    for question in questions {
        question.raw = Raw::posted(typed, &question.at).unwrap_or_default();
        for row in &mut question.rows {
            refill(row, typed);
        }
    }
}

/// A target as the end of a path: "plan", "photo.2".
pub fn path_of(at: &Target) -> String {
    at.row.map_or_else(|| at.field.clone(), |row| format!("{}.{row}", at.field))
}

/// The target that the end of a path names.
pub fn target_of(path: &str) -> Target {
    match path.rsplit_once('.').and_then(|(field, row)| Some((field, row.parse().ok()?))) {
        Some((field, row)) => Target::row(field, row),
        None => Target::field(path),
    }
}

/// The element to which a mistake leads: the input, the wrong part of a date, the first option.
pub fn anchor(form: &FormView, mistake: &Mistake) -> Option<String> {
    let asked = mistake.anchor.clone()?;
    let question = all_questions(&form.questions).find(|question| question.name == asked);
    let Some(question) = question else { return Some(asked) };
    let part = wrong_part(question).or_else(|| first_part(&question.field.kind));
    Some(part.map_or(asked, |part| part_name_of(&question.at, part)))
}

fn all_questions(questions: &[Question]) -> Box<dyn Iterator<Item = &Question> + '_> {
    Box::new(
        questions.iter().flat_map(|question| {
            std::iter::once(question).chain(question.rows.iter().flat_map(|row| all_questions(row)))
        }),
    )
}

const fn is_box(kind: &Kind) -> bool {
    matches!(kind, Kind::Block { .. } | Kind::Consent | Kind::Information { .. })
}

/// What the rendering of a question needs besides the question.
struct Context<'a> {
    routes: &'a PieceRoutes,
    heading: bool,
    /// The page asks something else than documents.
    mixed: bool,
}

#[derive(Template)]
#[template(path = "fields/consent.html")]
struct ConsentField<'a> {
    frame: Frame<'a>,
    chosen: bool,
    attributes: Attributes,
}

#[derive(Template)]
#[template(path = "fields/information.html")]
struct InformationField<'a> {
    paragraphs: Vec<&'a str>,
}

#[derive(Template)]
#[template(path = "fields/block.html")]
struct BlockField<'a> {
    frame: Frame<'a>,
    item: &'a str,
    rows: Vec<BlockRow>,
    /// Name of the buttons that add or remove a row.
    button: &'static str,
    /// Value of the button that adds one, while one can be added.
    add: Option<String>,
}

struct BlockRow {
    title: String,
    fields: Vec<Fragment>,
    removable: bool,
    remove: String,
}

html_safe!(Fragment, Attributes);

fn fragment(question: &Question, context: &Context<'_>) -> Fragment {
    let frame = Frame::of(question, context);
    let html = match &question.field.kind {
        Kind::Information { text } => {
            InformationField { paragraphs: text.split('\n').filter(|line| !line.trim().is_empty()).collect() }.render()
        }
        Kind::Boolean => choices(question, frame, &YES_OR_NO, true).render(),
        Kind::Choice { style: ChoiceStyle::List, .. } => {
            let attributes = lockable(frame.attributes(&question.field, &[]), question);
            SelectField { choices: options(question), frame, attributes }.render()
        }
        Kind::Choice { .. } => choices(question, frame, &[], false).render(),
        Kind::Choices { .. } => ChoicesField { kind: "checkbox", ..choices(question, frame, &[], false) }.render(),
        Kind::Consent => {
            let attributes = lockable(frame.attributes(&question.field, &[]), question);
            ConsentField { chosen: question.chosen("oui"), frame, attributes }.render()
        }
        Kind::Date => parts(question, frame, &DATE, "date").render(),
        Kind::DateTime => parts(question, frame, &DATE_TIME, "date").render(),
        Kind::Address => parts(question, frame, &ADDRESS, "address").render(),
        Kind::Pieces { accept, max_files, .. } => {
            pieces(question, frame, accept, usize::from(*max_files), context).render()
        }
        Kind::Block { fields: _, min, max, item } => {
            block(question, frame, (usize::from(*min), usize::from(*max)), item, context).render()
        }
        _ => text_field(question, frame).render(),
    };
    Fragment { name: question.name.clone(), html: html.unwrap_or_default() }
}

fn lockable(attributes: Attributes, question: &Question) -> Attributes {
    if question.locked { attributes.with_flag("disabled") } else { attributes }
}

fn block<'a>(
    question: &'a Question,
    frame: Frame<'a>,
    (min, max): (usize, usize),
    item: &'a str,
    context: &Context<'_>,
) -> BlockField<'a> {
    let removable = question.rows.len() > min && !question.locked;
    let inner = Context { routes: context.routes, heading: false, mixed: context.mixed };
    let rows = question.rows.iter().enumerate().map(|(index, row)| BlockRow {
        title: format!("{item} {}", index + 1),
        fields: row.iter().map(|question| fragment(question, &inner)).collect(),
        removable,
        remove: format!("remove:{}:{index}", question.at.field),
    });
    let addable = question.rows.len() < max && !question.locked;
    BlockField {
        rows: rows.collect(),
        add: addable.then(|| format!("add:{}", question.at.field)),
        frame,
        item,
        button: ROW_BUTTON,
    }
}
