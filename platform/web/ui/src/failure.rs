//! Why a request gets no page: one table from the use cases' errors to HTTP, one page per case.
//!
//! Only what helps is said: what happened, what became of the answers, what to do. The cause is logged, once, by the
//! shell.

use std::error::Error as StdError;

use parvis_usecases::{catalogue::CatalogueError, failure::Failure, parvis::TownError, policy::Denied, pools::Busy};
use poem::{Response, error::ResponseError, http::StatusCode};

/// Why a request gets no page.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// Nothing there, or nothing that this person may see.
    #[error("not found")]
    NotFound,
    /// She sees it and may not do this.
    #[error("forbidden")]
    Forbidden,
    /// The request comes from another site, or from a page that no longer stands.
    #[error("cross-site request")]
    CrossSite,
    /// It makes no sense now; the sentence says why and what to do.
    #[error("refused: {0}")]
    Refused(String),
    /// Someone else changed it at the same time.
    #[error("conflict")]
    Conflict,
    /// A file is larger than allowed.
    #[error("too large")]
    TooLarge,
    /// What was typed is longer than any page needs.
    #[error("too long")]
    TooLong,
    /// What was sent is not a form.
    #[error("unreadable: {0}")]
    Unreadable(&'static str),
    /// Too many attempts; seconds to wait.
    #[error("too many attempts")]
    TooMany(u32),
    /// Too much work under way; seconds to wait.
    #[error("busy")]
    Busy(u32),
    /// The démarche does not work; its failure is already in the log.
    #[error("the démarche failed")]
    Demarche,
    /// No town answers at this host.
    #[error("no town at this host")]
    UnknownTown,
    /// She must sign in first; where she was going.
    #[error("sign in first")]
    SignIn(String),
    /// It should have worked.
    #[error("{0}")]
    Internal(Box<dyn StdError + Send + Sync>),
}

impl WebError {
    /// An error that should not have happened.
    pub fn internal(error: impl StdError + Send + Sync + 'static) -> Self {
        Self::Internal(Box::new(error))
    }

    /// The seconds to wait, when waiting helps.
    pub const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooMany(seconds) | Self::Busy(seconds) => Some(*seconds),
            _ => None,
        }
    }
}

impl ResponseError for WebError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::UnknownTown => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Refused(_) | Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge | Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreadable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy(_) | Self::Demarche => StatusCode::SERVICE_UNAVAILABLE,
            Self::SignIn(_) => StatusCode::SEE_OTHER,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn as_response(&self) -> Response {
        Response::builder().status(self.status()).finish()
    }
}

impl From<Denied> for WebError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound => Self::NotFound,
            Denied::Forbidden => Self::Forbidden,
        }
    }
}

impl From<CatalogueError> for WebError {
    fn from(error: CatalogueError) -> Self {
        match error {
            CatalogueError::Denied(denied) => denied.into(),
            CatalogueError::NotOffered => Self::NotFound,
        }
    }
}

impl From<Busy> for WebError {
    fn from(_: Busy) -> Self {
        Self::Busy(5)
    }
}

impl From<TownError> for WebError {
    fn from(error: TownError) -> Self {
        match error {
            TownError::UnknownHost(_) => Self::UnknownTown,
            other => Self::internal(other),
        }
    }
}

impl From<Failure> for WebError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound => Self::NotFound,
            Failure::Forbidden => Self::Forbidden,
            Failure::Refused(sentence) => Self::Refused(sentence),
            // Pages that have inputs show them again with their mistakes; elsewhere the first sentence says it all.
            Failure::Invalid(problems) => {
                Self::Refused(problems.into_iter().next().map_or_else(String::new, |problem| problem.message))
            }
            Failure::Conflict => Self::Conflict,
            Failure::Throttled { retry_after } => Self::TooMany(retry_after),
            Failure::Busy { retry_after } => Self::Busy(retry_after),
            Failure::Demarche(_) => Self::Demarche,
            Failure::Decision(_) | Failure::Store(_) | Failure::Vault(_) => Self::internal(failure),
        }
    }
}
