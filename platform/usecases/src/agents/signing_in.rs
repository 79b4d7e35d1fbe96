//! Signing in: password, then the code of the second factor. At the first time, the second factor is enrolled by giving
//! its first code. Between the two steps the browser holds a ticket of ten minutes, not a session.

use std::time::Duration;

use parvis_domain::{identifiers::email_key, ids::AgentId};
use parvis_store::{
    agents::{self, Agent},
    agents_in_town,
    sessions::SessionSubject,
    tokens::{self, OneTimeToken, Purpose},
};

use super::{
    AgentError, may_enter,
    totp::{self, Enrolment, SecondFactor},
};
use crate::{
    parvis::{Mode, Town},
    passwords::{self, Password, Verdict},
    secrets::{Token, digest_of},
    sessions::{self, Opened},
    throttle::{ClientAddress, Guess},
};

/// How long the second factor is waited for.
const TICKET: Duration = Duration::from_mins(10);

/// Where signing in stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// She is in: an account of the demonstration, in the demonstration.
    Opened(Opened),
    /// The code of her authenticator is asked.
    Code {
        /// What the browser gives back with the code.
        ticket: Token,
    },
    /// First time: her authenticator is enrolled, by the code that it shows then.
    Enrol {
        /// What the browser gives back with the code.
        ticket: Token,
        /// What her authenticator needs.
        enrolment: Enrolment,
    },
}

/// First step: address and password.
pub async fn sign_in(town: &Town, from: ClientAddress, email: &str, password: Password) -> Result<Step, AgentError> {
    let email = email_key(email).map_err(|_| AgentError::Wrong)?;
    let now = town.now();
    let by_account = Guess::at("agent", &email);
    let by_address = Guess::from("agent", from);
    let snapshot = town.db.read().await?;
    by_account.check(&snapshot, now).await?;
    by_address.check(&snapshot, now).await?;
    let parvis = &town.parvis;
    let platform = parvis.store.platform();
    let agent = agents::by_email(platform, &email).await?;
    let held = match &agent {
        Some(agent) => agents_in_town::by_agent(&snapshot, agent.id).await?,
        None => None,
    };
    drop(snapshot);
    let kept = agent.as_ref().and_then(|agent| agent.password_hash.clone());
    let (pool, cost) = (&parvis.pools.hashing, parvis.config.hash_cost);
    let verdict = passwords::verify(pool, cost, password, kept, &*parvis.entropy).await?;

    let agent = match (verdict, agent) {
        (Verdict::Right, Some(agent)) => agent,
        (Verdict::RightRehashed(hash), Some(agent)) => {
            agents::set_password(platform, agent.id, Some(&hash)).await?;
            agent
        }
        _ => {
            let unit = town.db.write().await?;
            by_address.wrong(&unit, now).await?;
            by_account.wrong(&unit, now).await?;
            unit.commit().await?;
            return Err(AgentError::Wrong);
        }
    };
    if !may_enter(town, &agent) || held.is_none_or(|held| held.grants.is_empty()) {
        return Err(AgentError::NoRights);
    }
    if agent.demo && parvis.config.mode == Mode::Demo {
        let unit = town.db.write().await?;
        by_account.right(&unit).await?;
        let opened = sessions::open(town, &unit, SessionSubject::Agent(agent.id)).await?;
        unit.commit().await?;
        return Ok(Step::Opened(opened));
    }
    let enrolment = if is_enrolled(&agent) { None } else { Some(new_enrolment(town, &agent).await?) };
    let unit = town.db.write().await?;
    tokens::void(&unit, Purpose::SecondFactor, agent.id.uuid(), now).await?;
    let ticket = Token::new(&*parvis.entropy);
    let stored = OneTimeToken {
        token_hash: ticket.digest(),
        purpose: Purpose::SecondFactor,
        subject: Some(agent.id.uuid()),
        email,
        expires_at: now.plus(TICKET),
        used_at: None,
    };
    tokens::insert(&unit, &stored).await?;
    unit.commit().await?;
    Ok(match enrolment {
        Some(enrolment) => Step::Enrol { ticket, enrolment },
        None => Step::Code { ticket },
    })
}

