//! Whom the town writes to, and the line that tells a dossier from others: read from the answers by what the fields
//! declare, never by their names.

use parvis_contract::{Definition, Field, FilledBy, Kind, Options, Prefill};
use parvis_domain::{
    dossier::Contact,
    journey::text_of,
    value::{Answers, Value},
};

/// Whom to write to and call.
pub(crate) fn of_answers(definition: &Definition, answers: &Answers) -> Contact {
    let fields: Vec<&Field> = definition.pages.iter().flat_map(|page| &page.fields).collect();
    let text = |field: &Field| answers.text(&field.id).filter(|text| !text.is_empty()).map(str::to_owned);
    let by =
        |wanted: &dyn Fn(&Field) -> bool| fields.iter().filter(|field| wanted(field)).find_map(|field| text(field));
    let prefilled = |from: Prefill| by(&|field: &Field| field.prefill == Some(from));
    let name = by(&|field: &Field| field.autocomplete.as_deref() == Some("organization")).or_else(|| {
        let names = [prefilled(Prefill::GivenName), prefilled(Prefill::FamilyName)];
        let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
        (!name.is_empty()).then_some(name)
    });
    Contact {
        name: name.or_else(|| by(&|field: &Field| field.column)).unwrap_or_default(),
        email: prefilled(Prefill::Email).or_else(|| by(&|field: &Field| matches!(field.kind, Kind::Email))),
        phone: prefilled(Prefill::Phone).or_else(|| by(&|field: &Field| matches!(field.kind, Kind::Phone))),
    }
}

/// The answers shown as columns, in words.
pub(crate) fn summary(definition: &Definition, answers: &Answers) -> String {
    let columns = definition.pages.iter().flat_map(|page| &page.fields).filter(|field| field.column);
    let words = columns.filter_map(|field| in_words(field, answers.get(&field.id)?));
    words.collect::<Vec<_>>().join(" · ")
}

/// An answer in words, with the labels that the definition writes.
pub(crate) fn in_words(field: &Field, value: &Value) -> Option<String> {
    let options = match &field.kind {
        Kind::Choice { options: Options::Fixed(choices), .. } | Kind::Choices { options: Options::Fixed(choices) } => {
            choices.as_slice()
        }
        _ => &[],
    };
    text_of(field, options, value)
}

/// The field of the working deadline: the date that the démarche computes for agents.
pub(crate) fn deadline_field(definition: &Definition) -> Option<&Field> {
    let computed = |field: &&Field| field.filled_by == FilledBy::Computed && matches!(field.kind, Kind::Date);
    definition.internal_fields.iter().find(computed)
}

/// The working deadline, once the démarche computed it.
pub(crate) fn deadline(definition: &Definition, answers: &Answers) -> Option<jiff::civil::Date> {
    match answers.get(&deadline_field(definition)?.id) {
        Some(Value::Date(date)) => Some(*date),
        _ => None,
    }
}
