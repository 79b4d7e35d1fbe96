//! Requests for supporting documents (articles L114-5 and L114-5-1 du CRPA).

use parvis_domain::{
    ids::{DossierId, PieceRequestId},
    rules::WantedPiece,
    time::Instant,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use crate::{
    Reads, Result, UnitOfWork,
    codec::{from_json, insert as insert_row, instant, json, maybe_instant, maybe_micros},
    entity::work::piece_request,
    unit::sealed::Connected,
};

/// A request for supporting documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PieceRequest {
    /// Id.
    pub id: PieceRequestId,
    /// Dossier.
    pub dossier: DossierId,
    /// When it was asked.
    pub asked_at: Instant,
    /// Before when.
    pub due_at: Instant,
    /// What is asked.
    pub items: Vec<WantedPiece>,
    /// Why.
    pub reason: String,
    /// Instruction cannot go on without it: the legal term is suspended.
    pub essential: bool,
    /// When it was answered, or not wanted any more.
    pub answered_at: Option<Instant>,
    /// When the usager was reminded.
    pub reminded_at: Option<Instant>,
}

/// Asks.
pub async fn insert(unit: &UnitOfWork, request: &PieceRequest) -> Result<()> {
    let row = piece_request::Model {
        id: request.id.uuid(),
        dossier: request.dossier.uuid(),
        asked_at: request.asked_at.micros(),
        due_at: request.due_at.micros(),
        items: json(&request.items)?,
        reason: request.reason.clone(),
        essential: request.essential,
        answered_at: maybe_micros(request.answered_at),
        reminded_at: maybe_micros(request.reminded_at),
    };
    insert_row(unit.connection(), row).await
}

/// The requests of a dossier, oldest first.
pub async fn of_dossier(reads: &impl Reads, dossier: DossierId) -> Result<Vec<PieceRequest>> {
    let query = piece_request::Entity::find()
        .filter(piece_request::Column::Dossier.eq(dossier.uuid()))
        .order_by_asc(piece_request::Column::AskedAt)
        .order_by_asc(piece_request::Column::Id);
    query.all(reads.connection()).await?.into_iter().map(read).collect()
}

/// The requests of a dossier that wait for an answer, oldest first.
pub async fn open_of(reads: &impl Reads, dossier: DossierId) -> Result<Vec<PieceRequest>> {
    Ok(of_dossier(reads, dossier).await?.into_iter().filter(|request| request.answered_at.is_none()).collect())
}

/// Requests were answered, those among them that were open; says how many.
pub async fn answered(unit: &UnitOfWork, requests: &[PieceRequestId], at: Instant) -> Result<u64> {
    if requests.is_empty() {
        return Ok(0);
    }
    let ids = requests.iter().map(|id| id.uuid());
    close(unit, piece_request::Column::Id.is_in(ids), at).await
}

/// Nothing is wanted any more of what a dossier still asks; says how many requests that ends.
pub async fn no_longer_wanted(unit: &UnitOfWork, dossier: DossierId, at: Instant) -> Result<u64> {
    close(unit, piece_request::Column::Dossier.eq(dossier.uuid()), at).await
}

async fn close(unit: &UnitOfWork, which: sea_orm::sea_query::SimpleExpr, at: Instant) -> Result<u64> {
    let done = piece_request::Entity::update_many()
        .col_expr(piece_request::Column::AnsweredAt, Expr::value(at.micros()))
        .filter(which)
        .filter(piece_request::Column::AnsweredAt.is_null())
        .exec(unit.connection())
        .await?;
    Ok(done.rows_affected)
}

/// The usager was reminded.
pub async fn reminded(unit: &UnitOfWork, id: PieceRequestId, at: Instant) -> Result<()> {
    piece_request::Entity::update_many()
        .col_expr(piece_request::Column::RemindedAt, Expr::value(at.micros()))
        .filter(piece_request::Column::Id.eq(id.uuid()))
        .exec(unit.connection())
        .await?;
    Ok(())
}

fn read(row: piece_request::Model) -> Result<PieceRequest> {
    Ok(PieceRequest {
        id: PieceRequestId::from_uuid(row.id),
        dossier: DossierId::from_uuid(row.dossier),
        asked_at: instant(row.asked_at),
        due_at: instant(row.due_at),
        items: from_json("piece_request", &row.items)?,
        reason: row.reason,
        essential: row.essential,
        answered_at: maybe_instant(row.answered_at),
        reminded_at: maybe_instant(row.reminded_at),
    })
}
