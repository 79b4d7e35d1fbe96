//! Dates, sizes and counts as French pages write them.

use jiff::{civil::{Date, Weekday}, tz::TimeZone};
use parvis_domain::time::Instant;

/// "lundi 23 novembre 2026".
pub fn day(date: Date) -> String {
    let day = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!("{} {day} {} {}", weekday(date.weekday()), month(date.month()), date.year())
}

/// "23/11/2026".
pub fn short_day(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

/// "lundi 23 novembre 2026 à 14 h 30", in a zone.
pub fn moment(at: Instant, zone: &TimeZone) -> String {
    let local = at.local(zone);
    format!("{} à {}\u{a0}h\u{a0}{:02}", day(local.date()), local.hour(), local.minute())
}

/// The day of an instant, in full, in a zone.
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

/// "aucun dossier", "1 dossier", "3 dossiers".
pub fn count(number: u64, one: &str, several: &str) -> String {
    match number {
        0 => format!("aucun {one}"),
        1 => format!("1\u{a0}{one}"),
        _ => format!("{number}\u{a0}{several}"),
    }
}

const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "lundi",
        Weekday::Tuesday => "mardi",
        Weekday::Wednesday => "mercredi",
        Weekday::Thursday => "jeudi",
        Weekday::Friday => "vendredi",
        Weekday::Saturday => "samedi",
        Weekday::Sunday => "dimanche",
    }
}

const fn month(month: i8) -> &'static str {
    match month {
        1 => "janvier",
        2 => "février",
        3 => "mars",
        4 => "avril",
        5 => "mai",
        6 => "juin",
        7 => "juillet",
        8 => "août",
        9 => "septembre",
        10 => "octobre",
        11 => "novembre",
        _ => "décembre",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_in_full() {
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let at = Instant::at(jiff::civil::date(2026, 11, 23).at(14, 30, 0, 0), &zone);
        assert_eq!(moment(at, &zone), "lundi 23 novembre 2026 à 14\u{a0}h\u{a0}30");
        assert_eq!(day(jiff::civil::date(2027, 1, 1)), "vendredi 1er janvier 2027");
    }

    #[test]
    fn sizes_are_those_that_people_know() {
        assert_eq!(size(1), "1\u{a0}Ko");
        assert_eq!(size(20 * 1024 * 1024), "20\u{a0}Mo");
        assert_eq!(size(1_500_000), "1,5\u{a0}Mo");
    }
}
