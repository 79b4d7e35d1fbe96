//! The questions of a form as HTML: one template per family of [`Kind`]. The same rendering serves the citizen's form,
//! agents' actions, corrections and answers to a request for documents.
//!
//! Ids of elements are the names of their inputs, so that the error summary can lead to them.

use std::{borrow::Cow, fmt};

use askama::Template;
use parvis_contract::{Accept, ChoiceStyle, Field, Kind, TextFormat};
use parvis_domain::{
    french,
    input::{Part, parse, part_name_of},
    value::{PieceRef, Target},
};
use parvis_usecases::{
    brouillons::save::ROW_BUTTON,
    dossiers::view::PieceLine,
    formulaire::{FormView, Mistake, Question},
};

use crate::{
    components::{FileLine, html_safe},
    text,
};

/// Where the documents of a form are sent and read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PieceRoutes {
    /// Where a file posts; the field's id is added. Without it no file can be added.
    pub upload: Option<String>,
    /// Before the id of a document, to remove it: "{before}/{id}{after}".
    pub remove: Option<(String, String)>,
    /// Before the id of a document, to read it.
    pub read: Option<String>,
}

/// The form that sends the files of a question; it stands beside the form of the page, and inputs name it.
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
    for question in &form.questions {
        let context = Context { routes, heading: titled };
        rendered.questions.push(fragment(question, &context));
    }
    if let Some(upload) = &routes.upload {
        let asking = all_questions(&form.questions).filter(|asked| matches!(asked.field.kind, Kind::Pieces { .. }));
        rendered.uploads = asking
            .map(|question| UploadForm {
                id: format!("{}-envoi", question.name),
                action: format!("{upload}/{}", path_of(&question.at)),
            })
            .collect();
    }
    rendered
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

const fn first_part(kind: &Kind) -> Option<Part> {
    match kind {
        Kind::Date | Kind::DateTime => Some(Part::Day),
        Kind::Address => Some(Part::Street),
        _ => None,
    }
}

const fn is_box(kind: &Kind) -> bool {
    matches!(kind, Kind::Block { .. } | Kind::Consent | Kind::Information { .. })
}

/// What the rendering of a question needs besides the question.
struct Context<'a> {
    routes: &'a PieceRoutes,
    heading: bool,
}

/// What every field shows around its input.
struct Frame<'a> {
    id: &'a str,
    name: &'a str,
    label: &'a str,
    hint: Option<&'a str>,
    required: bool,
    locked: bool,
    heading: bool,
    errors: &'a [String],
    warnings: &'a [String],
}

impl<'a> Frame<'a> {
    fn of(question: &'a Question, context: &Context<'a>) -> Self {
        Self {
            id: &question.name,
            name: &question.name,
            label: &question.field.label,
            hint: question.field.hint.as_deref(),
            required: question.required,
            locked: question.locked,
            heading: context.heading,
            errors: &question.errors,
            warnings: &question.warnings,
        }
    }

    /// Ids of the texts that describe the input.
    fn described_by(&self, more: &[&str]) -> String {
        let mut ids: Vec<String> = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-aide", self.id));
        }
        ids.extend(more.iter().map(|suffix| format!("{}-{suffix}", self.id)));
        let numbered = |kind: &str, count: usize| {
            (0..count)
                .map(|index| match index {
                    0 => format!("{}-{kind}", self.id),
                    _ => format!("{}-{kind}-{}", self.id, index + 1),
                })
                .collect::<Vec<_>>()
        };
        ids.extend(numbered("erreur", self.errors.len()));
        ids.extend(numbered("attention", self.warnings.len()));
        ids.join(" ")
    }

    /// The attributes of a fieldset.
    fn describes(&self) -> Attributes {
        Attributes::default().with_text("aria-describedby", &self.described_by(&[]))
    }

    /// The attributes that every input has.
    fn attributes(&self, field: &Field, more: &[&str]) -> Attributes {
        let mut attributes = Attributes::default()
            .with_text("autocomplete", field.autocomplete.as_deref().unwrap_or_default())
            .with_text("aria-describedby", &self.described_by(more));
        if !self.errors.is_empty() {
            attributes = attributes.with_text("aria-invalid", "true");
        }
        attributes
    }
}

