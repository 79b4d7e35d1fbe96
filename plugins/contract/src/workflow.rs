//! States, functions and actions of the workflow.

use serde::{Deserialize, Serialize};

use crate::Field;

/// A function that a tenant's roles may hold in the démarche ("instructeur", "signataire").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// Stable id.
    pub id: String,
    /// Shown to agents.
    pub label: String,
    /// Whoever acted on a dossier under one of these functions cannot act on it under this one.
    #[serde(default)]
    pub excludes: Vec<String>,
}

/// Phase that every agent in France knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Not filed yet.
    Brouillon,
    /// Filed, nobody took it.
    Depose,
    /// Being instructed.
    EnInstruction,
    /// Ended.
    Termine,
}

/// Whom the dossier waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum WaitsFor {
    /// The citizen.
    Usager,
    /// The town.
    Agent,
    /// A third party.
    Tiers,
    /// Nobody.
    Personne,
}

/// How a dossier ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Granted.
    Favorable,
    /// Granted in part.
    Partiel,
    /// Refused.
    Defavorable,
    /// Dealt with, without a decision.
    Traite,
    /// Closed without decision.
    SansSuite,
    /// Withdrawn by the citizen.
    Retire,
    /// Sent to the competent authority.
    Transmis,
}

/// A state of the workflow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Stable id.
    pub id: String,
    /// Shown to agents.
    pub label: String,
    /// Shown to the citizen, in plain words.
    pub usager_label: String,
    /// What happens next, for the citizen.
    pub usager_next: String,
    /// Phase it belongs to.
    pub phase: Phase,
    /// Whom it waits for.
    pub waits_for: WaitsFor,
    /// How the dossier ended, for a state of the phase `termine`, or once decided.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// The citizen may withdraw.
    #[serde(default)]
    pub withdrawable: bool,
    /// The express decision is made: the term of silence no longer runs.
    #[serde(default)]
    pub decided: bool,
}

/// How an action is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ActionStyle {
    /// The usual next step.
    Primary,
    /// Another step.
    #[default]
    Secondary,
    /// A step that ends or refuses.
    Danger,
}

/// What an agent can do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Stable id.
    pub id: String,
    /// Verb shown on the button.
    pub label: String,
    /// One sentence on what happens then.
    #[serde(default)]
    pub hint: Option<String>,
    /// States in which it is offered.
    pub states: Vec<String>,
    /// Functions that may do it.
    pub functions: Vec<String>,
    /// What it asks, by the same fields as the citizen's form.
    #[serde(default)]
    pub form: Vec<Field>,
    /// Several dossiers at once.
    #[serde(default)]
    pub batch: bool,
    /// The action signs: its author is the signatory of the acts produced, which take their number in its transaction.
    #[serde(default)]
    pub signs: bool,
    /// How it is shown.
    #[serde(default)]
    pub style: ActionStyle,
}
