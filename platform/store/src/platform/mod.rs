//! What belongs to the deployment: tenants and their hosts, components, agents as persons, the index of due work.
//! No personal data of a citizen ever enters here.

pub mod agents;
pub mod components;
pub mod due;
pub mod figures;
pub(crate) mod handle;
pub mod tenants;
pub mod tombstones;
