//! Why what was typed is not an answer: one cause per thing to do.

use std::fmt;

use rust_decimal::Decimal;

use super::message;
use crate::identifiers::{EmailError, PhoneError, PlateError, PostalCodeError, RnaError, SirenError, SiretError};

/// A part of a question asked by several inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Day of a date.
    Day,
    /// Month of a date.
    Month,
    /// Year of a date.
    Year,
    /// Hour of a time.
    Hour,
    /// Minute of a time.
    Minute,
    /// Number and street.
    Street,
    /// Postal code.
    PostalCode,
    /// Town.
    Town,
    /// What helps to find the place when the address is unknown.
    Note,
}

impl Part {
    /// All parts.
    pub const ALL: [Self; 9] = [
        Self::Day,
        Self::Month,
        Self::Year,
        Self::Hour,
        Self::Minute,
        Self::Street,
        Self::PostalCode,
        Self::Town,
        Self::Note,
    ];
    /// The parts of an address, in the order of the page.
    pub const ADDRESS: [Self; 4] = [Self::Street, Self::PostalCode, Self::Town, Self::Note];

    /// Last piece of the input's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
            Self::Hour => "hour",
            Self::Minute => "minute",
            Self::Street => "street",
            Self::PostalCode => "postal_code",
            Self::Town => "town",
            Self::Note => "note",
        }
    }

    /// Key of the part in the JSON value of an address.
    pub const fn key(self) -> &'static str {
        self.name()
    }
}

/// What is wrong with what was typed, and in which input. Displayed, it is the sentence for the page.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub struct InputError {
    /// Label of the question.
    pub label: String,
    /// What is wrong.
    pub cause: Cause,
}

impl InputError {
    /// The error of a question.
    pub fn new(label: &str, cause: Cause) -> Self {
        Self { label: label.to_owned(), cause }
    }

    /// Stable code, for counts.
    pub const fn code(&self) -> &'static str {
        self.cause.code()
    }

    /// The input to mark and to take the reader to, when the question has several.
    pub fn part(&self) -> Option<Part> {
        match &self.cause {
            Cause::MissingParts(parts) => parts.first().copied(),
            Cause::WrongPart(part) | Cause::PartTooLong { part, .. } => Some(*part),
            Cause::NoSuchDate | Cause::NotADate => Some(Part::Day),
            Cause::PostalCode(_) => Some(Part::PostalCode),
            _ => None,
        }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&message::sentence(&self.label, &self.cause))
    }
}

/// What kind of answer was left empty: the verb of the sentence depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Something to type.
    Text,
    /// Something to choose.
    Choice,
    /// A box to tick.
    Consent,
    /// Documents to add.
    Pieces,
    /// Rows to add.
    Rows,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Cause {
    /// Nothing was answered, and an answer is needed.
    Empty(Asked),
    /// The text is over its length.
    TooLong {
        /// Most characters.
        max: u32,
        /// Characters typed.
        actual: u32,
    },
    /// A part of the answer is over its length.
    PartTooLong {
        /// The part.
        part: Part,
        /// Most characters.
        max: u32,
    },
    /// A character has no place there.
    WrongCharacter(char),
    /// It is not a number.
    NotANumber,
    /// It is not a whole number.
    NotWhole,
    /// It has more decimals than the unit.
    TooManyDecimals(u8),
    /// The number is under the smallest one.
    TooSmall {
        /// Smallest number.
        min: Decimal,
        /// Unit.
        unit: Option<String>,
    },
    /// The number is over the largest one.
    TooLarge {
        /// Largest number.
        max: Decimal,
        /// Unit.
        unit: Option<String>,
    },
    /// It is not an amount in euros.
    NotAnAmount,
    /// Parts are missing.
    MissingParts(Vec<Part>),
    /// A part is out of its bounds.
    WrongPart(Part),
    /// It does not look like a date.
    NotADate,
    /// That day is in no calendar.
    NoSuchDate,
    /// The choice is not offered, or no longer.
    NotOffered,
    /// More documents than accepted.
    TooManyPieces(u8),
    /// A document of another type than those accepted.
    WrongPieceType(String),
    /// Fewer rows than needed.
    TooFewRows {
        /// Fewest rows.
        min: u16,
        /// Name of one row.
        item: String,
    },
    /// More rows than accepted.
    TooManyRows {
        /// Most rows.
        max: u16,
        /// Name of one row.
        item: String,
    },
    /// E-mail address.
    Email(EmailError),
    /// Phone number.
    Phone(PhoneError),
    /// SIRET.
    Siret(SiretError),
    /// SIREN.
    Siren(SirenError),
    /// RNA number.
    Rna(RnaError),
    /// Plate.
    Plate(PlateError),
    /// Postal code.
    PostalCode(PostalCodeError),
}

impl Cause {
    /// Stable code, for counts.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty(_) => "empty",
            Self::TooLong { .. } | Self::PartTooLong { .. } => "too-long",
            Self::WrongCharacter(_) => "wrong-character",
            Self::NotANumber => "not-a-number",
            Self::NotWhole => "not-whole",
            Self::TooManyDecimals(_) => "too-many-decimals",
            Self::TooSmall { .. } => "too-small",
            Self::TooLarge { .. } => "too-large",
            Self::NotAnAmount => "not-an-amount",
            Self::MissingParts(_) => "missing-parts",
            Self::WrongPart(_) => "wrong-part",
            Self::NotADate => "not-a-date",
            Self::NoSuchDate => "no-such-date",
            Self::NotOffered => "not-offered",
            Self::TooManyPieces(_) => "too-many-pieces",
            Self::WrongPieceType(_) => "wrong-piece-type",
            Self::TooFewRows { .. } => "too-few-rows",
            Self::TooManyRows { .. } => "too-many-rows",
            Self::Email(_) => "email",
            Self::Phone(_) => "phone",
            Self::Siret(_) => "siret",
            Self::Siren(_) => "siren",
            Self::Rna(_) => "rna",
            Self::Plate(_) => "plate",
            Self::PostalCode(_) => "postal-code",
        }
    }
}
