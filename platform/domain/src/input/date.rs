//! Dates and times, in three boxes or in one.

use jiff::civil::{Date, DateTime, Time};

use super::{
    Cause, Part, Raw,
    parse::{LineBreaks, tidy},
};
use crate::{french, value::Value};

/// Years that a form can mean.
const YEARS: std::ops::RangeInclusive<i16> = 1850..=2200;

/// A date: three boxes, or "2026-12-01", "1/12/2026", "1 décembre 2026".
pub(super) fn date(raw: &Raw) -> Result<Value, Cause> {
    Ok(day_of(raw)?.map_or(Value::Empty, Value::Date))
}

/// A date and a time: five boxes, or "2026-12-01T14:30".
pub(super) fn date_time(raw: &Raw) -> Result<Value, Cause> {
    let whole = tidy(raw.whole(), LineBreaks::Removed);
    if !raw.has_parts() {
        if whole.is_empty() {
            return Ok(Value::Empty);
        }
        return whole.replace(' ', "T").parse::<DateTime>().map(Value::Instant).map_err(|_| Cause::NotADate);
    }
    let (hour, minute) = (raw.part(Part::Hour).trim(), raw.part(Part::Minute).trim());
    match day_of(raw)? {
        None if hour.is_empty() && minute.is_empty() => Ok(Value::Empty),
        None => Err(Cause::MissingParts(vec![Part::Day, Part::Month, Part::Year])),
        Some(_) if hour.is_empty() => Err(Cause::MissingParts(vec![Part::Hour])),
        Some(date) => {
            let hour = bounded(hour, 23).ok_or(Cause::WrongPart(Part::Hour))?;
            let minute =
                if minute.is_empty() { 0 } else { bounded(minute, 59).ok_or(Cause::WrongPart(Part::Minute))? };
            let time = Time::new(hour, minute, 0, 0).map_err(|_| Cause::WrongPart(Part::Hour))?;
            Ok(Value::Instant(date.to_datetime(time)))
        }
    }
}

fn bounded(typed: &str, max: i8) -> Option<i8> {
    typed.parse().ok().filter(|number| (0..=max).contains(number))
}

fn day_of(raw: &Raw) -> Result<Option<Date>, Cause> {
    let parts = [Part::Day, Part::Month, Part::Year].map(|part| (part, tidy(raw.part(part), LineBreaks::Removed)));
    let missing: Vec<Part> = parts.iter().filter(|(_, text)| text.is_empty()).map(|(part, _)| *part).collect();
    match (missing.len(), &parts) {
        (3, _) => one_box(&tidy(raw.whole(), LineBreaks::Removed)),
        (0, [(_, day), (_, month), (_, year)]) => from_parts(day, month, year).map(Some),
        _ => Err(Cause::MissingParts(missing)),
    }
}

fn one_box(typed: &str) -> Result<Option<Date>, Cause> {
    if typed.is_empty() {
        return Ok(None);
    }
    let parts: Vec<&str> = typed.split(['-', '/', '.', ' ', french::NBSP]).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [year, month, day] if year.chars().count() == 4 && is_number(year) => from_parts(day, month, year).map(Some),
        [day, month, year] => from_parts(day, month, year).map(Some),
        _ => Err(Cause::NotADate),
    }
}

fn from_parts(day: &str, month: &str, year: &str) -> Result<Date, Cause> {
    let day = day.strip_suffix("er").unwrap_or(day);
    let day: i8 = day.parse().ok().filter(|day| (1..=31).contains(day)).ok_or(Cause::WrongPart(Part::Day))?;
    let month = month_of(month).ok_or(Cause::WrongPart(Part::Month))?;
    let year = year_of(year).ok_or(Cause::WrongPart(Part::Year))?;
    Date::new(year, month, day).map_err(|_| Cause::NoSuchDate)
}

/// "12", "déc.", "Décembre".
fn month_of(typed: &str) -> Option<i8> {
    if is_number(typed) {
        return typed.parse().ok().filter(|month| (1..=12).contains(month));
    }
    let wanted = crate::fold::fold(typed);
    let begins = |month: &i8| crate::fold::fold(french::month_name(*month)).starts_with(&wanted);
    // "jui" is June as much as July.
    let mut found = (1..=12).filter(begins);
    let month = found.next().filter(|_| wanted.chars().count() >= 3)?;
    found.next().is_none().then_some(month)
}

/// Four digits, or two for this century.
fn year_of(typed: &str) -> Option<i16> {
    if !is_number(typed) {
        return None;
    }
    let year: i16 = typed.parse().ok()?;
    let year = if typed.chars().count() == 2 { 2000 + year } else { year };
    YEARS.contains(&year).then_some(year)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}
