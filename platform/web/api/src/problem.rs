//! Why a program got nothing: one table of public codes, one body (RFC 9457).
//!
//! A code is for ever: programs branch on it. Its sentences may be reworded. The cause is logged, never shown.

use std::{error::Error as StdError, fmt};

use parvis_usecases::{
    catalogue::CatalogueError,
    depot_api::{DepositError, Remark},
    failure::Failure,
    policy::Denied,
};
use poem::{
    Response,
    error::{MethodNotAllowedError, NotFoundError, ResponseError},
    handler,
    http::{StatusCode, header},
};
use serde::Serialize;

use crate::door::API;

/// Media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// The public codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemCode {
    /// Nothing at this address, or nothing that may be seen: a wrong number and a wrong tracking code look the same.
    NotFound,
    /// The address does not know this method; `Allow` names those it knows.
    MethodNotAllowed,
    /// The body is not announced as `application/json`.
    NotJson,
    /// The body is not the JSON that this request needs.
    Unreadable,
    /// The body is over 512 KiB.
    TooLarge,
    /// `Idempotency-Key` is missing, or is not made of 8 to 255 visible ASCII characters.
    IdempotencyKeyRequired,
    /// The key served another request.
    IdempotencyKeyReused,
    /// `Tracking-Code` is missing.
    TrackingCodeRequired,
    /// Answers are wrong; `errors` says which.
    InvalidAnswers,
    /// With these answers documents are needed, which this version cannot receive; `errors` says which.
    PiecesRequired,
    /// It makes no sense now; `detail` says why.
    Refused,
    /// Someone else changed it at the same time: the same request may succeed.
    Conflict,
    /// It may be seen and not done.
    Forbidden,
    /// A page of another site sent the request.
    CrossSite,
    /// Too many requests; `Retry-After` says when.
    TooManyRequests,
    /// The town cannot answer now; `Retry-After` says when, if it is known.
    Unavailable,
    /// The démarche does not work.
    DemarcheFailed,
    /// It should have worked.
    Internal,
}

/// A line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The public code.
    pub code: &'static str,
    /// Status of the response.
    pub status: StatusCode,
    /// What it is, in one sentence.
    pub title: &'static str,
}

impl ProblemCode {
    /// All codes.
    pub const ALL: [Self; 18] = [
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::NotJson,
        Self::Unreadable,
        Self::TooLarge,
        Self::IdempotencyKeyRequired,
        Self::IdempotencyKeyReused,
        Self::TrackingCodeRequired,
        Self::InvalidAnswers,
        Self::PiecesRequired,
        Self::Refused,
        Self::Conflict,
        Self::Forbidden,
        Self::CrossSite,
        Self::TooManyRequests,
        Self::Unavailable,
        Self::DemarcheFailed,
        Self::Internal,
    ];

