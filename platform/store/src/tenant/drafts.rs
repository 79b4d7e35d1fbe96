//! Forms being filled. A draft that was filed keeps the dossier it became, so that filing it twice gives the same one.

use parvis_domain::{
    digest::Sha256,
    dossier::Channel,
    ids::{AgentId, DossierId, DraftId, UsagerId},
    time::Instant,
    value::Answers,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use crate::{
    Reads, Result, UnitOfWork,
    codec::{digest, from_json, from_word, insert as insert_row, instant, json, unsigned, word},
    entity::request::draft,
    unit::sealed::Connected,
};

const TABLE: &str = "draft";

/// A form being filled.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Id.
    pub id: DraftId,
    /// Démarche.
    pub demarche: String,
    /// Component whose form is filled.
    pub component: Sha256,
    /// Hash of the token in the holder's cookie.
    pub holder: Sha256,
    /// Account it belongs to.
    pub usager: Option<UsagerId>,
    /// Agent who fills it for someone.
    pub agent: Option<AgentId>,
    /// How the request came.
    pub channel: Channel,
    /// Answers.
    pub answers: Answers,
    /// Input that could not be read as answers yet, kept as typed.
    pub kept: Option<serde_json::Value>,
    /// Page reached.
    pub page: Option<String>,
    /// Incremented by each save.
    pub revision: u32,
    /// When it was started.
    pub created_at: Instant,
    /// When it was saved last.
    pub updated_at: Instant,
    /// When it is forgotten.
    pub expires_at: Instant,
    /// What it became.
    pub dossier: Option<DossierId>,
}

/// Starts a draft.
pub async fn insert(unit: &UnitOfWork, draft: &Draft) -> Result<()> {
    insert_row(unit.connection(), model(draft)?).await
}

/// A draft by its id.
pub async fn by_id(reads: &impl Reads, id: DraftId) -> Result<Option<Draft>> {
    draft::Entity::find_by_id(id.uuid()).one(reads.connection()).await?.map(read).transpose()
}

/// Saves a draft when nobody saved it since `expected` was read and it was not filed; false otherwise.
pub async fn save_if_revision(unit: &UnitOfWork, changed: &Draft, expected: u32) -> Result<bool> {
    let done = draft::Entity::update_many()
        .set(model(changed)?.into_active_model().reset_all())
        .filter(draft::Column::Id.eq(changed.id.uuid()))
        .filter(draft::Column::Revision.eq(i64::from(expected)))
        .filter(draft::Column::Dossier.is_null())
        .exec(unit.connection())
        .await?;
    Ok(done.rows_affected == 1)
}

/// Says that a draft became a dossier, and forgets the answers, which are the dossier's from now on. Gives back the
/// dossier it had become already, in which case nothing is written.
pub async fn mark_filed(unit: &UnitOfWork, id: DraftId, dossier: DossierId) -> Result<Option<DossierId>> {
    let done = draft::Entity::update_many()
        .col_expr(draft::Column::Dossier, Expr::value(dossier.uuid()))
        .col_expr(draft::Column::Answers, Expr::value("[]"))
        .col_expr(draft::Column::Kept, Expr::value(None::<String>))
        .filter(draft::Column::Id.eq(id.uuid()))
        .filter(draft::Column::Dossier.is_null())
        .exec(unit.connection())
        .await?;
    if done.rows_affected == 1 {
        return Ok(None);
    }
    let found = by_id(unit, id).await?.ok_or(crate::StoreError::Missing { table: TABLE })?;
    Ok(found.dossier)
}

/// The drafts of an account that were not filed, latest first.
pub async fn of_usager(reads: &impl Reads, usager: UsagerId) -> Result<Vec<Draft>> {
    let query = draft::Entity::find()
        .filter(draft::Column::Usager.eq(usager.uuid()))
        .filter(draft::Column::Dossier.is_null())
        .order_by_desc(draft::Column::UpdatedAt);
    query.all(reads.connection()).await?.into_iter().map(read).collect()
}

/// The drafts that an agent fills for someone and did not file, latest first.
pub async fn of_agent(reads: &impl Reads, agent: AgentId) -> Result<Vec<Draft>> {
    let query = draft::Entity::find()
        .filter(draft::Column::Agent.eq(agent.uuid()))
        .filter(draft::Column::Dossier.is_null())
        .order_by_desc(draft::Column::UpdatedAt);
    query.all(reads.connection()).await?.into_iter().map(read).collect()
}

/// Drafts whose time is over, oldest first.
pub async fn expired(reads: &impl Reads, now: Instant, limit: u32) -> Result<Vec<DraftId>> {
    let rows = draft::Entity::find()
        .select_only()
        .column(draft::Column::Id)
        .filter(draft::Column::ExpiresAt.lte(now.micros()))
        .order_by_asc(draft::Column::ExpiresAt)
        .limit(u64::from(limit))
        .into_tuple::<uuid::Uuid>()
        .all(reads.connection())
        .await?;
    Ok(rows.into_iter().map(DraftId::from_uuid).collect())
}

/// Forgets a draft. Its supporting documents are marked removed, so that their objects are deleted in turn.
pub async fn remove(unit: &UnitOfWork, id: DraftId, now: Instant) -> Result<()> {
    super::pieces::detach_draft(unit, id, now).await?;
    draft::Entity::delete_by_id(id.uuid()).exec(unit.connection()).await?;
    Ok(())
}

/// Forgets the drafts whose time is over, some at a time; says which.
pub async fn purge_expired(unit: &UnitOfWork, now: Instant, limit: u32) -> Result<Vec<DraftId>> {
    let ids = expired(unit, now, limit).await?;
    for id in &ids {
        remove(unit, *id, now).await?;
    }
    Ok(ids)
}

fn model(draft: &Draft) -> Result<draft::Model> {
    Ok(draft::Model {
        id: draft.id.uuid(),
        demarche: draft.demarche.clone(),
        component: draft.component.to_string(),
        holder: draft.holder.to_string(),
        usager: draft.usager.map(UsagerId::uuid),
        agent: draft.agent.map(AgentId::uuid),
        channel: word(&draft.channel),
        answers: json(&draft.answers)?,
        kept: draft.kept.as_ref().map(json).transpose()?,
        page: draft.page.clone(),
        revision: draft.revision.into(),
        created_at: draft.created_at.micros(),
        updated_at: draft.updated_at.micros(),
        expires_at: draft.expires_at.micros(),
        dossier: draft.dossier.map(DossierId::uuid),
    })
}

fn read(row: draft::Model) -> Result<Draft> {
    Ok(Draft {
        id: DraftId::from_uuid(row.id),
        demarche: row.demarche,
        component: digest(TABLE, &row.component)?,
        holder: digest(TABLE, &row.holder)?,
        usager: row.usager.map(UsagerId::from_uuid),
        agent: row.agent.map(AgentId::from_uuid),
        channel: from_word(TABLE, row.channel)?,
        answers: from_json(TABLE, &row.answers)?,
        kept: row.kept.as_deref().map(|text| from_json(TABLE, text)).transpose()?,
        page: row.page,
        revision: unsigned(TABLE, row.revision)?,
        created_at: instant(row.created_at),
        updated_at: instant(row.updated_at),
        expires_at: instant(row.expires_at),
        dossier: row.dossier.map(DossierId::from_uuid),
    })
}
