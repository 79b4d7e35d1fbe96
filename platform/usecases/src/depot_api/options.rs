//! The choices that a form takes from the settings of the town: a program needs them to build its answers.

use std::collections::BTreeMap;

use parvis_contract::{Choice, Field, Kind, Options};
use parvis_domain::{
    input::RawAnswers,
    journey::{Filer, Form, walk_fields},
    rules::FormState,
    value::Answers,
};

use crate::catalogue::Offered;

/// The choices offered now for each field whose options are rows of the settings, by the id of the field.
pub fn options_of(offered: &Offered) -> BTreeMap<String, Vec<Choice>> {
    let fields = offered.definition.pages.iter().flat_map(|page| &page.fields);
    let inner = fields.flat_map(|field| match &field.kind {
        Kind::Block { fields, .. } => fields.as_slice(),
        _ => std::slice::from_ref(field),
    });
    inner.filter(|field| is_set(field)).map(|field| (field.id.clone(), choices(offered, field))).collect()
}

const fn is_set(field: &Field) -> bool {
    matches!(
        field.kind,
        Kind::Choice { options: Options::Setting { .. }, .. } | Kind::Choices { options: Options::Setting { .. } }
    )
}

/// What a page would offer, were the question asked at once.
fn choices(offered: &Offered, field: &Field) -> Vec<Choice> {
    let asked = [Field { condition: None, ..field.clone() }];
    let (answers, raw) = (Answers::default(), RawAnswers::default());
    let form = Form { answers: &answers, raw: &raw, settings: &offered.settings, filer: Filer::Usager };
    let walk = walk_fields(&asked, form, &FormState::default());
    walk.fields.into_iter().flat_map(|walked| walked.options).collect()
}
