//! Keys and words by which a dossier is found. Sensitive answers give none: whoever searches could guess them.

use std::collections::{BTreeMap, BTreeSet};

use parvis_contract::{Definition, Field, Kind, Options, Sensitivity};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::{
    fold, lifecycle,
    money::Centimes,
    value::{Answers, Target, Value},
};

/// Most words kept for a dossier.
const MOST_TERMS: usize = 400;

/// A key by which a dossier is found and sorted: same order on both engines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Key {
    /// Folded text.
    pub text: Option<String>,
    /// Whole number; an amount in centimes, another decimal in thousandths.
    pub int: Option<i64>,
    /// Local date.
    pub date: Option<jiff::civil::Date>,
}

/// Keys of the answers whose fields are declared as keys or as columns.
pub fn keys(definition: &Definition, answers: &Answers) -> BTreeMap<Target, Key> {
    let mut keys = BTreeMap::new();
    for (at, value) in answers.iter() {
        let Some(field) = lifecycle::field(definition, &at.field) else { continue };
        if (field.key || field.column) && field.sensitivity != Sensitivity::Sensitive {
            keys.extend(key(field, value).map(|key| (at.clone(), key)));
        }
    }
    keys
}

/// The key of an answer; `None` when it has none.
pub fn key(field: &Field, value: &Value) -> Option<Key> {
    let text = |text: &str| Some(fold::key(text)).filter(|key| !key.is_empty());
    let key = match value {
        Value::Text(content) => Key { text: text(content), ..Key::default() },
        Value::Integer(number) => Key { int: Some(i64::from(*number)), ..Key::default() },
        Value::Decimal(number) => Key { int: decimal_key(field, *number), ..Key::default() },
        Value::Boolean(answer) => Key { int: Some(i64::from(*answer)), ..Key::default() },
        Value::Date(date) => Key { date: Some(*date), ..Key::default() },
        Value::Instant(local) => Key { date: Some(local.date()), ..Key::default() },
        Value::Choices(list) => Key { text: text(&list.join(" ")), ..Key::default() },
        Value::Json(json) => Key { text: text(&json_text(json)), ..Key::default() },
        Value::Empty | Value::Pieces(_) => Key::default(),
    };
    (key != Key::default()).then_some(key)
}

/// Words of the answers: texts, addresses, numbers of identification, labels of choices.
pub fn terms(definition: &Definition, answers: &Answers) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for (at, value) in answers.iter() {
        let Some(field) = lifecycle::field(definition, &at.field) else { continue };
        if field.sensitivity != Sensitivity::Sensitive {
            terms.extend(terms_of(field, value));
        }
    }
    terms.into_iter().take(MOST_TERMS).collect()
}

fn terms_of(field: &Field, value: &Value) -> BTreeSet<String> {
    match (value, &field.kind) {
        (Value::Text(stored), Kind::Choice { options, .. }) => fold::terms(label(options, stored)),
        (Value::Text(phone), Kind::Phone) => {
            let national = crate::french::phone(phone).chars().filter(char::is_ascii_digit).collect();
            BTreeSet::from([national])
        }
        (Value::Text(plate), Kind::Plate) => {
            let mut terms = fold::terms(plate);
            terms.insert(fold::fold(plate).replace(' ', ""));
            terms
        }
        (Value::Text(text), _) => fold::terms(text),
        (Value::Choices(list), Kind::Choices { options }) => {
            list.iter().flat_map(|stored| fold::terms(label(options, stored))).collect()
        }
        (Value::Json(json), _) => fold::terms(&json_text(json)),
        _ => BTreeSet::new(),
    }
}

fn label<'a>(options: &'a Options, stored: &'a str) -> &'a str {
    match options {
        Options::Fixed(choices) => {
            choices.iter().find(|choice| choice.value == stored).map_or(stored, |choice| choice.label.as_str())
        }
        Options::Setting { .. } | Options::Evaluated => stored,
    }
}

fn decimal_key(field: &Field, number: Decimal) -> Option<i64> {
    match field.kind {
        Kind::Amount => Centimes::from_euros(number).ok().map(Centimes::get),
        _ => number.checked_mul(Decimal::ONE_THOUSAND).and_then(|thousandths| thousandths.to_i64()),
    }
}

/// Texts of an object, in the order of its keys.
fn json_text(json: &serde_json::Value) -> String {
    let texts = json.as_object().into_iter().flat_map(|object| object.values()).filter_map(serde_json::Value::as_str);
    texts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journey::fixture::tennis_club;

    #[test]
    fn keys_are_those_of_declared_fields() {
        let answers: Answers = [
            (Target::field("name"), Value::Text("Zoé L’Hôte".to_owned())),
            (Target::field("level"), Value::Text("gold".to_owned())),
            (Target::field("health"), Value::Text("asthme".to_owned())),
        ]
        .into_iter()
        .collect();
        let definition = tennis_club();
        let keys = keys(&definition, &answers);
        assert_eq!(keys.keys().map(|at| at.field.as_str()).collect::<Vec<_>>(), ["name"]);
        assert_eq!(keys[&Target::field("name")].text.as_deref(), Some("zoe l hote"));
        let terms = terms(&definition, &answers);
        assert!(terms.contains("hote") && terms.contains("or"), "the label of the choice: {terms:?}");
        assert!(!terms.contains("asthme"), "a sensitive answer is not searched");
    }
}
