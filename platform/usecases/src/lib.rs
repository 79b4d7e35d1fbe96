//! What the product does: one module per capability, each a set of plain async functions that take a [`parvis::Town`]
//! and an actor, ask the policy, call the rooms above, and give back values to render.
//!
//! The only place where a rule of the product is decided. This crate never knows HTTP, HTML, SQL nor WebAssembly: what
//! runs démarches, sends mails and makes documents comes in through the traits of `domain`. Start reading at
//! [`parvis`].

pub mod agents;
pub mod catalogue;
pub mod collectivites;
pub mod comptes;
pub mod email;
pub mod outgoing;
pub mod parvis;
pub mod passwords;
pub mod policy;
pub mod pools;
pub mod profile;
pub mod secrets;
pub mod sessions;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod throttle;
mod towns;
