//! What the outbox's rows ask for. Rows outlive a version: fields are only ever added.

use parvis_domain::rules::Audience;
use serde::{Deserialize, Serialize};

/// A timer of a démarche.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TimerOrder {
    /// Its key.
    pub(crate) timer: String,
}

/// A document to make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DocumentOrder {
    /// Key of the document in its dossier.
    pub(crate) key: String,
    /// Template of the definition.
    pub(crate) template: String,
    /// Title, with the number that it took.
    pub(crate) title: String,
    /// Who may read it.
    pub(crate) audience: Audience,
    /// What the template reads.
    pub(crate) variables: serde_json::Value,
    /// The number that it took in its register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) act: Option<ActNumber>,
}

/// A number in a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ActNumber {
    /// Register.
    pub(crate) series: String,
    /// Civil year.
    pub(crate) year: u32,
    /// Number.
    pub(crate) number: u32,
}

/// The legal term of a dossier, as it stood when it was scheduled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TermOrder {
    /// The instant that was scheduled, in microseconds; another one on the dossier makes the order void.
    pub(crate) at: i64,
}
