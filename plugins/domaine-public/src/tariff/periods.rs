//! Counting periods between two days: begun ones, or their exact fraction.

use jiff::civil::Date;
use parvis_sdk::calendar::{days_between, plus_days};

use crate::{
    request::Slot,
    settings::{Period, Proration},
};

/// An exact number of periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Periods {
    /// Numerator.
    pub count: u64,
    /// Denominator, never zero.
    pub parts: u64,
}

impl Periods {
    const NONE: Self = Self { count: 0, parts: 1 };

    const fn whole(count: u64) -> Self {
        Self { count, parts: 1 }
    }

    const fn fraction(count: u64, parts: u64) -> Self {
        Self { count, parts }
    }

    /// Added on the least common denominator, so that many seasons of two lengths stay small numbers.
    fn plus(self, other: Self) -> Self {
        let parts = self.parts / greatest_common_divisor(self.parts, other.parts) * other.parts;
        Self::fraction(self.count * (parts / self.parts) + other.count * (parts / other.parts), parts)
    }

    /// Whether there is none.
    pub(super) const fn is_none(self) -> bool {
        self.count == 0
    }
}

/// What is counted, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counting {
    /// Period.
    pub period: Period,
    /// Days of a forfait.
    pub package: u16,
    /// How a period that is not whole is due.
    pub proration: Proration,
    /// First and last day of the season.
    pub season: Option<((i8, i8), (i8, i8))>,
}

/// A day as a month and a day.
type MonthDay = (i8, i8);

/// Counts the periods from a day to a day, both included; `slot` tells a single day taken by half.
pub(super) fn count(counting: Counting, first: Date, last: Date, slot: Slot) -> Periods {
    let days = length(first, last);
    if days == 0 {
        return Periods::NONE;
    }
    match counting.period {
        Period::Unique => Periods::whole(1),
        Period::DemiJournee => Periods::whole(if slot == Slot::Half { 1 } else { days * 2 }),
        Period::Jour if slot == Slot::Half && counting.proration == Proration::Prorata => Periods::fraction(1, 2),
        Period::Jour => Periods::whole(days),
        Period::Semaine => by_days(days, 7, counting.proration),
        Period::ForfaitJours => by_days(days, u64::from(counting.package.max(1)), counting.proration),
        Period::Mois => by_months(first, last, 1, counting.proration),
        Period::Annee => by_months(first, last, 12, counting.proration),
        Period::AnneeCivile => by_windows(first, last, ((1, 1), (12, 31)), counting.proration),
        Period::Saison => {
            counting.season.map_or(Periods::NONE, |season| by_windows(first, last, season, counting.proration))
        }
    }
}

const fn greatest_common_divisor(mut one: u64, mut other: u64) -> u64 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

fn length(first: Date, last: Date) -> u64 {
    u64::try_from(days_between(first, last) + 1).unwrap_or(0)
}

const fn by_days(days: u64, period: u64, proration: Proration) -> Periods {
    match proration {
        Proration::Commencee => Periods::whole(days.div_ceil(period)),
        Proration::Prorata => Periods::fraction(days, period),
    }
}

/// Months date to date: from the 31st of January, the second month starts on the last day of February.
fn by_months(first: Date, last: Date, months: i32, proration: Proration) -> Periods {
    let mut whole = 0;
    let mut start = first;
    let mut next = months_later(first, months);
    while next <= last {
        whole += 1;
        start = next;
        next = months_later(first, months * (whole + 1));
    }
    // The day before `next` ends the running period; when it is the last day, the period is whole.
    let whole = u64::try_from(whole).unwrap_or(0);
    match proration {
        Proration::Commencee => Periods::whole(whole + 1),
        Proration::Prorata => {
            let period = u64::try_from(days_between(start, next)).unwrap_or(1).max(1);
            Periods::fraction(whole * period + length(start, last), period)
        }
    }
}

/// The same day so many months later, or the last day of that month.
fn months_later(date: Date, months: i32) -> Date {
    let index = i32::from(date.year()) * 12 + i32::from(date.month()) - 1 + months;
    let year = i16::try_from(index.div_euclid(12)).unwrap_or(i16::MAX);
    let month = i8::try_from(index.rem_euclid(12) + 1).unwrap_or(12);
    day_of(year, (month, date.day()))
}

/// A day of a year, or the last day of its month.
fn day_of(year: i16, (month, day): MonthDay) -> Date {
    (28..=day).rev().chain([day]).find_map(|day| Date::new(year, month, day).ok()).unwrap_or(Date::MAX)
}

