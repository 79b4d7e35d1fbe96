//! What the product does: one module per capability, each a set of plain async functions that take a [`parvis::Town`]
//! and an actor, ask the policy, call the rooms above, and give back values to render.
//!
//! The only place where a rule of the product is decided. This crate never knows HTTP, HTML, SQL nor WebAssembly: what
//! runs démarches, sends mails and makes documents comes in through the traits of `domain`. Start reading at
//! [`parvis`].

pub mod agents;
pub mod brouillons;
mod calling;
pub mod catalogue;
pub mod collectivites;
pub mod comptes;
mod decision;
pub mod depot_api;
pub mod doctor;
pub mod dossiers;
pub mod failure;
pub mod formulaire;
pub mod notifications;
pub mod outgoing;
pub mod parvis;
pub mod passwords;
pub mod pieces;
pub mod policy;
pub mod pools;
pub mod profile;
pub mod relay;
pub mod secrets;
pub mod sessions;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod throttle;
mod towns;
pub mod workers;
