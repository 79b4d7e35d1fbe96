//! What a dossier holds, projected onto its form: whatever was filed is listed, whatever was not is left out.

use parvis_contract::{Definition, Field, FilledBy, Kind};

use super::{
    Filer, Form,
    fields::Walker,
    rows::row_count,
    summary::{Entry, Line, Section},
};
use crate::{
    input::RawAnswers,
    rules::FormState,
    settings::Settings,
    value::{Answers, Target},
};

/// Id of the section of fields that are outside the pages, "interne".
pub const INTERNAL_SECTION: &str = "interne";

/// Sections of a dossier, as agents and its citizen read it. Conditions do not run again: what was visible when it was
/// filed is what its answers hold.
pub fn filed_sections(definition: &Definition, answers: &Answers, settings: &Settings) -> Vec<Section> {
    let raw = RawAnswers::default();
    let state = FormState::default();
    let reader = Reader { form: Form { answers, raw: &raw, settings, filer: Filer::Agent }, state: &state };
    let pages = definition.pages.iter().map(|page| (page.id.as_str(), page.title.as_str(), &page.fields));
    let internal = (INTERNAL_SECTION, "Instruction", &definition.internal_fields);
    pages
        .chain([internal])
        .map(|(page, title, fields)| Section {
            page: page.to_owned(),
            title: title.to_owned(),
            lines: fields.iter().filter_map(|field| reader.line(field)).collect(),
        })
        .filter(|section| !section.lines.is_empty())
        .collect()
}

struct Reader<'a> {
    form: Form<'a>,
    state: &'a FormState,
}

impl Reader<'_> {
    fn line(&self, field: &Field) -> Option<Line> {
        let Kind::Block { fields, item, .. } = &field.kind else {
            return self.entry(field, Target::field(&field.id)).map(Line::Answer);
        };
        let count = row_count(field, self.form.answers, self.form.raw);
        let row = |row: u32| {
            let entries = fields.iter().filter_map(|inner| self.entry(inner, Target::row(&inner.id, row))).collect();
            (format!("{item} {}", row + 1), entries)
        };
        let rows: Vec<_> = (0..count).map(row).collect();
        (!rows.is_empty()).then(|| Line::Block { at: Target::field(&field.id), label: field.label.clone(), rows })
    }

    fn entry(&self, field: &Field, at: Target) -> Option<Entry> {
        let stored = self.form.answers.stored(&at)?;
        if field.filled_by != FilledBy::Usager && !stored.is_answer() {
            return None;
        }
        let options = Walker::new(self.form, self.state).options(field, &at);
        let value = self.form.answers.at(&at);
        Some(Entry::of(field, at, value, &options, false))
    }
}
