//! Who may do what (D7): the policy of a tenant, compiled into a table, and the two questions asked of it.
//!
//! [`PolicyTable::allow`] stands at the door of every use case; [`PolicyTable::scope`] says which dossiers a list may
//! show. Both read the same table, and a property test proves that a dossier is in scope exactly when it is allowed.
//! This module never knows what a use case does with the answer.

mod decide;
mod table;

pub use decide::Denied;
pub use table::{PolicyError, PolicyTable, truth_table};
