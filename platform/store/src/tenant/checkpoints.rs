//! Daily checkpoints: the root of all chains and their number, themselves chained, so that a missing dossier shows.

pub use parvis_domain::checkpoint::Checkpoint;
use sea_orm::{EntityTrait, QueryOrder};

use crate::{
    Reads, Result, StoreError, UnitOfWork,
    codec::{digest, insert_if_absent, instant, signed, size},
    entity::town::checkpoint,
    unit::sealed::Connected,
};

const TABLE: &str = "checkpoint";

/// Writes the checkpoint of a day; false when that day has one.
pub async fn insert(unit: &UnitOfWork, checkpoint: &Checkpoint) -> Result<bool> {
    let row = checkpoint::Model {
        day: checkpoint.day.to_string(),
        at: checkpoint.at.micros(),
        count: signed(checkpoint.count),
        root: checkpoint.root.to_string(),
        previous: checkpoint.previous.to_string(),
        hash: checkpoint.hash.to_string(),
    };
    insert_if_absent(unit.connection(), row).await
}

/// The latest checkpoint.
pub async fn latest(reads: &impl Reads) -> Result<Option<Checkpoint>> {
    let query = checkpoint::Entity::find().order_by_desc(checkpoint::Column::Day);
    query.one(reads.connection()).await?.as_ref().map(read).transpose()
}

/// All checkpoints, oldest first.
pub async fn list(reads: &impl Reads) -> Result<Vec<Checkpoint>> {
    let query = checkpoint::Entity::find().order_by_asc(checkpoint::Column::Day);
    query.all(reads.connection()).await?.iter().map(read).collect()
}

fn read(row: &checkpoint::Model) -> Result<Checkpoint> {
    Ok(Checkpoint {
        day: row.day.parse().map_err(|_| StoreError::corrupt(TABLE, format!("day {:?}", row.day)))?,
        at: instant(row.at),
        count: size(TABLE, row.count)?,
        root: digest(TABLE, &row.root)?,
        previous: digest(TABLE, &row.previous)?,
        hash: digest(TABLE, &row.hash)?,
    })
}
