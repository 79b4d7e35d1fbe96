//! Numbers.

use rust_decimal::Decimal;

use super::{NARROW_NBSP, NBSP};

/// "1 234 567".
pub fn natural(number: u64) -> String {
    group_digits(&number.to_string())
}

/// "−1 234".
pub fn integer(number: i64) -> String {
    let sign = if number < 0 { "\u{2212}" } else { "" };
    format!("{sign}{}", natural(number.unsigned_abs()))
}

/// "1 234,5": a comma, thousands apart, no useless zero.
pub fn decimal(number: Decimal) -> String {
    let normal = number.normalize();
    let text = normal.abs().to_string();
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let sign = if normal.is_sign_negative() && !normal.is_zero() { "\u{2212}" } else { "" };
    let whole = group_digits(whole);
    rest.map_or_else(|| format!("{sign}{whole}"), |rest| format!("{sign}{whole},{rest}"))
}

/// A number as people type it: spaces of any kind between digits, comma or point before decimals.
pub fn parse_decimal(typed: &str) -> Option<Decimal> {
    let kept = typed.chars().filter(|c| !c.is_whitespace() && !crate::identifiers::is_invisible(*c));
    let text: String = kept
        .map(|c| match c {
            ',' => '.',
            '\u{2212}' => '-',
            other => other,
        })
        .collect();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    if !all_digits(whole) || !all_digits(rest) || (whole.is_empty() && rest.is_empty()) || whole.len() > 20 {
        return None;
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    let rest = if rest.is_empty() { "0" } else { rest };
    format!("{sign}{whole}.{rest}").parse().ok()
}

/// "240 Ko", "1,4 Mo": a size in octets.
pub fn file_size(octets: u64) -> String {
    const KILO: u64 = 1024;
    if octets < KILO {
        return format!("{octets}{NBSP}octets");
    }
    let (unit, name) = if octets < KILO * KILO { (KILO, "Ko") } else { (KILO * KILO, "Mo") };
    let tenths = octets.saturating_mul(10).div_ceil(unit);
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole}{NBSP}{name}"),
        (whole, _) if unit == KILO => format!("{}{NBSP}{name}", whole + 1),
        (whole, rest) => format!("{},{rest}{NBSP}{name}", natural(whole)),
    }
}

/// Characters of a code in groups: "732 829 320 00074".
pub fn grouped(code: &str, groups: &[usize]) -> String {
    let mut characters = code.chars();
    let mut parts: Vec<String> = groups.iter().map(|length| characters.by_ref().take(*length).collect()).collect();
    parts.push(characters.collect());
    parts.retain(|part: &String| !part.is_empty());
    parts.join(&NBSP.to_string())
}

/// A stored phone number as the French write it: "06 12 34 56 78"; "+32 470123456" for another country.
pub fn phone(stored: &str) -> String {
    let national = ["+33", "+262", "+590", "+594", "+596"].into_iter().find_map(|code| stored.strip_prefix(code));
    match national {
        Some(number) if number.chars().count() == 9 => grouped(&format!("0{number}"), &[2, 2, 2, 2, 2]),
        _ => stored.to_owned(),
    }
}

fn group_digits(digits: &str) -> String {
    let length = digits.chars().count();
    let mut grouped = String::with_capacity(length + length / 3 * 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (length - place).is_multiple_of(3) {
            grouped.push(NARROW_NBSP);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_has_a_comma_and_groups_of_three() {
        assert_eq!(natural(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(integer(-999), "\u{2212}999");
        assert_eq!(decimal("1234.50".parse().unwrap()), "1\u{202f}234,5");
        assert_eq!(decimal("2.00".parse().unwrap()), "2");
        assert_eq!(decimal("-0.25".parse().unwrap()), "\u{2212}0,25");
    }

    #[test]
    fn a_size_is_told_in_kilo_or_mega_octets() {
        assert_eq!(file_size(300), "300\u{a0}octets");
        assert_eq!(file_size(240 * 1024), "240\u{a0}Ko");
        assert_eq!(file_size(1_400_000), "1,4\u{a0}Mo");
        assert_eq!(file_size(20 * 1024 * 1024), "20\u{a0}Mo");
    }

    #[test]
    fn a_phone_number_is_read_by_pairs() {
        assert_eq!(phone("+33612345678"), "06\u{a0}12\u{a0}34\u{a0}56\u{a0}78");
        assert_eq!(phone("+32470123456"), "+32470123456");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for typed in ["", ".", ",", "1,2,3", "12a", "--1", "1e5"] {
            assert_eq!(parse_decimal(typed), None, "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn a_written_number_is_read_again(mantissa in -1_000_000_000_000_i64..1_000_000_000_000, scale in 0_u32..6) {
            let number = Decimal::new(mantissa, scale);
            prop_assert_eq!(parse_decimal(&decimal(number)), Some(number));
        }
    }
}
