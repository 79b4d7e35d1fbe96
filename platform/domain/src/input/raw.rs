//! What was typed, under the names of the form.

use std::collections::BTreeMap;

use parvis_contract::{Field, Kind};
use serde::{Deserialize, Serialize};

use super::error::Part;
use crate::{
    french,
    value::{Target, Value},
};

/// A posted form: each name with its values, in the order of the request.
pub type FormData = BTreeMap<String, Vec<String>>;

/// What was typed for one question: the values of its input, or of each of its parts ("day", "street").
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Raw(BTreeMap<String, Vec<String>>);

/// What was typed and could not be understood, kept beside the answers so that the page shows it again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<RawAnswer>", into = "Vec<RawAnswer>")]
pub struct RawAnswers(BTreeMap<Target, Raw>);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct RawAnswer {
    at: Target,
    raw: Raw,
}

/// Name of the input of a question: `f.<field>`, or `f.<field>.<row>` in a block.
pub fn name_of(at: &Target) -> String {
    at.row.map_or_else(|| format!("f.{}", at.field), |row| format!("f.{}.{row}", at.field))
}

/// Name of the input of a part of a question: `f.<field>.day`, or `f.<field>.<row>.day` in a block.
pub fn part_name_of(at: &Target, part: Part) -> String {
    format!("{}.{}", name_of(at), part.name())
}

impl Raw {
    /// What one input holds.
    pub fn text(text: impl Into<String>) -> Self {
        Self::from_parts([("", text)])
    }

    /// What several boxes hold.
    pub fn several<S: Into<String>>(values: impl IntoIterator<Item = S>) -> Self {
        Self(BTreeMap::from([(String::new(), values.into_iter().map(Into::into).collect())]))
    }

    /// What the parts of a question hold; the whole input is the part "".
    pub fn from_parts<'n, S: Into<String>>(parts: impl IntoIterator<Item = (&'n str, S)>) -> Self {
        Self(parts.into_iter().map(|(name, value)| (name.to_owned(), vec![value.into()])).collect())
    }

    /// What a posted form holds for a question; `None` when it names it nowhere.
    pub fn posted(form: &FormData, at: &Target) -> Option<Self> {
        let name = name_of(at);
        let whole = form.get(&name).map(|values| (String::new(), values.clone()));
        let parts = Part::ALL.into_iter().filter_map(|part| {
            let values = form.get(&part_name_of(at, part))?;
            Some((part.name().to_owned(), values.clone()))
        });
        let found: BTreeMap<_, _> = whole.into_iter().chain(parts).collect();
        (!found.is_empty()).then_some(Self(found))
    }

    /// What the whole input holds; the last value wins, as a hidden input may stand before a box.
    pub fn whole(&self) -> &str {
        self.0.get("").and_then(|values| values.last()).map_or("", String::as_str)
    }

    /// All values of the whole input.
    pub fn values(&self) -> &[String] {
        self.0.get("").map_or(&[], Vec::as_slice)
    }

    /// What a part holds.
    pub fn part(&self, part: Part) -> &str {
        self.0.get(part.name()).and_then(|values| values.last()).map_or("", String::as_str)
    }

    /// Whether the question was given in parts.
    pub(super) fn has_parts(&self) -> bool {
        self.0.keys().any(|name| !name.is_empty())
    }
}

impl RawAnswers {
    /// What was typed at a target and is kept.
    pub fn at(&self, target: &Target) -> Option<&Raw> {
        self.0.get(target)
    }

    /// Keeps what was typed, in place of anything earlier.
    pub fn set(&mut self, at: Target, raw: Raw) {
        self.0.insert(at, raw);
    }

    /// Forgets what was typed.
    pub fn remove(&mut self, at: &Target) -> Option<Raw> {
        self.0.remove(at)
    }

    /// All that is kept, ordered by target.
    pub fn iter(&self) -> impl Iterator<Item = (&Target, &Raw)> {
        self.0.iter()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<RawAnswer>> for RawAnswers {
    fn from(list: Vec<RawAnswer>) -> Self {
        Self(list.into_iter().map(|entry| (entry.at, entry.raw)).collect())
    }
}

impl From<RawAnswers> for Vec<RawAnswer> {
    fn from(answers: RawAnswers) -> Self {
        answers.0.into_iter().map(|(at, raw)| RawAnswer { at, raw }).collect()
    }
}

impl FromIterator<(Target, Raw)> for RawAnswers {
    fn from_iter<I: IntoIterator<Item = (Target, Raw)>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}

/// How an answer is typed: what the page shows again in the inputs of the question.
pub fn raw_of(field: &Field, value: &Value) -> Raw {
    match (value, &field.kind) {
        (Value::Empty | Value::Pieces(_), _) => Raw::default(),
        (Value::Text(text), _) => Raw::text(text.as_str()),
        (Value::Integer(number), _) => Raw::text(number.to_string()),
        (Value::Decimal(number), _) => Raw::text(french::decimal(*number)),
        (Value::Boolean(answer), Kind::Consent) => {
            if *answer {
                Raw::text("oui")
            } else {
                Raw::default()
            }
        }
        (Value::Boolean(answer), _) => Raw::text(if *answer { "oui" } else { "non" }),
        (Value::Date(date), _) => Raw::from_parts([
            (Part::Day.name(), date.day().to_string()),
            (Part::Month.name(), date.month().to_string()),
            (Part::Year.name(), date.year().to_string()),
        ]),
        (Value::Instant(local), _) => Raw::from_parts([
            (Part::Day.name(), local.day().to_string()),
            (Part::Month.name(), local.month().to_string()),
            (Part::Year.name(), local.year().to_string()),
            (Part::Hour.name(), local.hour().to_string()),
            (Part::Minute.name(), format!("{:02}", local.minute())),
        ]),
        (Value::Choices(list), _) => Raw::several(list.iter().map(String::as_str)),
        (Value::Json(json), _) => Raw::from_parts(Part::ADDRESS.into_iter().map(|part| {
            (part.name(), json.get(part.key()).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned())
        })),
    }
}
