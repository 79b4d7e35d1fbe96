//! From what was typed to a value.

use parvis_contract::{Choice, Field, Kind, TextFormat};
use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

use super::{
    Cause, InputError, Raw, address, check, date,
    number::{amount, decimal, whole},
};
use crate::{identifiers, value::Value};

/// The answer that was typed, [`Value::Empty`] when nothing was. `options` are those offered now. What the kind declares
/// (bounds, lengths, offered choices) is checked; whether an answer is needed is not.
pub fn parse(field: &Field, options: &[Choice], raw: &Raw) -> Result<Value, InputError> {
    let value = understood(field, raw).map_err(|cause| InputError::new(&field.label, cause))?;
    check(field, options, &value)?;
    Ok(ordered(value, options))
}

fn understood(field: &Field, raw: &Raw) -> Result<Value, Cause> {
    let typed = tidy(raw.whole(), LineBreaks::Removed);
    match &field.kind {
        Kind::Date => return date::date(raw),
        Kind::DateTime => return date::date_time(raw),
        Kind::Address => return address::address(raw),
        Kind::Choices { .. } => return Ok(choices(raw)),
        Kind::Consent => return Ok(if is_yes(&typed) { Value::Boolean(true) } else { Value::Empty }),
        Kind::Pieces { .. } | Kind::Information { .. } | Kind::Block { .. } => return Ok(Value::Empty),
        _ if typed.is_empty() => return Ok(Value::Empty),
        _ => {}
    }
    let text = match &field.kind {
        Kind::Text { format, lines, .. } => {
            let kept = if *lines > 1 { tidy(raw.whole(), LineBreaks::Kept) } else { typed };
            formatted(*format, kept)?
        }
        Kind::Email => identifiers::email(&typed).map_err(Cause::Email)?,
        Kind::Phone => identifiers::phone(&typed).map_err(Cause::Phone)?,
        Kind::Siret => identifiers::siret(&typed).map_err(Cause::Siret)?,
        Kind::Siren => identifiers::siren(&typed).map_err(Cause::Siren)?,
        Kind::Rna => identifiers::rna(&typed).map_err(Cause::Rna)?,
        Kind::Plate => identifiers::plate(&typed).map_err(Cause::Plate)?,
        Kind::Integer { min, max, unit } => return whole(&typed, *min, *max, unit.as_deref()).map(Value::Integer),
        Kind::Decimal { unit, .. } => return decimal(&typed, unit.as_deref()).map(Value::Decimal),
        Kind::Amount => return amount(&typed).map(|amount| Value::Decimal(amount.euros())),
        Kind::Boolean => return yes_or_no(&typed).map(Value::Boolean),
        _ => typed,
    };
    Ok(Value::Text(text))
}

/// Whether line breaks mean something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LineBreaks {
    Kept,
    Removed,
}

/// A text without what nobody meant to type: invisible characters, controls, spaces at both ends; NFC (Unicode TR15).
pub(super) fn tidy(typed: &str, breaks: LineBreaks) -> String {
    let text: String = typed.replace("\r\n", "\n").replace('\r', "\n");
    let clean = text.nfc().filter(|c| !identifiers::is_invisible(*c)).filter_map(|c| match c {
        '\n' if breaks == LineBreaks::Removed => Some(' '),
        '\n' => Some('\n'),
        '\t' => Some(' '),
        c if c.is_control() => None,
        c => Some(c),
    });
    clean.collect::<String>().trim().to_owned()
}

fn formatted(format: TextFormat, text: String) -> Result<String, Cause> {
    match format {
        TextFormat::Free => Ok(text),
        TextFormat::PostalCode => identifiers::postal_code(&text).map_err(Cause::PostalCode),
        TextFormat::Name => {
            let wrong = |c: &char| c.is_ascii_digit() || "<>{}[]|\\^~=+*/@#$%&_;:!?\"".contains(*c);
            text.chars().find(wrong).map_or(Ok(text), |c| Err(Cause::WrongCharacter(c)))
        }
        TextFormat::Reference => {
            let fits = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '/' | '.' | '\u{2010}'..='\u{2015}');
            text.chars().find(|c| !fits(*c)).map_or(Ok(text), |c| Err(Cause::WrongCharacter(c)))
        }
    }
}

fn is_yes(typed: &str) -> bool {
    matches!(typed.to_lowercase().as_str(), "oui" | "true" | "on" | "1" | "yes")
}

fn yes_or_no(typed: &str) -> Result<bool, Cause> {
    if is_yes(typed) {
        return Ok(true);
    }
    match typed.to_lowercase().as_str() {
        "non" | "false" | "off" | "0" | "no" => Ok(false),
        _ => Err(Cause::NotOffered),
    }
}

fn choices(raw: &Raw) -> Value {
    let mut chosen: Vec<String> = Vec::new();
    for value in raw.values().iter().filter(|value| !value.is_empty()) {
        if !chosen.contains(value) {
            chosen.push(value.clone());
        }
    }
    if chosen.is_empty() { Value::Empty } else { Value::Choices(chosen) }
}

/// Several choices are kept in the order of the options.
fn ordered(value: Value, options: &[Choice]) -> Value {
    match value {
        Value::Choices(mut chosen) => {
            chosen.sort_by_key(|one| options.iter().position(|option| option.value == *one));
            Value::Choices(chosen)
        }
        other => other,
    }
}

/// Bounds written as text in a definition; a definition that is wrong bounds nothing.
pub(super) fn bound(text: &str) -> Option<Decimal> {
    text.parse().ok()
}