/// Attributes of an element, escaped as they are written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Attributes(Vec<(&'static str, String)>);

impl Attributes {
    /// An attribute, left out when its value is empty.
    pub(crate) fn with_text(mut self, name: &'static str, value: &str) -> Self {
        if !value.is_empty() {
            self.0.push((name, value.to_owned()));
        }
        self
    }

    fn with_flag(mut self, name: &'static str) -> Self {
        self.0.push((name, String::new()));
        self
    }
}

impl fmt::Display for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.0 {
            if value.is_empty() {
                write!(f, " {name}")?;
            } else {
                let value = value.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
                write!(f, " {name}=\"{value}\"")?;
            }
        }
        Ok(())
    }
}

#[derive(Template)]
#[template(path = "fields/text.html")]
struct TextField<'a> {
    frame: Frame<'a>,
    kind: &'static str,
    value: Cow<'a, str>,
    lines: u8,
    unit: Option<&'a str>,
    width: &'static str,
    attributes: Attributes,
}

#[derive(Template)]
#[template(path = "fields/parts.html")]
struct PartsField<'a> {
    frame: Frame<'a>,
    class: &'static str,
    parts: Vec<PartInput<'a>>,
}

struct PartInput<'a> {
    id: String,
    label: &'static str,
    value: &'a str,
    width: &'static str,
    wrong: bool,
    attributes: Attributes,
}

#[derive(Template)]
#[template(path = "fields/choices.html")]
struct ChoicesField<'a> {
    frame: Frame<'a>,
    kind: &'static str,
    inline: bool,
    choices: Vec<ChoiceInput<'a>>,
}

struct ChoiceInput<'a> {
    id: String,
    value: &'a str,
    label: &'a str,
    hint: Option<&'a str>,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "fields/select.html")]
struct SelectField<'a> {
    frame: Frame<'a>,
    choices: Vec<ChoiceInput<'a>>,
    attributes: Attributes,
}

#[derive(Template)]
#[template(path = "fields/consent.html")]
struct ConsentField<'a> {
    frame: Frame<'a>,
    chosen: bool,
    attributes: Attributes,
}

#[derive(Template)]
#[template(path = "fields/pieces.html")]
struct PiecesField<'a> {
    frame: Frame<'a>,
    files: Vec<FileLine>,
    full: bool,
    formats: String,
    accept: String,
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
            pieces(question, frame, accept, usize::from(*max_files), context.routes).render()
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

/// A family of single inputs: type, keyboard, width, unit, spelling help.
fn text_field<'a>(question: &'a Question, frame: Frame<'a>) -> TextField<'a> {
    let mut lines = 1;
    let mut unit = None;
    let (kind, mode, width, spelling) = match &question.field.kind {
        Kind::Email => ("email", "", "w20", false),
        Kind::Phone => ("tel", "", "w10", false),
        Kind::Integer { min, unit: held, .. } => {
            unit = held.as_deref();
            ("text", if *min < 0 { "" } else { "numeric" }, "w4", false)
        }
        Kind::Decimal { unit: held, .. } => {
            unit = held.as_deref();
            ("text", "decimal", "w5", false)
        }
        Kind::Amount => {
            unit = Some("€");
            ("text", "decimal", "w5", false)
        }
        Kind::Siret | Kind::Siren => ("text", "numeric", "w10", false),
        Kind::Rna | Kind::Plate => ("text", "", "w10", false),
        Kind::Text { format: TextFormat::PostalCode, .. } => ("text", "numeric", "w5", false),
        Kind::Text { format: TextFormat::Name | TextFormat::Reference, .. } => ("text", "", "w20", false),
        Kind::Text { lines: held, .. } => {
            lines = *held;
            ("text", "", "", true)
        }
        _ => ("text", "", "", true),
    };
    let mut attributes = Attributes::default().with_text("inputmode", mode);
    if !spelling {
        attributes = attributes.with_text("spellcheck", "false");
    }
    if question.locked {
        attributes = attributes.with_flag("readonly");
    }
    attributes.0.extend(frame.attributes(&question.field, &[]).0);
    TextField { frame, kind, value: shown(question), lines, unit, width, attributes }
}

