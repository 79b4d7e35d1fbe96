//! What agents hold in this tenant. Who they are is the platform's.

use parvis_domain::{ids::AgentId, policy::Grant, time::Instant};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use crate::{
    Reads, Result, UnitOfWork,
    codec::{from_json, insert_if_absent, instant, json, maybe_instant},
    entity::town::agent_grant,
    unit::sealed::Connected,
};

/// What an agent holds here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentGrant {
    /// Who.
    pub agent: AgentId,
    /// What she holds.
    pub grants: Vec<Grant>,
    /// Since when.
    pub since: Instant,
    /// When it was taken back.
    pub revoked_at: Option<Instant>,
}

/// Gives an agent these grants and no other.
pub async fn put(unit: &UnitOfWork, agent: AgentId, grants: &[Grant], at: Instant) -> Result<()> {
    let text = json(&grants)?;
    let row = agent_grant::Model { agent: agent.uuid(), grants: text.clone(), since: at.micros(), revoked_at: None };
    if !insert_if_absent(unit.connection(), row).await? {
        agent_grant::Entity::update_many()
            .col_expr(agent_grant::Column::Grants, Expr::value(text))
            .col_expr(agent_grant::Column::RevokedAt, Expr::value(None::<i64>))
            .filter(agent_grant::Column::Agent.eq(agent.uuid()))
            .exec(unit.connection())
            .await?;
    }
    Ok(())
}

/// What an agent holds now; `None` when nothing.
pub async fn by_agent(reads: &impl Reads, agent: AgentId) -> Result<Option<AgentGrant>> {
    let query = agent_grant::Entity::find_by_id(agent.uuid()).filter(agent_grant::Column::RevokedAt.is_null());
    query.one(reads.connection()).await?.as_ref().map(read).transpose()
}

/// Everyone who holds something now.
pub async fn list(reads: &impl Reads) -> Result<Vec<AgentGrant>> {
    let query = agent_grant::Entity::find()
        .filter(agent_grant::Column::RevokedAt.is_null())
        .order_by_asc(agent_grant::Column::Agent);
    query.all(reads.connection()).await?.iter().map(read).collect()
}

/// Takes everything back.
pub async fn revoke(unit: &UnitOfWork, agent: AgentId, at: Instant) -> Result<()> {
    agent_grant::Entity::update_many()
        .col_expr(agent_grant::Column::RevokedAt, Expr::value(at.micros()))
        .filter(agent_grant::Column::Agent.eq(agent.uuid()))
        .filter(agent_grant::Column::RevokedAt.is_null())
        .exec(unit.connection())
        .await?;
    Ok(())
}

fn read(row: &agent_grant::Model) -> Result<AgentGrant> {
    Ok(AgentGrant {
        agent: AgentId::from_uuid(row.agent),
        grants: from_json("agent_grant", &row.grants)?,
        since: instant(row.since),
        revoked_at: maybe_instant(row.revoked_at),
    })
}
