//! What tells something: banners, error summaries, tags.

use askama::Template;
use parvis_usecases::formulaire::{FormView, Mistake};

use super::{Link, html_safe};
use crate::fields;

/// Colour of a meaning; words carry it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// No particular meaning.
    #[default]
    Neutral,
    /// It went well.
    Success,
    /// Worth knowing.
    Info,
    /// Worth acting on.
    Warning,
    /// Something is wrong.
    Error,
}

impl Tone {
    /// Class of the sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Success => "success",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// Whether it interrupts a reader.
    pub const fn is_alert(self) -> bool {
        matches!(self, Self::Error | Self::Warning)
    }
}

/// Something just done, or worth knowing, at the top of a page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/banner.html")]
pub struct Banner {
    /// Meaning.
    pub tone: Tone,
    /// Title; may be empty.
    pub title: String,
    /// One or two sentences.
    pub text: String,
    /// What to do next.
    pub link: Option<Link>,
    /// It is why the page is shown: it takes the focus.
    pub focused: bool,
}

impl Banner {
    /// It went well.
    pub fn success(title: &str, text: &str) -> Self {
        Self::of(Tone::Success, title, text)
    }

    /// Worth knowing.
    pub fn info(title: &str, text: &str) -> Self {
        Self::of(Tone::Info, title, text)
    }

    /// Worth acting on.
    pub fn warning(title: &str, text: &str) -> Self {
        Self::of(Tone::Warning, title, text)
    }

    /// Something is wrong.
    pub fn error(title: &str, text: &str) -> Self {
        Self::of(Tone::Error, title, text)
    }

    fn of(tone: Tone, title: &str, text: &str) -> Self {
        Self { tone, title: title.to_owned(), text: text.to_owned(), link: None, focused: false }
    }

    /// Taking the focus when the page arrives.
    #[must_use]
    pub const fn focused(mut self) -> Self {
        self.focused = true;
        self
    }

    /// With a link.
    #[must_use]
    pub fn with_link(mut self, href: &str, label: &str) -> Self {
        self.link = Some(Link::new(href, label));
        self
    }
}

/// What is wrong, at the top of the page, each line leading to its field. Empty, it shows nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "components/error_summary.html")]
pub struct ErrorSummary {
    /// Lines.
    pub entries: Vec<ErrorEntry>,
}

/// A line of an error summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorEntry {
    /// Where it leads: "#" and the id of an element, or another page.
    pub href: Option<String>,
    /// The sentence, the same as beside the field.
    pub message: String,
}

impl ErrorSummary {
    /// The mistakes of a form.
    pub fn of_form(form: &FormView) -> Self {
        let entries = form.mistakes.iter().map(|mistake| ErrorEntry {
            href: fields::anchor(form, mistake).map(|anchor| format!("#{anchor}")),
            message: mistake.message.clone(),
        });
        Self { entries: entries.collect() }
    }

    /// Mistakes whose anchors are on the page as they are.
    pub fn of(mistakes: &[Mistake]) -> Self {
        let entries = mistakes.iter().map(|mistake| ErrorEntry {
            href: mistake.anchor.as_ref().map(|anchor| format!("#{anchor}")),
            message: mistake.message.clone(),
        });
        Self { entries: entries.collect() }
    }

    /// One mistake of one input.
    pub fn one(anchor: &str, message: &str) -> Self {
        Self { entries: vec![ErrorEntry { href: Some(format!("#{anchor}")), message: message.to_owned() }] }
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// A state in one or two words.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/tag.html")]
pub struct Tag {
    /// Words.
    pub text: String,
    /// Meaning.
    pub tone: Tone,
}

impl Tag {
    /// A tag.
    pub fn new(tone: Tone, text: &str) -> Self {
        Self { text: text.to_owned(), tone }
    }
}

html_safe!(Banner, ErrorSummary, Tag);
