//! Numbers and codes that people read, copy and spell on the phone.

use std::fmt;

use crate::time::Entropy;

/// The number of a dossier, "ODP-2026-000123".
pub fn dossier_number(prefix: &str, year: i16, rank: u64) -> String {
    format!("{prefix}-{year}-{rank:06}")
}

/// The number of an act in its register, "2026-0042": its rank in the civil year. The register is named by the title of the
/// act, "Arrêté du maire".
pub fn act_number(year: u32, rank: u32) -> String {
    format!("{year}-{rank:04}")
}

/// Letters of a code: no vowel, so that no word appears, and none that is mistaken for another when spelt.
const LETTERS: [u8; 16] = *b"BCDFGHJKLMNPRSTX";

/// The code that opens the follow-up page with the number: eight letters, 32 bits, for a page that counts attempts.
#[derive(Clone, PartialEq, Eq)]
pub struct TrackingCode([u8; 8]);

impl TrackingCode {
    /// A new code.
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut letters = [0; 8];
        entropy.fill(&mut letters);
        Self(letters.map(|octet| LETTERS[usize::from(octet) % LETTERS.len()]))
    }

    /// The code as typed: spaces, hyphens and case do not count.
    pub fn read(typed: &str) -> Option<Self> {
        let letters: Vec<u8> = typed
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '‑' | '–' | '\u{200b}' | '\u{feff}'))
            .map(|c| u8::try_from(c.to_ascii_uppercase()).ok().filter(|letter| LETTERS.contains(letter)))
            .collect::<Option<_>>()?;
        letters.try_into().ok().map(Self)
    }

    /// The eight letters, for a digest.
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

/// Two groups of four, "BCDF-GHJK".
impl fmt::Display for TrackingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, letter) in self.0.iter().enumerate() {
            if index == 4 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*letter))?;
        }
        Ok(())
    }
}

/// A code opens a dossier: it is never logged.
impl fmt::Debug for TrackingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TrackingCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting;

    impl Entropy for Counting {
        fn fill(&self, buffer: &mut [u8]) {
            for (index, octet) in buffer.iter_mut().enumerate() {
                *octet = u8::try_from(index * 37 % 256).unwrap();
            }
        }
    }

    #[test]
    fn numbers_keep_their_width_and_grow_beyond_it() {
        assert_eq!(dossier_number("ODP", 2026, 123), "ODP-2026-000123");
        assert_eq!(dossier_number("ODP", 2026, 1_234_567), "ODP-2026-1234567");
        assert_eq!((act_number(2026, 42), act_number(2026, 12_345)), ("2026-0042".to_owned(), "2026-12345".to_owned()));
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = TrackingCode::new(&Counting);
        let shown = code.to_string();
        assert_eq!(shown.len(), 9);
        for typed in
            [shown.clone(), shown.to_lowercase(), shown.replace('-', " "), format!(" {} ", shown.replace('-', ""))]
        {
            assert_eq!(TrackingCode::read(&typed), Some(code.clone()), "{typed}");
        }
    }

    #[test]
    fn what_is_not_a_code_is_not_read() {
        for typed in ["", "BCDF", "BCDFGHJKL", "AEIOUYAE", "BCDF-GHJ1", "éééééééé"] {
            assert_eq!(TrackingCode::read(typed), None, "{typed}");
        }
    }
}
