//! What a kind accepts, whether the answer was just typed or read back under another version of the form.

use parvis_contract::{Accept, Choice, Field, Kind};
use rust_decimal::Decimal;

use super::{Cause, InputError, parse::bound};
use crate::value::{PieceRef, Value};

/// Whether a value is of the type that the field's kind holds. One that is not, kept from another version of the form,
/// is read as absent.
pub const fn fits(field: &Field, value: &Value) -> bool {
    match value {
        Value::Empty => true,
        Value::Text(_) => matches!(
            field.kind,
            Kind::Text { .. }
                | Kind::Email
                | Kind::Phone
                | Kind::Choice { .. }
                | Kind::Siret
                | Kind::Siren
                | Kind::Rna
                | Kind::Plate
        ),
        Value::Integer(_) => matches!(field.kind, Kind::Integer { .. } | Kind::Block { .. }),
        Value::Decimal(_) => matches!(field.kind, Kind::Decimal { .. } | Kind::Amount),
        Value::Boolean(_) => matches!(field.kind, Kind::Boolean | Kind::Consent),
        Value::Date(_) => matches!(field.kind, Kind::Date),
        Value::Instant(_) => matches!(field.kind, Kind::DateTime),
        Value::Choices(_) => matches!(field.kind, Kind::Choices { .. }),
        Value::Json(_) => matches!(field.kind, Kind::Address),
        Value::Pieces(_) => matches!(field.kind, Kind::Pieces { .. }),
    }
}

/// Checks a value against the bounds of its field: length, smallest and largest, offered choices, number and types of
/// documents. The empty value is right.
pub fn check(field: &Field, options: &[Choice], value: &Value) -> Result<(), InputError> {
    cause(field, options, value).map_or(Ok(()), |cause| Err(InputError::new(&field.label, cause)))
}

fn cause(field: &Field, options: &[Choice], value: &Value) -> Option<Cause> {
    match (&field.kind, value) {
        (Kind::Text { max_length, .. }, Value::Text(text)) => {
            let (max, actual) = (u32::from(*max_length), u32::try_from(text.chars().count()).unwrap_or(u32::MAX));
            (actual > max).then_some(Cause::TooLong { max, actual })
        }
        (Kind::Integer { min, max, unit }, Value::Integer(number)) => {
            between((*number).into(), Some((*min).into()), Some((*max).into()), unit.as_ref())
        }
        (Kind::Decimal { min, max, places, unit }, Value::Decimal(number)) => {
            if number.normalize().scale() > u32::from(*places) {
                return Some(if *places == 0 { Cause::NotWhole } else { Cause::TooManyDecimals(*places) });
            }
            between(*number, bound(min), bound(max), unit.as_ref())
        }
        (Kind::Amount, Value::Decimal(euros)) => {
            between(*euros, Some(Decimal::ZERO), Some(Decimal::from(100_000_000)), Some(&"€".to_owned()))
        }
        (Kind::Choice { .. }, Value::Text(chosen)) => (!offers(options, chosen)).then_some(Cause::NotOffered),
        (Kind::Choices { .. }, Value::Choices(chosen)) => {
            (!chosen.iter().all(|one| offers(options, one))).then_some(Cause::NotOffered)
        }
        (Kind::Pieces { accept, max_files, .. }, Value::Pieces(pieces)) => piece_cause(accept, *max_files, pieces),
        _ => None,
    }
}

fn between(number: Decimal, min: Option<Decimal>, max: Option<Decimal>, unit: Option<&String>) -> Option<Cause> {
    let unit = || unit.cloned();
    match (min, max) {
        (Some(min), _) if number < min => Some(Cause::TooSmall { min, unit: unit() }),
        (_, Some(max)) if number > max => Some(Cause::TooLarge { max, unit: unit() }),
        _ => None,
    }
}

fn offers(options: &[Choice], chosen: &str) -> bool {
    options.iter().any(|option| option.value == chosen)
}

fn piece_cause(accept: &[Accept], max_files: u8, pieces: &[PieceRef]) -> Option<Cause> {
    if pieces.len() > usize::from(max_files) {
        return Some(Cause::TooManyPieces(max_files));
    }
    let refused = |piece: &&PieceRef| {
        !accept.iter().any(|accepted| crate::file_type::FileType::from(*accepted).media_type() == piece.media_type)
    };
    pieces.iter().find(refused).map(|piece| Cause::WrongPieceType(piece.name.clone()))
}
