//! Radio buttons, boxes and lists.

use askama::Template;
use parvis_usecases::formulaire::Question;

use super::frame::{Attributes, Frame};

#[derive(Template)]
#[template(path = "fields/choices.html")]
pub(super) struct ChoicesField<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) kind: &'static str,
    pub(super) inline: bool,
    pub(super) choices: Vec<ChoiceInput<'a>>,
}

pub(super) struct ChoiceInput<'a> {
    pub(super) id: String,
    pub(super) value: &'a str,
    pub(super) label: &'a str,
    pub(super) hint: Option<&'a str>,
    pub(super) chosen: bool,
}

#[derive(Template)]
#[template(path = "fields/select.html")]
pub(super) struct SelectField<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) choices: Vec<ChoiceInput<'a>>,
    pub(super) attributes: Attributes,
}

pub(super) static YES_OR_NO: [(&str, &str); 2] = [("oui", "Oui"), ("non", "Non")];

pub(super) fn choices<'a>(
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

pub(super) fn options(question: &Question) -> Vec<ChoiceInput<'_>> {
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
pub(super) fn choice_id(question: &Question, index: usize) -> String {
    if index == 0 { question.name.clone() } else { format!("{}-{}", question.name, index + 1) }
}
