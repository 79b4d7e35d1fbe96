//! Links that work once: confirming an address, choosing a new password.

use parvis_domain::{digest::Sha256, time::Instant};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde::{Deserialize, Serialize};

use crate::{
    Reads, Result, UnitOfWork,
    codec::{digest, from_word, insert as insert_row, instant, maybe_instant, maybe_micros, word},
    entity::people::one_time_token,
    unit::sealed::Connected,
};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Confirm the address of an account.
    ConfirmEmail,
    /// Choose a new password.
    ResetPassword,
    /// Confirm a new address.
    ChangeEmail,
    /// Enter as an agent for the first time.
    InviteAgent,
    /// Give the second factor, once the password was right.
    SecondFactor,
}

/// A link that works once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeToken {
    /// Hash of the token.
    pub token_hash: Sha256,
    /// What it is for.
    pub purpose: Purpose,
    /// Account or agent it is about.
    pub subject: Option<uuid::Uuid>,
    /// Address it was sent to.
    pub email: String,
    /// When it ends.
    pub expires_at: Instant,
    /// When it was used.
    pub used_at: Option<Instant>,
}

/// Makes a link.
pub async fn insert(unit: &UnitOfWork, token: &OneTimeToken) -> Result<()> {
    let row = one_time_token::Model {
        token_hash: token.token_hash.to_string(),
        purpose: word(&token.purpose),
        subject: token.subject,
        email: token.email.clone(),
        expires_at: token.expires_at.micros(),
        used_at: maybe_micros(token.used_at),
    };
    insert_row(unit.connection(), row).await
}

/// A link that still works, without using it.
pub async fn find(
    reads: &impl Reads,
    token_hash: Sha256,
    purpose: Purpose,
    now: Instant,
) -> Result<Option<OneTimeToken>> {
    let found = one_time_token::Entity::find_by_id(token_hash.to_string())
        .filter(one_time_token::Column::Purpose.eq(word(&purpose)))
        .filter(one_time_token::Column::UsedAt.is_null())
        .filter(one_time_token::Column::ExpiresAt.gt(now.micros()))
        .one(reads.connection())
        .await?;
    found.map(read).transpose()
}

/// Uses a link; `None` when it does not exist, ended, is for something else or was used already.
pub async fn take(
    unit: &UnitOfWork,
    token_hash: Sha256,
    purpose: Purpose,
    now: Instant,
) -> Result<Option<OneTimeToken>> {
    let Some(token) = find(unit, token_hash, purpose, now).await? else { return Ok(None) };
    let done = one_time_token::Entity::update_many()
        .col_expr(one_time_token::Column::UsedAt, Expr::value(now.micros()))
        .filter(one_time_token::Column::TokenHash.eq(token_hash.to_string()))
        .filter(one_time_token::Column::UsedAt.is_null())
        .exec(unit.connection())
        .await?;
    Ok((done.rows_affected == 1).then_some(OneTimeToken { used_at: Some(now), ..token }))
}

/// Voids the links of a purpose that someone has: a newer one replaces them, or they are of no use any more.
pub async fn void(unit: &UnitOfWork, purpose: Purpose, subject: uuid::Uuid, now: Instant) -> Result<()> {
    one_time_token::Entity::update_many()
        .col_expr(one_time_token::Column::UsedAt, Expr::value(now.micros()))
        .filter(one_time_token::Column::Purpose.eq(word(&purpose)))
        .filter(one_time_token::Column::Subject.eq(subject))
        .filter(one_time_token::Column::UsedAt.is_null())
        .exec(unit.connection())
        .await?;
    Ok(())
}

/// Forgets the links that ended.
pub async fn purge_expired(unit: &UnitOfWork, now: Instant) -> Result<u64> {
    let query = one_time_token::Entity::delete_many().filter(one_time_token::Column::ExpiresAt.lte(now.micros()));
    Ok(query.exec(unit.connection()).await?.rows_affected)
}

fn read(row: one_time_token::Model) -> Result<OneTimeToken> {
    Ok(OneTimeToken {
        token_hash: digest("one_time_token", &row.token_hash)?,
        purpose: from_word("one_time_token", row.purpose)?,
        subject: row.subject,
        email: row.email,
        expires_at: instant(row.expires_at),
        used_at: maybe_instant(row.used_at),
    })
}
