//! One field: its texts, its bounds, its options.

use std::str::FromStr;

use parvis_contract::{Definition, Field, Kind, Options, Sensitivity};
use rust_decimal::Decimal;

use super::Flaws;

/// Checks a field apart from its neighbours; blocks are walked by `form`.
pub(super) fn check(definition: &Definition, place: &str, field: &Field, flaws: &mut Flaws) {
    flaws.id(place, &field.id);
    if field.kind.is_question() {
        flaws.filled(place, "label", &field.label);
    }
    if field.sensitivity != Sensitivity::None {
        flaws.filled(place, "purpose (the RGPD asks why)", &field.purpose);
    }
    match &field.kind {
        Kind::Text { max_length, lines, .. } => {
            flaws.require(place, *max_length > 0, "its max-length must be at least 1");
            flaws.require(place, *lines > 0, "its lines must be at least 1");
        }
        Kind::Integer { min, max, .. } => flaws.require(place, min <= max, "its min is above its max"),
        Kind::Decimal { min, max, places, .. } => decimal(place, min, max, *places, flaws),
        Kind::Choice { options, .. } | Kind::Choices { options } => check_options(definition, place, options, flaws),
        Kind::Pieces { accept, max_files, basis, .. } => {
            flaws.require(place, !accept.is_empty(), "it accepts no type of file");
            flaws.require(place, *max_files > 0, "its max-files must be at least 1");
            flaws.filled(place, "basis (the text that requires the piece)", basis);
        }
        Kind::Information { text } => flaws.filled(place, "text", text),
        Kind::Block { fields, min, max, item } => {
            flaws.require(place, !fields.is_empty(), "its block has no field");
            flaws.require(place, min <= max && *max > 0, "its block's min is above its max, or its max is 0");
            flaws.filled(place, "item (the name of one row)", item);
        }
        Kind::Email
        | Kind::Phone
        | Kind::Amount
        | Kind::Boolean
        | Kind::Consent
        | Kind::Date
        | Kind::DateTime
        | Kind::Address
        | Kind::Siret
        | Kind::Siren
        | Kind::Rna
        | Kind::Plate => {}
    }
}

fn decimal(place: &str, min: &str, max: &str, places: u8, flaws: &mut Flaws) {
    match (Decimal::from_str(min), Decimal::from_str(max)) {
        (Ok(min), Ok(max)) => flaws.require(place, min <= max, "its min is above its max"),
        _ => flaws.add(place, "its min and max must be decimals, like `0.10`"),
    }
    flaws.require(place, places <= 9, "its places must be 9 at most");
}

fn check_options(definition: &Definition, place: &str, options: &Options, flaws: &mut Flaws) {
    match options {
        Options::Evaluated => {}
        Options::Fixed(choices) => {
            flaws.require(place, !choices.is_empty(), "it offers no choice");
            for choice in choices {
                flaws.filled(place, "choice's value", &choice.value);
                flaws.filled(place, "choice's label", &choice.label);
            }
            flaws.unique(place, choices.iter().map(|choice| choice.value.as_str()));
        }
        Options::Setting { block, value, label } => {
            let found = definition.settings.iter().find(|setting| setting.id == *block).map(|setting| &setting.kind);
            let Some(Kind::Block { fields, .. }) = found else {
                return flaws.add(place, format!("its options come from `{block}`, which is not a block of settings"));
            };
            for column in [value, label] {
                let is_known = fields.iter().any(|field| field.id == *column);
                if !is_known {
                    flaws.add(place, format!("its options read `{column}`, which the block `{block}` does not have"));
                }
            }
        }
    }
}
