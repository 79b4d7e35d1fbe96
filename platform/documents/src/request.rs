//! What the parent asks and what the child answers: a header in JSON, then the content it speaks of.

use parvis_domain::{ports::DocumentError, time::Instant};
use serde::{Deserialize, Serialize};

use crate::limits::Limits;

/// Header of a request; the Typst source or the PDF follows.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) limits: Limits,
    pub(crate) task: Task,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Task {
    /// A PDF from a Typst source.
    Typeset { title: String, data: serde_json::Value, now: Instant },
    /// The image of a page of a PDF.
    PageImage { page: u32, width: u16 },
}

/// Header of an answer; the PDF or the image follows, or nothing.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Done,
    AfterLastPage,
    Template(String),
    Unreadable(String),
}

impl Answer {
    /// The answer and its content.
    pub(crate) fn of(outcome: Result<Option<Vec<u8>>, DocumentError>) -> (Self, Vec<u8>) {
        match outcome {
            Ok(Some(content)) => (Self::Done, content),
            Ok(None) => (Self::AfterLastPage, Vec::new()),
            Err(DocumentError::Template(why)) => (Self::Template(why), Vec::new()),
            Err(other) => (Self::Unreadable(other.to_string()), Vec::new()),
        }
    }

    /// What the child wanted to say.
    pub(crate) fn into_outcome(self, content: Vec<u8>) -> Result<Option<Vec<u8>>, DocumentError> {
        match self {
            Self::Done => Ok(Some(content)),
            Self::AfterLastPage => Ok(None),
            Self::Template(why) => Err(DocumentError::Template(why)),
            Self::Unreadable(why) => Err(DocumentError::Unreadable(why)),
        }
    }
}
