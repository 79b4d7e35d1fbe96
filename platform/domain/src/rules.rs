//! A démarche as a pure function: the one internal trait behind every published contract.
//!
//! The types mirror the WIT; an adapter of the host converts them and nothing else. Checks of rights and of limits on
//! effects stand above, once.

mod decision;

use std::sync::Arc;

use parvis_contract::Definition;
use serde::{Deserialize, Serialize};

use crate::{
    digest::Sha256,
    settings::Settings,
    value::{Answers, Target},
};

pub use decision::{Audience, Decision, Effect, Ruling, RulingOutcome, WantedPiece};

/// The démarches that are installed, by the digest of their component. Calls are synchronous and bounded by the limits
/// of the contract; callers run them on a bounded pool of threads, outside any transaction.
pub trait Rules: Send + Sync {
    /// What the component declares, read once.
    fn definition(&self, component: Sha256) -> Result<Arc<Definition>, CallError>;

    /// What is shown, required, computed, offered and wrong while a form is being filled; `step` is the page, `None`
    /// for the whole.
    fn evaluate(
        &self,
        component: Sha256,
        context: &Context,
        dossier: &DossierView,
        step: Option<&str>,
    ) -> Result<FormState, CallError>;

    /// Which actions make sense now, beyond what the definition declares.
    fn offers(&self, component: Sha256, context: &Context, dossier: &DossierView) -> Result<Vec<Offer>, CallError>;

    /// What the démarche decides on an event.
    fn handle(
        &self,
        component: Sha256,
        context: &Context,
        dossier: &DossierView,
        event: &Event,
    ) -> Result<Decision, CallError>;
}

/// Why a call gave no answer. Nothing of the dossier has changed.
///
/// Its sentence goes to logs: it never repeats what the démarche said, which may hold an answer of the citizen.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CallError {
    /// No such component is installed.
    #[error("component {0} is not installed")]
    Unknown(Sha256),
    /// The démarche trapped: a panic, a stack overflow, an access out of bounds.
    #[error("the démarche trapped: {0}")]
    Trap(String),
    /// The call used all its fuel.
    #[error("the démarche used all its fuel")]
    OutOfFuel,
    /// The call outlasted the wall clock.
    #[error("the démarche ran out of time")]
    TimedOut,
    /// The démarche asked for more memory than allowed.
    #[error("the démarche asked for too much memory")]
    OutOfMemory,
    /// An input or an output is over a limit.
    #[error("{what} is over its limit of {limit}")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit, in octets or in items.
        limit: u64,
    },
    /// The answer does not follow the contract; where and how, for the author.
    #[error("the démarche answered outside the contract")]
    Malformed(String),
    /// The démarche refuses the event.
    #[error("the démarche refuses")]
    Refused(Refusal),
}

/// A refusal by the démarche.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// This actor may not; the sentence says why.
    Forbidden(String),
    /// The inputs are wrong.
    Invalid(Vec<Problem>),
    /// The event makes no sense in this state.
    Unexpected(String),
}

/// Who acts, as a démarche sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActorKind {
    /// The citizen.
    Usager,
    /// Someone who acts for the citizen.
    Representative,
    /// An agent.
    Agent,
    /// Someone who was consulted.
    Expert,
    /// The platform.
    System,
}

/// Who acts, as a démarche sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesActor {
    /// Kind of actor.
    pub kind: ActorKind,
    /// Stable id, opaque.
    pub id: String,
    /// Function under which an agent acts; empty otherwise.
    pub function: String,
}

