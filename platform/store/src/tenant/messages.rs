//! Messages between the usager and the service.

use parvis_domain::{
    ids::{AgentId, DossierId, MessageId},
    time::Instant,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use crate::{
    Reads, Result, StoreError, UnitOfWork,
    codec::{insert as insert_row, instant, maybe_instant, maybe_micros},
    entity::work::message,
    unit::sealed::Connected,
};

/// Who wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// The usager, with an account or a tracking code.
    Usager,
    /// An agent.
    Agent(AgentId),
    /// The platform.
    System,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Id.
    pub id: MessageId,
    /// Dossier.
    pub dossier: DossierId,
    /// When.
    pub at: Instant,
    /// Who wrote.
    pub author: Author,
    /// Text.
    pub body: String,
    /// When the other side read it.
    pub read_at: Option<Instant>,
}

/// Writes a message.
pub async fn insert(unit: &UnitOfWork, message: &Message) -> Result<()> {
    let (author_kind, author_id) = match message.author {
        Author::Usager => ("usager", None),
        Author::Agent(id) => ("agent", Some(id.uuid())),
        Author::System => ("system", None),
    };
    let row = message::Model {
        id: message.id.uuid(),
        dossier: message.dossier.uuid(),
        at: message.at.micros(),
        author_kind: author_kind.to_owned(),
        author_id,
        body: message.body.clone(),
        read_at: maybe_micros(message.read_at),
    };
    insert_row(unit.connection(), row).await
}

/// The messages of a dossier, oldest first.
pub async fn of_dossier(reads: &impl Reads, dossier: DossierId) -> Result<Vec<Message>> {
    let query = message::Entity::find()
        .filter(message::Column::Dossier.eq(dossier.uuid()))
        .order_by_asc(message::Column::At)
        .order_by_asc(message::Column::Id);
    query.all(reads.connection()).await?.into_iter().map(read).collect()
}

/// Among some dossiers, those where the usager wrote and no agent read it.
pub async fn unread_by_agents(reads: &impl Reads, dossiers: &[DossierId]) -> Result<Vec<DossierId>> {
    let found = message::Entity::find()
        .select_only()
        .column(message::Column::Dossier)
        .filter(message::Column::Dossier.is_in(dossiers.iter().map(|id| id.uuid())))
        .filter(message::Column::AuthorKind.eq("usager"))
        .filter(message::Column::ReadAt.is_null())
        .distinct()
        .into_tuple::<uuid::Uuid>()
        .all(reads.connection())
        .await?;
    Ok(found.into_iter().map(DossierId::from_uuid).collect())
}

/// The usager read what agents and the platform wrote.
pub async fn read_by_usager(unit: &UnitOfWork, dossier: DossierId, at: Instant) -> Result<u64> {
    mark_read(unit, dossier, message::Column::AuthorKind.ne("usager"), at).await
}

/// An agent read what the usager wrote.
pub async fn read_by_agents(unit: &UnitOfWork, dossier: DossierId, at: Instant) -> Result<u64> {
    mark_read(unit, dossier, message::Column::AuthorKind.eq("usager"), at).await
}

async fn mark_read(unit: &UnitOfWork, dossier: DossierId, whose: Expr, at: Instant) -> Result<u64> {
    let done = message::Entity::update_many()
        .col_expr(message::Column::ReadAt, Expr::value(at.micros()))
        .filter(message::Column::Dossier.eq(dossier.uuid()))
        .filter(whose)
        .filter(message::Column::ReadAt.is_null())
        .exec(unit.connection())
        .await?;
    Ok(done.rows_affected)
}

fn read(row: message::Model) -> Result<Message> {
    let author = match (row.author_kind.as_str(), row.author_id) {
        ("usager", None) => Author::Usager,
        ("agent", Some(id)) => Author::Agent(AgentId::from_uuid(id)),
        ("system", None) => Author::System,
        (other, _) => return Err(StoreError::corrupt("message", format!("author {other:?}"))),
    };
    Ok(Message {
        id: MessageId::from_uuid(row.id),
        dossier: DossierId::from_uuid(row.dossier),
        at: instant(row.at),
        author,
        body: row.body,
        read_at: maybe_instant(row.read_at),
    })
}
