//! Drafts: a form being filled, kept at each step.
//!
//! Answers are kept as typed even when wrong; the démarche is asked with no transaction open, and a page is saved only
//! when nobody saved it meanwhile. Start reading at [`save::save_page`].

pub(crate) mod access;
pub mod check;
pub mod claim;
pub(crate) mod evaluation;
pub mod page;
pub mod save;
pub mod start;
pub mod view;

pub use check::check;
pub use claim::{attach, discard, holder, list};
pub use page::{page, resume};
pub use save::save_page;
pub use start::start;
