//! E-mail addresses and phone numbers.

use super::{compact, is_invisible};

/// Why a text is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// There is no "@".
    #[error("an e-mail address has an @")]
    NoAt,
    /// There is more than one "@".
    #[error("an e-mail address has one @")]
    SeveralAt,
    /// There is nothing before the "@".
    #[error("an e-mail address has something before its @")]
    NoName,
    /// What follows the "@" is not a domain.
    #[error("an e-mail address ends with a domain")]
    Domain,
    /// A space or a line break stands inside.
    #[error("an e-mail address has no space")]
    Space,
    /// A character has no place there.
    #[error("an e-mail address has no {0:?}")]
    WrongCharacter(char),
    /// Longer than mail servers accept (RFC 5321 §4.5.3.1).
    #[error("an e-mail address has at most 254 characters")]
    TooLong,
}

/// Why a text is not a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// A character has no place there.
    #[error("a phone number has no {0:?}")]
    WrongCharacter(char),
    /// A French number has ten digits.
    #[error("a French phone number has 10 digits, not {0}")]
    French(usize),
    /// An international number has 8 to 15 digits (ITU-T E.164).
    #[error("an international phone number has 8 to 15 digits, not {0}")]
    International(usize),
    /// No French number begins so.
    #[error("no French phone number begins with 00")]
    Prefix,
    /// Neither 0 nor an international prefix at its head.
    #[error("a phone number begins with 0 or +")]
    Head,
}

/// An e-mail address, the domain in lower case. What it accepts can stand in a header without escaping: no space, no
/// line break, no quote, no bracket.
pub fn email(typed: &str) -> Result<String, EmailError> {
    let address: String = typed.trim().chars().filter(|c| !is_invisible(*c)).collect();
    let address = address.strip_prefix("mailto:").unwrap_or(&address);
    if address.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(EmailError::Space);
    }
    if address.len() > 254 {
        return Err(EmailError::TooLong);
    }
    let (name, domain) = address.split_once('@').ok_or(EmailError::NoAt)?;
    if domain.contains('@') {
        return Err(EmailError::SeveralAt);
    }
    if name.is_empty() {
        return Err(EmailError::NoName);
    }
    let fits_in_name = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    if let Some(c) = name.chars().find(|c| !fits_in_name(*c)) {
        return Err(EmailError::WrongCharacter(c));
    }
    if name.starts_with('.') || name.ends_with('.') || name.contains("..") {
        return Err(EmailError::WrongCharacter('.'));
    }
    if name.len() > 64 {
        return Err(EmailError::TooLong);
    }
    let domain = domain.to_lowercase();
    if let Some(c) = domain.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-')) {
        return Err(EmailError::WrongCharacter(c));
    }
    let is_label = |label: &str| (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
    let labels: Vec<&str> = domain.split('.').collect();
    let top = labels.last().copied().unwrap_or_default();
    if labels.len() < 2
        || !labels.iter().all(|label| is_label(label))
        || top.len() < 2
        || !top.starts_with(|c: char| c.is_ascii_alphabetic())
    {
        return Err(EmailError::Domain);
    }
    Ok(format!("{name}@{domain}"))
}

/// An e-mail address as accounts, refusals and limits compare it: in lower case, its name too. No mail server in use tells
/// two names apart by their case, whatever RFC 5321 §2.4 allows.
pub fn email_key(typed: &str) -> Result<String, EmailError> {
    Ok(email(typed)?.to_ascii_lowercase())
}

/// A phone number in its international form (ITU-T E.164): "+33612345678". Numbers of the DROM written with ten digits
/// take their own country code.
pub fn phone(typed: &str) -> Result<String, PhoneError> {
    let code: String = compact(typed).replace("(0)", "").chars().filter(|c| !matches!(c, '(' | ')' | '/')).collect();
    let (international, digits) = match (code.strip_prefix('+'), code.strip_prefix("00")) {
        (Some(digits), _) | (None, Some(digits)) => (true, digits),
        (None, None) => (false, code.as_str()),
    };
    if let Some(c) = digits.chars().find(|c| !c.is_ascii_digit()) {
        return Err(PhoneError::WrongCharacter(c));
    }
    if !international {
        return national(digits);
    }
    if let Some(number) = digits.strip_prefix("33") {
        let number = number.strip_prefix('0').unwrap_or(number);
        return national(&format!("0{number}"));
    }
    match digits.len() {
        8..=15 if !digits.starts_with('0') => Ok(format!("+{digits}")),
        8..=15 => Err(PhoneError::Prefix),
        length => Err(PhoneError::International(length)),
    }
}

