//! What pages are made of: one type and one template each. All of them stand on the page `/composants` of the
//! demonstration, in every state. A component is put in a template by its name: `{{ summary }}`.

pub mod demo;
pub mod errors;
mod input;
mod notice;
mod parts;
mod sessions;

pub use input::{FormPage, Input};
pub use notice::{Banner, ErrorEntry, ErrorSummary, Tag, Tone};
pub use parts::{
    AnswerRow, Answers, Back, Button, ButtonStyle, Cell, Empty, FileLine, Files, Head, Link, MessageView, Messages,
    Pagination, Panel, PanelLine, ServiceCard, StepView, Steps, Table, Timeline, TimelineStep, Trail,
};
pub use sessions::{SessionLine, Sessions};

/// A component's text is HTML already: its template escaped what had to be.
macro_rules! html_safe {
    ($($name:ty),+ $(,)?) => { $(impl askama::filters::HtmlSafe for $name {})+ };
}
pub(crate) use html_safe;
