//! The life of a request, as the platform sees it, whatever the démarche.

use parvis_contract::{Outcome, Phase, WaitsFor};
use serde::{Deserialize, Serialize};

use crate::{
    digest::Sha256,
    ids::{AgentId, DossierId, UsagerId},
    time::Instant,
};

/// A dossier for good, or one to try. Trial dossiers never reach third parties, never take a number in a register,
/// never count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DossierKind {
    /// For good.
    Real,
    /// To try.
    Trial,
}

/// How the request reached the town.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// The portal.
    Web,
    /// The desk.
    Guichet,
    /// The phone.
    Telephone,
    /// Paper.
    Courrier,
    /// The machine API.
    Api,
}

/// Where the end of a dossier comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Someone decided.
    Expresse,
    /// Silence decided.
    Implicite,
}

/// Whom the town writes to and calls about a dossier.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contact {
    /// Name, or the undertaking's.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Phone.
    pub phone: Option<String>,
}

/// The head of a dossier: the projection of its history that lists and pages read.
#[derive(Debug, Clone, PartialEq)]
pub struct Dossier {
    /// Id.
    pub id: DossierId,
    /// Number given to the citizen, "ODP-2026-000123".
    pub number: String,
    /// Démarche.
    pub demarche: String,
    /// Component that decides on it.
    pub component: Sha256,
    /// Real or trial.
    pub kind: DossierKind,
    /// Channel.
    pub channel: Channel,
    /// Language of the usager.
    pub language: String,
    /// Service it is given to.
    pub service: String,
    /// Nobody but the DPO may read or write it.
    pub restricted: bool,
    /// Retention class.
    pub retention_class: String,
    /// Incremented by each event; two writers cannot both go from the same one.
    pub revision: u32,
    /// State of the workflow.
    pub state: String,
    /// Phase of the state.
    pub phase: Phase,
    /// Whom it waits for.
    pub waits_for: WaitsFor,
    /// How it ended, or what was decided.
    pub outcome: Option<Outcome>,
    /// Where the end comes from.
    pub origin: Option<Origin>,
    /// When it was filed.
    pub filed_at: Instant,
    /// When silence will have a meaning; `None` once decided or when it never has.
    pub term_at: Option<Instant>,
    /// Working deadline computed by the démarche (answer `deadline` of the decision), for the inbox.
    pub deadline_at: Option<Instant>,
    /// When it ended.
    pub closed_at: Option<Instant>,
    /// Last event.
    pub updated_at: Instant,
    /// Agent who handles it.
    pub assignee: Option<AgentId>,
    /// Account it belongs to.
    pub usager: Option<UsagerId>,
    /// Whom to write to.
    pub contact: Contact,
    /// One line that tells it from others in a list.
    pub summary: String,
    /// Marks ("urgent").
    pub marks: Vec<String>,
    /// The démarche's own memory.
    pub memory: serde_json::Value,
    /// Hash of the last event of its chain.
    pub head: Sha256,
}
