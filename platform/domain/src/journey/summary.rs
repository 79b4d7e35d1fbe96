//! What the check page and the receipt list: answers in words.

use parvis_contract::{Choice, Field, Kind, Sensitivity};
use rust_decimal::Decimal;

use super::{Walk, WalkedField};
use crate::{
    french,
    input::Part,
    money::Centimes,
    value::{PieceRef, Target, Value},
};

/// Shown for an optional question that was left empty.
pub const NOT_PROVIDED: &str = "Non renseigné";

/// A page, answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Id of the page, where "Modifier" leads.
    pub page: String,
    /// Title.
    pub title: String,
    /// Answers, in the order of the page.
    pub lines: Vec<Line>,
}

/// A line of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// One answer.
    Answer(Entry),
    /// Rows of a repeatable block.
    Block {
        /// Where the block stands.
        at: Target,
        /// Label of the block.
        label: String,
        /// Rows with their name, "Véhicule 2".
        rows: Vec<(String, Vec<Entry>)>,
    },
}

/// A question and its answer in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands.
    pub at: Target,
    /// Label of the question.
    pub label: String,
    /// The answer; `None` when empty: show [`NOT_PROVIDED`], or a link when it is missing.
    pub text: Option<String>,
    /// Documents given as an answer.
    pub pieces: Vec<PieceRef>,
    /// An answer is needed and there is none.
    pub missing: bool,
    /// Who may read it.
    pub sensitivity: Sensitivity,
}

impl Walk<'_> {
    /// Sections of the check page: pages that ask something, in order.
    pub fn summary(&self) -> Vec<Section> {
        let section = |page: &super::WalkedPage<'_>| Section {
            page: page.page.id.clone(),
            title: page.page.title.clone(),
            lines: page.fields.iter().filter_map(line).collect(),
        };
        self.pages.iter().map(section).filter(|section| !section.lines.is_empty()).collect()
    }

    /// Computed fields that are told to whoever fills the form and have a value, with the value in words: an estimate.
    pub fn computed(&self) -> Vec<Entry> {
        let of_pages = self.pages.iter().flat_map(|page| &page.fields);
        of_pages
            .chain(&self.internal)
            .filter(|walked| {
                walked.field.told
                    && walked.field.filled_by == parvis_contract::FilledBy::Computed
                    && walked.value.is_some()
            })
            .map(entry)
            .collect()
    }
}

fn line(walked: &WalkedField<'_>) -> Option<Line> {
    match &walked.field.kind {
        Kind::Information { .. } => None,
        Kind::Block { item, .. } => {
            let named = |(index, row): (usize, &Vec<WalkedField<'_>>)| {
                let entries = row.iter().filter(|inner| inner.field.kind.is_question()).map(entry).collect();
                (format!("{item} {}", index + 1), entries)
            };
            let rows = walked.rows.iter().enumerate().map(named).collect();
            Some(Line::Block { at: walked.at.clone(), label: walked.field.label.clone(), rows })
        }
        _ => Some(Line::Answer(entry(walked))),
    }
}

fn entry(walked: &WalkedField<'_>) -> Entry {
    Entry::of(walked.field, walked.at.clone(), walked.value.as_ref(), &walked.options, walked.is_missing())
}

impl Entry {
    pub(super) fn of(field: &Field, at: Target, value: Option<&Value>, options: &[Choice], missing: bool) -> Self {
        let pieces = match value {
            Some(Value::Pieces(pieces)) => pieces.clone(),
            _ => Vec::new(),
        };
        let text = value.and_then(|value| text_of(field, options, value));
        Self { at, label: field.label.clone(), text, pieces, missing, sensitivity: field.sensitivity }
    }
}

/// An answer in words; `None` when it is empty.
pub fn text_of(field: &Field, options: &[Choice], value: &Value) -> Option<String> {
    let labelled = |stored: &String| {
        options.iter().find(|choice| choice.value == *stored).map_or_else(|| stored.clone(), |c| c.label.clone())
    };
    let text = match (value, &field.kind) {
        (Value::Empty, _) => return None,
        (Value::Text(text), Kind::Choice { .. }) => labelled(text),
        (Value::Text(text), Kind::Phone) => french::phone(text),
        (Value::Text(text), Kind::Siret) => french::grouped(text, &[3, 3, 3, 5]),
        (Value::Text(text), Kind::Siren) => french::grouped(text, &[3, 3, 3]),
        (Value::Text(text), _) => text.clone(),
        (Value::Integer(number), kind) => with_unit(french::integer(i64::from(*number)), kind),
        (Value::Decimal(amount), Kind::Amount) => amount_text(*amount),
        (Value::Decimal(number), kind) => with_unit(french::decimal(*number), kind),
        (Value::Boolean(answer), _) => if *answer { "Oui" } else { "Non" }.to_owned(),
        (Value::Date(date), _) => french::date(*date),
        (Value::Instant(local), _) => french::date_time(*local),
        (Value::Choices(list), _) => list.iter().map(labelled).collect::<Vec<_>>().join(", "),
        (Value::Pieces(pieces), _) => pieces.iter().map(|piece| piece.name.as_str()).collect::<Vec<_>>().join(", "),
        (Value::Json(json), Kind::Address) => address_lines(json).join(", "),
        (Value::Json(json), _) => json.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

fn with_unit(number: String, kind: &Kind) -> String {
    match kind {
        Kind::Integer { unit: Some(unit), .. } | Kind::Decimal { unit: Some(unit), .. } => {
            format!("{number}{}{unit}", french::NBSP)
        }
        _ => number,
    }
}

fn amount_text(amount: Decimal) -> String {
    Centimes::from_euros(amount).map_or_else(|_| french::decimal(amount), |centimes| centimes.to_string())
}

/// Lines of an address: street, postal code and town, note.
fn address_lines(json: &serde_json::Value) -> Vec<String> {
    let part = |part: Part| json.get(part.key()).and_then(serde_json::Value::as_str).unwrap_or_default().trim();
    let town = format!("{} {}", part(Part::PostalCode), part(Part::Town));
    let lines = [part(Part::Street), town.trim(), part(Part::Note)];
    lines.into_iter().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}
