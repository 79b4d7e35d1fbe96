//! Jours ouvrés: Monday to Friday, public holidays left out.

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// Which public holidays are observed (articles L3133-1, L3134-13 and L3422-2 du code du travail).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Region {
    /// The eleven of the code.
    #[default]
    Metropole,
    /// With Good Friday and the 26th of December.
    AlsaceMoselle,
    /// With the 27th of May.
    Guadeloupe,
    /// With the 22nd of May.
    Martinique,
    /// With the 10th of June.
    Guyane,
    /// With the 20th of December.
    Reunion,
    /// With the 27th of April.
    Mayotte,
}

/// The calendar of a collectivité: its region's holidays and the days that it closes by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    region: Region,
    closed: Vec<Date>,
}

impl Calendar {
    /// The calendar of a region.
    pub const fn new(region: Region) -> Self {
        Self { region, closed: Vec::new() }
    }

    /// The same, with days on which the collectivité is closed besides (bridges).
    #[must_use]
    pub fn with_closed(self, closed: Vec<Date>) -> Self {
        Self { closed, ..self }
    }

    /// Whether a day is a public holiday.
    pub fn is_holiday(&self, day: Date) -> bool {
        holidays(day.year(), self.region).contains(&day)
    }

    /// Whether a day is worked.
    pub fn is_worked(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
            && !self.is_holiday(day)
            && !self.closed.contains(&day)
    }

    /// The day that comes so many worked days later; the first day does not count (*dies a quo*). Zero gives the day itself.
    pub fn plus_worked_days(&self, from: Date, days: u32) -> Date {
        self.walk(from, days, |day| day.tomorrow().unwrap_or(Date::MAX), Date::MAX)
    }

    /// The day that comes so many worked days earlier; the last day does not count. Zero gives the day itself.
    pub fn minus_worked_days(&self, from: Date, days: u32) -> Date {
        self.walk(from, days, |day| day.yesterday().unwrap_or(Date::MIN), Date::MIN)
    }

    fn walk(&self, from: Date, days: u32, step: impl Fn(Date) -> Date, end: Date) -> Date {
        let (mut day, mut left) = (from, days);
        while left > 0 && day != end {
            day = step(day);
            if self.is_worked(day) {
                left -= 1;
            }
        }
        day
    }

    /// Days that are not worked besides Saturdays and Sundays, from a day on and for so many months.
    pub fn closed_days(&self, from: Date, months: u16) -> Vec<Date> {
        let end = from.saturating_add(jiff::Span::new().months(i32::from(months)));
        let mut days: Vec<Date> = (from.year()..=end.year()).flat_map(|year| holidays(year, self.region)).collect();
        days.extend(&self.closed);
        days.retain(|day| (from..=end).contains(day));
        days.sort_unstable();
        days.dedup();
        days
    }
}

/// Public holidays of a year.
pub fn holidays(year: i16, region: Region) -> Vec<Date> {
    let fixed = |month: i8, day: i8| Date::new(year, month, day).ok();
    let from_easter = |days: i32| easter(year).map(|easter| easter.saturating_add(jiff::Span::new().days(days)));
    let common = [
        fixed(1, 1),
        from_easter(1),
        fixed(5, 1),
        fixed(5, 8),
        from_easter(39),
        from_easter(50),
        fixed(7, 14),
        fixed(8, 15),
        fixed(11, 1),
        fixed(11, 11),
        fixed(12, 25),
    ];
    let own = match region {
        Region::Metropole => [None, None],
        Region::AlsaceMoselle => [from_easter(-2), fixed(12, 26)],
        Region::Guadeloupe => [fixed(5, 27), None],
        Region::Martinique => [fixed(5, 22), None],
        Region::Guyane => [fixed(6, 10), None],
        Region::Reunion => [fixed(12, 20), None],
        Region::Mayotte => [fixed(4, 27), None],
    };
    let mut days: Vec<Date> = common.into_iter().chain(own).flatten().collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// Easter Sunday of the Gregorian calendar (anonymous computus of 1876).
fn easter(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let golden = year % 19;
    let (century, rest) = (year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;
    Date::new(i16::try_from(year).ok()?, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn easter_falls_where_almanacs_say() {
        for (year, month, day) in
            [(1999, 4, 4), (2000, 4, 23), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2038, 4, 25)]
        {
            assert_eq!(easter(year), Some(date(year, month, day)));
        }
    }

    #[test]
    fn the_eleven_holidays_of_2026() {
        let expected = [
            date(2026, 1, 1),
            date(2026, 4, 6),
            date(2026, 5, 1),
            date(2026, 5, 8),
            date(2026, 5, 14),
            date(2026, 5, 25),
            date(2026, 7, 14),
            date(2026, 8, 15),
            date(2026, 11, 1),
            date(2026, 11, 11),
            date(2026, 12, 25),
        ];
        assert_eq!(holidays(2026, Region::Metropole), expected);
    }

    #[test]
    fn regions_have_their_own_days() {
        assert!(Calendar::new(Region::AlsaceMoselle).is_holiday(date(2026, 4, 3)));
        assert!(Calendar::new(Region::AlsaceMoselle).is_holiday(date(2026, 12, 26)));
        assert!(Calendar::new(Region::Reunion).is_holiday(date(2026, 12, 20)));
        assert!(!Calendar::new(Region::Metropole).is_holiday(date(2026, 12, 26)));
    }

    #[test]
    fn a_bridge_is_not_worked() {
        let calendar = Calendar::default().with_closed(vec![date(2026, 5, 15)]);
        assert_eq!(calendar.plus_worked_days(date(2026, 5, 13), 1), date(2026, 5, 18));
    }

    #[test]
    fn closed_days_span_the_years() {
        let days = Calendar::default().closed_days(date(2026, 12, 1), 2);
        assert_eq!(days, [date(2026, 12, 25), date(2027, 1, 1)]);
    }

    proptest! {
        #[test]
        fn going_and_coming_back_gives_the_same_worked_day(offset in 0_i32..4000, days in 0_u32..60) {
            let calendar = Calendar::default();
            let from = date(2024, 1, 1).saturating_add(jiff::Span::new().days(offset));
            prop_assume!(calendar.is_worked(from));
            let there = calendar.plus_worked_days(from, days);
            prop_assert!(calendar.is_worked(there));
            prop_assert_eq!(calendar.minus_worked_days(there, days), from);
        }

        #[test]
        fn easter_is_a_sunday_of_spring(year in 1600_i16..4000) {
            let day = easter(year).unwrap();
            prop_assert_eq!(day.weekday(), Weekday::Sunday);
            prop_assert!(day >= date(year, 3, 22) && day <= date(year, 4, 25));
        }
    }
}
