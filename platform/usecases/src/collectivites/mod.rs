//! Collectivités: what their folders declare, written to the database (D12), and the accounts of the demonstration.
//!
//! `apply` is idempotent: it writes what the files name, shows what differs, removes only when asked. Start reading at
//! [`apply()`].

mod apply;
mod demo;
mod folder;
mod listing;
mod settings;

pub use apply::{Applied, ApplyError, ComponentSource, Extra, apply, install_component, load_components};
pub use demo::{DEMO_PASSWORD, DemoAgent, seed_demo_agents};
pub use folder::{Folder, FolderError};
pub use listing::{Listed, list};
pub use settings::SettingsError;