    /// The table.
    pub const fn row(self) -> Row {
        let (code, status, title) = match self {
            Self::NotFound => ("not-found", StatusCode::NOT_FOUND, "Il n’y a rien à cette adresse."),
            Self::MethodNotAllowed => (
                "method-not-allowed",
                StatusCode::METHOD_NOT_ALLOWED,
                "Cette adresse ne connaît pas cette méthode\u{a0}: voyez l’en-tête Allow.",
            ),
            Self::NotJson => (
                "not-json",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Envoyez un corps en JSON, annoncé par Content-Type: application/json.",
            ),
            Self::Unreadable => {
                ("unreadable", StatusCode::BAD_REQUEST, "Le corps n’est pas le JSON que cette requête attend.")
            }
            Self::TooLarge => ("too-large", StatusCode::PAYLOAD_TOO_LARGE, "Le corps dépasse 512 Kio."),
            Self::IdempotencyKeyRequired => (
                "idempotency-key-required",
                StatusCode::BAD_REQUEST,
                "Donnez une clé dans l’en-tête Idempotency-Key\u{a0}: de 8 à 255 caractères ASCII visibles.",
            ),
            Self::IdempotencyKeyReused => (
                "idempotency-key-reused",
                StatusCode::UNPROCESSABLE_ENTITY,
                "Cette clé a servi pour une autre requête\u{a0}: prenez-en une autre.",
            ),
            Self::TrackingCodeRequired => (
                "tracking-code-required",
                StatusCode::BAD_REQUEST,
                "Donnez le code de suivi du dossier dans l’en-tête Tracking-Code.",
            ),
            Self::InvalidAnswers => {
                ("invalid-answers", StatusCode::UNPROCESSABLE_ENTITY, "Des réponses sont à corriger.")
            }
            Self::PiecesRequired => (
                "pieces-required",
                StatusCode::UNPROCESSABLE_ENTITY,
                "Cette demande a besoin de documents, que l’API ne reçoit pas encore.",
            ),
            Self::Refused => ("refused", StatusCode::CONFLICT, "Cette requête n’est pas possible maintenant."),
            Self::Conflict => {
                ("conflict", StatusCode::CONFLICT, "Une autre requête est passée en même temps\u{a0}: recommencez.")
            }
            Self::Forbidden => ("forbidden", StatusCode::FORBIDDEN, "Cette action ne vous est pas ouverte."),
            Self::CrossSite => ("cross-site", StatusCode::FORBIDDEN, "La requête vient d’une page d’un autre site."),
            Self::TooManyRequests => (
                "too-many-requests",
                StatusCode::TOO_MANY_REQUESTS,
                "Trop de requêtes\u{a0}: attendez le délai de l’en-tête Retry-After.",
            ),
            Self::Unavailable => (
                "unavailable",
                StatusCode::SERVICE_UNAVAILABLE,
                "Le service ne répond pas\u{a0}: recommencez plus tard.",
            ),
            Self::DemarcheFailed => (
                "demarche-failed",
                StatusCode::INTERNAL_SERVER_ERROR,
                "La démarche ne répond pas correctement\u{a0}: rien n’a été déposé.",
            ),
            Self::Internal => {
                ("internal", StatusCode::INTERNAL_SERVER_ERROR, "Une panne de notre côté\u{a0}: recommencez plus tard.")
            }
        };
        Row { code, status, title }
    }
}

/// Why a program got nothing.
#[derive(Debug)]
pub struct Problem {
    code: ProblemCode,
    detail: Option<String>,
    errors: Vec<Remark>,
    retry_after: Option<u32>,
    allow: Option<&'static str>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

/// What is sent.
#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Line<'a>>,
}

/// What is wrong with one answer, or worth knowing about it.
#[derive(Serialize)]
pub(crate) struct Line<'a> {
    field: Option<&'a str>,
    row: Option<u32>,
    code: &'a str,
    message: &'a str,
}

impl<'a> From<&'a Remark> for Line<'a> {
    fn from(remark: &'a Remark) -> Self {
        Self {
            field: remark.at.as_ref().map(|at| at.field.as_str()),
            row: remark.at.as_ref().and_then(|at| at.row),
            code: &remark.code,
            message: &remark.message,
        }
    }
}

impl Problem {
    /// A problem that its code says whole.
    pub const fn new(code: ProblemCode) -> Self {
        Self { code, detail: None, errors: Vec::new(), retry_after: None, allow: None, cause: None }
    }

    /// An address that knows other methods.
    pub(crate) const fn method(allow: &'static str) -> Self {
        let mut problem = Self::new(ProblemCode::MethodNotAllowed);
        problem.allow = Some(allow);
        problem
    }

    pub(crate) fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    fn with_errors(mut self, errors: Vec<Remark>) -> Self {
        self.errors = errors;
        self
    }

    const fn after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    pub(crate) fn because(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// What an error of the framework is here.
    pub(crate) fn of(error: poem::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(problem) => problem,
            Err(error) if error.is::<NotFoundError>() => Self::new(ProblemCode::NotFound),
            Err(error) if error.is::<MethodNotAllowedError>() => Self::new(ProblemCode::MethodNotAllowed),
            Err(error) if error.status().is_client_error() => Self::new(ProblemCode::Unreadable).because(error),
            Err(error) => Self::new(ProblemCode::Internal).because(error),
        }
    }

