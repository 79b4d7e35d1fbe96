//! Declared conditions.

use parvis_contract::{Condition, Field, Literal};
use rust_decimal::Decimal;

use crate::value::{Answers, Target, Value};

/// Where a condition stands: in a row, it reads the fields of its own row first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) row: u32,
    pub(super) block: &'a [Field],
}

/// Whether a condition holds on what is visible before it. A field without an answer makes every comparison false.
pub(super) fn holds(condition: &Condition, visible: &Answers, place: Option<Place<'_>>) -> bool {
    let answer = |field: &str| visible.at(&target(field, place));
    match condition {
        Condition::Equals { field, value } => answer(field).is_some_and(|found| equals(found, value)),
        Condition::OneOf { field, values } => {
            matches!(answer(field), Some(Value::Text(found)) if values.contains(found))
        }
        Condition::Includes { field, value } => {
            matches!(answer(field), Some(Value::Choices(found)) if found.contains(value))
        }
        Condition::Answered { field } => answer(field).is_some_and(Value::is_answer),
        Condition::All(inner) => inner.iter().all(|inner| holds(inner, visible, place)),
        Condition::Any(inner) => inner.iter().any(|inner| holds(inner, visible, place)),
        Condition::Not(inner) => !holds(inner, visible, place),
    }
}

fn target(field: &str, place: Option<Place<'_>>) -> Target {
    match place {
        Some(Place { row, block }) if block.iter().any(|inner| inner.id == field) => Target::row(field, row),
        _ => Target::field(field),
    }
}

fn equals(found: &Value, literal: &Literal) -> bool {
    match (found, literal) {
        (Value::Boolean(found), Literal::Boolean(wanted)) => found == wanted,
        (Value::Integer(found), Literal::Integer(wanted)) => found == wanted,
        (Value::Decimal(found), Literal::Integer(wanted)) => *found == Decimal::from(*wanted),
        (Value::Text(found), Literal::Text(wanted)) => found == wanted,
        (Value::Date(found), Literal::Text(wanted)) => found.to_string() == *wanted,
        _ => false,
    }
}
