//! Agents as persons of the deployment: identity and second factor. Their roles, rights and traces are each tenant's.

use parvis_domain::{ids::AgentId, time::Instant};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, sea_query::Expr};

use super::handle::PlatformDb;
use crate::{
    Result,
    codec::{insert_if_absent, instant, maybe_instant, maybe_micros},
    entity::platform::agent,
};

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Id.
    pub id: AgentId,
    /// E-mail address, folded, unique.
    pub email: String,
    /// Prénom.
    pub given_name: String,
    /// Nom.
    pub family_name: String,
    /// Phone at work.
    pub phone: Option<String>,
    /// SIRET of the employer.
    pub siret: String,
    /// Hash of the password (PHC string).
    pub password_hash: Option<String>,
    /// Secret of the second factor, encrypted.
    pub totp_secret: Option<Vec<u8>>,
    /// Last step of the second factor that was accepted: a code is never accepted twice.
    pub totp_last_step: Option<i64>,
    /// Made by the demo: production refuses to start with it.
    pub demo: bool,
    /// Since when she may not sign in.
    pub disabled_at: Option<Instant>,
    /// When she was made known.
    pub created_at: Instant,
}

/// Makes an agent known; false when the address is taken.
pub async fn insert(platform: &PlatformDb, agent: &Agent) -> Result<bool> {
    let row = agent::Model {
        id: agent.id.uuid(),
        email: agent.email.clone(),
        given_name: agent.given_name.clone(),
        family_name: agent.family_name.clone(),
        phone: agent.phone.clone(),
        siret: agent.siret.clone(),
        password_hash: agent.password_hash.clone(),
        totp_secret: agent.totp_secret.clone(),
        totp_last_step: agent.totp_last_step,
        demo: agent.demo,
        disabled_at: maybe_micros(agent.disabled_at),
        created_at: agent.created_at.micros(),
    };
    insert_if_absent(platform.writer(), row).await
}

/// An agent by her id.
pub async fn by_id(platform: &PlatformDb, id: AgentId) -> Result<Option<Agent>> {
    Ok(agent::Entity::find_by_id(id.uuid()).one(platform.reader()).await?.map(Agent::from))
}

/// Agents by their ids, in no order.
pub async fn by_ids(platform: &PlatformDb, ids: &[AgentId]) -> Result<Vec<Agent>> {
    let ids = ids.iter().map(|id| id.uuid());
    let found = agent::Entity::find().filter(agent::Column::Id.is_in(ids)).all(platform.reader()).await?;
    Ok(found.into_iter().map(Agent::from).collect())
}

/// An agent by her folded address.
pub async fn by_email(platform: &PlatformDb, email: &str) -> Result<Option<Agent>> {
    let found = agent::Entity::find().filter(agent::Column::Email.eq(email)).one(platform.reader()).await?;
    Ok(found.map(Agent::from))
}

/// Agents that the demo made.
pub async fn of_demo(platform: &PlatformDb) -> Result<Vec<Agent>> {
    let query = agent::Entity::find().filter(agent::Column::Demo.eq(true)).order_by_asc(agent::Column::Email);
    Ok(query.all(platform.reader()).await?.into_iter().map(Agent::from).collect())
}

/// All agents, by address.
pub async fn list(platform: &PlatformDb) -> Result<Vec<Agent>> {
    let found = agent::Entity::find().order_by_asc(agent::Column::Email).all(platform.reader()).await?;
    Ok(found.into_iter().map(Agent::from).collect())
}

/// Changes name, phone and employer.
pub async fn update_profile(platform: &PlatformDb, agent: &Agent) -> Result<()> {
    agent::Entity::update_many()
        .col_expr(agent::Column::GivenName, Expr::value(agent.given_name.clone()))
        .col_expr(agent::Column::FamilyName, Expr::value(agent.family_name.clone()))
        .col_expr(agent::Column::Phone, Expr::value(agent.phone.clone()))
        .col_expr(agent::Column::Siret, Expr::value(agent.siret.clone()))
        .filter(agent::Column::Id.eq(agent.id.uuid()))
        .exec(platform.writer())
        .await?;
    Ok(())
}

/// Changes the password.
pub async fn set_password(platform: &PlatformDb, id: AgentId, hash: Option<&str>) -> Result<()> {
    set(platform, id, agent::Column::PasswordHash, Expr::value(hash.map(str::to_owned))).await
}

/// Changes the second factor, encrypted; codes of the former one are void.
pub async fn set_totp(platform: &PlatformDb, id: AgentId, secret: Option<&[u8]>) -> Result<()> {
    agent::Entity::update_many()
        .col_expr(agent::Column::TotpSecret, Expr::value(secret.map(<[u8]>::to_vec)))
        .col_expr(agent::Column::TotpLastStep, Expr::value(None::<i64>))
        .filter(agent::Column::Id.eq(id.uuid()))
        .exec(platform.writer())
        .await?;
    Ok(())
}

/// Accepts the code of a step; false when this step or a later one was accepted already.
pub async fn accept_totp_step(platform: &PlatformDb, id: AgentId, step: i64) -> Result<bool> {
    let done = agent::Entity::update_many()
        .col_expr(agent::Column::TotpLastStep, Expr::value(step))
        .filter(agent::Column::Id.eq(id.uuid()))
        .filter(agent::Column::TotpLastStep.is_null().or(agent::Column::TotpLastStep.lt(step)))
        .exec(platform.writer())
        .await?;
    Ok(done.rows_affected > 0)
}

/// Forbids or allows again to sign in.
pub async fn set_disabled(platform: &PlatformDb, id: AgentId, since: Option<Instant>) -> Result<()> {
    set(platform, id, agent::Column::DisabledAt, Expr::value(maybe_micros(since))).await
}

async fn set(platform: &PlatformDb, id: AgentId, column: agent::Column, value: Expr) -> Result<()> {
    agent::Entity::update_many()
        .col_expr(column, value)
        .filter(agent::Column::Id.eq(id.uuid()))
        .exec(platform.writer())
        .await?;
    Ok(())
}

impl From<agent::Model> for Agent {
    fn from(row: agent::Model) -> Self {
        Self {
            id: AgentId::from_uuid(row.id),
            email: row.email,
            given_name: row.given_name,
            family_name: row.family_name,
            phone: row.phone,
            siret: row.siret,
            password_hash: row.password_hash,
            totp_secret: row.totp_secret,
            totp_last_step: row.totp_last_step,
            demo: row.demo,
            disabled_at: maybe_instant(row.disabled_at),
            created_at: instant(row.created_at),
        }
    }
}
