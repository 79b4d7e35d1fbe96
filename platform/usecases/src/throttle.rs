//! Slowing down who tries again and again: wrong passwords, tracking codes, anonymous drafts, mails to one address.
//!
//! Two rules. [`Guess`]: wrong answers to a secret cost more and more, then lock for a quarter of an hour (AC-34).
//! [`count`]: so many of something in so long. Counters live in the tenant's database, keyed by a digest: no address
//! is kept in clear. Never knows what is guarded.

use std::{net::IpAddr, time::Duration};

use parvis_domain::{digest::Sha256, time::Instant};
use parvis_store::{Reads, StoreError, UnitOfWork, throttles};

use crate::parvis::Town;

/// How long a lock lasts.
pub const LOCK: Duration = Duration::from_mins(15);
/// How long wrong answers are remembered, from the first one.
const MEMORY: Duration = Duration::from_hours(1);

/// Try again later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many attempts; {retry_after:?} to wait")]
pub struct Throttled {
    /// How long to wait.
    pub retry_after: Duration,
}

/// Where a request comes from. An IPv6 client is its network of 64 bits: it has all of its addresses at will.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// From the address that `trusted_proxies` decided.
    pub fn new(address: IpAddr) -> Self {
        let IpAddr::V6(six) = address else { return Self(address) };
        if let Some(four) = six.to_ipv4_mapped() {
            return Self(IpAddr::V4(four));
        }
        let [a, b, c, d, ..] = six.segments();
        Self(IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into()))
    }
}

impl std::fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What wrong answers are counted against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    key: String,
    slowed_after: u32,
    locked_after: u32,
}

impl Guess {
    /// Against one secret: an account, a dossier's tracking code.
    pub fn at(kind: &str, secret_of: &str) -> Self {
        Self { key: key("guess", kind, secret_of), slowed_after: 5, locked_after: 10 }
    }

    /// Against where they come from; a whole office may share an address.
    pub fn from(kind: &str, address: ClientAddress) -> Self {
        Self { key: key("guess-from", kind, &address.to_string()), slowed_after: 25, locked_after: 50 }
    }

    /// Refuses while the delay or the lock runs.
    pub async fn check(&self, reads: &impl Reads, now: Instant) -> Result<(), GuessError> {
        let Some(throttle) = throttles::get(reads, &self.key).await? else { return Ok(()) };
        refuse_until(throttle.blocked_until, now).map_err(GuessError::Throttled)
    }

    /// Counts a wrong answer; says whether this one locks.
    pub async fn wrong(&self, unit: &UnitOfWork, now: Instant) -> Result<Locked, StoreError> {
        let throttle = throttles::hit(unit, &self.key, now, MEMORY).await?;
        if let Some(delay) = self.delay(throttle.count) {
            throttles::block(unit, &self.key, now.plus(delay)).await?;
        }
        Ok(if throttle.count == self.locked_after { Locked::Now } else { Locked::No })
    }

    /// Forgets the wrong answers: the right one was given.
    pub async fn right(&self, unit: &UnitOfWork) -> Result<(), StoreError> {
        throttles::reset(unit, &self.key).await
    }

    /// What the n-th wrong answer costs.
    fn delay(&self, count: u32) -> Option<Duration> {
        if count >= self.locked_after {
            return Some(LOCK);
        }
        let beyond = count.checked_sub(self.slowed_after)?;
        Some(Duration::from_secs(2_u64.saturating_pow(beyond + 1)).min(LOCK))
    }
}

/// Whether a wrong answer was the one that locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locked {
    /// It was.
    Now,
    /// Not yet, or already.
    No,
}

/// Why an answer is not even looked at.
#[derive(Debug, thiserror::Error)]
pub enum GuessError {
    /// The delay or the lock runs.
    #[error(transparent)]
    Throttled(#[from] Throttled),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Counts one more of something; refuses beyond `limit` in `window`.
pub async fn count(town: &Town, kind: &str, who: &str, limit: u32, window: Duration) -> Result<(), GuessError> {
    let unit = town.db.write().await?;
    count_in(&unit, town.now(), kind, who, limit, window).await?;
    Ok(unit.commit().await?)
}

/// The same within a unit of work, which the caller forgets when it is refused.
pub async fn count_in(
    unit: &UnitOfWork,
    now: Instant,
    kind: &str,
    who: &str,
    limit: u32,
    window: Duration,
) -> Result<(), GuessError> {
    let throttle = throttles::hit(unit, &key("count", kind, who), now, window).await?;
    if throttle.count > limit {
        refuse_until(Some(throttle.window_start.plus(window)), now)?;
    }
    Ok(())
}

fn refuse_until(blocked_until: Option<Instant>, now: Instant) -> Result<(), Throttled> {
    match blocked_until {
        Some(until) if now < until => {
            let micros = u64::try_from(until.micros() - now.micros()).unwrap_or(0);
            Err(Throttled { retry_after: Duration::from_micros(micros) })
        }
        _ => Ok(()),
    }
}

fn key(rule: &str, kind: &str, who: &str) -> String {
    format!("{rule}:{kind}:{}", Sha256::of_parts(&[kind.as_bytes(), b"\n", who.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_answers_cost_more_and_more_then_lock() {
        let guess = Guess::at("sign-in", "a@b.example");
        let seconds: Vec<u64> = (1..=11).map(|count| guess.delay(count).map_or(0, |delay| delay.as_secs())).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 2, 4, 8, 16, 32, 900, 900]);
    }

    #[test]
    fn an_ipv6_client_is_its_network() {
        let one = ClientAddress::new("2001:db8:1:2:3::1".parse().unwrap());
        assert_eq!(one, ClientAddress::new("2001:db8:1:2:ffff::2".parse().unwrap()));
        let four = ClientAddress::new("::ffff:192.0.2.1".parse().unwrap());
        assert_eq!(four, ClientAddress::new("192.0.2.1".parse().unwrap()));
    }
}
