//! Numbers of registers: SIRET, SIREN, RNA, postal code.

use super::{compact, not_a_digit};

/// Why a text is not a SIRET.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SiretError {
    /// A SIRET has digits only.
    #[error("a SIRET has no {0:?}")]
    WrongCharacter(char),
    /// A SIRET has 14 digits.
    #[error("a SIRET has 14 digits, not {0}")]
    Length(usize),
    /// The key does not hold: a digit is wrong.
    #[error("the key of the SIRET does not hold")]
    Key,
}

/// Why a text is not a SIREN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SirenError {
    /// A SIREN has digits only.
    #[error("a SIREN has no {0:?}")]
    WrongCharacter(char),
    /// A SIREN has 9 digits.
    #[error("a SIREN has 9 digits, not {0}")]
    Length(usize),
    /// The key does not hold: a digit is wrong.
    #[error("the key of the SIREN does not hold")]
    Key,
}

/// Why a text is not an RNA number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RnaError {
    /// It begins with a W.
    #[error("an RNA number begins with W")]
    FirstLetter,
    /// Digits only after the W.
    #[error("an RNA number has no {0:?} after its W")]
    WrongCharacter(char),
    /// Nine characters after the W.
    #[error("an RNA number has 9 digits after its W, not {0}")]
    Length(usize),
}

/// Why a text is not a French postal code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PostalCodeError {
    /// Five digits.
    #[error("a postal code has 5 digits")]
    Form,
    /// No département has this number.
    #[error("no postal code begins by these digits")]
    Unknown,
}

/// A SIRET, as 14 digits. La Poste's establishments follow their own key (note of INSEE).
pub fn siret(typed: &str) -> Result<String, SiretError> {
    let code = compact(typed);
    if let Some(c) = not_a_digit(&code) {
        return Err(SiretError::WrongCharacter(c));
    }
    if code.len() != 14 {
        return Err(SiretError::Length(code.len()));
    }
    let of_la_poste = code.starts_with("356000000") && digits(&code).sum::<u32>().is_multiple_of(5);
    if luhn(&code) || of_la_poste { Ok(code) } else { Err(SiretError::Key) }
}

/// A SIREN, as 9 digits.
pub fn siren(typed: &str) -> Result<String, SirenError> {
    let code = compact(typed);
    if let Some(c) = not_a_digit(&code) {
        return Err(SirenError::WrongCharacter(c));
    }
    if code.len() != 9 {
        return Err(SirenError::Length(code.len()));
    }
    if luhn(&code) { Ok(code) } else { Err(SirenError::Key) }
}

/// An RNA number: W and nine digits.
pub fn rna(typed: &str) -> Result<String, RnaError> {
    let code = compact(typed);
    let Some(number) = code.strip_prefix('W') else {
        return Err(RnaError::FirstLetter);
    };
    if let Some(c) = not_a_digit(number) {
        return Err(RnaError::WrongCharacter(c));
    }
    if number.len() != 9 {
        return Err(RnaError::Length(number.len()));
    }
    Ok(code)
}

/// A French postal code, as 5 digits. It begins as the code of a département (20 for Corsica), of an overseas department
/// or collectivity, or of Monaco; the Code officiel géographique keeps 99 for foreign countries.
pub fn postal_code(typed: &str) -> Result<String, PostalCodeError> {
    let code = compact(typed);
    if code.len() != 5 || not_a_digit(&code).is_some() {
        return Err(PostalCodeError::Form);
    }
    if is_of_a_departement(&code) { Ok(code) } else { Err(PostalCodeError::Unknown) }
}

fn is_of_a_departement(code: &str) -> bool {
    let head = |len: usize| code.get(..len).and_then(|head| head.parse::<u16>().ok());
    match head(2) {
        Some(1..=95 | 98) => true,
        Some(97) => matches!(head(3), Some(971..=978)),
        _ => false,
    }
}

fn digits(code: &str) -> impl DoubleEndedIterator<Item = u32> + '_ {
    code.chars().filter_map(|c| c.to_digit(10))
}

/// Luhn's key (ISO/IEC 7812-1): every second digit from the right counts double.
fn luhn(code: &str) -> bool {
    let doubled = |(place, digit): (usize, u32)| match (place % 2, digit * 2) {
        (0, _) => digit,
        (_, double) if double > 9 => double - 9,
        (_, double) => double,
    };
    digits(code).rev().enumerate().map(doubled).sum::<u32>().is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_siret_is_understood_with_spaces_and_hyphens() {
        assert_eq!(siret(" 732 829 320 00074 "), Ok("73282932000074".to_owned()));
        assert_eq!(siret("732-829-320-00074"), Ok("73282932000074".to_owned()));
        assert_eq!(siret("732\u{a0}829\u{202f}320\u{200b}00074"), Ok("73282932000074".to_owned()));
    }

    #[test]
    fn each_way_to_miss_a_siret_has_its_cause() {
        assert_eq!(siret("732829320"), Err(SiretError::Length(9)));
        assert_eq!(siret("7328293200007A"), Err(SiretError::WrongCharacter('A')));
        assert_eq!(siret("73282932000075"), Err(SiretError::Key));
    }

    #[test]
    fn establishments_of_la_poste_follow_their_own_key() {
        assert!(siret("35600000000048").is_ok(), "the head office follows both");
        assert!(siret("35600000049837").is_ok());
        assert_eq!(siret("35600000049838"), Err(SiretError::Key));
    }

    #[test]
    fn a_siren_has_nine_digits_and_a_key() {
        assert_eq!(siren("732 829 320"), Ok("732829320".to_owned()));
        assert_eq!(siren("732829321"), Err(SirenError::Key));
        assert_eq!(siren("73282932"), Err(SirenError::Length(8)));
    }

    #[test]
    fn an_association_is_known_by_w_and_nine_digits() {
        assert_eq!(rna("w 751 123 456"), Ok("W751123456".to_owned()));
        assert_eq!(rna("751123456"), Err(RnaError::FirstLetter));
        assert_eq!(rna("W75112345"), Err(RnaError::Length(8)));
        assert_eq!(rna("W75112345X"), Err(RnaError::WrongCharacter('X')));
    }

    #[test]
    fn a_postal_code_has_five_digits_of_a_departement() {
        assert_eq!(postal_code("44 000"), Ok("44000".to_owned()));
        assert_eq!(postal_code("4400"), Err(PostalCodeError::Form));
        assert_eq!(postal_code("2A000"), Err(PostalCodeError::Form));
        for known in ["01000", "20000", "95880", "97120", "97500", "97680", "98000", "98800"] {
            assert_eq!(postal_code(known), Ok(known.to_owned()));
        }
        for unknown in ["00100", "96000", "97000", "97900", "99100", "99999"] {
            assert_eq!(postal_code(unknown), Err(PostalCodeError::Unknown), "{unknown}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_digit_always_breaks_the_key_of_a_siren(base in 0_u32..100_000_000, place in 0_usize..9, by in 1_u32..10) {
            let body = format!("{base:08}");
            let right = (0..10).map(|key| format!("{body}{key}")).find(|code| luhn(code)).expect("one key of ten holds");
            let wrong: String = right
                .chars()
                .enumerate()
                .map(|(at, c)| if at == place { char::from_digit((c.to_digit(10).unwrap() + by) % 10, 10).unwrap() } else { c })
                .collect();
            prop_assert!(siren(&right).is_ok());
            prop_assert_eq!(siren(&wrong), Err(SirenError::Key));
        }
    }
}
