//! One way to compare texts: the keys of search and of indexes.

use std::collections::BTreeSet;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Longest key that is kept, in characters; what follows never tells two dossiers apart.
pub const KEY_LENGTH: usize = 120;

/// Lower case, without accents nor ligatures, anything but letters and digits as one space: "Cœur d’Île-Rousse" gives
/// "coeur d ile rousse". The same function writes the keys and reads the searches.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' => folded.push('d'),
            _ if c.is_alphanumeric() => folded.extend(c.nfkd().filter(|c| !is_combining_mark(*c))),
            _ if !folded.is_empty() && !folded.ends_with(' ') => folded.push(' '),
            _ => {}
        }
    }
    let end = folded.trim_end().len();
    folded.truncate(end);
    folded
}

/// The key of a text: folded, cut to [`KEY_LENGTH`].
pub fn key(text: &str) -> String {
    fold(text).chars().take(KEY_LENGTH).collect()
}

/// Words by which a text is found: folded, of two characters or more.
pub fn terms(text: &str) -> BTreeSet<String> {
    fold(text)
        .split(' ')
        .filter(|term| term.chars().nth(1).is_some())
        .map(|term| term.chars().take(40).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accents_ligatures_and_punctuation_do_not_count() {
        assert_eq!(fold("Cœur d’Île-Rousse"), "coeur d ile rousse");
        assert_eq!(fold("  ÉCHAFAUDAGE, 12 bis "), "echafaudage 12 bis");
        assert_eq!(fold("№ 12"), "no 12");
    }

    #[test]
    fn terms_are_words_without_single_letters() {
        let found: Vec<String> = terms("L’échafaudage de M. Ömer Şahin").into_iter().collect();
        assert_eq!(found, ["de", "echafaudage", "omer", "sahin"]);
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,60}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
        }
    }
}
