//! A collectivité's folder, read: `tenant.toml`, `policy.csv`, `demarches/<id>.toml`. Parsed and checked here, so that
//! nothing is written when a file is wrong.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    policy::{PolicyError, PolicyTable},
    profile::{Profile, ProfileError},
};

/// Why a folder is refused.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A file cannot be read.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is not TOML.
    #[error("{path}: {reason}", path = path.display())]
    Syntax {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The profile.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The policy.
    #[error("policy.csv: {0}")]
    Policy(#[from] PolicyError),
}

/// A folder, read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Folder {
    /// `tenant.toml`.
    pub profile: Profile,
    /// `policy.csv`; empty when there is none.
    pub policy: String,
    /// `demarches/<id>.toml`, by id; an empty table when there is none.
    pub settings: BTreeMap<String, Value>,
}

impl Folder {
    /// Reads a folder. It blocks on the disk: done by the command line, at start.
    pub async fn read(folder: &Path) -> Result<Self, FolderError> {
        let profile = Profile::parse(&required(&folder.join("tenant.toml")).await?)?;
        let policy = optional(&folder.join("policy.csv")).await?.unwrap_or_default();
        PolicyTable::compile(&policy).await?;
        let mut settings = BTreeMap::new();
        for demarche in &profile.demarches {
            let path = folder.join("demarches").join(format!("{}.toml", demarche.id));
            let text = optional(&path).await?.unwrap_or_default();
            let table: toml::Table = text
                .parse()
                .map_err(|error: toml::de::Error| FolderError::Syntax { path, reason: error.to_string() })?;
            settings.insert(demarche.id.clone(), json(toml::Value::Table(table)));
        }
        Ok(Self { profile, policy, settings })
    }
}

async fn required(path: &Path) -> Result<String, FolderError> {
    let refused = |source| FolderError::File { path: path.to_owned(), source };
    tokio::fs::read_to_string(path).await.map_err(refused)
}

async fn optional(path: &Path) -> Result<Option<String>, FolderError> {
    match tokio::fs::read_to_string(path).await {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(FolderError::File { path: path.to_owned(), source }),
    }
}

/// TOML as JSON: dates and times are texts in ISO 8601, as answers have them.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(yes) => Value::Bool(yes),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(list) => list.into_iter().map(json).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, json(value))).collect(),
    }
}