/// Windows that come back each year; one that ends before it starts spans the new year.
fn by_windows(first: Date, last: Date, (from, to): (MonthDay, MonthDay), proration: Proration) -> Periods {
    let spans = i16::from(from > to);
    (first.year() - 1..=last.year())
        .map(|year| (day_of(year, from), day_of(year + spans, to)))
        .filter(|(opens, closes)| *opens <= last && *closes >= first)
        .map(|(opens, closes)| match proration {
            Proration::Commencee => Periods::whole(1),
            Proration::Prorata => Periods::fraction(length(opens.max(first), closes.min(last)), length(opens, closes)),
        })
        .fold(Periods::NONE, Periods::plus)
}

/// The day that is the so-many-th of an occupation, from 1.
pub(super) fn nth_day(first: Date, rank: u32) -> Date {
    plus_days(first, i64::from(rank) - 1)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn counted(period: Period, proration: Proration, first: Date, last: Date) -> Periods {
        let season = Some(((4, 1), (10, 31)));
        count(Counting { period, package: 15, proration, season }, first, last, Slot::Day)
    }

    #[test]
    fn a_week_that_is_begun_is_due() {
        let first = date(2026, 3, 2);
        assert_eq!(counted(Period::Semaine, Proration::Commencee, first, date(2026, 3, 8)), Periods::whole(1));
        assert_eq!(counted(Period::Semaine, Proration::Commencee, first, date(2026, 3, 9)), Periods::whole(2));
        assert_eq!(counted(Period::Semaine, Proration::Prorata, first, date(2026, 3, 9)), Periods::fraction(8, 7));
    }

    #[test]
    fn a_month_runs_from_date_to_date() {
        let first = date(2026, 1, 31);
        assert_eq!(counted(Period::Mois, Proration::Commencee, first, date(2026, 2, 27)), Periods::whole(1));
        assert_eq!(counted(Period::Mois, Proration::Commencee, first, date(2026, 2, 28)), Periods::whole(2));
        assert_eq!(
            counted(Period::Mois, Proration::Prorata, date(2026, 6, 1), date(2026, 7, 15)),
            Periods::fraction(31 + 15, 31)
        );
        assert_eq!(
            counted(Period::Mois, Proration::Prorata, date(2026, 6, 1), date(2026, 6, 30)),
            Periods::fraction(30, 30)
        );
    }

    #[test]
    fn a_year_is_date_to_date_or_civil() {
        let (first, last) = (date(2026, 7, 1), date(2027, 6, 30));
        assert_eq!(counted(Period::Annee, Proration::Commencee, first, last), Periods::whole(1));
        assert_eq!(counted(Period::AnneeCivile, Proration::Commencee, first, last), Periods::whole(2));
        assert_eq!(counted(Period::AnneeCivile, Proration::Prorata, first, last), Periods::fraction(365, 365));
    }

    #[test]
    fn a_season_is_due_when_a_day_of_it_is_occupied() {
        let winter = (date(2026, 11, 5), date(2027, 2, 1));
        assert_eq!(counted(Period::Saison, Proration::Commencee, winter.0, winter.1), Periods::NONE);
        assert_eq!(counted(Period::Saison, Proration::Commencee, date(2026, 10, 31), winter.1), Periods::whole(1));
        assert_eq!(
            counted(Period::Saison, Proration::Prorata, date(2026, 10, 31), winter.1),
            Periods::fraction(1, 214)
        );
    }

    #[test]
    fn a_season_may_span_the_new_year() {
        let counting = Counting {
            period: Period::Saison,
            package: 0,
            proration: Proration::Commencee,
            season: Some(((11, 1), (3, 31))),
        };
        assert_eq!(count(counting, date(2027, 1, 5), date(2027, 1, 6), Slot::Day), Periods::whole(1));
        assert_eq!(count(counting, date(2027, 5, 5), date(2027, 5, 6), Slot::Day), Periods::NONE);
    }

    #[test]
    fn half_a_day_is_one_half_day_and_a_day_is_two() {
        let day = date(2026, 3, 2);
        let counting =
            Counting { period: Period::DemiJournee, package: 0, proration: Proration::Commencee, season: None };
        assert_eq!(count(counting, day, day, Slot::Half), Periods::whole(1));
        assert_eq!(count(counting, day, day, Slot::Day), Periods::whole(2));
        let by_day = Counting { period: Period::Jour, proration: Proration::Prorata, ..counting };
        assert_eq!(count(by_day, day, day, Slot::Half), Periods::fraction(1, 2));
    }
}
