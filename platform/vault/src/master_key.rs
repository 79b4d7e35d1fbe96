//! The key that wraps the tenants' keys. It comes from the operator (file or environment, read by `cli`) and never
//! leaves memory.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::{Zeroize, Zeroizing};

use crate::cipher::{KEY_LENGTH, Key};

/// 32 octets, given as 64 hexadecimal digits or as base64; erased from memory when dropped.
#[derive(Clone)]
pub struct MasterKey(Key);

/// A text that does not hold 32 octets in hexadecimal or base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a key: 32 octets in hexadecimal (64 digits) or in base64 are expected")]
pub struct NotAMasterKey;

impl MasterKey {
    /// From its octets.
    pub fn from_bytes(mut bytes: [u8; KEY_LENGTH]) -> Self {
        let key = Self(Zeroizing::new(bytes));
        bytes.zeroize();
        key
    }

    pub(crate) fn key(&self) -> &Key {
        &self.0
    }
}

impl FromStr for MasterKey {
    type Err = NotAMasterKey;

    fn from_str(text: &str) -> Result<Self, NotAMasterKey> {
        let text = text.trim();
        let octets = Zeroizing::new(match text.len() {
            64 => hexadecimal(text).ok_or(NotAMasterKey)?,
            _ => STANDARD.decode(text).map_err(|_| NotAMasterKey)?,
        });
        let octets: [u8; KEY_LENGTH] = octets.as_slice().try_into().map_err(|_| NotAMasterKey)?;
        Ok(Self::from_bytes(octets))
    }
}

/// Never shown.
impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// Octets of pairs of hexadecimal digits.
fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digit = |octet: u8| char::from(octet).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    text.as_bytes().chunks(2).map(|pair| Some(digit(pair[0])? * 16 + digit(*pair.get(1)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_and_base64_give_the_same_key() {
        let hexadecimal: MasterKey =
            "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef".parse().unwrap();
        let base64: MasterKey = " ASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze8=\n".parse().unwrap();
        assert_eq!(**hexadecimal.key(), **base64.key());
    }

    #[test]
    fn a_short_key_is_refused() {
        for text in ["", "secret", "0123", "ASNFZ4mrze8BI0VniavN7w==", &"g".repeat(64)] {
            assert!(text.parse::<MasterKey>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_key_is_never_shown() {
        assert_eq!(format!("{:?}", MasterKey::from_bytes([7; 32])), "MasterKey(…)");
    }
}
