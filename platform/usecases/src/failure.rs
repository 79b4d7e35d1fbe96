//! Why a use case on drafts, documents and dossiers gave nothing.
//!
//! One enum for the three capabilities, because pages treat its cases alike; what is shown to people is here, what is
//! logged is the source. It never carries an answer of a citizen.

use parvis_domain::rules::{CallError, Problem, Refusal};
use parvis_store::StoreError;
use parvis_vault::VaultError;

use crate::{
    policy::Denied,
    pools::Busy,
    throttle::{GuessError, Throttled},
};

/// Why a use case gave nothing. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It does not exist in this town, or the actor may not see it: both look the same.
    #[error("introuvable")]
    NotFound,
    /// The actor may see it and may not do this.
    #[error("cette action ne vous est pas ouverte")]
    Forbidden,
    /// It makes no sense now; the sentence says why and what to do.
    #[error("{0}")]
    Refused(String),
    /// The inputs are wrong.
    #[error("des réponses sont à corriger")]
    Invalid(Vec<Problem>),
    /// Someone else changed it at the same time; asking again may succeed.
    #[error("ce dossier vient d’être modifié par quelqu’un d’autre")]
    Conflict,
    /// Too many attempts from the same person; try again after these seconds.
    #[error("trop de tentatives")]
    Throttled {
        /// Seconds to wait.
        retry_after: u32,
    },
    /// Too much work under way; try again after these seconds.
    #[error("trop de demandes en ce moment")]
    Busy {
        /// Seconds to wait.
        retry_after: u32,
    },
    /// The démarche does not work: it trapped, ran out of its limits or asked for what it may not.
    #[error("la démarche ne répond pas correctement")]
    Demarche(#[source] CallError),
    /// The démarche decided something that the platform refuses to apply.
    #[error("la démarche a décidé ce qu’elle ne peut pas décider : {0}")]
    Decision(String),
    /// The database does not answer as it should.
    #[error("la base de données ne répond pas")]
    Store(#[source] StoreError),
    /// The vault of documents does not answer as it should.
    #[error("le coffre des documents ne répond pas")]
    Vault(#[source] VaultError),
}

impl Failure {
    /// Stable code, for API clients and logs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Forbidden => "forbidden",
            Self::Refused(_) => "refused",
            Self::Invalid(_) => "invalid",
            Self::Conflict => "conflict",
            Self::Throttled { .. } => "throttled",
            Self::Busy { .. } => "busy",
            Self::Demarche(_) => "demarche-failed",
            Self::Decision(_) => "decision-refused",
            Self::Store(_) => "store-failed",
            Self::Vault(_) => "vault-failed",
        }
    }
}

impl From<Busy> for Failure {
    fn from(_: Busy) -> Self {
        Self::Busy { retry_after: 2 }
    }
}

impl From<Throttled> for Failure {
    fn from(throttled: Throttled) -> Self {
        let seconds = throttled.retry_after.as_micros().div_ceil(1_000_000);
        Self::Throttled { retry_after: u32::try_from(seconds).unwrap_or(u32::MAX) }
    }
}

impl From<GuessError> for Failure {
    fn from(error: GuessError) -> Self {
        match error {
            GuessError::Throttled(throttled) => throttled.into(),
            GuessError::Store(error) => error.into(),
        }
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused(Refusal::Forbidden(sentence) | Refusal::Unexpected(sentence)) => Self::Refused(sentence),
            CallError::Refused(Refusal::Invalid(problems)) => Self::Invalid(problems),
            other => Self::Demarche(other),
        }
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        if error.is_passing() { Self::Busy { retry_after: 2 } } else { Self::Store(error) }
    }
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound => Self::NotFound,
            Denied::Forbidden => Self::Forbidden,
        }
    }
}
