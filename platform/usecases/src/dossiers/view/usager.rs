//! What a citizen sees of her dossiers.

use parvis_domain::{dossier::DossierKind, ids::DossierId, time::Instant};

use super::{AnswerSection, Handler, HistoryLine, MessageLine, PieceLine, PieceRequestView, StateView, TermView};

/// What filing gives, once.
#[expect(clippy::struct_field_names, reason = "« filed_at » is its name everywhere")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// Dossier.
    pub dossier: DossierId,
    /// Number, "ODP-2026-000123".
    pub number: String,
    /// Code that opens the follow-up page with the number; `None` when the dossier was filed before, or by an account.
    pub tracking_code: Option<String>,
    /// Address to which the accusé de réception goes.
    pub receipt_to: Option<String>,
    /// When it was received.
    pub filed_at: Instant,
}

/// What the page that confirms a filing shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// What filing gave.
    pub filed: Filed,
    /// Id of the démarche.
    pub demarche: String,
    /// What silence will mean and when, once a term runs.
    pub silence: Option<String>,
}

/// The follow-up page of a citizen.
#[derive(Debug, Clone, PartialEq)]
pub struct FollowUp {
    /// Dossier.
    pub id: DossierId,
    /// Number.
    pub number: String,
    /// Id of the démarche.
    pub demarche: String,
    /// Title of the démarche.
    pub title: String,
    /// One line that tells it from others.
    pub summary: String,
    /// Where it stands, in plain words.
    pub state: StateView,
    /// When it was filed.
    pub filed_at: Instant,
    /// When silence will have a meaning, with the sentence that says which.
    pub term: Option<TermView>,
    /// Who handles it.
    pub handler: Handler,
    /// What happened, most recent first.
    pub history: Vec<HistoryLine>,
    /// Messages, oldest first.
    pub messages: Vec<MessageLine>,
    /// What is asked of the citizen.
    pub request: Option<PieceRequestView>,
    /// Documents that the town produced for her, most recent first.
    pub documents: Vec<PieceLine>,
    /// What she filed.
    pub answers: Vec<AnswerSection>,
    /// She may withdraw.
    pub withdrawable: bool,
    /// She may write.
    pub writable: bool,
    /// Trial dossier.
    pub kind: DossierKind,
}

/// A dossier in a list of the citizen's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsagerLine {
    /// Dossier.
    pub id: DossierId,
    /// Number.
    pub number: String,
    /// Title of the démarche.
    pub title: String,
    /// One line that tells it from others.
    pub summary: String,
    /// Where it stands.
    pub state: StateView,
    /// When it was filed.
    pub filed_at: Instant,
    /// Last event.
    pub updated_at: Instant,
}
