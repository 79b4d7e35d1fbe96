//! French as it is written: dates, numbers, lists, sizes, phone numbers, articles.

mod moment;
mod noun;
mod number;

use std::fmt::Display;

pub use moment::{date, date_time, day, moment, month_name, short_date, time};
pub use noun::{capitalised, with_article};
pub use number::{decimal, file_size, grouped, integer, natural, parse_decimal, phone};

/// No-break space: before ":" and units.
pub const NBSP: char = '\u{a0}';

/// Narrow no-break space: between groups of digits, before ";", "?" and "!".
pub const NARROW_NBSP: char = '\u{202f}';

/// "un, deux et trois"; empty for none.
pub fn and_list<T: Display>(items: &[T]) -> String {
    list(items, "et")
}

/// "un, deux ou trois"; empty for none.
pub fn or_list<T: Display>(items: &[T]) -> String {
    list(items, "ou")
}

fn list<T: Display>(items: &[T], last_link: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.to_string(),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(ToString::to_string).collect();
            format!("{} {last_link} {last}", first.join(", "))
        }
    }
}

/// "1 jour", "3 jours", "0 jour": a count and its noun.
pub fn count(number: u64, one: &str, several: &str) -> String {
    let noun = if number < 2 { one } else { several };
    format!("{}{NBSP}{noun}", natural(number))
}

/// "« texte »".
pub fn quoted(text: &str) -> String {
    format!("«{NBSP}{text}{NBSP}»")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends_with_its_link() {
        assert_eq!(and_list::<&str>(&[]), "");
        assert_eq!(and_list(&["le jour"]), "le jour");
        assert_eq!(or_list(&["PDF", "JPEG", "PNG"]), "PDF, JPEG ou PNG");
    }

    #[test]
    fn less_than_two_is_singular() {
        assert_eq!(count(0, "jour", "jours"), "0\u{a0}jour");
        assert_eq!(count(1, "jour", "jours"), "1\u{a0}jour");
        assert_eq!(count(1500, "jour", "jours"), "1\u{202f}500\u{a0}jours");
    }
}
