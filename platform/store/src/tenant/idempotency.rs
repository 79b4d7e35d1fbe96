//! Answers already given to a machine, under the key it chose: the same request again gets the same answer.

use parvis_domain::{digest::Sha256, time::Instant};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;

use crate::{
    Reads, Result, UnitOfWork,
    codec::{digest, from_json, insert_if_absent, instant, json},
    entity::town::idempotency,
    unit::sealed::Connected,
};

/// An answer already given.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// Digest of the request.
    pub request: Sha256,
    /// The answer.
    pub response: Value,
    /// When.
    pub at: Instant,
}

/// The answer given under a key.
pub async fn get(reads: &impl Reads, key: &str) -> Result<Option<Answered>> {
    let found = idempotency::Entity::find_by_id(key.to_owned()).one(reads.connection()).await?;
    found
        .map(|row| {
            Ok(Answered {
                request: digest("idempotency", &row.request)?,
                response: from_json("idempotency", &row.response)?,
                at: instant(row.at),
            })
        })
        .transpose()
}

/// Remembers the answer given under a key; false when the key is taken.
pub async fn put(unit: &UnitOfWork, key: &str, answered: &Answered) -> Result<bool> {
    let row = idempotency::Model {
        key: key.to_owned(),
        request: answered.request.to_string(),
        response: json(&answered.response)?,
        at: answered.at.micros(),
    };
    insert_if_absent(unit.connection(), row).await
}

/// Forgets the answers given before an instant.
pub async fn purge(unit: &UnitOfWork, before: Instant) -> Result<u64> {
    let query = idempotency::Entity::delete_many().filter(idempotency::Column::At.lt(before.micros()));
    Ok(query.exec(unit.connection()).await?.rows_affected)
}
