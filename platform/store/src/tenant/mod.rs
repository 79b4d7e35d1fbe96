//! What belongs to one tenant, one module per aggregate. Functions take a snapshot or a unit of work, never a tenant.

pub mod access_log;
pub mod acts;
pub mod agents_in_town;
pub mod answers;
pub mod checkpoints;
pub mod demarches;
pub mod doctor;
pub mod dossiers;
pub mod drafts;
pub mod events;
pub mod idempotency;
pub mod inbox;
pub mod mail_problems;
pub mod messages;
pub mod outbox;
pub mod piece_requests;
pub mod pieces;
pub mod sessions;
pub mod settings;
pub mod tasks;
pub mod throttles;
pub mod tokens;
pub mod usagers;
pub mod verification;
