//! What the démarche remembers of a dossier from one event to the next.

use parvis_sdk::{Dossier, Refusal};
use serde::{Deserialize, Serialize};

/// The memory of a dossier.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Memory {
    /// Agents who instructed: none of them signs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instructors: Vec<String>,
    /// Opinions that are awaited, by the key of their task.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub awaited: Vec<String>,
    /// State to go back to when the documents arrive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub back_to: Option<String>,
    /// Last day given for them, "2026-12-08".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pieces_until: Option<String>,
    /// Prescriptions of the act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prescriptions: Option<String>,
    /// Grounds of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grounds: Option<Grounds>,
}

/// Why a request is refused (articles L211-2 and L211-5 du CRPA).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grounds {
    /// Considérations de droit.
    pub law: String,
    /// Considérations de fait.
    pub facts: String,
}

impl Memory {
    /// The memory of a dossier; nothing yet when it was just filed.
    pub(super) fn of(dossier: &Dossier) -> Result<Self, Refusal> {
        if matches!(dossier.memory.as_str(), "" | "null" | "{}") {
            return Ok(Self::default());
        }
        serde_json::from_str(&dossier.memory)
            .map_err(|error| Refusal::Unexpected(format!("La mémoire du dossier est illisible : {error}")))
    }

    /// Remembers who instructed.
    pub(super) fn instructed_by(&mut self, agent: &str) {
        if !self.instructors.iter().any(|known| known == agent) {
            self.instructors.push(agent.to_owned());
        }
    }
}