    /// The response; `request` is the number of the request, which the log has too.
    pub(crate) fn response(&self, request: Option<&str>) -> Response {
        let row = self.code.row();
        let body = Body {
            r#type: format!("{API}/problems#{}", row.code),
            title: row.title,
            status: row.status.as_u16(),
            code: row.code,
            detail: self.detail.as_deref(),
            request,
            errors: self.errors.iter().map(Line::from).collect(),
        };
        let mut response = Response::builder().status(row.status).content_type(MEDIA_TYPE);
        if let Some(seconds) = self.retry_after {
            response = response.header(header::RETRY_AFTER, seconds);
        }
        if let Some(methods) = self.allow {
            response = response.header(header::ALLOW, methods);
        }
        response.body(serde_json::to_vec(&body).expect("texts can be written as JSON"))
    }

    /// Logs it, once: a failure with its causes, a refusal for whoever looks.
    pub(crate) fn log(&self) {
        let row = self.code.row();
        let cause = self.cause.as_ref().map(|cause| chain(&**cause)).unwrap_or_default();
        if row.status.is_server_error() && row.status != StatusCode::SERVICE_UNAVAILABLE {
            tracing::error!(code = row.code, %cause, "a request of a program failed");
        } else {
            tracing::debug!(code = row.code, %cause, "a request of a program was refused");
        }
    }
}

fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.row().code)
    }
}

impl StdError for Problem {}

impl ResponseError for Problem {
    fn status(&self) -> StatusCode {
        self.code.row().status
    }

    fn as_response(&self) -> Response {
        self.response(None)
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound => Self::new(ProblemCode::NotFound),
            Failure::Forbidden => Self::new(ProblemCode::Forbidden),
            Failure::Refused(sentence) => Self::new(ProblemCode::Refused).with_detail(sentence),
            Failure::Invalid(problems) => {
                Self::new(ProblemCode::InvalidAnswers).with_errors(problems.iter().map(Remark::from).collect())
            }
            Failure::Conflict => Self::new(ProblemCode::Conflict),
            Failure::Throttled { retry_after } => Self::new(ProblemCode::TooManyRequests).after(retry_after),
            Failure::Busy { retry_after } => Self::new(ProblemCode::Unavailable).after(retry_after),
            Failure::Demarche(_) | Failure::Decision(_) => Self::new(ProblemCode::DemarcheFailed).because(failure),
            Failure::Store(_) | Failure::Vault(_) => Self::new(ProblemCode::Internal).because(failure),
        }
    }
}

impl From<DepositError> for Problem {
    fn from(error: DepositError) -> Self {
        match error {
            DepositError::NotOffered => Self::new(ProblemCode::NotFound).with_detail(
                "La collectivité ne propose pas cette démarche\u{a0}: GET /api/v1/demarches en donne la liste.",
            ),
            DepositError::KeyReused => Self::new(ProblemCode::IdempotencyKeyReused),
            DepositError::Invalid(errors) => Self::new(ProblemCode::InvalidAnswers).with_errors(errors),
            DepositError::PiecesRequired(errors) => Self::new(ProblemCode::PiecesRequired).with_errors(errors),
            DepositError::Failure(failure) => failure.into(),
        }
    }
}

impl From<CatalogueError> for Problem {
    fn from(error: CatalogueError) -> Self {
        match error {
            CatalogueError::NotOffered | CatalogueError::Denied(Denied::NotFound) => Self::new(ProblemCode::NotFound),
            CatalogueError::Denied(Denied::Forbidden) => Self::new(ProblemCode::Forbidden),
        }
    }
}

/// Every public code, for whoever writes a program.
#[handler]
pub(crate) fn list() -> Response {
    #[derive(Serialize)]
    struct Line {
        code: &'static str,
        status: u16,
        title: &'static str,
    }
    let lines = ProblemCode::ALL.map(|code| {
        let row = code.row();
        Line { code: row.code, status: row.status.as_u16(), title: row.title }
    });
    crate::body::json(StatusCode::OK, &serde_json::json!({ "problems": lines }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_code_is_one_word_of_its_own() {
        let codes: BTreeSet<_> = ProblemCode::ALL.iter().map(|code| code.row().code).collect();
        assert_eq!(codes.len(), ProblemCode::ALL.len());
        let plain = |code: &&str| code.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        assert!(codes.iter().all(plain), "{codes:?}");
        assert!(ProblemCode::ALL.iter().all(|code| code.row().status.as_u16() >= 400));
    }
}
