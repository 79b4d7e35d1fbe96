//! Sizes, types of files and moments as French pages write them; dates are `domain::french`'s.

use jiff::tz::TimeZone;
pub use parvis_domain::french::{date, day, file_size as size, moment, short_date};
use parvis_domain::time::Instant;

/// The day of an instant, in full, in a zone: "lundi 23 novembre 2026".
pub fn day_of(at: Instant, zone: &TimeZone) -> String {
    day(at.date(zone))
}

/// For the `datetime` attribute.
pub fn machine(at: Instant, zone: &TimeZone) -> String {
    at.rfc3339(zone)
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
