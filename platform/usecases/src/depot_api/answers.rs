//! Answers as a program gives them, turned into what a page would have posted: the same reading and the same checks
//! follow, whatever the public.

use std::collections::BTreeSet;

use parvis_contract::{Definition, Field, Kind};
use parvis_domain::{
    input::{FormData, Part, name_of, part_name_of},
    value::{Target, Value},
};
use serde_json::{Map, Value as Json};

use super::Remark;

/// Answers by the id of their field; those of a block are a list of rows.
pub type GivenAnswers = Map<String, Json>;

/// What was given, by the names of a page's inputs.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// What the inputs hold.
    pub(super) inputs: FormData,
    /// How many rows each block has.
    pub(super) rows: Vec<(Target, Value)>,
    /// Everything that was answered.
    pub(super) named: BTreeSet<Target>,
    /// What cannot be an answer, whatever the démarche says.
    pub(super) wrong: Vec<Remark>,
}

/// Reads answers by the fields of a form.
pub(super) fn given(definition: &Definition, answers: &GivenAnswers) -> Given {
    let mut given = Given::default();
    for (id, value) in answers.iter().filter(|(_, value)| !value.is_null()) {
        let at = Target::field(id);
        let field = definition.pages.iter().flat_map(|page| &page.fields).find(|field| field.id == *id);
        match field {
            None => given.unknown(at),
            Some(Field { kind: Kind::Block { fields, .. }, .. }) => given.block(at, fields, value),
            Some(field) => given.answer(at, field, value),
        }
    }
    given
}

impl Given {
    fn block(&mut self, at: Target, fields: &[Field], value: &Json) {
        let Some(rows) = value.as_array() else {
            return self.wrong_type(at, "une liste de lignes");
        };
        for (number, row) in (0_u32..).zip(rows) {
            let Some(row) = row.as_object() else {
                self.wrong_type(Target::row(&at.field, number), "un objet, une réponse par champ de la ligne");
                continue;
            };
            for (id, value) in row.iter().filter(|(_, value)| !value.is_null()) {
                let at = Target::row(id, number);
                match fields.iter().find(|field| field.id == *id) {
                    None => self.unknown(at),
                    Some(field) => self.answer(at, field, value),
                }
            }
        }
        self.rows.push((at.clone(), Value::Integer(i32::try_from(rows.len()).unwrap_or(i32::MAX))));
        self.named.insert(at);
    }

    fn answer(&mut self, at: Target, field: &Field, value: &Json) {
        match &field.kind {
            Kind::Information { .. } | Kind::Block { .. } => self.unknown(at),
            Kind::Pieces { .. } => {
                let message = "Retirez ce document\u{a0}: l’API ne reçoit pas encore de documents.";
                self.wrong.push(Remark::new(at, "pieces-not-accepted", message.to_owned()));
            }
            Kind::Address => self.address(at, value),
            Kind::Choices { .. } => match texts(value) {
                Some(chosen) => self.put(at, chosen),
                None => self.wrong_type(at, "une liste de textes"),
            },
            Kind::Boolean | Kind::Consent => match value {
                Json::Bool(true) => self.put(at, vec!["oui".to_owned()]),
                Json::Bool(false) => self.put(at, vec!["non".to_owned()]),
                _ => self.wrong_type(at, "true ou false"),
            },
            Kind::Integer { .. } | Kind::Decimal { .. } | Kind::Amount => match value {
                Json::Number(number) => self.put(at, vec![number.to_string()]),
                Json::String(text) => self.put(at, vec![text.clone()]),
                _ => self.wrong_type(at, "un nombre"),
            },
            _ => match value {
                Json::String(text) => self.put(at, vec![text.clone()]),
                _ => self.wrong_type(at, "un texte"),
            },
        }
    }

    fn address(&mut self, at: Target, value: &Json) {
        let part = |name: &str| Part::ADDRESS.into_iter().find(|part| part.name() == name);
        let parts = value.as_object().and_then(|parts| {
            parts.iter().map(|(name, text)| Some((part(name)?, text.as_str()?.to_owned()))).collect::<Option<Vec<_>>>()
        });
        let Some(parts) = parts else {
            return self.wrong_type(at, "un objet dont les clés sont street, postal_code, town et note");
        };
        for (part, text) in parts {
            self.inputs.insert(part_name_of(&at, part), vec![text]);
        }
        self.named.insert(at);
    }

    fn put(&mut self, at: Target, values: Vec<String>) {
        self.inputs.insert(name_of(&at), values);
        self.named.insert(at);
    }

    fn unknown(&mut self, at: Target) {
        let message = "Retirez cette réponse\u{a0}: le formulaire n’a pas de question de ce nom.";
        self.wrong.push(Remark::new(at, "unknown-field", message.to_owned()));
    }

    fn wrong_type(&mut self, at: Target, wanted: &str) {
        self.wrong.push(Remark::new(at, "wrong-type", format!("Donnez {wanted}.")));
    }
}

fn texts(value: &Json) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|one| one.as_str().map(str::to_owned)).collect()
}
