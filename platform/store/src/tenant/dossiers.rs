//! The head of a dossier: a projection of its history, kept for lists and search. Its revision guards each change.

use parvis_domain::{
    digest::Sha256,
    dossier::{Contact, Dossier},
    ids::{AgentId, DossierId, UsagerId},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use crate::{
    Reads, Result, UnitOfWork,
    codec::{
        digest, from_json, from_word, insert as insert_row, instant, json, maybe_from_word, maybe_instant,
        maybe_micros, unsigned, word,
    },
    entity::request::dossier,
    unit::sealed::Connected,
};

/// What is kept of a filing besides the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filing {
    /// Hash of the tracking code, when it was filed without an account.
    pub tracking_hash: Option<Sha256>,
    /// Settings in force when it was filed.
    pub settings: Sha256,
}

/// Files a dossier.
pub async fn insert(unit: &UnitOfWork, dossier: &Dossier, filing: Filing) -> Result<()> {
    insert_row(unit.connection(), model(dossier, filing)?).await
}

/// A dossier by its id.
pub async fn by_id(reads: &impl Reads, id: DossierId) -> Result<Option<Dossier>> {
    dossier::Entity::find_by_id(id.uuid()).one(reads.connection()).await?.map(read).transpose()
}

/// A dossier by its number.
pub async fn by_number(reads: &impl Reads, number: &str) -> Result<Option<Dossier>> {
    let query = dossier::Entity::find().filter(dossier::Column::Number.eq(number));
    query.one(reads.connection()).await?.map(read).transpose()
}

/// A dossier by its number and the hash of its tracking code.
pub async fn by_tracking(reads: &impl Reads, number: &str, tracking_hash: Sha256) -> Result<Option<Dossier>> {
    let query = dossier::Entity::find()
        .filter(dossier::Column::Number.eq(number))
        .filter(dossier::Column::TrackingHash.eq(tracking_hash.to_string()));
    query.one(reads.connection()).await?.map(read).transpose()
}

/// What was kept of a filing besides the head.
pub async fn filing(reads: &impl Reads, id: DossierId) -> Result<Option<Filing>> {
    let found = dossier::Entity::find_by_id(id.uuid())
        .select_only()
        .column(dossier::Column::TrackingHash)
        .column(dossier::Column::Settings)
        .into_tuple::<(Option<String>, String)>()
        .one(reads.connection())
        .await?;
    found
        .map(|(tracking, settings)| {
            let tracking_hash = tracking.map(|text| digest("dossier", &text)).transpose()?;
            Ok(Filing { tracking_hash, settings: digest("dossier", &settings)? })
        })
        .transpose()
}

/// Writes the head when nobody changed it since `expected` was read; false otherwise, and nothing is written.
pub async fn update_if_revision(unit: &UnitOfWork, changed: &Dossier, expected: u32) -> Result<bool> {
    let filing = Filing { tracking_hash: None, settings: changed.head };
    let mut active = model(changed, filing)?.into_active_model().reset_all();
    // What a filing fixes for good.
    active.id.reset_to_unset();
    active.number.reset_to_unset();
    active.settings.reset_to_unset();
    active.tracking_hash.reset_to_unset();
    active.filed_at.reset_to_unset();
    let done = dossier::Entity::update_many()
        .set(active)
        .filter(dossier::Column::Id.eq(changed.id.uuid()))
        .filter(dossier::Column::Revision.eq(i64::from(expected)))
        .exec(unit.connection())
        .await?;
    Ok(done.rows_affected == 1)
}

/// Gives the dossiers filed under an address to the account that confirmed it; says how many.
pub async fn give_to_usager(unit: &UnitOfWork, ids: &[DossierId], usager: UsagerId) -> Result<u64> {
    let done = dossier::Entity::update_many()
        .col_expr(dossier::Column::Usager, sea_orm::sea_query::Expr::value(usager.uuid()))
        .filter(dossier::Column::Id.is_in(ids.iter().map(|id| id.uuid())))
        .filter(dossier::Column::Usager.is_null())
        .exec(unit.connection())
        .await?;
    Ok(done.rows_affected)
}

trait Unset {
    fn reset_to_unset(&mut self);
}

impl<V: Into<sea_orm::Value>> Unset for sea_orm::ActiveValue<V> {
    fn reset_to_unset(&mut self) {
        *self = Self::NotSet;
    }
}

fn model(head: &Dossier, filing: Filing) -> Result<dossier::Model> {
    Ok(dossier::Model {
        id: head.id.uuid(),
        number: head.number.clone(),
        demarche: head.demarche.clone(),
        component: head.component.to_string(),
        settings: filing.settings.to_string(),
        kind: word(&head.kind),
        channel: word(&head.channel),
        language: head.language.clone(),
        service: head.service.clone(),
        restricted: head.restricted,
        retention_class: head.retention_class.clone(),
        revision: head.revision.into(),
        state: head.state.clone(),
        phase: word(&head.phase),
        waits_for: word(&head.waits_for),
        outcome: head.outcome.map(|outcome| word(&outcome)),
        origin: head.origin.map(|origin| word(&origin)),
        filed_at: head.filed_at.micros(),
        term_at: maybe_micros(head.term_at),
        deadline_at: maybe_micros(head.deadline_at),
        closed_at: maybe_micros(head.closed_at),
        updated_at: head.updated_at.micros(),
        assignee: head.assignee.map(AgentId::uuid),
        usager: head.usager.map(UsagerId::uuid),
        contact: json(&head.contact)?,
        summary: head.summary.clone(),
        marks: json(&head.marks)?,
        memory: json(&head.memory)?,
        head: head.head.to_string(),
        tracking_hash: filing.tracking_hash.map(|hash| hash.to_string()),
    })
}

pub(crate) fn read(row: dossier::Model) -> Result<Dossier> {
    const TABLE: &str = "dossier";
    Ok(Dossier {
        id: DossierId::from_uuid(row.id),
        number: row.number,
        demarche: row.demarche,
        component: digest(TABLE, &row.component)?,
        kind: from_word(TABLE, row.kind)?,
        channel: from_word(TABLE, row.channel)?,
        language: row.language,
        service: row.service,
        restricted: row.restricted,
        retention_class: row.retention_class,
        revision: unsigned(TABLE, row.revision)?,
        state: row.state,
        phase: from_word(TABLE, row.phase)?,
        waits_for: from_word(TABLE, row.waits_for)?,
        outcome: maybe_from_word(TABLE, row.outcome)?,
        origin: maybe_from_word(TABLE, row.origin)?,
        filed_at: instant(row.filed_at),
        term_at: maybe_instant(row.term_at),
        deadline_at: maybe_instant(row.deadline_at),
        closed_at: maybe_instant(row.closed_at),
        updated_at: instant(row.updated_at),
        assignee: row.assignee.map(AgentId::from_uuid),
        usager: row.usager.map(UsagerId::from_uuid),
        contact: from_json::<Contact>(TABLE, &row.contact)?,
        summary: row.summary,
        marks: from_json(TABLE, &row.marks)?,
        memory: from_json(TABLE, &row.memory)?,
        head: digest(TABLE, &row.head)?,
    })
}