fn national(digits: &str) -> Result<String, PhoneError> {
    let Some(number) = digits.strip_prefix('0') else {
        return Err(PhoneError::Head);
    };
    if digits.len() != 10 {
        return Err(PhoneError::French(digits.len()));
    }
    if number.starts_with('0') {
        return Err(PhoneError::Prefix);
    }
    Ok(format!("+{}{number}", country_code(number)))
}

/// Country codes of the national numbering plan: the DROM have theirs.
fn country_code(number: &str) -> &'static str {
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| number.starts_with(prefix));
    if begins(&["262", "263", "269", "639", "692", "693"]) {
        "262"
    } else if begins(&["590", "690", "691"]) {
        "590"
    } else if begins(&["594", "694"]) {
        "594"
    } else if begins(&["596", "696", "697"]) {
        "596"
    } else {
        "33"
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_is_trimmed_and_its_domain_put_in_lower_case() {
        assert_eq!(email("  Camille.Martin+odp@Exemple.FR "), Ok("Camille.Martin+odp@exemple.fr".to_owned()));
    }

    #[test]
    fn an_address_is_compared_one_way() {
        assert_eq!(email_key("  Camille.Martin@Exemple.FR "), email_key("camille.martin@exemple.fr"));
        assert_eq!(email_key("camille@exemple"), Err(EmailError::Domain));
    }

    #[test]
    fn each_way_to_miss_an_address_has_its_cause() {
        for (typed, cause) in [
            ("camille", EmailError::NoAt),
            ("camille@a@exemple.fr", EmailError::SeveralAt),
            ("@exemple.fr", EmailError::NoName),
            ("camille@exemple", EmailError::Domain),
            ("camille@exemple..fr", EmailError::Domain),
            ("camille@-exemple.fr", EmailError::Domain),
            ("camille martin@exemple.fr", EmailError::Space),
            ("camille@exemple.fr\r\nBcc: autre@exemple.fr", EmailError::Space),
            ("camille,martin@exemple.fr", EmailError::WrongCharacter(',')),
            ("é@exemple.fr", EmailError::WrongCharacter('é')),
            (".camille@exemple.fr", EmailError::WrongCharacter('.')),
        ] {
            assert_eq!(email(typed), Err(cause), "{typed:?}");
        }
    }

    #[test]
    fn a_phone_number_is_understood_as_people_write_it() {
        for typed in [
            "06 12 34 56 78",
            "06.12.34.56.78",
            "06-12-34-56-78",
            "+33 6 12 34 56 78",
            "+33 (0)6 12 34 56 78",
            "0033612345678",
        ] {
            assert_eq!(phone(typed), Ok("+33612345678".to_owned()), "{typed}");
        }
        assert_eq!(phone("0692 12 34 56"), Ok("+262692123456".to_owned()));
        assert_eq!(phone("+32 470 12 34 56"), Ok("+32470123456".to_owned()));
    }

    #[test]
    fn each_way_to_miss_a_number_has_its_cause() {
        assert_eq!(phone("06 12 34 56 7"), Err(PhoneError::French(9)));
        assert_eq!(phone("06 12 34 56 78 9"), Err(PhoneError::French(11)));
        assert_eq!(phone("zéro six"), Err(PhoneError::WrongCharacter('Z')));
        assert_eq!(phone("+1 23"), Err(PhoneError::International(3)));
        assert_eq!(phone("612345678"), Err(PhoneError::Head));
    }

    proptest! {
        #[test]
        fn an_accepted_address_can_stand_in_a_header(typed in "\\PC{0,40}@\\PC{0,40}") {
            if let Ok(address) = email(&typed) {
                prop_assert!(address.is_ascii());
                prop_assert!(!address.chars().any(|c| c.is_control() || c.is_whitespace() || "<>()[],;:\\\"".contains(c)));
            }
        }

        #[test]
        fn a_stored_number_is_understood_again(typed in "0[1-9][0-9]{8}") {
            let stored = phone(&typed).unwrap();
            if stored.starts_with("+33") {
                prop_assert_eq!(phone(&stored), Ok(stored.clone()));
            }
        }
    }
}