/// What the page of the second step shows again after a wrong code: the enrolment, or nothing.
pub async fn pending(town: &Town, ticket: &str) -> Result<Option<Enrolment>, AgentError> {
    let agent = awaited(town, ticket).await?;
    if is_enrolled(&agent) {
        return Ok(None);
    }
    Ok(Some(factor(town, &agent)?.enrolment().ok_or(AgentError::SecondFactor)?))
}

/// Second step: the code. The first right one enrols.
pub async fn second_factor(town: &Town, from: ClientAddress, ticket: &str, code: &str) -> Result<Opened, AgentError> {
    let now = town.now();
    let agent = awaited(town, ticket).await?;
    let by_agent = Guess::at("code", &agent.id.to_string());
    let by_address = Guess::from("agent", from);
    let snapshot = town.db.read().await?;
    by_agent.check(&snapshot, now).await?;
    by_address.check(&snapshot, now).await?;
    drop(snapshot);
    let last = agent.totp_last_step.and_then(|step| u64::try_from(step).ok());
    let step = factor(town, &agent)?.accepts(code, now, last).and_then(|step| i64::try_from(step).ok());
    // The platform accepts a step once, whatever races here.
    let accepted = match step {
        Some(step) => agents::accept_totp_step(town.parvis.store.platform(), agent.id, step).await?,
        None => false,
    };
    let unit = town.db.write().await?;
    if !accepted {
        by_agent.wrong(&unit, now).await?;
        by_address.wrong(&unit, now).await?;
        unit.commit().await?;
        return Err(AgentError::WrongCode);
    }
    if tokens::take(&unit, digest_of(ticket), Purpose::SecondFactor, now).await?.is_none() {
        return Err(AgentError::Link);
    }
    by_agent.right(&unit).await?;
    Guess::at("agent", &agent.email).right(&unit).await?;
    let opened = sessions::open(town, &unit, SessionSubject::Agent(agent.id)).await?;
    unit.commit().await?;
    Ok(opened)
}

/// The agent whose second factor a ticket waits for.
async fn awaited(town: &Town, ticket: &str) -> Result<Agent, AgentError> {
    let snapshot = town.db.read().await?;
    let found = tokens::find(&snapshot, digest_of(ticket), Purpose::SecondFactor, town.now()).await?;
    let id = found.and_then(|token| token.subject).map(AgentId::from_uuid).ok_or(AgentError::Link)?;
    let agent = agents::by_id(town.parvis.store.platform(), id).await?.ok_or(AgentError::Link)?;
    if !may_enter(town, &agent) {
        return Err(AgentError::NoRights);
    }
    Ok(agent)
}

/// A secret serves once a first code of it was accepted; before, each sign-in makes another one.
const fn is_enrolled(agent: &Agent) -> bool {
    agent.totp_secret.is_some() && agent.totp_last_step.is_some()
}

async fn new_enrolment(town: &Town, agent: &Agent) -> Result<Enrolment, AgentError> {
    let parvis = &town.parvis;
    let secret = totp::new_secret(&*parvis.entropy);
    let enrolment = SecondFactor::new(&secret, &agent.email).and_then(|factor| factor.enrolment());
    let sealed = parvis.vault.seal(&context(agent.id), &secret);
    agents::set_totp(parvis.store.platform(), agent.id, Some(&sealed)).await?;
    enrolment.ok_or(AgentError::SecondFactor)
}

fn factor(town: &Town, agent: &Agent) -> Result<SecondFactor, AgentError> {
    let sealed = agent.totp_secret.as_deref().ok_or(AgentError::Link)?;
    let secret = town.parvis.vault.unseal(&context(agent.id), sealed)?;
    SecondFactor::new(&secret, &agent.email).ok_or(AgentError::SecondFactor)
}

/// What the sealed secret is bound to.
fn context(agent: AgentId) -> String {
    format!("second factor of agent {agent}")
}
