//! Conditions that are data: they are evaluated by the domain without waking the sandbox.

use serde::{Deserialize, Serialize};

/// When a page or a field is shown. It names earlier fields only; an absent field makes every comparison false.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// The answer equals the literal.
    Equals {
        /// Field that is read.
        field: String,
        /// What it is compared with.
        value: Literal,
    },
    /// The answer (a choice) is one of these.
    OneOf {
        /// Field that is read.
        field: String,
        /// Accepted values.
        values: Vec<String>,
    },
    /// The answer (several choices) holds this one.
    Includes {
        /// Field that is read.
        field: String,
        /// Wanted value.
        value: String,
    },
    /// The field has an answer.
    Answered {
        /// Field that is read.
        field: String,
    },
    /// All hold (true when empty).
    All(Vec<Self>),
    /// At least one holds (false when empty).
    Any(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
}

/// A value written in a condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Literal {
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i32),
    /// A text, a choice or a date.
    Text(String),
}

impl Condition {
    /// Fields that the condition reads.
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Self::Equals { field, .. }
            | Self::OneOf { field, .. }
            | Self::Includes { field, .. }
            | Self::Answered { field } => vec![field],
            Self::All(inner) | Self::Any(inner) => inner.iter().flat_map(Self::fields).collect(),
            Self::Not(inner) => inner.fields(),
        }
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i32> for Literal {
    fn from(value: i32) -> Self {
        Self::Integer(value)
    }
}
