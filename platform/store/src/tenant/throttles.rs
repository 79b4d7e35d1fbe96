//! How often something was tried: signing in, a tracking code, an anonymous filing, a mail to an address.

use std::time::Duration;

use parvis_domain::time::Instant;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter};

use crate::{
    Reads, Result, StoreError, UnitOfWork,
    codec::{execute, insert_if_absent, instant, maybe_instant, micros, unsigned},
    entity::people::throttle,
    unit::sealed::Connected,
};

/// A count in a window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// How many times in the window.
    pub count: u32,
    /// When the window started.
    pub window_start: Instant,
    /// Until when everything is refused.
    pub blocked_until: Option<Instant>,
}

/// The count of a key.
pub async fn get(reads: &impl Reads, key: &str) -> Result<Option<Throttle>> {
    let found = throttle::Entity::find_by_id(key.to_owned()).one(reads.connection()).await?;
    found
        .map(|row| {
            Ok(Throttle {
                count: unsigned("throttle", row.count)?,
                window_start: instant(row.window_start),
                blocked_until: maybe_instant(row.blocked_until),
            })
        })
        .transpose()
}

/// Counts one more, this one included; a window that ended starts again.
pub async fn hit(unit: &UnitOfWork, key: &str, now: Instant, window: Duration) -> Result<Throttle> {
    let first = throttle::Model { key: key.to_owned(), count: 0, window_start: now.micros(), blocked_until: None };
    insert_if_absent(unit.connection(), first).await?;
    let sql = "UPDATE throttle SET count = CASE WHEN window_start <= $3 THEN 1 ELSE count + 1 END, \
               window_start = CASE WHEN window_start <= $3 THEN $2 ELSE window_start END WHERE key = $1";
    let ended = now.micros().saturating_sub(micros(window));
    execute(unit.connection(), sql, vec![key.into(), now.micros().into(), ended.into()]).await?;
    get(unit, key).await?.ok_or(StoreError::Missing { table: "throttle" })
}

/// Refuses everything until an instant.
pub async fn block(unit: &UnitOfWork, key: &str, until: Instant) -> Result<()> {
    let sql = "UPDATE throttle SET blocked_until = $2 WHERE key = $1";
    execute(unit.connection(), sql, vec![key.into(), until.micros().into()]).await?;
    Ok(())
}

/// Forgets a key, after a success.
pub async fn reset(unit: &UnitOfWork, key: &str) -> Result<()> {
    throttle::Entity::delete_by_id(key.to_owned()).exec(unit.connection()).await?;
    Ok(())
}

/// Forgets the windows that started before an instant and block nothing any more.
pub async fn purge(unit: &UnitOfWork, before: Instant) -> Result<u64> {
    let query = throttle::Entity::delete_many()
        .filter(throttle::Column::WindowStart.lt(before.micros()))
        .filter(throttle::Column::BlockedUntil.is_null().or(throttle::Column::BlockedUntil.lt(before.micros())));
    Ok(query.exec(unit.connection()).await?.rows_affected)
}
