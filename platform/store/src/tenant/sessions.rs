//! Who is signed in. The token itself is only in the browser.

use std::time::Duration;

use parvis_domain::{
    digest::Sha256,
    ids::{AgentId, UsagerId},
    time::Instant,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    Reads, Result, StoreError, UnitOfWork,
    codec::{digest, insert as insert_row, instant, maybe_instant, maybe_micros},
    entity::people::session,
    unit::sealed::Connected,
};

/// Last-seen is written at most this often.
const SEEN_EVERY: Duration = Duration::from_mins(1);

/// Who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionSubject {
    /// A citizen.
    Usager(UsagerId),
    /// An agent.
    Agent(AgentId),
}

impl SessionSubject {
    const fn columns(self) -> (&'static str, uuid::Uuid) {
        match self {
            Self::Usager(id) => ("usager", id.uuid()),
            Self::Agent(id) => ("agent", id.uuid()),
        }
    }
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Hash of the token.
    pub token_hash: Sha256,
    /// Who.
    pub subject: SessionSubject,
    /// When the second factor was given.
    pub second_factor_at: Option<Instant>,
    /// When it started.
    pub created_at: Instant,
    /// When it was used last, to the minute.
    pub last_seen_at: Instant,
    /// When it ends.
    pub expires_at: Instant,
}

impl Session {
    /// Whether its use is worth a write.
    pub fn is_to_be_touched(&self, now: Instant) -> bool {
        self.last_seen_at.plus(SEEN_EVERY) <= now
    }
}

/// Starts a session.
pub async fn insert(unit: &UnitOfWork, session: &Session) -> Result<()> {
    let (kind, subject) = session.subject.columns();
    let row = session::Model {
        token_hash: session.token_hash.to_string(),
        subject_kind: kind.to_owned(),
        subject,
        second_factor_at: maybe_micros(session.second_factor_at),
        created_at: session.created_at.micros(),
        last_seen_at: session.last_seen_at.micros(),
        expires_at: session.expires_at.micros(),
    };
    insert_row(unit.connection(), row).await
}

/// The session of a token that has not ended.
pub async fn by_token(reads: &impl Reads, token_hash: Sha256, now: Instant) -> Result<Option<Session>> {
    let query = session::Entity::find_by_id(token_hash.to_string()).filter(session::Column::ExpiresAt.gt(now.micros()));
    query.one(reads.connection()).await?.as_ref().map(read).transpose()
}

/// The sessions of someone that have not ended.
pub async fn list_of(reads: &impl Reads, subject: SessionSubject, now: Instant) -> Result<Vec<Session>> {
    let (kind, id) = subject.columns();
    let query = session::Entity::find()
        .filter(session::Column::SubjectKind.eq(kind))
        .filter(session::Column::Subject.eq(id))
        .filter(session::Column::ExpiresAt.gt(now.micros()));
    query.all(reads.connection()).await?.iter().map(read).collect()
}

/// It was used, and ends later; written at most once a minute.
pub async fn touch(unit: &UnitOfWork, token_hash: Sha256, now: Instant, expires_at: Instant) -> Result<()> {
    session::Entity::update_many()
        .col_expr(session::Column::LastSeenAt, Expr::value(now.micros()))
        .col_expr(session::Column::ExpiresAt, Expr::value(expires_at.micros()))
        .filter(session::Column::TokenHash.eq(token_hash.to_string()))
        .filter(session::Column::LastSeenAt.lte(now.minus(SEEN_EVERY).micros()))
        .exec(unit.connection())
        .await?;
    Ok(())
}

/// The second factor was given.
pub async fn second_factor_given(unit: &UnitOfWork, token_hash: Sha256, at: Instant) -> Result<()> {
    session::Entity::update_many()
        .col_expr(session::Column::SecondFactorAt, Expr::value(at.micros()))
        .filter(session::Column::TokenHash.eq(token_hash.to_string()))
        .exec(unit.connection())
        .await?;
    Ok(())
}

/// Ends a session.
pub async fn remove(unit: &UnitOfWork, token_hash: Sha256) -> Result<()> {
    session::Entity::delete_by_id(token_hash.to_string()).exec(unit.connection()).await?;
    Ok(())
}

/// Ends every session of someone, after a change of password.
pub async fn remove_all_of(unit: &UnitOfWork, subject: SessionSubject) -> Result<u64> {
    let (kind, id) = subject.columns();
    let done = session::Entity::delete_many()
        .filter(session::Column::SubjectKind.eq(kind))
        .filter(session::Column::Subject.eq(id))
        .exec(unit.connection())
        .await?;
    Ok(done.rows_affected)
}

/// Forgets the sessions that ended.
pub async fn purge_expired(unit: &UnitOfWork, now: Instant) -> Result<u64> {
    let query = session::Entity::delete_many().filter(session::Column::ExpiresAt.lte(now.micros()));
    Ok(query.exec(unit.connection()).await?.rows_affected)
}

fn read(row: &session::Model) -> Result<Session> {
    let subject = match row.subject_kind.as_str() {
        "usager" => SessionSubject::Usager(UsagerId::from_uuid(row.subject)),
        "agent" => SessionSubject::Agent(AgentId::from_uuid(row.subject)),
        other => return Err(StoreError::corrupt("session", format!("subject {other:?}"))),
    };
    Ok(Session {
        token_hash: digest("session", &row.token_hash)?,
        subject,
        second_factor_at: maybe_instant(row.second_factor_at),
        created_at: instant(row.created_at),
        last_seen_at: instant(row.last_seen_at),
        expires_at: instant(row.expires_at),
    })
}
