//! The rows, as sea-orm knows them. None names a tenant: on PostgreSQL the column has a default that the engine fills.
//! Never seen outside this crate.

#![expect(unreachable_pub, reason = "sea-orm's derive makes public items, more than we use")]

pub(crate) mod people;
pub(crate) mod platform;
pub(crate) mod request;
pub(crate) mod town;
pub(crate) mod work;
