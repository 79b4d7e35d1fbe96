//! Reading and writing answers: from the values of the contract to plain Rust, and back.

use std::borrow::Cow;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::{Answer, Piece, Target, Value};

/// Answers, read by field. An answer of another kind than the one that is read is no answer: the host has already
/// checked kinds, and a rule must not trap on what it does not know.
#[derive(Debug, Clone, Copy)]
pub struct Answers<'a> {
    list: &'a [Answer],
    row: Option<u32>,
}

impl<'a> Answers<'a> {
    /// Reads a list of answers.
    pub const fn new(list: &'a [Answer]) -> Self {
        Self { list, row: None }
    }

    /// The same answers, in a row of a repeatable block.
    #[must_use]
    pub const fn in_row(self, row: u32) -> Self {
        Self { row: Some(row), ..self }
    }

    /// The value of a field; `None` when absent or empty.
    pub fn value(self, field: &str) -> Option<&'a Value> {
        self.list
            .iter()
            .find(|answer| answer.at.row == self.row && answer.at.field == field)
            .map(|answer| &answer.value)
            .filter(|value| !matches!(value, Value::Empty))
    }

    /// Whether the field has an answer.
    pub fn has(self, field: &str) -> bool {
        match self.value(field) {
            None => false,
            Some(Value::Text(text)) => !text.trim().is_empty(),
            Some(Value::Choices(list)) => !list.is_empty(),
            Some(Value::Pieces(list)) => !list.is_empty(),
            Some(_) => true,
        }
    }

    /// A text, without the spaces around it: a line, a choice, an e-mail address, a number of identification.
    pub fn text(self, field: &str) -> Option<&'a str> {
        match self.value(field)? {
            Value::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    /// A whole number.
    pub fn integer(self, field: &str) -> Option<i32> {
        match self.value(field)? {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// An exact decimal; a whole number is one too.
    pub fn decimal(self, field: &str) -> Option<Decimal> {
        match self.value(field)? {
            Value::Decimal(text) => text.parse().ok(),
            Value::Integer(number) => Some(Decimal::from(*number)),
            _ => None,
        }
    }

    /// Yes or no.
    pub fn boolean(self, field: &str) -> Option<bool> {
        match self.value(field)? {
            Value::Boolean(answer) => Some(*answer),
            _ => None,
        }
    }

    /// Whether the answer is yes.
    pub fn yes(self, field: &str) -> bool {
        self.boolean(field) == Some(true)
    }

    /// A date.
    pub fn date(self, field: &str) -> Option<Date> {
        match self.value(field)? {
            Value::Date(text) => date(text),
            _ => None,
        }
    }

    /// Several choices; none when absent.
    pub fn choices(self, field: &str) -> &'a [String] {
        match self.value(field) {
            Some(Value::Choices(list)) => list,
            _ => &[],
        }
    }

    /// Supporting documents; none when absent.
    pub fn pieces(self, field: &str) -> &'a [Piece] {
        match self.value(field) {
            Some(Value::Pieces(list)) => list,
            _ => &[],
        }
    }

    /// A structured value, such as an address, as JSON text.
    pub fn json(self, field: &str) -> Option<&'a str> {
        match self.value(field)? {
            Value::Json(text) => Some(text),
            _ => None,
        }
    }

    /// A postal address.
    pub fn address(self, field: &str) -> Option<Address<'a>> {
        serde_json::from_str(self.json(field)?).ok()
    }

    /// How many rows a block has, told by one of its fields.
    pub fn rows(self, field: &str) -> u32 {
        self.list
            .iter()
            .filter(|answer| answer.at.field == field)
            .filter_map(|answer| answer.at.row)
            .max()
            .map_or(0, |last| last.saturating_add(1))
    }
}

/// A postal address, as the kind `address` stores it.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Deserialize)]
pub struct Address<'a> {
    /// Number and street.
    #[serde(borrow, default)]
    pub street: Cow<'a, str>,
    /// Postal code.
    #[serde(borrow, default)]
    pub postal_code: Cow<'a, str>,
    /// Town.
    #[serde(borrow, default)]
    pub town: Cow<'a, str>,
    /// Free text, where the address is unknown or needs a word more.
    #[serde(borrow, default)]
    pub note: Cow<'a, str>,
}

impl Address<'_> {
    /// The address on one line.
    pub fn line(&self) -> String {
        let place = [&self.postal_code, &self.town].map(|part| part.trim()).join(" ");
        [self.street.trim(), place.trim(), self.note.trim()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// A local date, "2026-11-23"; of an instant, its date in the zone in which it is written.
pub fn date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes().first_chunk::<10>()?;
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i16, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i16::from(digit - b'0')))
    };
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *bytes else { return None };
    let (year, month, day) = (number(&[y0, y1, y2, y3])?, number(&[m0, m1])?, number(&[d0, d1])?);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The answer of a field outside any block.
pub fn answer(field: &str, value: Value) -> Answer {
    Answer { at: Target { field: field.to_owned(), row: None }, value }
}

/// The answer of a field in a row of its block.
pub fn row(field: &str, row: u32, value: Value) -> Answer {
    Answer { at: Target { field: field.to_owned(), row: Some(row) }, value }
}

impl Value {
    /// A text.
    pub fn of_text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A date.
    pub fn of_date(date: Date) -> Self {
        Self::Date(date.to_string())
    }

    /// An exact decimal.
    pub fn of_decimal(decimal: Decimal) -> Self {
        Self::Decimal(decimal.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_another_kind_is_no_answer() {
        let list = [answer("nom", Value::Integer(3)), answer("places", Value::Integer(2))];
        let answers = Answers::new(&list);
        assert_eq!(answers.text("nom"), None);
        assert_eq!(answers.decimal("places"), Some(Decimal::TWO));
    }

    #[test]
    fn spaces_are_not_an_answer() {
        let list = [answer("motif", Value::of_text("  "))];
        assert!(!Answers::new(&list).has("motif"));
        assert_eq!(Answers::new(&list).text("motif"), None);
    }

    #[test]
    fn rows_are_counted_and_read() {
        let list = [row("plaque", 0, Value::of_text("AA-123-BB")), row("plaque", 2, Value::of_text("CC-456-DD"))];
        let answers = Answers::new(&list);
        assert_eq!(answers.rows("plaque"), 3);
        assert_eq!(answers.in_row(2).text("plaque"), Some("CC-456-DD"));
        assert_eq!(answers.text("plaque"), None);
    }

    #[test]
    fn an_address_is_read_on_one_line() {
        let json = r#"{"street": "3 rue des Lilas", "postal_code": "01234", "town": "Valbrune", "note": ""}"#;
        let list = [answer("lieu", Value::Json(json.to_owned()))];
        let address = Answers::new(&list).address("lieu").unwrap();
        assert_eq!(address.line(), "3 rue des Lilas, 01234 Valbrune");
    }

    #[test]
    fn the_date_of_an_instant_is_the_one_of_its_zone() {
        assert_eq!(date("2026-11-23T23:30:00+01:00"), date("2026-11-23"));
        assert_eq!(date("2026"), None);
        assert_eq!(date("une date à venir"), None);
    }
}
