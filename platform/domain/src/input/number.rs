//! Numbers and amounts, as people type them.

use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::Cause;
use crate::{
    french,
    money::{Centimes, NotAnAmount},
};

/// A whole number: "12", "1 200", "12 m".
pub(super) fn whole(typed: &str, min: i32, max: i32, unit: Option<&str>) -> Result<i32, Cause> {
    let number = decimal(typed, unit)?;
    if !number.fract().is_zero() {
        return Err(Cause::NotWhole);
    }
    let unit = || unit.map(str::to_owned);
    number.to_i32().ok_or_else(|| {
        if number.is_sign_negative() {
            Cause::TooSmall { min: min.into(), unit: unit() }
        } else {
            Cause::TooLarge { max: max.into(), unit: unit() }
        }
    })
}

/// An exact decimal: "2,5", "2.5", "2,5 m".
pub(super) fn decimal(typed: &str, unit: Option<&str>) -> Result<Decimal, Cause> {
    let without_unit = unit.and_then(|unit| {
        let short = unit.strip_suffix('s').unwrap_or(unit);
        [unit, short, "m"].into_iter().filter(|unit| !unit.is_empty()).find_map(|unit| typed.strip_suffix(unit))
    });
    french::parse_decimal(without_unit.unwrap_or(typed)).ok_or(Cause::NotANumber)
}

/// An amount in euros.
pub(super) fn amount(typed: &str) -> Result<Centimes, Cause> {
    Centimes::parse(typed).map_err(|error| match error {
        NotAnAmount::NotANumber | NotAnAmount::TooLarge => Cause::NotAnAmount,
        NotAnAmount::TooManyDecimals => Cause::TooManyDecimals(2),
    })
}
