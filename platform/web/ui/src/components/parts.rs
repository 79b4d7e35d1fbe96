//! Links, lists, tables and cards.

use askama::Template;

use super::{Tag, html_safe};

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub label: String,
}

impl Link {
    /// A link.
    pub fn new(href: &str, label: &str) -> Self {
        Self { href: href.to_owned(), label: label.to_owned() }
    }
}

/// The way back, at the top of a page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/back.html")]
pub struct Back {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub label: String,
}

impl Back {
    /// "Retour".
    pub fn to(href: &str) -> Self {
        Self::labelled(href, "Retour")
    }

    /// With its own words.
    pub fn labelled(href: &str, label: &str) -> Self {
        Self { href: href.to_owned(), label: label.to_owned() }
    }
}

/// Where the page stands.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/trail.html")]
pub struct Trail {
    /// Pages above.
    pub links: Vec<Link>,
    /// This page.
    pub here: String,
}

impl Trail {
    /// Under the home page of the portal.
    pub fn under_home(links: &[(&str, &str)], here: &str) -> Self {
        let above = links.iter().map(|(href, label)| Link::new(href, label));
        Self { links: std::iter::once(Link::new("/", "Accueil")).chain(above).collect(), here: here.to_owned() }
    }
}

/// Questions and answers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "components/answers.html")]
pub struct Answers {
    /// Title of the section; empty for none.
    pub title: String,
    /// Id of the title.
    pub id: Option<String>,
    /// Rows.
    pub rows: Vec<AnswerRow>,
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnswerRow {
    /// Id of the row, for links to it.
    pub id: Option<String>,
    /// Question.
    pub key: String,
    /// Answer in words; empty when nothing was answered.
    pub value: String,
    /// What stands for an empty answer.
    pub absent: String,
    /// Documents given as an answer.
    pub files: Vec<FileLine>,
    /// A word beside the answer ("corrigé").
    pub tag: Option<Tag>,
    /// "Modifier".
    pub change: Option<Link>,
    /// The link that stands for a missing answer.
    pub missing: Option<Link>,
}

impl AnswerRow {
    /// A question and its answer, without link.
    pub fn new(key: &str, value: &str) -> Self {
        Self { key: key.to_owned(), value: value.to_owned(), absent: "Non renseigné".to_owned(), ..Self::default() }
    }

    /// With "Modifier".
    #[must_use]
    pub fn changed_at(mut self, href: &str) -> Self {
        self.change = Some(Link::new(href, "Modifier"));
        self
    }
}

/// A file in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileLine {
    /// Name.
    pub name: String,
    /// "PDF, 240 Ko".
    pub detail: String,
    /// Where it is downloaded.
    pub href: Option<String>,
    /// Where removing it posts.
    pub remove: Option<String>,
}

/// Files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "components/files.html")]
pub struct Files {
    /// Files.
    pub files: Vec<FileLine>,
    /// Id of the form that removes them.
    pub form: String,
}

/// What happened, most recent first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "components/timeline.html")]
pub struct Timeline {
    /// Lines.
    pub steps: Vec<TimelineStep>,
}

/// A line of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TimelineStep {
    /// When, for people.
    pub when: String,
    /// When, for machines.
    pub machine: String,
    /// What.
    pub text: String,
    /// Who; may be empty.
    pub who: String,
    /// Details.
    pub details: Vec<String>,
    /// The latest.
    pub now: bool,
}

/// The stages of a life, the present one marked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "components/steps.html")]
pub struct Steps {
    /// Stages.
    pub steps: Vec<StepView>,
}

/// A stage.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StepView {
    /// Name.
    pub label: String,
    /// Reached.
    pub done: bool,
    /// The present one.
    pub current: bool,
}

/// A table, whose rows become cards on narrow screens.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "components/table.html")]
pub struct Table {
    /// Caption.
    pub caption: String,
    /// Columns.
    pub heads: Vec<Head>,
    /// Rows; as many cells as columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// Label.
    pub label: String,
    /// Numbers, to the right.
    pub numeric: bool,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// Text.
    pub text: String,
    /// Where it leads.
    pub href: Option<String>,
    /// A tag after the text.
    pub tag: Option<Tag>,
}

impl Cell {
    /// A text.
    pub fn text(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// A link.
    pub fn link(href: &str, text: &str) -> Self {
        Self { text: text.to_owned(), href: Some(href.to_owned()), tag: None }
    }
}

/// Ways to the neighbouring pages of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "components/pagination.html")]
pub struct Pagination {
    /// Previous page.
    pub previous: Option<String>,
    /// Next page.
    pub next: Option<String>,
}

/// What stands for an empty list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "components/empty.html")]
pub struct Empty {
    /// Title.
    pub title: String,
    /// What to do.
    pub text: String,
    /// Where to do it.
    pub link: Option<Link>,
}

/// How a button is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonStyle {
    /// The usual next step; one a page.
    #[default]
    Primary,
    /// Another step.
    Secondary,
    /// A step that ends, refuses or erases.
    Danger,
    /// As a link.
    Quiet,
}

impl ButtonStyle {
    /// Class of the sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Danger => "danger",
            Self::Quiet => "quiet",
        }
    }
}

impl From<parvis_contract::ActionStyle> for ButtonStyle {
    fn from(style: parvis_contract::ActionStyle) -> Self {
        match style {
            parvis_contract::ActionStyle::Primary => Self::Primary,
            parvis_contract::ActionStyle::Secondary => Self::Secondary,
            parvis_contract::ActionStyle::Danger => Self::Danger,
        }
    }
}

/// A button that submits its form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "components/button.html")]
pub struct Button {
    /// How it is shown.
    pub style: ButtonStyle,
    /// Verb.
    pub label: String,
    /// What follows the verb for those who do not see the page.
    pub hidden: String,
    /// Name posted; empty for none.
    pub name: String,
    /// Value posted.
    pub value: String,
}

impl Button {
    /// A button.
    pub fn new(style: ButtonStyle, label: &str) -> Self {
        Self { style, label: label.to_owned(), ..Self::default() }
    }
}

/// What was done, for good; its title is the page's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "components/panel.html")]
pub struct Panel {
    /// Title.
    pub title: String,
    /// Numbers and codes to keep. No link stands there.
    pub lines: Vec<PanelLine>,
}

/// A number to keep.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PanelLine {
    /// What it is.
    pub before: String,
    /// The number.
    pub code: String,
}

/// Who to speak to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "components/service.html")]
pub struct ServiceCard {
    /// Id of the title, unique in the page.
    pub id: String,
    /// Title.
    pub title: String,
    /// Agent, when one handles it.
    pub agent: Option<String>,
    /// Her quality.
    pub quality: Option<String>,
    /// Service.
    pub service: String,
    /// Postal address.
    pub address: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Hours, one line each.
    pub hours: Vec<String>,
}

/// Messages, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "components/messages.html")]
pub struct Messages {
    /// Messages.
    pub messages: Vec<MessageView>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MessageView {
    /// Who wrote.
    pub author: String,
    /// When, for people.
    pub when: String,
    /// When, for machines.
    pub machine: String,
    /// Text.
    pub body: String,
    /// Written by the reader's side.
    pub mine: bool,
}

html_safe!(
    Answers,
    Back,
    Button,
    Empty,
    Files,
    Messages,
    Pagination,
    Panel,
    ServiceCard,
    Steps,
    Table,
    Timeline,
    Trail
);
