//! What pages show of a dossier: complete, ready to render, and free of any type of the store.

use parvis_contract::{ActionStyle, Outcome, Phase, WaitsFor};
use parvis_domain::{
    dossier::{Channel, Contact, DossierKind, Origin},
    ids::{AgentId, DossierId, MessageId, PieceId, TaskId},
    time::Instant,
    value::{PieceRef, Target},
};

use crate::formulaire::FormView;

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

/// How urgent a deadline is, for its colour and its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// In more than seven days.
    Far,
    /// In seven days or less.
    Near,
    /// Past.
    Late,
}

/// A deadline of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineView {
    /// When.
    pub at: Instant,
    /// "Affichage de l’arrêté", "Décision implicite".
    pub label: String,
    /// How urgent it is.
    pub urgency: Urgency,
}

/// A line of the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxLine {
    /// Dossier.
    pub id: DossierId,
    /// Number.
    pub number: String,
    /// Title of the démarche.
    pub title: String,
    /// One line that tells it from others.
    pub summary: String,
    /// Name of the applicant.
    pub applicant: String,
    /// Where it stands, in the démarche's words.
    pub state: StateView,
    /// Service.
    pub service: String,
    /// When it was filed.
    pub filed_at: Instant,
    /// The nearest deadline.
    pub deadline: Option<DeadlineView>,
    /// Agent who handles it.
    pub assignee: Option<AgentName>,
    /// Marks ("urgent").
    pub marks: Vec<String>,
    /// The usager wrote and nobody answered.
    pub unread: bool,
    /// Trial dossier.
    pub kind: DossierKind,
    /// How it came.
    pub channel: Channel,
}

/// An agent, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentName {
    /// Id.
    pub id: AgentId,
    /// "Claire Morel".
    pub name: String,
}

/// An option of a filter, with how many dossiers it would show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterOption {
    /// Value of the parameter.
    pub value: String,
    /// Shown.
    pub label: String,
    /// Dossiers.
    pub count: u64,
}

/// A page of the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// Lines of this page.
    pub lines: Vec<InboxLine>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// States that can be chosen, with their counts.
    pub states: Vec<FilterOption>,
    /// Démarches that can be chosen.
    pub demarches: Vec<FilterOption>,
    /// Colleagues that can be chosen.
    pub assignees: Vec<AgentName>,
    /// Dossiers in scope that are not ended.
    pub open: u64,
    /// Actions that can be done on several dossiers at once, in the chosen state.
    pub batch: Vec<BatchAction>,
}

/// An action on several dossiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchAction {
    /// Démarche.
    pub demarche: String,
    /// Action.
    pub action: String,
    /// Verb.
    pub label: String,
}

/// What an agent can do now.
#[derive(Debug, Clone, PartialEq)]
pub struct ActionView {
    /// Id.
    pub id: String,
    /// Verb of the button.
    pub label: String,
    /// What happens then.
    pub hint: Option<String>,
    /// How it is shown.
    pub style: ActionStyle,
    /// Why it is refused now, when it is; the button is replaced by the sentence.
    pub refused_because: Option<String>,
    /// It has a form of its own.
    pub has_form: bool,
    /// It signs acts.
    pub signs: bool,
}

/// The form of an action, of a correction or of an opinion.
#[derive(Debug, Clone, PartialEq)]
pub struct ActionForm {
    /// Dossier.
    pub dossier: DossierId,
    /// Number.
    pub number: String,
    /// The action; "corriger" for a correction.
    pub action: ActionView,
    /// Questions, with what was typed and what is wrong.
    pub form: FormView,
    /// Revision of the dossier that the agent saw.
    pub revision: u32,
}

/// An internal task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskLine {
    /// Id.
    pub id: TaskId,
    /// Dossier.
    pub dossier: DossierId,
    /// Number of the dossier.
    pub number: String,
    /// Function that does it.
    pub function: String,
    /// Label of the function.
    pub function_label: String,
    /// What to do.
    pub title: String,
    /// Before when.
    pub due: Option<Instant>,
    /// When it was done, by whom, and what was said.
    pub done: Option<TaskDone>,
    /// The actor may do it.
    pub mine: bool,
}

/// The end of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskDone {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// What was said.
    pub opinion: String,
}

/// An internal note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteLine {
    /// When.
    pub at: Instant,
    /// Who wrote it.
    pub author: String,
    /// Text.
    pub body: String,
}

/// What failed to leave, for this dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StuckLine {
    /// Id in the outbox, to replay it.
    pub id: String,
    /// What it is ("Courriel « Accusé de réception »").
    pub what: String,
    /// Why it did not leave.
    pub why: String,
    /// Since when.
    pub since: Instant,
}

/// A dossier on one screen, for an agent.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentDossier {
    /// Dossier.
    pub id: DossierId,
    /// Number.
    pub number: String,
    /// Revision, to put in forms.
    pub revision: u32,
    /// Id of the démarche.
    pub demarche: String,
    /// Title of the démarche.
    pub title: String,
    /// One line that tells it from others.
    pub summary: String,
    /// Where it stands, in the démarche's words.
    pub state: StateView,
    /// Real or trial.
    pub kind: DossierKind,
    /// How it came.
    pub channel: Channel,
    /// When it was filed.
    pub filed_at: Instant,
    /// Service.
    pub service: String,
    /// Agent who handles it.
    pub assignee: Option<AgentName>,
    /// Colleagues to whom it can be given; empty when the actor may not.
    pub colleagues: Vec<AgentName>,
    /// Whom to write to and call.
    pub contact: Contact,
    /// Deadlines, nearest first.
    pub deadlines: Vec<DeadlineView>,
    /// Marks.
    pub marks: Vec<String>,
    /// The law's term.
    pub term: Option<TermView>,
    /// Answers, page by page.
    pub answers: Vec<AnswerSection>,
    /// Documents, given then produced.
    pub pieces: Vec<PieceLine>,
    /// History, most recent first.
    pub history: Vec<HistoryLine>,
    /// Messages, oldest first.
    pub messages: Vec<MessageLine>,
    /// Internal notes, most recent first.
    pub notes: Vec<NoteLine>,
    /// Internal tasks.
    pub tasks: Vec<TaskLine>,
    /// What is asked of the usager.
    pub request: Option<PieceRequestView>,
    /// What the actor can do now, or why not.
    pub actions: Vec<ActionView>,
    /// What did not leave.
    pub stuck: Vec<StuckLine>,
    /// What else the actor may do.
    pub may: May,
}

/// What an agent may do on a dossier besides the actions of its démarche.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct May {
    /// Write to the usager.
    pub message: bool,
    /// Write an internal note.
    pub note: bool,
    /// Assign.
    pub assign: bool,
    /// Correct answers.
    pub correct: bool,
    /// Replay what did not leave.
    pub replay: bool,
}
