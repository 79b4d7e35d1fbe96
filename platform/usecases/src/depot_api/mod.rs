//! What a program does for a citizen: files a dossier in one request, and asks where it stands.
//!
//! Filing takes the road of the portal: the same walk, the same evaluation, a draft, then [`crate::dossiers::file()`].
//! Only the manner differs: every answer comes at once, by the ids of the fields, under a key that makes a second request
//! find the first one's dossier. Documents cannot be sent this way yet.
//!
//! Never knows HTTP: headers, statuses and JSON of responses are the `api` crate's. Start reading at [`deposit::file`].

mod answers;
pub mod deposit;
pub mod options;
pub mod standing;

pub use answers::GivenAnswers;
pub use deposit::{Deposited, RequestKey, Silence, file};
pub use options::options_of;
pub use standing::{Standing, standing};

use parvis_domain::{rules::Problem, value::Target};

use crate::failure::Failure;

/// Something to tell the program about an answer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Remark {
    /// The answer concerned; `None` for the whole form.
    pub at: Option<Target>,
    /// Stable code.
    pub code: String,
    /// What to do, in one sentence.
    pub message: String,
}

/// Why a program got nothing. Nothing was filed.
#[derive(Debug, thiserror::Error)]
pub enum DepositError {
    /// The town does not offer this démarche.
    #[error("this démarche is not offered here")]
    NotOffered,
    /// The key served another request.
    #[error("the key served another request")]
    KeyReused,
    /// The answers are wrong.
    #[error("{} answers are wrong", .0.len())]
    Invalid(Vec<Remark>),
    /// With these answers the démarche needs documents, which cannot be sent this way.
    #[error("{} documents are needed", .0.len())]
    PiecesRequired(Vec<Remark>),
    /// Anything else.
    #[error(transparent)]
    Failure(Failure),
}

impl Remark {
    fn new(at: Target, code: &str, message: String) -> Self {
        Self { at: Some(at), code: code.to_owned(), message }
    }
}

impl From<&Problem> for Remark {
    fn from(problem: &Problem) -> Self {
        Self { at: problem.at.clone(), code: problem.code.clone(), message: problem.message.clone() }
    }
}

impl<E: Into<Failure>> From<E> for DepositError {
    fn from(error: E) -> Self {
        match error.into() {
            Failure::Invalid(problems) => Self::Invalid(problems.iter().map(Remark::from).collect()),
            failure => Self::Failure(failure),
        }
    }
}
