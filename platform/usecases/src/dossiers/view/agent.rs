//! What agents see: the inbox, a dossier on one screen, what they may do.

use parvis_contract::ActionStyle;
use parvis_domain::{
    dossier::{Channel, Contact, DossierKind},
    ids::{AgentId, DossierId, TaskId},
    time::Instant,
};

use super::{AnswerSection, HistoryLine, MessageLine, PieceLine, PieceRequestView, StateView, TermView};
use crate::formulaire::FormView;

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
    /// What it asks.
    pub asks: TaskAsk,
    /// The decision was made before it was done: it is no longer awaited.
    pub moot: bool,
}

/// What a task asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskAsk {
    /// An opinion, before the decision.
    Opinion,
    /// To tell the usager what could not be mailed, and to say that it is done.
    Telling,
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
