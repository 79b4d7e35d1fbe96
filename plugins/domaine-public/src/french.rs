//! Dates, numbers and amounts as French reads them.

use jiff::civil::{Date, Weekday};
use rust_decimal::Decimal;

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// "23 novembre 2026", "1er mai 2027".
pub(crate) fn day(date: Date) -> String {
    let month = usize::try_from(date.month() - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or_default();
    let number = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!("{number}\u{a0}{month} {}", date.year())
}

/// "lundi 23 novembre 2026".
pub(crate) fn long_day(date: Date) -> String {
    let weekday = match date.weekday() {
        Weekday::Monday => "lundi",
        Weekday::Tuesday => "mardi",
        Weekday::Wednesday => "mercredi",
        Weekday::Thursday => "jeudi",
        Weekday::Friday => "vendredi",
        Weekday::Saturday => "samedi",
        Weekday::Sunday => "dimanche",
    };
    format!("{weekday} {}", day(date))
}

/// "le 3 mars 2027", "du 3 au 8 mars 2027", "du 28 février au 3 mars 2027".
pub(crate) fn stay(first: Date, last: Date) -> String {
    if first == last {
        return format!("le {}", day(first));
    }
    let full = day(first);
    let start = if (first.year(), first.month()) == (last.year(), last.month()) {
        full.split('\u{a0}').next().unwrap_or_default()
    } else if first.year() == last.year() {
        full.rsplit_once(' ').map_or("", |(before, _)| before)
    } else {
        &full
    };
    format!("du {start} au {}", day(last))
}

/// "12,50"; "12" when it is whole.
pub(crate) fn number(decimal: Decimal) -> String {
    let plain = decimal.normalize();
    let text = if plain.scale() == 1 { format!("{plain:.2}") } else { plain.to_string() };
    text.replace('.', ",")
}

/// "01 99 00 12 34"; any other number as it is.
pub(crate) fn phone(number: &str) -> String {
    let national = number.strip_prefix("+33").map_or_else(|| number.to_owned(), |rest| format!("0{}", rest.trim()));
    let digits: Vec<char> = national.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 10 || national.chars().any(|letter| !letter.is_ascii_digit() && letter != ' ') {
        return number.to_owned();
    }
    digits.chunks(2).map(String::from_iter).collect::<Vec<_>>().join("\u{a0}")
}

/// "1 234,50 €".
pub(crate) fn euros(amount: Decimal) -> String {
    let text = format!("{amount:.2}");
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    format!("{grouped},{cents}\u{a0}€")
}

/// Letters without accents and digits, in lower case, one space between words.
pub(crate) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(&mut out, text);
    out
}

/// The same, in a buffer that serves again.
pub(crate) fn fold_into(out: &mut String, text: &str) {
    out.clear();
    for letter in text.chars() {
        if letter.is_ascii() {
            fold_letter(out, letter.to_ascii_lowercase());
        } else {
            letter.to_lowercase().for_each(|letter| fold_letter(out, letter));
        }
    }
    out.truncate(out.trim_end().len());
}

fn fold_letter(out: &mut String, letter: char) {
    if letter.is_ascii_alphanumeric() {
        return out.push(letter);
    }
    out.push_str(match letter {
        'à' | 'â' | 'ä' => "a",
        'ç' => "c",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'î' | 'ï' => "i",
        'ô' | 'ö' => "o",
        'ù' | 'û' | 'ü' => "u",
        'ÿ' => "y",
        'œ' => "oe",
        'æ' => "ae",
        _ if out.ends_with(' ') || out.is_empty() => "",
        _ => " ",
    });
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_and_amounts_read_as_french() {
        assert_eq!(long_day(date(2026, 11, 23)), "lundi 23\u{a0}novembre 2026");
        assert_eq!(day(date(2027, 5, 1)), "1er\u{a0}mai 2027");
        assert_eq!(stay(date(2027, 3, 3), date(2027, 3, 8)), "du 3 au 8\u{a0}mars 2027");
        assert_eq!(stay(date(2027, 2, 28), date(2027, 3, 1)), "du 28\u{a0}février au 1er\u{a0}mars 2027");
        assert_eq!(stay(date(2026, 12, 31), date(2027, 1, 1)), "du 31\u{a0}décembre 2026 au 1er\u{a0}janvier 2027");
        assert_eq!(stay(date(2027, 3, 3), date(2027, 3, 3)), "le 3\u{a0}mars 2027");
        assert_eq!(euros(Decimal::new(123_450, 2)), "1\u{202f}234,50\u{a0}€");
        assert_eq!(euros(Decimal::from(12)), "12,00\u{a0}€");
        assert_eq!(number(Decimal::new(1250, 2)), "12,50");
        assert_eq!(number(Decimal::new(1200, 2)), "12");
        assert_eq!(phone("+33199001234"), "01\u{a0}99\u{a0}00\u{a0}12\u{a0}34");
        assert_eq!(phone("0199001234"), "01\u{a0}99\u{a0}00\u{a0}12\u{a0}34");
        assert_eq!(phone("+32 2 123"), "+32 2 123");
    }

    #[test]
    fn accents_and_punctuation_are_folded() {
        assert_eq!(folded("  12 bis, Rue de l’Église-Saint-Étienne "), "12 bis rue de l eglise saint etienne");
    }
}
