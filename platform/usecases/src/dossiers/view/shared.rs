//! What both readers see: state, answers, documents, history, messages, the law's term.

use parvis_contract::{Outcome, Phase, WaitsFor};
use parvis_domain::{
    dossier::Origin,
    ids::{MessageId, PieceId},
    time::Instant,
    value::{PieceRef, Target},
};

/// Who to speak to (article L111-2 du CRPA).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Handler {
    /// "Claire Morel", when an agent handles it.
    pub agent: Option<String>,
    /// Her quality, "instructrice".
    pub quality: Option<String>,
    /// Service.
    pub service: String,
    /// Phone.
    pub phone: Option<String>,
    /// E-mail address of the service.
    pub email: Option<String>,
    /// Postal address of the service.
    pub address: Option<String>,
    /// Opening hours.
    pub hours: Option<String>,
}

/// The place of a dossier in its life, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateView {
    /// Id of the state.
    pub id: String,
    /// In the reader's words: plain for the usager, the démarche's for agents.
    pub label: String,
    /// What happens next, for the usager.
    pub next: String,
    /// Phase.
    pub phase: Phase,
    /// Whom it waits for.
    pub waits_for: WaitsFor,
    /// How it ended, or what was decided.
    pub outcome: Option<Outcome>,
    /// Where the end comes from.
    pub origin: Option<Origin>,
}

/// A question and its answer, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerLine {
    /// Where the answer stands.
    pub at: Target,
    /// Label of the question.
    pub label: String,
    /// The answer in words; `None` when nothing was answered.
    pub text: Option<String>,
    /// Documents given as an answer.
    pub pieces: Vec<PieceRef>,
    /// An answer is needed and there is none; on the check page only.
    pub missing: bool,
    /// The actor may not read it: neither text nor documents are given.
    pub concealed: bool,
    /// An agent corrected it after filing.
    pub corrected: bool,
}

/// A page of the form, answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerSection {
    /// Id of the page; "interne" for fields of agents and computed ones.
    pub page: String,
    /// Title.
    pub title: String,
    /// Lines, in the order of the page.
    pub lines: Vec<SectionLine>,
}

/// A line of a section: an answer, or the rows of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SectionLine {
    /// One answer.
    Answer(AnswerLine),
    /// The rows of a repeatable block.
    Block {
        /// Id of the block.
        field: String,
        /// Label of the block.
        label: String,
        /// Rows with their name, "Véhicule 2".
        rows: Vec<(String, Vec<AnswerLine>)>,
    },
}

/// Who made or gave a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceSource {
    /// Given by the usager, or in her name.
    Given,
    /// Produced by the town.
    Produced,
}

/// A document of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PieceLine {
    /// Id, for the download.
    pub id: PieceId,
    /// File name.
    pub name: String,
    /// Media type, recognised by content.
    pub media_type: String,
    /// Size in octets.
    pub size: u64,
    /// When it came.
    pub at: Instant,
    /// Where it comes from.
    pub source: PieceSource,
    /// An image of its first page can be shown.
    pub previewable: bool,
    /// The usager may read it.
    pub for_usager: bool,
}

/// A line of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// Number of the event in the chain.
    pub number: u32,
    /// When.
    pub at: Instant,
    /// What happened, in one sentence.
    pub text: String,
    /// Who did it, as the reader may see it.
    pub author: String,
    /// Details for agents: effects applied, notes, marks.
    pub details: Vec<String>,
}

/// Which side wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The citizen.
    Usager,
    /// The town.
    Town,
}

/// A message between the usager and the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageLine {
    /// Id.
    pub id: MessageId,
    /// Which side wrote.
    pub side: Side,
    /// Who wrote, with quality and service for an agent.
    pub author: String,
    /// When.
    pub at: Instant,
    /// Text.
    pub body: String,
}

/// A request for supporting documents that waits for an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct PieceRequestView {
    /// Why.
    pub reason: String,
    /// When it was asked.
    pub asked_at: Instant,
    /// Last day to answer.
    pub until: Instant,
    /// What is asked: label of the field, whether the instruction waits for it, text that requires it.
    pub items: Vec<WantedLine>,
    /// The mention that the law requires, in words.
    pub mention: String,
}

/// A document or an answer that is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedLine {
    /// Field to answer.
    pub field: String,
    /// Its label.
    pub label: String,
    /// The instruction cannot go on without it.
    pub essential: bool,
    /// Text that requires it.
    pub basis: String,
}

/// The law's term of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermView {
    /// When.
    pub at: Instant,
    /// What silence means then, in one sentence.
    pub sentence: String,
    /// A request for essential documents suspends it now.
    pub suspended: bool,
}
