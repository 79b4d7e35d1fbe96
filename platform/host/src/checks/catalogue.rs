//! What a definition declares, ready to be looked up at each call.

use std::collections::{HashMap, HashSet};

use parvis_contract::{Definition, Field, FilledBy, Kind};
use parvis_domain::{
    input::fits,
    value::{Target, Value},
};

/// What a check needs to know of a declared field.
#[derive(Debug)]
struct Declared {
    field: Field,
    in_block: bool,
    /// The démarche may answer it by itself: it is computed, or filled by agents.
    own: bool,
    /// It belongs to the form of an action: `evaluate` may propose a value.
    of_action: bool,
}

/// Everything that the answers of a démarche may name.
#[derive(Debug)]
pub(crate) struct Catalogue {
    fields: HashMap<String, Declared>,
    pages: HashSet<String>,
    states: HashSet<String>,
    actions: HashSet<String>,
    functions: HashSet<String>,
    notices: HashSet<String>,
    documents: HashSet<String>,
}

impl Catalogue {
    pub(crate) fn of(definition: &Definition) -> Self {
        let mut fields = HashMap::new();
        for field in definition.actions.iter().flat_map(|action| &action.form) {
            declare(&mut fields, field, Place { in_block: false, of_action: true });
        }
        // A field of the form wins over a field of the same id in an action: its rights are the narrower.
        for field in definition.pages.iter().flat_map(|page| &page.fields).chain(&definition.internal_fields) {
            declare(&mut fields, field, Place { in_block: false, of_action: false });
        }
        Self {
            fields,
            pages: definition.pages.iter().map(|page| page.id.clone()).collect(),
            states: definition.states.iter().map(|state| state.id.clone()).collect(),
            actions: definition.actions.iter().map(|action| action.id.clone()).collect(),
            functions: definition.functions.iter().map(|function| function.id.clone()).collect(),
            notices: definition.notices.iter().map(|notice| notice.id.clone()).collect(),
            documents: definition.documents.iter().map(|document| document.id.clone()).collect(),
        }
    }

    /// How many fields are declared, those of blocks and actions included.
    pub(crate) fn field_count(&self) -> usize {
        self.fields.len()
    }

    pub(crate) fn field(&self, id: &str) -> Result<(), String> {
        known(self.fields.contains_key(id), "field", id)
    }

    pub(crate) fn field_or_page(&self, id: &str) -> Result<(), String> {
        known(self.fields.contains_key(id) || self.pages.contains(id), "field nor page", id)
    }

    pub(crate) fn state(&self, id: &str) -> Result<(), String> {
        known(self.states.contains(id), "state", id)
    }

    pub(crate) fn action(&self, id: &str) -> Result<(), String> {
        known(self.actions.contains(id), "action", id)
    }

    pub(crate) fn function(&self, id: &str) -> Result<(), String> {
        known(self.functions.contains(id), "function", id)
    }

    pub(crate) fn notice(&self, id: &str) -> Result<(), String> {
        known(self.notices.contains(id), "notice", id)
    }

    pub(crate) fn document(&self, id: &str) -> Result<(), String> {
        known(self.documents.contains(id), "document", id)
    }

    /// A value that `evaluate` computes or proposes.
    pub(crate) fn computed(&self, at: &Target, value: &Value) -> Result<(), String> {
        let declared = self.answered(at, value)?;
        if declared.own || declared.of_action {
            return Ok(());
        }
        Err(format!("`{}` is filled by the usager, it cannot be computed", at.field))
    }

    /// An answer that a decision writes.
    pub(crate) fn decided(&self, at: &Target, value: &Value) -> Result<(), String> {
        if self.answered(at, value)?.own {
            return Ok(());
        }
        Err(format!("`{}` is neither computed nor filled by agents, a decision cannot answer it", at.field))
    }

    fn answered(&self, at: &Target, value: &Value) -> Result<&Declared, String> {
        let Some(declared) = self.fields.get(&at.field) else {
            return Err(format!("there is no field `{}`", at.field));
        };
        if declared.in_block != at.row.is_some() {
            return Err(format!("`{}` must name a row if and only if it stands in a block", at.field));
        }
        if !fits(&declared.field, value) {
            return Err(format!("the value of `{}` is not of its kind", at.field));
        }
        Ok(declared)
    }
}

#[derive(Clone, Copy)]
struct Place {
    in_block: bool,
    of_action: bool,
}

fn declare(fields: &mut HashMap<String, Declared>, field: &Field, place: Place) {
    if let Kind::Block { fields: inner, .. } = &field.kind {
        for field in inner {
            declare(fields, field, Place { in_block: true, ..place });
        }
    }
    let declared = Declared {
        field: field.clone(),
        in_block: place.in_block,
        own: field.filled_by != FilledBy::Usager,
        of_action: place.of_action,
    };
    fields.insert(field.id.clone(), declared);
}

fn known(is_known: bool, what: &str, id: &str) -> Result<(), String> {
    if is_known { Ok(()) } else { Err(format!("there is no {what} `{id}`")) }
}
