//! What a démarche decides: effects that the platform applies, one by one.

use serde::{Deserialize, Serialize};

use crate::value::{Answers, Target};

/// What a démarche decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Its memory from now on.
    pub memory: serde_json::Value,
    /// Answers of computed and agents' fields.
    pub answers: Answers,
    /// What it wants done, in order.
    pub effects: Vec<Effect>,
    /// Lines for the author.
    pub trace: Vec<String>,
}

/// What a démarche wants done. The first group is applied in the transaction of the event, the second one after it, at
/// least once, under one idempotency key. Kinds of the contract that the platform does not serve yet are refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Go to a state.
    Enter(String),
    /// Fire a timer at a local date and time.
    Schedule {
        /// Key of the timer; a second one of the same key replaces the first.
        key: String,
        /// When, in the tenant's zone.
        at: jiff::civil::DateTime,
    },
    /// Forget a timer.
    Cancel(String),
    /// Give an internal task to a function.
    Assign {
        /// Key, unique in the dossier.
        key: String,
        /// Function that does it.
        function: String,
        /// What to do.
        title: String,
        /// Before when.
        due: Option<jiff::civil::DateTime>,
    },
    /// Give the dossier to a service or an agent.
    Route {
        /// Service.
        service: Option<String>,
        /// Agent.
        agent: Option<String>,
        /// Why.
        reason: String,
    },
    /// Mark the dossier in lists ("urgent").
    Mark(String),
    /// Ask the usager for supporting documents.
    AskPieces {
        /// What is asked.
        items: Vec<WantedPiece>,
        /// Why.
        reason: String,
        /// Days given.
        days: u16,
    },
    /// Decide.
    Rule(Ruling),
    /// Write an internal note.
    Note(String),
    /// Erase answers.
    Redact(Vec<Target>),
    /// Send a mail.
    Notify {
        /// Key, unique in the decision.
        key: String,
        /// Template of the definition.
        template: String,
        /// "usager", or a function of the definition.
        to: String,
        /// Variables of the template.
        variables: serde_json::Value,
        /// Keys of documents to attach; the mail waits for them.
        attach: Vec<String>,
    },
    /// Make a document.
    Produce {
        /// Key of the document in the dossier.
        key: String,
        /// Template of the definition.
        template: String,
        /// Who may read it.
        audience: Audience,
        /// Variables of the template.
        variables: serde_json::Value,
    },
}

/// A document asked from the usager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedPiece {
    /// Field to answer.
    pub field: String,
    /// Instruction cannot go on without it (articles L114-5 and L114-5-1 du CRPA).
    pub essential: bool,
    /// Text that requires it.
    pub basis: String,
}

/// A decision on the merits (articles L211-2 and L211-5 du CRPA).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// How the request ends.
    pub outcome: RulingOutcome,
    /// Considérations de droit.
    pub law: String,
    /// Considérations de fait.
    pub facts: String,
    /// Conditions.
    pub conditions: Option<String>,
}

/// How the request ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RulingOutcome {
    /// Granted.
    Favourable,
    /// Granted in part.
    Partly,
    /// Refused.
    Unfavourable,
    /// Closed without decision.
    NoAction,
}

/// Who may read a produced document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// The citizen and agents.
    Usager,
    /// Agents.
    Agents,
}
