//! Making agents known to the deployment, and giving them what a town's folder grants to their address.

use parvis_domain::{
    identifiers::{self, email_key},
    ids::AgentId,
    policy::{Grant, Role},
};
use parvis_store::{
    StoreError, UnitOfWork,
    agents::{self, Agent},
    agents_in_town,
};

use super::AgentError;
use crate::{
    parvis::{Parvis, Town},
    passwords::{self, Password},
    profile::Profile,
};

/// A person, or an account of the demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person.
    Person,
    /// An account of the demonstration: `parvis serve` refuses to start while there is one.
    Demo,
}

/// An agent to make known.
#[derive(Debug, Clone)]
pub struct NewAgent {
    /// Address.
    pub email: String,
    /// Prénom.
    pub given_name: String,
    /// Nom.
    pub family_name: String,
    /// Phone at work.
    pub phone: Option<String>,
    /// SIRET of her employer.
    pub siret: String,
    /// A person, or an account of the demonstration.
    pub kind: Kind,
    /// Her password; without one, she chooses it by the link of an invitation.
    pub password: Option<Password>,
}

/// Makes an agent known to the deployment. Her grants are those that folders give to her address: apply them, or call
/// [`sync_grants`] for each town.
pub async fn create(parvis: &Parvis, new: NewAgent) -> Result<AgentId, AgentError> {
    let email = email_key(&new.email).map_err(|_| AgentError::Email)?;
    let siret = identifiers::siret(&new.siret).map_err(|_| AgentError::Siret)?;
    let password_hash = match new.password {
        None => None,
        Some(password) => {
            passwords::check(&password, &email)?;
            let (pool, cost) = (&parvis.pools.hashing, parvis.config.hash_cost);
            Some(passwords::hash(pool, cost, password, &*parvis.entropy).await?)
        }
    };
    let agent = Agent {
        id: AgentId::new(&*parvis.clock, &*parvis.entropy),
        email,
        given_name: new.given_name.trim().to_owned(),
        family_name: new.family_name.trim().to_owned(),
        phone: new.phone,
        siret,
        password_hash,
        totp_secret: None,
        totp_last_step: None,
        demo: new.kind == Kind::Demo,
        disabled_at: None,
        created_at: parvis.now(),
    };
    if !agents::insert(parvis.store.platform(), &agent).await? {
        return Err(AgentError::Taken);
    }
    tracing::info!(agent = %agent.id, demo = agent.demo, "an agent was made known");
    Ok(agent.id)
}

/// Changes the password of an agent, from the command line.
pub async fn set_password(parvis: &Parvis, email: &str, password: Password) -> Result<(), AgentError> {
    let email = email_key(email).map_err(|_| AgentError::Email)?;
    let platform = parvis.store.platform();
    let agent = agents::by_email(platform, &email).await?.ok_or(AgentError::Unknown)?;
    passwords::check(&password, &email)?;
    let (pool, cost) = (&parvis.pools.hashing, parvis.config.hash_cost);
    let hash = passwords::hash(pool, cost, password, &*parvis.entropy).await?;
    Ok(agents::set_password(platform, agent.id, Some(&hash)).await?)
}

/// Whether an address is an agent's.
pub async fn is_known(parvis: &Parvis, email: &str) -> Result<bool, AgentError> {
    let email = email_key(email).map_err(|_| AgentError::Email)?;
    Ok(agents::by_email(parvis.store.platform(), &email).await?.is_some())
}

/// Whether an account of the demonstration is known: production refuses to start with one.
pub async fn demo_accounts_exist(parvis: &Parvis) -> Result<bool, StoreError> {
    Ok(!agents::of_demo(parvis.store.platform()).await?.is_empty())
}

/// Gives the agents who are known what the town's folder grants to their addresses. Says which addresses have nobody,
/// and which agents hold something that the folder does not name.
pub async fn sync_grants(town: &Town) -> Result<Synced, AgentError> {
    let platform = town.parvis.store.platform();
    let mut known = Vec::new();
    let mut synced = Synced::default();
    for (address, grants) in grants_by_address(&town.profile) {
        match agents::by_email(platform, &address).await? {
            Some(agent) => known.push((agent.id, grants)),
            None => synced.without_agent.push(address),
        }
    }
    let unit = town.db.write().await?;
    for (agent, grants) in &known {
        give(town, &unit, *agent, grants).await?;
    }
    for held in agents_in_town::list(&unit).await? {
        if !known.iter().any(|(agent, _)| *agent == held.agent) {
            synced.not_in_folder.push(held.agent);
        }
    }
    unit.commit().await?;
    Ok(synced)
}

/// What became of the grants of a folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Synced {
    /// Addresses that no agent has yet: their grants wait for her.
    pub without_agent: Vec<String>,
    /// Agents who hold something here that the folder does not name.
    pub not_in_folder: Vec<AgentId>,
}

async fn give(town: &Town, unit: &UnitOfWork, agent: AgentId, grants: &[Grant]) -> Result<(), StoreError> {
    let held = agents_in_town::by_agent(unit, agent).await?;
    if held.is_some_and(|held| held.grants == grants) {
        return Ok(());
    }
    agents_in_town::put(unit, agent, grants, town.now()).await
}

/// The grants of a folder, one list by address.
fn grants_by_address(profile: &Profile) -> Vec<(String, Vec<Grant>)> {
    let mut by_address: Vec<(String, Vec<Grant>)> = Vec::new();
    for line in &profile.grants {
        let Ok(address) = email_key(&line.email) else { continue };
        let grant = Grant { role: line.role, services: line.services.clone(), functions: line.functions.clone() };
        match by_address.iter_mut().find(|(known, _)| *known == address) {
            Some((_, grants)) => grants.push(grant),
            None => by_address.push((address, vec![grant])),
        }
    }
    by_address
}

/// The name of a role, as agents read it.
pub const fn role_label(role: Role) -> &'static str {
    match role {
        Role::Usager => "Usager",
        Role::Accueil => "Agent d’accueil",
        Role::Instructeur => "Instruction",
        Role::Signataire => "Signature",
        Role::Responsable => "Responsable de service",
        Role::Administrateur => "Administration",
        Role::Operator => "Exploitation de la plateforme",
    }
}