/// What was typed; a phone number that is kept reads as people write it.
fn shown(question: &Question) -> Cow<'_, str> {
    let typed = question.raw.whole();
    match question.field.kind {
        Kind::Phone if typed.starts_with('+') => Cow::Owned(french::phone(typed)),
        _ => Cow::Borrowed(typed),
    }
}

/// A part of a question: label, width, keyboard, suffix of the autocomplete token.
struct PartOf {
    part: Part,
    label: &'static str,
    width: &'static str,
    mode: &'static str,
    token: &'static str,
}

const fn part_of(
    part: Part,
    label: &'static str,
    width: &'static str,
    mode: &'static str,
    token: &'static str,
) -> PartOf {
    PartOf { part, label, width, mode, token }
}

const DATE: [PartOf; 3] = [
    part_of(Part::Day, "Jour", "w2", "numeric", "-day"),
    part_of(Part::Month, "Mois", "w2", "numeric", "-month"),
    part_of(Part::Year, "Année", "w4", "numeric", "-year"),
];
const DATE_TIME: [PartOf; 5] = [
    part_of(Part::Day, "Jour", "w2", "numeric", "-day"),
    part_of(Part::Month, "Mois", "w2", "numeric", "-month"),
    part_of(Part::Year, "Année", "w4", "numeric", "-year"),
    part_of(Part::Hour, "Heure", "w2", "numeric", ""),
    part_of(Part::Minute, "Minutes", "w2", "numeric", ""),
];
const ADDRESS: [PartOf; 4] = [
    part_of(Part::Street, "Numéro et rue", "", "", "street-address"),
    part_of(Part::PostalCode, "Code postal", "w5", "numeric", "postal-code"),
    part_of(Part::Town, "Commune", "w20", "", "address-level2"),
    part_of(Part::Note, "Précision si l’adresse est incomplète (facultatif)", "", "", ""),
];

fn parts<'a>(question: &'a Question, frame: Frame<'a>, list: &[PartOf], class: &'static str) -> PartsField<'a> {
    let field = &question.field;
    // The démarche says by its own token whether the answer is about the person (WCAG 1.3.5).
    let token = |part: &PartOf| match (&field.kind, field.autocomplete.as_deref()) {
        (Kind::Address, Some(_)) => part.token.to_owned(),
        (Kind::Date | Kind::DateTime, Some(token)) if token == "bday" => format!("{token}{}", part.token),
        _ => String::new(),
    };
    let failed = !frame.errors.is_empty();
    let wrong = wrong_parts(question, list);
    let inputs = list.iter().map(|part| {
        let id = part_name_of(&question.at, part.part);
        let is_wrong = failed && (wrong.is_empty() || wrong.contains(&part.part));
        let mut attributes =
            Attributes::default().with_text("inputmode", part.mode).with_text("autocomplete", &token(part));
        if question.locked {
            attributes = attributes.with_flag("readonly");
        }
        if is_wrong {
            attributes = attributes.with_text("aria-invalid", "true");
        }
        PartInput {
            id,
            label: part.label,
            value: question.raw.part(part.part),
            width: part.width,
            wrong: is_wrong,
            attributes,
        }
    });
    PartsField { parts: inputs.collect(), frame, class }
}

/// The part that what was typed makes wrong, when one stands out.
fn wrong_part(question: &Question) -> Option<Part> {
    parse(&question.field, &question.options, &question.raw).err()?.part()
}

/// The parts to mark: those left empty when others are filled, else the wrong one; none when none stands out.
fn wrong_parts(question: &Question, list: &[PartOf]) -> Vec<Part> {
    let needed = list.iter().filter(|part| part.part != Part::Note);
    let empty: Vec<Part> =
        needed.clone().filter(|part| question.raw.part(part.part).trim().is_empty()).map(|part| part.part).collect();
    if empty.is_empty() || empty.len() == needed.count() { wrong_part(question).into_iter().collect() } else { empty }
}

static YES_OR_NO: [(&str, &str); 2] = [("oui", "Oui"), ("non", "Non")];

