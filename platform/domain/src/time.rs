//! Instants, and the two doors by which time and chance come in.

use std::fmt;

use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// A point in time: microseconds since 1970-01-01T00:00:00Z, as the database holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// From microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Later by a duration; saturates.
    #[must_use]
    pub fn plus(self, duration: std::time::Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }

    /// Earlier by a duration; saturates.
    #[must_use]
    pub fn minus(self, duration: std::time::Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }

    /// The local date and time in a zone.
    pub fn local(self, zone: &TimeZone) -> civil::DateTime {
        zone.to_datetime(self.timestamp())
    }

    /// The local date in a zone.
    pub fn date(self, zone: &TimeZone) -> civil::Date {
        self.local(zone).date()
    }

    /// The first instant of a local date in a zone.
    pub fn start_of(date: civil::Date, zone: &TimeZone) -> Self {
        Self::at(date.at(0, 0, 0, 0), zone)
    }

    /// The instant of a local date and time; in a gap or a fold of the zone, the compatible choice of RFC 5545.
    pub fn at(local: civil::DateTime, zone: &TimeZone) -> Self {
        zone.to_timestamp(local).map_or(Self(i64::MAX), |timestamp| Self(timestamp.as_microsecond()))
    }

    /// RFC 3339 with the zone's offset, as the contract wants it.
    pub fn rfc3339(self, zone: &TimeZone) -> String {
        let timestamp = self.timestamp();
        timestamp.display_with_offset(zone.to_offset(timestamp)).to_string()
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }
}

/// UTC, RFC 3339.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

/// Where the present comes from: the system in `cli`, a hand-set clock in tests.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Instant;
}

/// Where randomness comes from: the operating system in `cli`, a seeded generator in tests.
pub trait Entropy: Send + Sync {
    /// Fills the buffer with random bytes, fit for keys and tokens.
    fn fill(&self, buffer: &mut [u8]);
}
