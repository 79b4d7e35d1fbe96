//! Worked days, from the closed days that the host gives in the context.

use jiff::{SignedDuration, civil::Date};

use crate::{Context, answers::date};

/// Today and the days on which the town works: neither Saturday, nor Sunday, nor a closed day of the context.
#[derive(Debug, Clone, Copy)]
pub struct Calendar<'a> {
    today: Date,
    closed: &'a [String],
}

impl<'a> Calendar<'a> {
    /// The calendar of a context; `None` when its instant is not one, which the host never sends.
    pub fn new(context: &'a Context) -> Option<Self> {
        Some(Self { today: date(&context.now)?, closed: &context.closed_days })
    }

    /// Today, in the tenant's zone.
    pub const fn today(self) -> Date {
        self.today
    }

    /// Whether the town works on that day.
    pub fn is_worked(self, day: Date) -> bool {
        !is_weekend(day) && !self.closed.iter().any(|closed| date(closed) == Some(day))
    }

    /// Worked days from today (excluded) to a day (excluded): what the service has before it. None when it is past.
    pub fn worked_days_before(self, day: Date) -> u32 {
        if day <= self.today {
            return 0;
        }
        let between = u32::try_from(days_between(self.today, day) - 1).unwrap_or(0);
        let weekday = i64::from(self.today.weekday().to_monday_zero_offset());
        let weekends = weekend_days(weekday + 1, i64::from(between));
        let closed = self
            .closed
            .iter()
            .filter_map(|closed| date(closed))
            .filter(|closed| *closed > self.today && *closed < day && !is_weekend(*closed))
            .count();
        between.saturating_sub(weekends).saturating_sub(u32::try_from(closed).unwrap_or(u32::MAX))
    }
}

fn is_weekend(day: Date) -> bool {
    day.weekday().to_monday_zero_offset() >= 5
}

/// Saturdays and Sundays among `length` days that start on a weekday counted from Monday.
fn weekend_days(first: i64, length: i64) -> u32 {
    let whole = length / 7 * 2;
    let rest = (0..length % 7).filter(|offset| (first + offset).rem_euclid(7) >= 5).count();
    u32::try_from(whole).unwrap_or(u32::MAX).saturating_add(u32::try_from(rest).unwrap_or(0))
}

/// Days from a date to another, negative when the other is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// A date so many days later, or earlier when negative; the last or first date of the calendar at worst.
pub fn plus_days(day: Date, days: i64) -> Date {
    day.saturating_add(SignedDuration::from_hours(days.saturating_mul(24)))
}

/// A local date and time at the start of a day, as a timer wants it.
pub fn start_of(day: Date) -> String {
    format!("{day}T00:00:00")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as on;

    fn calendar(closed: &[String]) -> Calendar<'_> {
        // A Monday.
        Calendar { today: on(2026, 11, 23), closed }
    }

    #[test]
    fn weekends_and_closed_days_are_not_worked() {
        let closed = ["2026-12-25".to_owned()];
        let calendar = calendar(&closed);
        assert!(calendar.is_worked(on(2026, 11, 27)));
        assert!(!calendar.is_worked(on(2026, 11, 28)));
        assert!(!calendar.is_worked(on(2026, 12, 25)));
    }

    #[test]
    fn worked_days_are_counted_as_one_by_one() {
        let closed = ["2026-12-25".to_owned(), "2027-01-01".to_owned(), "2026-12-26".to_owned()];
        let calendar = calendar(&closed);
        for ahead in 0..60 {
            let day = plus_days(calendar.today(), ahead);
            let one_by_one = (1..ahead).filter(|n| calendar.is_worked(plus_days(calendar.today(), *n))).count();
            assert_eq!(usize::try_from(calendar.worked_days_before(day)).unwrap(), one_by_one, "{day}");
        }
        assert_eq!(calendar.worked_days_before(on(2026, 1, 1)), 0);
    }

    #[test]
    fn days_are_counted_across_months_and_years() {
        assert_eq!(days_between(on(2026, 12, 30), on(2027, 1, 2)), 3);
        assert_eq!(days_between(on(2027, 1, 2), on(2026, 12, 30)), -3);
        assert_eq!(plus_days(on(2028, 2, 28), 1), on(2028, 2, 29));
    }
}
