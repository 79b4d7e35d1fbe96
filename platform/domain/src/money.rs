//! Amounts, exact to the centime.

use std::{fmt, iter::Sum, ops};

use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};

use crate::french;

/// An amount in centimes; shown "1 234,50 €", as French typography wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Centimes(i64);

/// Why a text or a number is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAmount {
    /// It is not a number.
    #[error("not a number")]
    NotANumber,
    /// It has more than two decimals.
    #[error("an amount has at most two decimals")]
    TooManyDecimals,
    /// It is too large to be counted.
    #[error("the amount is too large")]
    TooLarge,
}

impl Centimes {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From centimes.
    pub const fn new(centimes: i64) -> Self {
        Self(centimes)
    }

    /// As centimes, as the database holds it.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// From euros, if exact to the centime.
    pub fn from_euros(euros: Decimal) -> Result<Self, NotAnAmount> {
        let euros = euros.normalize();
        if euros.scale() > 2 {
            return Err(NotAnAmount::TooManyDecimals);
        }
        let centimes = euros.checked_mul(Decimal::ONE_HUNDRED).and_then(|centimes| centimes.to_i64());
        centimes.map(Self).ok_or(NotAnAmount::TooLarge)
    }

    /// As euros, with two decimals.
    pub fn euros(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// From what was typed: "1 234,50 €", "1234.5", "12".
    pub fn parse(typed: &str) -> Result<Self, NotAnAmount> {
        let typed = typed.trim();
        let number = typed.strip_suffix('€').or_else(|| typed.strip_suffix("euros")).unwrap_or(typed);
        let euros = french::parse_decimal(number).ok_or(NotAnAmount::NotANumber)?;
        Self::from_euros(euros)
    }

    /// The sum, unless it is too large.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

impl ops::Add for Centimes {
    type Output = Self;

    /// Saturates.
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Centimes {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |total, amount| total + amount)
    }
}

impl fmt::Display for Centimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (euros, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let sign = if self.0 < 0 { "\u{2212}" } else { "" };
        write!(f, "{sign}{},{rest:02}{}€", french::natural(euros), french::NBSP)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_amount_is_written_as_the_french_do() {
        assert_eq!(Centimes::new(123_450).to_string(), "1\u{202f}234,50\u{a0}€");
        assert_eq!(Centimes::new(5).to_string(), "0,05\u{a0}€");
        assert_eq!(Centimes::new(-1_200).to_string(), "\u{2212}12,00\u{a0}€");
    }

    #[test]
    fn an_amount_is_understood_as_people_type_it() {
        for typed in ["1234,5", "1 234,50 €", "1\u{202f}234,50\u{a0}€", "1234.50", " 1234,50 euros"] {
            assert_eq!(Centimes::parse(typed), Ok(Centimes::new(123_450)), "{typed:?}");
        }
        assert_eq!(Centimes::parse("12,345"), Err(NotAnAmount::TooManyDecimals));
        assert_eq!(Centimes::parse("douze"), Err(NotAnAmount::NotANumber));
    }

    proptest! {
        #[test]
        fn what_is_written_is_understood_again(centimes in -1_000_000_000_000_i64..1_000_000_000_000) {
            let amount = Centimes::new(centimes);
            prop_assert_eq!(Centimes::parse(&amount.to_string()), Ok(amount));
            prop_assert_eq!(Centimes::from_euros(amount.euros()), Ok(amount));
        }
    }
}
