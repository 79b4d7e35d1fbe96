//! Who agents are, as others read it: the one who handles a dossier (article L111-2 du CRPA), colleagues to assign to,
//! names in a history.

use std::collections::BTreeMap;

use parvis_domain::{
    ids::AgentId,
    policy::{Actor, Grant, Permission},
};
use parvis_store::{
    StoreError,
    agents::{self, Agent},
    agents_in_town,
};

use super::AgentError;
use crate::parvis::{Parvis, Town};

/// An agent, as citizens and colleagues read her.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentCard {
    /// Id.
    pub id: AgentId,
    /// Prénom.
    pub given_name: String,
    /// Nom.
    pub family_name: String,
    /// Phone at work.
    pub phone: Option<String>,
    /// Address.
    pub email: String,
}

impl AgentCard {
    /// Prénom and nom.
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name).trim().to_owned()
    }
}

/// An agent and what she holds in a town.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// Who.
    pub card: AgentCard,
    /// What she holds.
    pub grants: Vec<Grant>,
}

/// An agent by her id, whether she still holds something or not.
pub async fn card(parvis: &Parvis, id: AgentId) -> Result<Option<AgentCard>, StoreError> {
    Ok(agents::by_id(parvis.store.platform(), id).await?.map(AgentCard::from))
}

/// Names of agents by id; those who are not known are absent.
pub async fn names(parvis: &Parvis, ids: &[AgentId]) -> Result<BTreeMap<AgentId, String>, StoreError> {
    let found = agents::by_ids(parvis.store.platform(), ids).await?;
    Ok(found.into_iter().map(|agent| (agent.id, AgentCard::from(agent).name())).collect())
}

/// Who may be given the dossiers of a service: those who act on them, by name.
pub async fn colleagues(town: &Town, actor: &Actor, service: &str) -> Result<Vec<Colleague>, AgentError> {
    town.allow(actor, Permission::DossierAssign, None)?;
    let mut colleagues = everyone(town).await?;
    colleagues.retain(|colleague| {
        let as_actor = Actor::Agent { id: colleague.card.id, grants: colleague.grants.clone() };
        !town.functions(&as_actor, service).is_empty()
    });
    Ok(colleagues)
}

/// Everyone who holds something in the town, by name, for its administrator.
pub async fn agents_in_town(town: &Town, actor: &Actor) -> Result<Vec<Colleague>, AgentError> {
    town.allow(actor, Permission::TenantManage, None)?;
    Ok(everyone(town).await?)
}

async fn everyone(town: &Town) -> Result<Vec<Colleague>, StoreError> {
    let snapshot = town.db.read().await?;
    let held = agents_in_town::list(&snapshot).await?;
    drop(snapshot);
    let ids: Vec<AgentId> = held.iter().map(|held| held.agent).collect();
    let known = agents::by_ids(town.parvis.store.platform(), &ids).await?;
    let mut colleagues: Vec<Colleague> = known
        .into_iter()
        .filter(|agent| super::may_enter(town, agent))
        .filter_map(|agent| {
            let grants = held.iter().find(|held| held.agent == agent.id)?.grants.clone();
            Some(Colleague { card: agent.into(), grants })
        })
        .collect();
    colleagues.sort_by(|one, other| {
        (&one.card.family_name, &one.card.given_name).cmp(&(&other.card.family_name, &other.card.given_name))
    });
    Ok(colleagues)
}

impl From<Agent> for AgentCard {
    fn from(agent: Agent) -> Self {
        Self {
            id: agent.id,
            given_name: agent.given_name,
            family_name: agent.family_name,
            phone: agent.phone,
            email: agent.email,
        }
    }
}
