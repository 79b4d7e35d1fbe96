//! Answers as filed, kept version by version; the keys and the words by which they are found.
//!
//! Nothing is rewritten: an event that changes an answer adds a row under its own number, and the latest row is the answer.

use std::collections::{BTreeMap, BTreeSet};

use parvis_domain::{
    digest::Sha256,
    ids::DossierId,
    value::{Answers, Target, Value},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Reads, Result, UnitOfWork,
    codec::{digest, execute, from_json, insert_all, json, line, row, unsigned},
    entity::request::{answer, answer_index, term},
    unit::sealed::Connected,
};

const TABLE: &str = "answer";

/// An answer and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredAnswer {
    /// Where it stands.
    pub at: Target,
    /// Number of the event that wrote it.
    pub seq: u32,
    /// What it holds.
    pub value: Value,
    /// Component whose form it was written through.
    pub component: Sha256,
}

/// A key by which a dossier is found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IndexKey {
    /// Folded text.
    pub text: Option<String>,
    /// Whole number, amount in centimes.
    pub int: Option<i64>,
    /// Local date.
    pub date: Option<jiff::civil::Date>,
}

/// Writes the answers of an event; [`Value::Empty`] takes one back.
pub async fn write(
    unit: &UnitOfWork,
    dossier: DossierId,
    seq: u32,
    component: Sha256,
    answers: &Answers,
) -> Result<()> {
    let rows = answers
        .iter()
        .map(|(at, value)| {
            Ok(answer::Model {
                dossier: dossier.uuid(),
                field: at.field.clone(),
                line: line(at.row),
                seq: seq.into(),
                value: json(value)?,
                component: component.to_string(),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    insert_all(unit.connection(), rows).await
}

/// The answers as they are now.
pub async fn current(reads: &impl Reads, dossier: DossierId) -> Result<Answers> {
    let mut answers: BTreeMap<Target, Value> = BTreeMap::new();
    for stored in versions(reads, dossier).await? {
        answers.insert(stored.at, stored.value);
    }
    answers.retain(|_, value| !matches!(value, Value::Empty));
    Ok(answers.into_iter().collect())
}

/// Every version of every answer, by field, oldest first.
pub async fn versions(reads: &impl Reads, dossier: DossierId) -> Result<Vec<StoredAnswer>> {
    let rows = answer::Entity::find()
        .filter(answer::Column::Dossier.eq(dossier.uuid()))
        .order_by_asc(answer::Column::Field)
        .order_by_asc(answer::Column::Line)
        .order_by_asc(answer::Column::Seq)
        .all(reads.connection())
        .await?;
    rows.into_iter()
        .map(|stored| {
            Ok(StoredAnswer {
                at: Target { field: stored.field, row: row(stored.line) },
                seq: unsigned(TABLE, stored.seq)?,
                value: from_json(TABLE, &stored.value)?,
                component: digest(TABLE, &stored.component)?,
            })
        })
        .collect()
}

/// Erases answers, all their versions and their keys.
pub async fn erase(unit: &UnitOfWork, dossier: DossierId, targets: &[Target]) -> Result<()> {
    for target in targets {
        let values = || vec![dossier.uuid().into(), target.field.clone().into(), line(target.row).into()];
        for sql in [
            "DELETE FROM answer WHERE dossier = $1 AND field = $2 AND line = $3",
            "DELETE FROM answer_index WHERE dossier = $1 AND field = $2 AND line = $3",
        ] {
            execute(unit.connection(), sql, values()).await?;
        }
    }
    Ok(())
}

/// Replaces the keys of a dossier.
pub async fn index(unit: &UnitOfWork, dossier: DossierId, keys: &BTreeMap<Target, IndexKey>) -> Result<()> {
    answer_index::Entity::delete_many()
        .filter(answer_index::Column::Dossier.eq(dossier.uuid()))
        .exec(unit.connection())
        .await?;
    // Collected before the await: a borrowed closure held across it would make the future less than `Send`.
    let mut rows = Vec::with_capacity(keys.len());
    for (at, key) in keys {
        rows.push(answer_index::Model {
            dossier: dossier.uuid(),
            field: at.field.clone(),
            line: line(at.row),
            text_key: key.text.clone(),
            int_key: key.int,
            date_key: key.date.map(|date| date.to_string()),
        });
    }
    insert_all(unit.connection(), rows).await
}

/// Replaces the folded words of a dossier.
pub async fn set_terms(unit: &UnitOfWork, dossier: DossierId, terms: &BTreeSet<String>) -> Result<()> {
    term::Entity::delete_many().filter(term::Column::Dossier.eq(dossier.uuid())).exec(unit.connection()).await?;
    let mut rows = Vec::with_capacity(terms.len());
    for word in terms {
        rows.push(term::Model { term: word.clone(), dossier: dossier.uuid() });
    }
    insert_all(unit.connection(), rows).await
}

/// Dossiers whose field has this folded text.
pub async fn with_text(reads: &impl Reads, field: &str, text: &str) -> Result<Vec<DossierId>> {
    let rows = answer_index::Entity::find()
        .filter(answer_index::Column::Field.eq(field))
        .filter(answer_index::Column::TextKey.eq(text))
        .order_by_asc(answer_index::Column::Dossier)
        .all(reads.connection())
        .await?;
    Ok(rows.into_iter().map(|row| DossierId::from_uuid(row.dossier)).collect())
}
