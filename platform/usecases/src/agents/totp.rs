//! The second factor of agents: time-based codes (RFC 6238), six digits, thirty seconds, SHA-1 since that is what
//! every authenticator does.
//!
//! A code serves once: the caller keeps the step it was accepted at, and an equal or earlier one is refused.

use parvis_domain::time::{Entropy, Instant};
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

/// Octets of a secret (RFC 4226 recommends 160 bits).
const SECRET: usize = 20;
/// Seconds of a step.
const STEP: u64 = 30;

/// A secret shared with the authenticator of an agent.
pub(super) struct SecondFactor(Totp);

/// What the agent types or scans into her authenticator.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// `otpauth://` address, shown as a QR code.
    pub url: String,
    /// The secret in base 32, to type.
    pub secret: String,
}

/// Never shown in a log.
impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment(…)")
    }
}

/// A new secret.
pub(super) fn new_secret(entropy: &dyn Entropy) -> Zeroizing<Vec<u8>> {
    let mut secret = Zeroizing::new(vec![0; SECRET]);
    entropy.fill(&mut secret);
    secret
}

impl SecondFactor {
    /// From a secret; `None` when it is not one.
    pub(super) fn new(secret: &[u8], email: &str) -> Option<Self> {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(1)
            .with_step_duration(STEP)
            .with_secret(secret.to_vec())
            .with_account_name(email.replace(':', " "))
            .with_issuer(Some("Parvis"))
            .build()
            .ok()
            .map(Self)
    }

    /// The step at which a code is right now, unless it is not later than the last one that served.
    pub(super) fn accepts(&self, code: &str, now: Instant, last_step: Option<u64>) -> Option<u64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let step = self.0.check(&digits, seconds(now))?;
        last_step.is_none_or(|last| step > last).then_some(step)
    }

    /// What the agent gives her authenticator.
    pub(super) fn enrolment(&self) -> Option<Enrolment> {
        Some(Enrolment { url: self.0.to_url().ok()?, secret: self.0.secret().to_base32() })
    }
}

/// What an authenticator shows, from what it was given: stands for it in tests.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn code_of(enrolment: &Enrolment, now: Instant) -> Option<String> {
    let secret = totp_rs::Secret::try_from_base32(&enrolment.secret).ok()?;
    Some(SecondFactor::new(secret.as_bytes(), "test")?.0.generate(seconds(now)).to_string())
}

fn seconds(now: Instant) -> u64 {
    u64::try_from(now.micros() / 1_000_000).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_serves_once_and_for_a_minute() {
        let factor = SecondFactor::new(b"12345678901234567890", "a@valbrune.example").unwrap();
        let now = Instant::from_micros(59 * 1_000_000);
        // RFC 6238, appendix B, truncated to six digits.
        let step = factor.accepts("287 082", now, None).unwrap();
        assert_eq!(step, 1);
        assert_eq!(factor.accepts("287082", now, Some(step)), None);
        assert_eq!(factor.accepts("287082", Instant::from_micros(89 * 1_000_000), None), Some(1));
        assert_eq!(factor.accepts("287082", Instant::from_micros(120 * 1_000_000), None), None);
        assert_eq!(factor.accepts("000000", now, None), None);
    }
}