fn choices<'a>(
    question: &'a Question,
    frame: Frame<'a>,
    fixed: &'static [(&'static str, &'static str)],
    inline: bool,
) -> ChoicesField<'a> {
    let choices = if fixed.is_empty() {
        options(question)
    } else {
        let choices = fixed.iter().enumerate().map(|(index, (value, label))| ChoiceInput {
            id: choice_id(question, index),
            value,
            label,
            hint: None,
            chosen: question.chosen(value),
        });
        choices.collect()
    };
    ChoicesField { frame, kind: "radio", inline, choices }
}

fn options(question: &Question) -> Vec<ChoiceInput<'_>> {
    let choices = question.options.iter().enumerate().map(|(index, choice)| ChoiceInput {
        id: choice_id(question, index),
        value: &choice.value,
        label: &choice.label,
        hint: choice.hint.as_deref(),
        chosen: question.chosen(&choice.value),
    });
    choices.collect()
}

/// The first option has the id of the question: the error summary leads there.
fn choice_id(question: &Question, index: usize) -> String {
    if index == 0 { question.name.clone() } else { format!("{}-{}", question.name, index + 1) }
}

fn pieces<'a>(
    question: &'a Question,
    frame: Frame<'a>,
    accept: &[Accept],
    max: usize,
    routes: &PieceRoutes,
) -> PiecesField<'a> {
    let full = question.pieces.len() >= max || question.locked || routes.upload.is_none();
    let attributes = frame.attributes(&question.field, &["formats"]);
    PiecesField {
        files: question.pieces.iter().map(|piece| given_file(piece, routes)).collect(),
        full,
        formats: formats(accept, max),
        accept: accept.iter().map(|accept| media_types(*accept)).collect::<Vec<_>>().join(","),
        attributes,
        frame,
    }
}

/// A document given as an answer.
fn given_file(piece: &PieceRef, routes: &PieceRoutes) -> FileLine {
    FileLine {
        name: piece.name.clone(),
        detail: detail(&piece.media_type, u64::from(piece.size)),
        href: routes.read.as_ref().map(|before| format!("{before}/{}", piece.id)),
        remove: routes.remove.as_ref().map(|(before, after)| format!("{before}/{}{after}", piece.id)),
    }
}

/// A document that an answer refers to; `read` is what stands before its id in its address.
pub fn answer_file(piece: &PieceRef, read: &str) -> FileLine {
    given_file(piece, &PieceRoutes { read: Some(read.to_owned()), ..PieceRoutes::default() })
}

/// A document of a dossier; `read` is what stands before its id in its address.
pub fn file_line(piece: &PieceLine, read: &str) -> FileLine {
    FileLine {
        name: piece.name.clone(),
        detail: detail(&piece.media_type, piece.size),
        href: Some(format!("{read}/{}", piece.id)),
        remove: None,
    }
}

/// "PDF, 240 Ko".
fn detail(media_type: &str, size: u64) -> String {
    format!("{}, {}", text::media(media_type), text::size(size))
}

fn formats(accept: &[Accept], max: usize) -> String {
    let names: Vec<&str> = accept.iter().map(|accept| format_name(*accept)).collect();
    let list = match names.as_slice() {
        [] => "tous".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} ou {last}", first.join(", ")),
    };
    let files = if max == 1 { "1 fichier" } else { &format!("{max} fichiers au plus") };
    format!("Formats acceptés : {list}. {files}, 20\u{a0}Mo au plus par fichier")
}

const fn format_name(accept: Accept) -> &'static str {
    match accept {
        Accept::Pdf => "PDF",
        Accept::Jpeg => "JPEG",
        Accept::Png => "PNG",
        Accept::Heic => "HEIC",
    }
}

const fn media_types(accept: Accept) -> &'static str {
    match accept {
        Accept::Pdf => ".pdf,application/pdf",
        Accept::Jpeg => ".jpg,.jpeg,image/jpeg",
        Accept::Png => ".png,image/png",
        Accept::Heic => ".heic,.heif,image/heic,image/heif",
    }
}

fn block<'a>(
    question: &'a Question,
    frame: Frame<'a>,
    (min, max): (usize, usize),
    item: &'a str,
    context: &Context<'_>,
) -> BlockField<'a> {
    let removable = question.rows.len() > min && !question.locked;
    let inner = Context { routes: context.routes, heading: false };
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
