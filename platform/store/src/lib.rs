//! The database of Parvis, on two engines: SQLite (one file per tenant) and PostgreSQL (row-level security).
//!
//! A [`TenantDb`] is obtained only by resolving a tenant, and everything done through it belongs to that tenant: no type
//! here carries a tenant's id, no query filters on one, the engine enforces it. Reads go through a [`Snapshot`], writes
//! through a [`UnitOfWork`]; each module below holds the functions of one aggregate and its records. This crate decides
//! no rule of the product, knows no clock and makes no random number: instants and ids come in as values.
//!
//! Start reading at [`Store`], then [`mod@unit`], then [`dossiers`].

mod codec;
mod entity;
mod error;
mod migrate;
pub mod plans;
mod platform;
mod postgres;
mod scope;
mod sqlite;
mod store;
mod tenant;
pub mod unit;

pub use error::StoreError;
pub use migrate::migrate_postgres;
pub use platform::{
    agents, components, due, figures,
    handle::PlatformDb,
    tenants::{self, NewTenant, Tenant, TenantStatus},
    tombstones,
};
pub use store::{READERS, Store, StoreConfig, TenantDb};
pub use tenant::{
    access_log, acts, agents_in_town, answers, checkpoints, demarches, doctor, dossiers, drafts, events, idempotency,
    inbox, mail_problems, messages, outbox, piece_requests, pieces, sessions, settings, tasks, throttles, tokens,
    usagers, verification,
};
pub use unit::{Reads, Snapshot, UnitOfWork};

/// What every function of the store gives back.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