/// Everything a decision may depend on, kept with the event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Context {
    /// RFC 3339 with offset.
    pub now: String,
    /// IANA name of the zone.
    pub zone: String,
    /// Days that are not worked, for 24 months from now ("2026-12-25").
    pub closed_days: Vec<String>,
    /// Language of the usager ("fr").
    pub language: String,
    /// Channel by which the dossier came.
    pub channel: String,
    /// Trial dossier.
    pub trial: bool,
    /// The only randomness of the démarche.
    pub seed: String,
    /// Who acts.
    pub actor: RulesActor,
    /// Settings of the tenant; an event keeps their digest instead.
    #[serde(skip)]
    pub settings: Arc<Settings>,
    /// Answers to lookups.
    pub replies: Vec<Reply>,
    /// Room to grow: facts about the event that the platform adds, such as the signatory's identity.
    pub extra: Answers,
}

/// A dossier or a draft, as a démarche sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct DossierView {
    /// Number; empty for a draft.
    pub number: String,
    /// Revision.
    pub revision: u32,
    /// State; empty for a draft.
    pub state: String,
    /// RFC 3339 with offset.
    pub filed_at: Option<String>,
    /// Visible answers.
    pub answers: Answers,
    /// The démarche's own memory.
    pub memory: serde_json::Value,
}

/// An answer to a lookup or to a query.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// Key of the request.
    pub key: String,
    /// False when the connector is unavailable.
    pub succeeded: bool,
    /// What it answered.
    pub content: serde_json::Value,
}

/// What `evaluate` says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FormState {
    /// Fields and pages that are not shown.
    pub hidden: Vec<Target>,
    /// Fields that must be answered, besides the declared ones.
    pub required: Vec<Target>,
    /// Fields that cannot be changed.
    pub locked: Vec<Target>,
    /// Computed answers.
    pub computed: Answers,
    /// Choices offered by fields whose options are evaluated.
    pub options: Vec<(Target, Vec<parvis_contract::Choice>)>,
    /// What is wrong or worth a warning.
    pub problems: Vec<Problem>,
    /// Lookups wanted.
    pub lookups: Vec<Request>,
    /// Lines for the author.
    pub trace: Vec<String>,
}

/// What a démarche asks of a connector.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Key of the reply.
    pub key: String,
    /// Connector.
    pub connector: String,
    /// Question.
    pub question: serde_json::Value,
}

/// How grave a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Filing is not possible.
    Blocks,
    /// Filing is possible (article L112-8 du CRPA).
    Warns,
    /// The démarche is not for this person; a page explains.
    Ineligible,
}

/// Something wrong with the answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The field concerned; `None` for the whole form.
    pub at: Option<Target>,
    /// How grave.
    pub level: Level,
    /// Stable code, for counts.
    pub code: String,
    /// What to do, in one sentence.
    pub message: String,
}

/// An action that makes sense now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Id of the action.
    pub action: String,
    /// Why it is refused now, when it is.
    pub refused_because: Option<String>,
}

/// What happened to a dossier. Serialised, it is the payload of the event in the dossier's chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It was filed; the answers are the dossier's.
    Filed,
    /// The usager completed it.
    Completed(Answers),
    /// An agent corrected answers.
    Corrected(Answers),
    /// An agent did an action of the workflow.
    Action {
        /// Id of the action.
        name: String,
        /// Answers to its form.
        inputs: Answers,
    },
    /// A timer of the démarche fired.
    Timer(String),
    /// A query was answered.
    Reply(Reply),
    /// A document is ready.
    Produced(String),
    /// The usager wrote.
    Message,
    /// A consulted function gave its opinion.
    Opinion(Reply),
    /// The legal term was reached without an express decision.
    Lapsed,
    /// The usager withdrew.
    Withdrawn,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_demarche_says_is_never_repeated_in_a_sentence() {
        let problem = Problem {
            at: None,
            level: Level::Blocks,
            code: "nom".to_owned(),
            message: "Marchand est déjà inscrite.".to_owned(),
        };
        for error in [
            CallError::Malformed("there is no state `Marchand`".to_owned()),
            CallError::Refused(Refusal::Forbidden("Marchand ne peut pas.".to_owned())),
            CallError::Refused(Refusal::Invalid(vec![problem])),
        ] {
            assert!(!error.to_string().contains("Marchand"), "{error}");
        }
    }
}
