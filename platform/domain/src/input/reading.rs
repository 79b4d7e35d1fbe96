//! A posted page, read question by question.

use parvis_contract::Kind;

use super::{FormData, Raw, RawAnswers, parse};
use crate::{
    input::InputError,
    journey::WalkedField,
    value::{Answers, Target, Value},
};

/// What a posted page holds.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// What is understood; [`Value::Empty`] for what was asked and left empty. Documents are not there: they come by
    /// a form of their own, except that a question left without any is marked as asked.
    pub answers: Answers,
    /// What is not understood, as typed.
    pub raw: RawAnswers,
    /// What is wrong, in the order of the page.
    pub errors: Vec<(Target, InputError)>,
}

impl Reading {
    /// Puts what was read into a draft: understood answers replace those kept as typed, and the reverse.
    pub fn apply(self, answers: &mut Answers, raw: &mut RawAnswers) {
        for (at, value) in self.answers.iter() {
            raw.remove(at);
            answers.set(at.clone(), value.clone());
        }
        for (at, typed) in self.raw.iter() {
            answers.remove(at);
            raw.set(at.clone(), typed.clone());
        }
    }
}

/// Reads a posted page: each question that the page shows, rows included. Names of other questions are ignored, and so
/// are locked and computed ones. A text that the browser did not send at all (it was hidden there) keeps its answer.
pub fn read(fields: &[WalkedField<'_>], form: &FormData) -> Reading {
    let mut reading = Reading::default();
    read_into(fields, form, &mut reading);
    reading
}

fn read_into(fields: &[WalkedField<'_>], form: &FormData, reading: &mut Reading) {
    for walked in fields.iter().filter(|walked| walked.is_asked_on_page()) {
        if walked.is_block() {
            let rows = i32::try_from(walked.rows.len()).unwrap_or(i32::MAX);
            reading.answers.set(walked.at.clone(), Value::Integer(rows));
            walked.rows.iter().for_each(|row| read_into(row, form, reading));
            continue;
        }
        if walked.is_pieces() {
            if walked.value.is_none() {
                reading.answers.set(walked.at.clone(), Value::Empty);
            }
            continue;
        }
        let posted = Raw::posted(form, &walked.at);
        if posted.is_none() && !is_silent_when_empty(&walked.field.kind) && walked.holds_something() {
            continue;
        }
        let raw = posted.unwrap_or_default();
        match parse(walked.field, &walked.options, &raw) {
            Ok(value) => reading.answers.set(walked.at.clone(), value),
            Err(error) => {
                reading.raw.set(walked.at.clone(), raw);
                reading.errors.push((walked.at.clone(), error));
            }
        }
    }
}

/// Whether a browser sends nothing for a question left empty: radios and boxes.
const fn is_silent_when_empty(kind: &Kind) -> bool {
    matches!(kind, Kind::Boolean | Kind::Consent | Kind::Choice { .. } | Kind::Choices { .. })
}
