//! How the mail server fared last, as this process saw it: what `/readyz` tells whoever watches. A process whose mails are
//! held still serves: mails wait in the outbox, where `parvis doctor` finds them too.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use parvis_domain::{ports::MailError, time::Instant};

/// What the mail server does instead of taking mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It does not answer, or is busy.
    Unavailable,
    /// It refuses what this deployment sends.
    Rejects,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unavailable => "the mail server does not answer",
            Self::Rejects => "the mail server refuses what is sent: check its settings, and those of this deployment",
        })
    }
}

/// The mail server, as it answered last.
#[derive(Debug, Default)]
pub struct Relay(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    trouble: Option<(Trouble, Instant)>,
    recovered: bool,
}

impl Relay {
    /// What is wrong with it, and since when; `None` when its last answer was good, or nothing was sent yet.
    pub fn trouble(&self) -> Option<(Trouble, Instant)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).trouble
    }

    /// Whether a trouble ended since this was asked last: what waited for the server can leave.
    pub(crate) fn recovered(&self) -> bool {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).recovered)
    }

    /// Remembers an answer. One about an address comes from a server that works.
    pub(crate) fn answered(&self, answer: &Result<(), MailError>, now: Instant) {
        let trouble = match answer {
            Ok(()) | Err(MailError::Refused(_)) => None,
            Err(MailError::Unavailable(_)) => Some(Trouble::Unavailable),
            Err(MailError::Rejected(_)) => Some(Trouble::Rejects),
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.recovered |= known.trouble.is_some() && trouble.is_none();
        known.trouble = trouble.map(|trouble| match known.trouble {
            Some((before, since)) if before == trouble => (trouble, since),
            _ => (trouble, now),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_lasts_from_its_first_answer_to_a_good_one() {
        let at = Instant::from_micros;
        let relay = Relay::default();
        let said = String::new;
        relay.answered(&Err(MailError::Unavailable(said())), at(1));
        relay.answered(&Err(MailError::Unavailable(said())), at(2));
        assert_eq!(relay.trouble(), Some((Trouble::Unavailable, at(1))));
        relay.answered(&Err(MailError::Rejected(said())), at(3));
        assert_eq!(relay.trouble(), Some((Trouble::Rejects, at(3))));
        assert!(!relay.recovered());
        relay.answered(&Err(MailError::Refused(said())), at(4));
        assert_eq!(relay.trouble(), None);
        assert!(relay.recovered() && !relay.recovered(), "told once");
    }
}
