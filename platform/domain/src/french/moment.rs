//! Dates and times, in full.

use jiff::{
    civil::{Date, DateTime, Time, Weekday},
    tz::TimeZone,
};

use super::NBSP;
use crate::time::Instant;

/// "23 novembre 2026", "1er décembre 2026".
pub fn date(date: Date) -> String {
    let day = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!("{day} {} {}", month_name(date.month()), date.year())
}

/// "lundi 23 novembre 2026".
pub fn day(day: Date) -> String {
    format!("{} {}", weekday_name(day.weekday()), date(day))
}

/// "23/11/2026".
pub fn short_date(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

/// "14 h 30", "9 h" on the hour.
pub fn time(time: Time) -> String {
    match time.minute() {
        0 => format!("{}{NBSP}h", time.hour()),
        minute => format!("{}{NBSP}h{NBSP}{minute:02}", time.hour()),
    }
}

/// "lundi 23 novembre 2026 à 14 h 30".
pub fn date_time(local: DateTime) -> String {
    format!("{} à {}", day(local.date()), time(local.time()))
}

/// An instant in a zone: "lundi 23 novembre 2026 à 14 h 30".
pub fn moment(at: Instant, zone: &TimeZone) -> String {
    date_time(at.local(zone))
}

/// Name of a month, from 1.
pub const fn month_name(month: i8) -> &'static str {
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

const fn weekday_name(day: Weekday) -> &'static str {
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

#[cfg(test)]
mod tests {
    use jiff::civil;

    use super::*;

    #[test]
    fn a_date_is_written_in_full() {
        assert_eq!(date(civil::date(2026, 12, 1)), "1er décembre 2026");
        assert_eq!(short_date(civil::date(2026, 3, 5)), "05/03/2026");
        assert_eq!(date_time(civil::date(2026, 11, 23).at(14, 30, 0, 0)), "lundi 23 novembre 2026 à 14\u{a0}h\u{a0}30");
        assert_eq!(time(civil::time(9, 0, 0, 0)), "9\u{a0}h");
    }

    #[test]
    fn an_instant_is_told_in_the_zone_of_the_town() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let at = Instant::at(civil::date(2026, 7, 14).at(0, 5, 0, 0), &paris);
        assert_eq!(moment(at, &paris), "mardi 14 juillet 2026 à 0\u{a0}h\u{a0}05");
        assert_eq!(moment(at, &TimeZone::UTC), "lundi 13 juillet 2026 à 22\u{a0}h\u{a0}05");
    }
}
