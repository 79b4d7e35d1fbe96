//! The system's clock and randomness, and a mail relay that accepts everything at once.

use std::time::{SystemTime, UNIX_EPOCH};

use parvis_domain::{
    ports::{Mail, MailError, Mailer},
    time::{Clock, Entropy, Instant},
};

/// The system's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the clock comes in")]
    fn now(&self) -> Instant {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// The operating system's randomness.
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system gives randomness");
    }
}

/// Accepts each mail at once: the relay is not what is measured.
pub(crate) struct Relay;

impl Mailer for Relay {
    fn send(&self, _: &Mail) -> Result<(), MailError> {
        Ok(())
    }
}
