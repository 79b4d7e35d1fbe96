//! Drafts and their holders: the cookie of a visitor, the account that a draft is given to, the list of an account.

use parvis_domain::{
    ids::{DraftId, UsagerId},
    policy::Actor,
};
use parvis_store::drafts;

use super::{access, view::DraftLine};
use crate::{dossiers::contact, failure::Failure, parvis::Town, secrets::digest_of};

/// The draft that a visitor's cookie opens, for [`Actor::DraftHolder`]; filed ones included, for their confirmation.
pub async fn holder(town: &Town, token: &str) -> Result<Option<DraftId>, Failure> {
    let Some((id, secret)) = token.split_once('.') else { return Ok(None) };
    let Ok(id) = id.parse::<DraftId>() else { return Ok(None) };
    let snapshot = town.db.read().await?;
    let draft = drafts::by_id(&snapshot, id).await?;
    Ok(draft
        .filter(|draft| draft.usager.is_none() && draft.agent.is_none() && draft.holder == digest_of(secret))
        .filter(|draft| town.now() < draft.expires_at)
        .map(|draft| draft.id))
}

/// Gives the draft of a visitor who has just signed in to her account.
pub async fn attach(town: &Town, actor: &Actor, id: DraftId, usager: UsagerId) -> Result<(), Failure> {
    if !matches!(actor, Actor::DraftHolder(held) if *held == id) {
        return Err(Failure::NotFound);
    }
    let mut draft = access::open(town, actor, id).await?;
    if draft.dossier.is_some() {
        return Ok(());
    }
    let expected = draft.revision;
    draft.usager = Some(usager);
    draft.revision += 1;
    let unit = town.db.write().await?;
    if !drafts::save_if_revision(&unit, &draft, expected).await? {
        return Err(Failure::Conflict);
    }
    Ok(unit.commit().await?)
}

/// Forgets a draft and its documents.
pub async fn discard(town: &Town, actor: &Actor, id: DraftId) -> Result<(), Failure> {
    let draft = access::open(town, actor, id).await?;
    if draft.dossier.is_some() {
        return Err(Failure::Refused("Ce formulaire est déjà déposé.".to_owned()));
    }
    let unit = town.db.write().await?;
    drafts::remove(&unit, id, town.now()).await?;
    Ok(unit.commit().await?)
}

/// The drafts of an account, or those that an agent fills for someone, latest first.
pub async fn list(town: &Town, actor: &Actor) -> Result<Vec<DraftLine>, Failure> {
    town.allow(actor, access::permission(actor), None)?;
    let snapshot = town.db.read().await?;
    let kept = match actor {
        Actor::Usager(usager) => drafts::of_usager(&snapshot, *usager).await?,
        Actor::Agent { id, .. } => drafts::of_agent(&snapshot, *id).await?,
        _ => Vec::new(),
    };
    let now = town.now();
    let line = |draft: drafts::Draft| {
        let offered = town.catalogue.get(&draft.demarche)?;
        Some(DraftLine {
            id: draft.id,
            title: offered.definition.title.clone(),
            applicant: contact::of_answers(&offered.definition, &draft.answers).name,
            channel: draft.channel,
            demarche: draft.demarche,
            saved_at: draft.updated_at,
            kept_until: draft.expires_at,
        })
    };
    Ok(kept.into_iter().filter(|draft| now < draft.expires_at).filter_map(line).collect())
}
