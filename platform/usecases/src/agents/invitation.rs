//! The link by which an agent chooses her password: at her arrival, or when she forgot it. Made by an administrator of
//! a town or from the command line; it proves nothing by itself, the second factor is asked or enrolled afterwards.

use std::time::Duration;

use parvis_domain::{
    identifiers::email_key,
    ids::AgentId,
    policy::{Actor, Permission},
};
use parvis_store::{
    agents,
    sessions::{self, SessionSubject},
    tokens::{self, OneTimeToken, Purpose},
};

use super::{AgentError, may_enter};
use crate::{
    outgoing::{MailPayload, enqueue_mail},
    parvis::Town,
    passwords::{self, Password},
    secrets::{Token, digest_of},
};

/// How long the link serves.
pub const INVITATION: Duration = Duration::from_hours(3 * 24);

/// Makes the link for an agent, voids the former ones, and mails it to her; gives it back for the command line.
pub async fn invite(town: &Town, actor: &Actor, email: &str) -> Result<String, AgentError> {
    if *actor != Actor::Operator {
        town.allow(actor, Permission::TenantManage, None)?;
    }
    let email = email_key(email).map_err(|_| AgentError::Email)?;
    let agent = agents::by_email(town.parvis.store.platform(), &email).await?.ok_or(AgentError::Unknown)?;
    if !may_enter(town, &agent) {
        return Err(AgentError::NoRights);
    }
    let now = town.now();
    let token = Token::new(&*town.parvis.entropy);
    let link = town.url(&format!("/agents/bienvenue/{}", token.as_str()));
    let unit = town.db.write().await?;
    tokens::void(&unit, Purpose::InviteAgent, agent.id.uuid(), now).await?;
    let stored = OneTimeToken {
        token_hash: token.digest(),
        purpose: Purpose::InviteAgent,
        subject: Some(agent.id.uuid()),
        email: agent.email.clone(),
        expires_at: now.plus(INVITATION),
        used_at: None,
    };
    tokens::insert(&unit, &stored).await?;
    let mail = MailPayload {
        to: agent.email,
        subject: "Votre accès à l’espace des agents".to_owned(),
        body: format!(
            "Bonjour,\n\nVous pouvez entrer dans l’espace des agents de {name}.\n\nPour choisir votre mot de passe, ouvrez \
             ce lien dans les trois jours :\n{link}\n\nVous aurez ensuite besoin d’une application de codes à usage unique \
             sur votre téléphone ou votre ordinateur.\n\n{name}\n",
            name = town.profile.name,
        ),
        attachments: Vec::new(),
    };
    enqueue_mail(town, &unit, &mail).await?;
    unit.commit().await?;
    Ok(link)
}

/// The address that a link invites, while it serves. Looking does not use it.
pub async fn check_invitation(town: &Town, link: &str) -> Result<String, AgentError> {
    let snapshot = town.db.read().await?;
    let found = tokens::find(&snapshot, digest_of(link), Purpose::InviteAgent, town.now()).await?;
    found.map(|token| token.email).ok_or(AgentError::Link)
}

/// Chooses the password; her sessions in this town end, and she signs in with it.
pub async fn accept_invitation(town: &Town, link: &str, password: Password) -> Result<(), AgentError> {
    let now = town.now();
    let email = check_invitation(town, link).await?;
    passwords::check(&password, &email)?;
    let parvis = &town.parvis;
    let (pool, cost) = (&parvis.pools.hashing, parvis.config.hash_cost);
    let hash = passwords::hash(pool, cost, password, &*parvis.entropy).await?;
    let unit = town.db.write().await?;
    let token = tokens::take(&unit, digest_of(link), Purpose::InviteAgent, now).await?.ok_or(AgentError::Link)?;
    let id = token.subject.map(AgentId::from_uuid).ok_or(AgentError::Link)?;
    sessions::remove_all_of(&unit, SessionSubject::Agent(id)).await?;
    agents::set_password(parvis.store.platform(), id, Some(&hash)).await?;
    Ok(unit.commit().await?)
}
