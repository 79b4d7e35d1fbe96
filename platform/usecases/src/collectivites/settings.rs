//! Whether the settings of a démarche are those that its definition asks for: known names, and what is required.
//!
//! The démarche itself reads the values; here a wrong name is told before anything is written.

use parvis_contract::{Definition, Field, Kind, Required};
use serde_json::Value;

/// Why settings are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A name that the démarche does not declare.
    #[error("demarches/{demarche}.toml: {key} is unknown; the démarche knows: {known}")]
    Unknown {
        /// Démarche.
        demarche: String,
        /// The name, with its row.
        key: String,
        /// Names that are known there.
        known: String,
    },
    /// A setting that the démarche cannot do without.
    #[error("demarches/{demarche}.toml: {key} is missing ({label})")]
    Missing {
        /// Démarche.
        demarche: String,
        /// The name, with its row.
        key: String,
        /// What it is.
        label: String,
    },
    /// A table is written as one value, or the reverse.
    #[error("demarches/{demarche}.toml: {key} must be {expected}")]
    Shape {
        /// Démarche.
        demarche: String,
        /// The name.
        key: String,
        /// What it must be.
        expected: &'static str,
    },
}

/// Checks settings against a definition.
pub(super) fn check(definition: &Definition, settings: &Value) -> Result<(), SettingsError> {
    Checker { demarche: &definition.id }.table(&definition.settings, settings, "")
}

struct Checker<'a> {
    demarche: &'a str,
}

impl Checker<'_> {
    fn table(&self, fields: &[Field], table: &Value, place: &str) -> Result<(), SettingsError> {
        let demarche = || self.demarche.to_owned();
        let Some(table) = table.as_object() else {
            return Err(SettingsError::Shape { demarche: demarche(), key: place.to_owned(), expected: "a table" });
        };
        for key in table.keys() {
            if !fields.iter().any(|field| field.id == *key) {
                let known: Vec<&str> = fields.iter().map(|field| field.id.as_str()).collect();
                let key = format!("{place}{key}");
                return Err(SettingsError::Unknown { demarche: demarche(), key, known: known.join(", ") });
            }
        }
        for field in fields.iter().filter(|field| field.kind.is_question()) {
            let key = format!("{place}{}", field.id);
            match table.get(&field.id) {
                Some(value) => self.value(field, value, key)?,
                None if field.required == Required::Yes && field.condition.is_none() && !may_be_empty(field) => {
                    return Err(SettingsError::Missing { demarche: demarche(), key, label: field.label.clone() });
                }
                None => {}
            }
        }
        Ok(())
    }

    fn value(&self, field: &Field, value: &Value, key: String) -> Result<(), SettingsError> {
        let Kind::Block { fields, .. } = &field.kind else { return Ok(()) };
        let Some(rows) = value.as_array() else {
            return Err(SettingsError::Shape { demarche: self.demarche.to_owned(), key, expected: "a list of tables" });
        };
        for (index, row) in rows.iter().enumerate() {
            self.table(fields, row, &format!("{key}[{index}]."))?;
        }
        Ok(())
    }
}

/// A block that needs no row may be left out.
const fn may_be_empty(field: &Field) -> bool {
    matches!(field.kind, Kind::Block { min: 0, .. })
}
