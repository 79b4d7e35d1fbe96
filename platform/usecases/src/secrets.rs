//! The application key, which keys the deployment's message authentication codes, and random tokens.
//!
//! Never leaves the process. Each use has its own derived key, so that one cannot stand for another.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use parvis_domain::{digest::Sha256, time::Entropy};
use zeroize::Zeroizing;

/// 256 bits given by the deployment.
#[derive(Clone)]
pub struct ApplicationKey(Zeroizing<[u8; 32]>);

impl ApplicationKey {
    /// From its octets.
    pub fn new(octets: [u8; 32]) -> Self {
        Self(Zeroizing::new(octets))
    }

    /// A message authentication code over some parts, for one use. Parts are delimited.
    pub fn mac(&self, use_of_it: &str, parts: &[&[u8]]) -> Sha256 {
        let derived = hmac_of(self.0.as_slice(), &[use_of_it.as_bytes()]);
        Sha256::from_bytes(hmac_of(&derived, parts))
    }
}

impl fmt::Debug for ApplicationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApplicationKey(…)")
    }
}

fn hmac_of(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// A random token of 256 bits: what the browser or the mail holds. The database holds [`Token::digest`] only.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one.
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut octets = [0; 32];
        entropy.fill(&mut octets);
        Self(URL_SAFE_NO_PAD.encode(octets))
    }

    /// As it travels.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the database holds of a token.
    pub fn digest(&self) -> Sha256 {
        digest_of(&self.0)
    }
}

/// Never shown in a log.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What the database holds of a token that came back.
pub fn digest_of(token: &str) -> Sha256 {
    Sha256::of_parts(&[b"parvis token\n", token.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_mac_are_delimited() {
        let key = ApplicationKey::new([7; 32]);
        assert_ne!(key.mac("csrf", &[b"ab", b"c"]), key.mac("csrf", &[b"a", b"bc"]));
    }
}
