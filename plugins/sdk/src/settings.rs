//! The tenant's settings and the dossier's memory: JSON documents parsed into the author's own types.

use std::fmt;

use serde::Deserialize;

use crate::Context;

/// The tenant's settings do not follow the démarche's types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError(String);

impl SettingsError {
    /// An error in the author's own words: which setting, what is wrong.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Le paramétrage de la démarche est à corriger : {}", self.0)
    }
}

impl std::error::Error for SettingsError {}

/// The tenant's settings. Types may borrow from the context; a type that names only some of the settings parses faster,
/// since the others are skipped.
pub fn settings<'a, T: Deserialize<'a>>(context: &'a Context) -> Result<T, SettingsError> {
    serde_json::from_str(&context.settings).map_err(|error| SettingsError(error.to_string()))
}
