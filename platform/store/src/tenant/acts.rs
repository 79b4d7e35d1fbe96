//! Registers: numbers without hole nor double, taken in the unit of work that uses them, and the acts they number.

use parvis_domain::{
    ids::{AgentId, DossierId, PieceId},
    time::Instant,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use crate::{
    Reads, Result, StoreError, UnitOfWork,
    codec::{insert as insert_row, insert_if_absent, instant, query_one, unsigned},
    entity::work::{act, sequence},
    unit::sealed::Connected,
};

const TABLE: &str = "act";

/// A signed act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Register ("ARR-VOIRIE").
    pub series: String,
    /// Civil year.
    pub year: u32,
    /// Number in the register and the year.
    pub number: u32,
    /// Dossier.
    pub dossier: DossierId,
    /// The document, once made.
    pub piece: Option<PieceId>,
    /// When it was signed.
    pub signed_at: Instant,
    /// Who signed.
    pub signatory: AgentId,
    /// Title in the register.
    pub title: String,
    /// Text that was signed: what the document is made from.
    pub text: String,
}

/// The next number of a sequence, from 1. It is the caller's only if its unit of work commits: no hole, no double.
pub async fn next_number(unit: &UnitOfWork, sequence: &str) -> Result<u32> {
    insert_if_absent(unit.connection(), sequence::Model { name: sequence.to_owned(), value: 0 }).await?;
    let sql = "UPDATE sequence SET value = value + 1 WHERE name = $1 RETURNING value";
    let row = query_one(unit.connection(), sql, vec![sequence.into()]).await?;
    let row = row.ok_or(StoreError::Missing { table: "sequence" })?;
    unsigned("sequence", row.try_get("", "value")?)
}

/// The next number of a register in a year.
pub async fn take_number(unit: &UnitOfWork, series: &str, year: u32) -> Result<u32> {
    next_number(unit, &format!("act:{series}:{year}")).await
}

/// The last number that was taken in a register in a year; 0 when none was.
pub async fn last_number(reads: &impl Reads, series: &str, year: u32) -> Result<u32> {
    let name = format!("act:{series}:{year}");
    let found = sequence::Entity::find_by_id(name).one(reads.connection()).await?;
    found.map_or(Ok(0), |row| unsigned("sequence", row.value))
}

/// Writes an act in its register.
pub async fn insert(unit: &UnitOfWork, act: &Act) -> Result<()> {
    let row = act::Model {
        series: act.series.clone(),
        year: act.year.into(),
        number: act.number.into(),
        dossier: act.dossier.uuid(),
        piece: act.piece.map(PieceId::uuid),
        signed_at: act.signed_at.micros(),
        signatory: act.signatory.uuid(),
        title: act.title.clone(),
        text: act.text.clone(),
    };
    insert_row(unit.connection(), row).await
}

/// The document of an act was made.
pub async fn set_piece(unit: &UnitOfWork, series: &str, year: u32, number: u32, piece: PieceId) -> Result<()> {
    act::Entity::update_many()
        .col_expr(act::Column::Piece, Expr::value(piece.uuid()))
        .filter(act::Column::Series.eq(series))
        .filter(act::Column::Year.eq(i64::from(year)))
        .filter(act::Column::Number.eq(i64::from(number)))
        .exec(unit.connection())
        .await?;
    Ok(())
}

/// The acts of a dossier, oldest first.
pub async fn of_dossier(reads: &impl Reads, dossier: DossierId) -> Result<Vec<Act>> {
    let query = act::Entity::find()
        .filter(act::Column::Dossier.eq(dossier.uuid()))
        .order_by_asc(act::Column::SignedAt)
        .order_by_asc(act::Column::Number);
    query.all(reads.connection()).await?.into_iter().map(read).collect()
}

/// A register in a year, by number.
pub async fn register(reads: &impl Reads, series: &str, year: u32) -> Result<Vec<Act>> {
    let query = act::Entity::find()
        .filter(act::Column::Series.eq(series))
        .filter(act::Column::Year.eq(i64::from(year)))
        .order_by_asc(act::Column::Number);
    query.all(reads.connection()).await?.into_iter().map(read).collect()
}

fn read(row: act::Model) -> Result<Act> {
    Ok(Act {
        series: row.series,
        year: unsigned(TABLE, row.year)?,
        number: unsigned(TABLE, row.number)?,
        dossier: DossierId::from_uuid(row.dossier),
        piece: row.piece.map(PieceId::from_uuid),
        signed_at: instant(row.signed_at),
        signatory: AgentId::from_uuid(row.signatory),
        title: row.title,
        text: row.text,
    })
}
