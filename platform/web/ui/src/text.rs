//! Sizes, types of files and moments as French pages write them; dates are `domain::french`'s.

use jiff::tz::TimeZone;
pub use parvis_domain::french::{date, day, moment, short_date};
use parvis_domain::time::Instant;

/// The day of an instant, in full, in a zone: "lundi 23 novembre 2026".
pub fn day_of(at: Instant, zone: &TimeZone) -> String {
    day(at.date(zone))
}

/// For the `datetime` attribute.
pub fn machine(at: Instant, zone: &TimeZone) -> String {
    at.rfc3339(zone)
}

/// "240 Ko", "1,4 Mo".
pub fn size(octets: u64) -> String {
    let kilo = octets.div_ceil(1024);
    if kilo < 1024 {
        return format!("{kilo}\u{a0}Ko");
    }
    let tenths = (octets * 10).div_ceil(1024 * 1024);
    match tenths % 10 {
        0 => format!("{}\u{a0}Mo", tenths / 10),
        rest => format!("{},{rest}\u{a0}Mo", tenths / 10),
    }
}

/// "PDF", "image JPEG", from a media type.
pub fn media(media_type: &str) -> &'static str {
    match media_type {
        "application/pdf" => "PDF",
        "image/jpeg" => "image JPEG",
        "image/png" => "image PNG",
        "image/heic" | "image/heif" => "image HEIC",
        _ => "fichier",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_that_people_know() {
        assert_eq!(size(1), "1\u{a0}Ko");
        assert_eq!(size(20 * 1024 * 1024), "20\u{a0}Mo");
        assert_eq!(size(1_500_000), "1,5\u{a0}Mo");
    }
}
