//! Documents: what the vault holds for a draft or a dossier. The octets are the vault's; here are their names.

use parvis_domain::{
    digest::Sha256,
    ids::{DossierId, DraftId, PieceId},
    rules::Audience,
    time::Instant,
    value::Target,
};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use serde::{Deserialize, Serialize};

use crate::{
    Reads, Result, UnitOfWork,
    codec::{
        digest, from_word, insert as insert_row, instant, line, maybe_instant, maybe_micros, row as line_row, signed,
        size, word,
    },
    entity::work::piece,
    unit::sealed::Connected,
};

const TABLE: &str = "piece";

/// Where a document comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PieceKind {
    /// Given with the answers.
    Piece,
    /// Made by the platform.
    Produced,
    /// Joined to a message.
    Message,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Id.
    pub id: PieceId,
    /// Dossier it belongs to.
    pub dossier: Option<DossierId>,
    /// Draft it was given with.
    pub draft: Option<DraftId>,
    /// Field it answers.
    pub field: Option<Target>,
    /// Name given by its owner, cleaned.
    pub name: String,
    /// Media type, recognised by content.
    pub media_type: String,
    /// Size in octets.
    pub size: u64,
    /// Digest of the clear octets.
    pub sha256: Sha256,
    /// Key of the object in the vault.
    pub object_key: String,
    /// Where it comes from.
    pub kind: PieceKind,
    /// Who may read it.
    pub audience: Audience,
    /// Key of a produced document in its dossier.
    pub key: Option<String>,
    /// When it came.
    pub created_at: Instant,
    /// When it was removed; the object is deleted afterwards.
    pub removed_at: Option<Instant>,
}

/// Keeps a document.
pub async fn insert(unit: &UnitOfWork, piece: &Piece) -> Result<()> {
    let row = piece::Model {
        id: piece.id.uuid(),
        dossier: piece.dossier.map(DossierId::uuid),
        draft: piece.draft.map(DraftId::uuid),
        field: piece.field.as_ref().map(|at| at.field.clone()),
        line: line(piece.field.as_ref().and_then(|at| at.row)),
        name: piece.name.clone(),
        media_type: piece.media_type.clone(),
        size: signed(piece.size),
        sha256: piece.sha256.to_string(),
        object_key: piece.object_key.clone(),
        kind: word(&piece.kind),
        audience: word(&piece.audience),
        key: piece.key.clone(),
        created_at: piece.created_at.micros(),
        removed_at: maybe_micros(piece.removed_at),
    };
    insert_row(unit.connection(), row).await
}

/// A document by its id, removed or not.
pub async fn by_id(reads: &impl Reads, id: PieceId) -> Result<Option<Piece>> {
    piece::Entity::find_by_id(id.uuid()).one(reads.connection()).await?.map(read).transpose()
}

/// Documents of a draft, in the order they came.
pub async fn of_draft(reads: &impl Reads, draft: DraftId) -> Result<Vec<Piece>> {
    all(reads, piece::Column::Draft.eq(draft.uuid()).and(piece::Column::Dossier.is_null())).await
}

/// Documents of a dossier, in the order they came.
pub async fn of_dossier(reads: &impl Reads, dossier: DossierId) -> Result<Vec<Piece>> {
    all(reads, piece::Column::Dossier.eq(dossier.uuid())).await
}

/// The latest document produced under a key.
pub async fn produced(reads: &impl Reads, dossier: DossierId, key: &str) -> Result<Option<Piece>> {
    Ok(of_dossier(reads, dossier)
        .await?
        .into_iter()
        .rfind(|piece| piece.kind == PieceKind::Produced && piece.key.as_deref() == Some(key)))
}

/// Gives the documents of a draft to the dossier it became.
pub async fn give_to_dossier(unit: &UnitOfWork, draft: DraftId, dossier: DossierId) -> Result<u64> {
    let done = piece::Entity::update_many()
        .col_expr(piece::Column::Dossier, Expr::value(dossier.uuid()))
        .filter(piece::Column::Draft.eq(draft.uuid()))
        .filter(piece::Column::RemovedAt.is_null())
        .exec(unit.connection())
        .await?;
    Ok(done.rows_affected)
}

