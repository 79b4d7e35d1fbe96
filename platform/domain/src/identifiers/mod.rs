//! Numbers and addresses that identify: their form and their key, and how they are written.
//!
//! Each function takes what was typed, ignores what is harmless (spaces, hyphens, invisible characters), and gives the
//! one written form that is stored, or says what is wrong. None of them asks a register whether the number exists.

mod contact;
mod plate;
mod register;

pub use contact::{EmailError, PhoneError, email, email_key, phone};
pub use plate::{PlateError, plate};
pub use register::{PostalCodeError, RnaError, SirenError, SiretError, postal_code, rna, siren, siret};

use unicode_normalization::UnicodeNormalization;

/// Whether a character is invisible and means nothing in an answer: joiners, marks of direction, byte order mark.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Whether a character is a hyphen or a dash.
const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '_')
}

/// A code without what people put between its characters, in capital letters.
fn compact(typed: &str) -> String {
    typed
        .nfkc()
        .filter(|c| !c.is_whitespace() && !is_invisible(*c) && !is_hyphen(*c) && !matches!(c, '.' | '\''))
        .flat_map(char::to_uppercase)
        .collect()
}

/// The first character that is not a digit.
fn not_a_digit(code: &str) -> Option<char> {
    code.chars().find(|c| !c.is_ascii_digit())
}
