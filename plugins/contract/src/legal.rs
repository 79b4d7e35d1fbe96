//! The legal card: what the platform needs to own the law's clock (articles L231-1, L231-4, R112-11-1 du CRPA).

use serde::{Deserialize, Serialize};

/// The law's clock and mentions of a démarche. No default: an author chooses and says by which text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LegalCard {
    /// What the citizen sends.
    pub nature: Nature,
    /// What silence means.
    pub silence: Silence,
    /// The term after which silence has a meaning; absent when it has none.
    #[serde(default)]
    pub term: Option<Term>,
    /// The text that gives silence its meaning.
    pub silence_basis: String,
    /// Texts that organise the démarche.
    pub texts: Vec<Reference>,
    /// Voies et délais de recours, printed on refusals and on the accusé de réception when silence is a refusal.
    pub remedies: String,
    /// What an algorithm decides or computes, when it does (article L311-3-1).
    #[serde(default)]
    pub algorithmic: Option<String>,
}

/// What the citizen sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Nature {
    /// A demande, which calls for a decision.
    Demande,
    /// A déclaration.
    Declaration,
    /// An information.
    Information,
}

/// What silence means at the term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Silence {
    /// Silence vaut acceptation (L231-1).
    Acceptation,
    /// Silence vaut rejet (L231-4 to L231-6).
    Rejet,
    /// No decision is expected.
    SansEffet,
}

/// A delay counted from date to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Term {
    /// Months, date to date.
    Months(u8),
    /// Calendar days.
    Days(u16),
}

/// A text of law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// "article L2122-1 du code général de la propriété des personnes publiques".
    pub text: String,
    /// What it rules here, in a few words.
    pub about: String,
}