/// Gives documents to a dossier, such as those that complete it.
pub async fn attach(unit: &UnitOfWork, ids: &[PieceId], dossier: DossierId) -> Result<u64> {
    let done = piece::Entity::update_many()
        .col_expr(piece::Column::Dossier, Expr::value(dossier.uuid()))
        .filter(piece::Column::Id.is_in(ids.iter().map(|id| id.uuid())))
        .filter(piece::Column::Dossier.is_null())
        .exec(unit.connection())
        .await?;
    Ok(done.rows_affected)
}

/// Removes a document; false when it was removed already.
pub async fn mark_removed(unit: &UnitOfWork, id: PieceId, at: Instant) -> Result<bool> {
    let done = piece::Entity::update_many()
        .col_expr(piece::Column::RemovedAt, Expr::value(at.micros()))
        .filter(piece::Column::Id.eq(id.uuid()))
        .filter(piece::Column::RemovedAt.is_null())
        .exec(unit.connection())
        .await?;
    Ok(done.rows_affected == 1)
}

/// Documents removed before an instant, whose objects are to be deleted.
pub async fn removed_before(reads: &impl Reads, at: Instant, limit: u32) -> Result<Vec<Piece>> {
    let query = piece::Entity::find()
        .filter(piece::Column::RemovedAt.lt(at.micros()))
        .order_by_asc(piece::Column::RemovedAt)
        .limit(u64::from(limit));
    query.all(reads.connection()).await?.into_iter().map(read).collect()
}

/// Forgets a document whose object was deleted.
pub async fn delete(unit: &UnitOfWork, id: PieceId) -> Result<()> {
    piece::Entity::delete_by_id(id.uuid()).exec(unit.connection()).await?;
    Ok(())
}

/// Keys of objects after a key, in order: compared with the vault's list to find orphans on both sides.
pub async fn object_keys(reads: &impl Reads, after: &str, limit: u32) -> Result<Vec<String>> {
    let query = piece::Entity::find()
        .select_only()
        .column(piece::Column::ObjectKey)
        .filter(piece::Column::ObjectKey.gt(after))
        .order_by_asc(piece::Column::ObjectKey)
        .limit(u64::from(limit));
    Ok(query.into_tuple::<String>().all(reads.connection()).await?)
}

/// Removes the documents of a draft that is forgotten, and keeps those that a dossier has.
pub(super) async fn detach_draft(unit: &UnitOfWork, draft: DraftId, now: Instant) -> Result<()> {
    piece::Entity::update_many()
        .col_expr(piece::Column::RemovedAt, Expr::value(now.micros()))
        .filter(piece::Column::Draft.eq(draft.uuid()))
        .filter(piece::Column::Dossier.is_null())
        .filter(piece::Column::RemovedAt.is_null())
        .exec(unit.connection())
        .await?;
    piece::Entity::update_many()
        .col_expr(piece::Column::Draft, Expr::value(None::<uuid::Uuid>))
        .filter(piece::Column::Draft.eq(draft.uuid()))
        .exec(unit.connection())
        .await?;
    Ok(())
}

async fn all(reads: &impl Reads, which: Expr) -> Result<Vec<Piece>> {
    let query = piece::Entity::find()
        .filter(which)
        .filter(piece::Column::RemovedAt.is_null())
        .order_by_asc(piece::Column::CreatedAt)
        .order_by_asc(piece::Column::Id);
    query.all(reads.connection()).await?.into_iter().map(read).collect()
}

fn read(row: piece::Model) -> Result<Piece> {
    let number = line_row(row.line);
    Ok(Piece {
        id: PieceId::from_uuid(row.id),
        dossier: row.dossier.map(DossierId::from_uuid),
        draft: row.draft.map(DraftId::from_uuid),
        field: row.field.map(|field| Target { field, row: number }),
        name: row.name,
        media_type: row.media_type,
        size: size(TABLE, row.size)?,
        sha256: digest(TABLE, &row.sha256)?,
        object_key: row.object_key,
        kind: from_word(TABLE, row.kind)?,
        audience: from_word(TABLE, row.audience)?,
        key: row.key,
        created_at: instant(row.created_at),
        removed_at: maybe_instant(row.removed_at),
    })
}
