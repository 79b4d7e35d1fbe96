//! Rows of repeatable blocks.

use parvis_contract::{Field, Kind};

use crate::{
    input::RawAnswers,
    value::{Answers, Target, Value},
};

/// How many rows a draft holds for a block: those that have an answer, or more when rows were added.
pub(super) fn row_count(block: &Field, answers: &Answers, raw: &RawAnswers) -> u32 {
    let Kind::Block { fields, max, .. } = &block.kind else { return 0 };
    let is_inner = |target: &&Target| fields.iter().any(|field| field.id == target.field);
    let typed = answers.iter().map(|(at, _)| at).chain(raw.iter().map(|(at, _)| at));
    let last = typed.filter(is_inner).filter_map(|at| at.row).max().map_or(0, |row| row.saturating_add(1));
    let added = match answers.get(&block.id) {
        Some(Value::Integer(rows)) => u32::try_from(*rows).unwrap_or(0),
        _ => 0,
    };
    // One more than accepted is enough to say that there are too many.
    last.max(added).min(u32::from(*max).saturating_add(1))
}

/// Adds an empty row to a block, up to its most rows. `shown` is how many rows the page shows.
pub fn add_row(block: &Field, shown: u32, answers: &mut Answers) {
    if let Kind::Block { max, .. } = &block.kind {
        let rows = shown.saturating_add(1).min(u32::from(*max));
        answers.set(Target::field(&block.id), Value::Integer(i32::try_from(rows).unwrap_or(i32::MAX)));
    }
}

/// Removes a row of a block; the following ones move up. `shown` is how many rows the page shows.
pub fn remove_row(block: &Field, row: u32, shown: u32, answers: &mut Answers, raw: &mut RawAnswers) {
    let Kind::Block { fields, .. } = &block.kind else { return };
    if row >= shown {
        return;
    }
    for field in fields {
        for into in row..shown {
            let (to, from) = (Target::row(&field.id, into), Target::row(&field.id, into + 1));
            match answers.stored(&from).cloned().filter(|_| into + 1 < shown) {
                Some(value) => answers.set(to.clone(), value),
                None => answers.remove(&to),
            }
            match raw.remove(&from).filter(|_| into + 1 < shown) {
                Some(typed) => raw.set(to, typed),
                None => drop(raw.remove(&to)),
            }
        }
    }
    answers.set(Target::field(&block.id), Value::Integer(i32::try_from(shown - 1).unwrap_or(0)));
}
