//! The open sessions of whoever is signed in, and how to end them.

use askama::Template;

use super::html_safe;

/// Open sessions, latest used first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "components/sessions.html")]
pub struct Sessions {
    /// Sessions.
    pub lines: Vec<SessionLine>,
    /// Where ending one posts.
    pub action: String,
    /// Token of the page.
    pub token: String,
    /// Name of the input that says which one.
    pub input: &'static str,
    /// Value that stands for all the others.
    pub others: &'static str,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SessionLine {
    /// What names it.
    pub id: String,
    /// When it was opened.
    pub opened: String,
    /// When it was last used.
    pub used: String,
    /// It is the one that asks.
    pub current: bool,
}

html_safe!(Sessions);
