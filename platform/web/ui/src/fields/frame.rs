//! What every field shows around its input, and the attributes that tie them together.

use std::fmt;

use parvis_contract::Field;
use parvis_usecases::formulaire::Question;

use super::Context;

/// What every field shows around its input.
pub(super) struct Frame<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) label: &'a str,
    pub(super) hint: Option<&'a str>,
    pub(super) required: bool,
    pub(super) locked: bool,
    pub(super) heading: bool,
    pub(super) errors: &'a [String],
    pub(super) warnings: &'a [String],
}

impl<'a> Frame<'a> {
    pub(super) fn of(question: &'a Question, context: &Context<'a>) -> Self {
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
    pub(super) fn described_by(&self, more: &[&str]) -> String {
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
    pub(super) fn describes(&self) -> Attributes {
        Attributes::default().with_text("aria-describedby", &self.described_by(&[]))
    }

    /// The attributes that every input has.
    pub(super) fn attributes(&self, field: &Field, more: &[&str]) -> Attributes {
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
    /// With those of another list.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// An attribute, left out when its value is empty.
    pub(crate) fn with_text(mut self, name: &'static str, value: &str) -> Self {
        if !value.is_empty() {
            self.0.push((name, value.to_owned()));
        }
        self
    }

    pub(super) fn with_flag(mut self, name: &'static str) -> Self {
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
