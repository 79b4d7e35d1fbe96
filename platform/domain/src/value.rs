//! Answers: what a field holds, as filed.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::ids::PieceId;

/// A field, a page or the row of a repeatable block's field; rows are numbered from 0.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Target {
    /// Stable id of the field.
    pub field: String,
    /// Row of the block the field stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
}

impl Target {
    /// A field outside any block.
    pub fn field(id: &str) -> Self {
        Self { field: id.to_owned(), row: None }
    }

    /// A field in the row of its block.
    pub fn row(id: &str, row: u32) -> Self {
        Self { field: id.to_owned(), row: Some(row) }
    }
}

/// A supporting document, as an answer refers to it; its octets are in the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PieceRef {
    /// Id in the vault's table.
    pub id: PieceId,
    /// Name given by its owner, cleaned.
    pub name: String,
    /// Media type, recognised by content.
    pub media_type: String,
    /// Size in octets.
    pub size: u32,
}

/// What an answer holds; the same cases as the contract's `value`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// Asked and left empty.
    Empty,
    /// Text, a choice, an e-mail address, a phone number, a number of identification.
    Text(String),
    /// Whole number.
    Integer(i32),
    /// Exact decimal, written as text.
    Decimal(#[serde(with = "rust_decimal_text")] Decimal),
    /// Yes or no.
    Boolean(bool),
    /// A local date.
    Date(jiff::civil::Date),
    /// A local date and time, without offset.
    Instant(jiff::civil::DateTime),
    /// Several choices, in the order of the options.
    Choices(Vec<String>),
    /// Supporting documents.
    Pieces(Vec<PieceRef>),
    /// A structured value, such as an address.
    Json(serde_json::Value),
}

mod rust_decimal_text {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Answers by target, in a stable order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Answer>", into = "Vec<Answer>")]
pub struct Answers(BTreeMap<Target, Value>);

/// One answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Where it stands.
    pub at: Target,
    /// What it holds.
    pub value: Value,
}

impl Answers {
    /// The answer of a field outside any block; `None` when absent or empty.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.at(&Target::field(field))
    }

    /// The answer at a target; `None` when absent or empty.
    pub fn at(&self, target: &Target) -> Option<&Value> {
        self.0.get(target).filter(|value| !matches!(value, Value::Empty))
    }

    /// What is stored at a target, [`Value::Empty`] included: `None` when it was never asked.
    pub fn stored(&self, target: &Target) -> Option<&Value> {
        self.0.get(target)
    }

    /// The text of a field.
    pub fn text(&self, field: &str) -> Option<&str> {
        match self.get(field)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Puts an answer, in place of any earlier one.
    pub fn set(&mut self, at: Target, value: Value) {
        self.0.insert(at, value);
    }

    /// Removes an answer.
    pub fn remove(&mut self, at: &Target) {
        self.0.remove(at);
    }

    /// All answers, ordered by target.
    pub fn iter(&self) -> impl Iterator<Item = (&Target, &Value)> {
        self.0.iter()
    }

    /// How many answers there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes the answers of another set, which win.
    pub fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Keeps the answers for which the predicate holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&Target, &Value) -> bool) {
        self.0.retain(|target, value| keep(target, value));
    }
}

impl From<Vec<Answer>> for Answers {
    fn from(list: Vec<Answer>) -> Self {
        list.into_iter().map(|answer| (answer.at, answer.value)).collect()
    }
}

impl From<Answers> for Vec<Answer> {
    fn from(answers: Answers) -> Self {
        answers.0.into_iter().map(|(at, value)| Answer { at, value }).collect()
    }
}

impl FromIterator<(Target, Value)> for Answers {
    fn from_iter<I: IntoIterator<Item = (Target, Value)>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}

impl Value {
    /// Whether the value counts as an answer.
    pub const fn is_answer(&self) -> bool {
        match self {
            Self::Empty => false,
            Self::Text(text) => !text.is_empty(),
            Self::Choices(list) => !list.is_empty(),
            Self::Pieces(list) => !list.is_empty(),
            _ => true,
        }
    }
}
