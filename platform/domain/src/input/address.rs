//! Postal addresses: lines, postal code, town, and a note where the address is unknown.

use super::{
    Cause, Part, Raw,
    parse::{LineBreaks, tidy},
};
use crate::{identifiers, value::Value};

/// Longest part, in characters.
const PART_LENGTH: u32 = 200;
/// Longest note, in characters.
const NOTE_LENGTH: u32 = 500;

/// An address: a street with its town, or a note that tells where it is.
pub(super) fn address(raw: &Raw) -> Result<Value, Cause> {
    let part = |part: Part| {
        let typed = tidy(raw.part(part), LineBreaks::Removed);
        let max = if part == Part::Note { NOTE_LENGTH } else { PART_LENGTH };
        if typed.chars().count() > max as usize { Err(Cause::PartTooLong { part, max }) } else { Ok(typed) }
    };
    let mut street = part(Part::Street)?;
    if street.is_empty() && !raw.has_parts() {
        street = tidy(raw.whole(), LineBreaks::Removed);
    }
    let (code, town, note) = (part(Part::PostalCode)?, part(Part::Town)?, part(Part::Note)?);
    if [&street, &code, &town, &note].into_iter().all(String::is_empty) {
        return Ok(Value::Empty);
    }
    let code = if code.is_empty() { code } else { identifiers::postal_code(&code).map_err(Cause::PostalCode)? };
    if note.is_empty() {
        let parts = [(Part::Street, &street), (Part::PostalCode, &code), (Part::Town, &town)];
        let missing: Vec<Part> = parts.into_iter().filter(|(_, text)| text.is_empty()).map(|(part, _)| part).collect();
        if !missing.is_empty() {
            return Err(Cause::MissingParts(missing));
        }
    }
    Ok(Value::Json(serde_json::json!({ "street": street, "postal_code": code, "town": town, "note": note })))
}
