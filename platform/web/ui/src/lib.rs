//! What every public of Parvis shares: the layout, the components, the assets, and the door through which each request
//! enters.
//!
//! This crate never decides a rule of the product and never touches the store: it parses, calls nothing but the
//! resolution of the town and of sessions, and renders. Start reading at [`shell()`] for a request, at [`page`] for what
//! surrounds a page, at [`components`] for what it is made of.

pub mod assets;
pub mod client;
mod coding;
pub mod components;
pub mod cookies;
pub mod csrf;
pub mod dossier;
pub mod download;
pub mod failure;
pub mod fields;
pub mod headers;
pub mod journey;
pub mod page;
pub mod posted;
pub mod session;
mod shared;
pub mod shell;
pub mod text;
pub mod theme;
pub mod upload;
pub mod visit;

pub use failure::WebError;
pub use page::{Nav, NavItem, Page};
pub use shell::{Web, shell};
pub use visit::Visit;
