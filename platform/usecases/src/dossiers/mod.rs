//! Dossiers: what was filed, and all that happens to it until its end.
//!
//! Each change is one event: the démarche is asked with no transaction open, its decision is checked and applied with
//! the event itself in one transaction (`decision`), three attempts then a conflict. Start reading at
//! [`file::file`].

pub mod act;
pub mod agent_view;
pub mod assign;
pub mod completer;
pub(crate) mod contact;
pub mod correct;
pub mod file;
pub mod follow;
pub(crate) mod function;
pub mod inbox;
pub(crate) mod lines;
pub(crate) mod load;
pub mod messages;
pub mod receipt;
pub mod retirer;
pub mod stuck;
pub mod tasks;
pub mod tracking;
pub mod view;
pub(crate) mod wanted;

pub use act::{ActOutcome, BatchLine, act, act_batch, action_form};
pub use agent_view::agent_view;
pub use assign::{assign, note};
pub use completer::{CompletionView, complete, completion, remove_from_completion, upload_to_completion};
pub use correct::{correct, correction_form};
pub use file::{confirmation, file};
pub use follow::{follow_up, of_usager};
pub use inbox::{AssigneeFilter, InboxQuery, Openness, inbox};
pub use messages::write;
pub use receipt::receipt;
pub use retirer::withdraw;
pub use stuck::{StuckRow, replay, stuck};
pub use tasks::{Opinion, give_opinion, tasks};
pub use tracking::{Tracked, track};
