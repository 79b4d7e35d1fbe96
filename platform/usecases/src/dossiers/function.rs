//! Under which function an agent acts on a dossier, and why she may not: who instructs never signs.

use std::collections::BTreeMap;

use parvis_contract::Action;
use parvis_domain::{
    ids::AgentId,
    lifecycle::{PastAct, excluded},
    policy::Actor,
    rules::ActorKind,
};
use parvis_store::{
    Reads, agents,
    events::{self, Event, EventActor},
};

use super::{load::Loaded, view::AgentName};
use crate::{
    decision::{Fresh, is_agent},
    failure::Failure,
    parvis::Town,
};

/// What an agent may do with an action.
pub(crate) enum Standing {
    /// She holds none of its functions: it is not shown.
    None,
    /// She holds one, under which she may not act here; the sentence says why.
    Excluded(String),
    /// She acts under this one.
    Under(String),
}

/// The functions under which agents acted on a dossier.
pub(crate) fn past<'e>(actors: impl IntoIterator<Item = &'e EventActor>) -> Vec<PastAct> {
    let acted = |actor: &&EventActor| is_agent(actor) && !actor.function.is_empty();
    let act = |actor: &EventActor| PastAct { actor: actor.id.clone(), function: actor.function.clone() };
    actors.into_iter().filter(acted).map(act).collect()
}

/// Under which function an actor may do an action.
pub(crate) fn standing(town: &Town, actor: &Actor, loaded: &Loaded, action: &Action, past: &[PastAct]) -> Standing {
    let Actor::Agent { id, .. } = actor else { return Standing::None };
    let held = town.functions(actor, &loaded.head.service);
    let mut refused = Standing::None;
    for function in action.functions.iter().filter(|function| held.contains(*function)) {
        match excluded(&loaded.definition, function, &id.to_string(), past) {
            None => return Standing::Under(function.clone()),
            Some(former) => {
                refused = Standing::Excluded(format!(
                    "Vous avez agi sur ce dossier comme {} : une autre personne doit faire cette action.",
                    label(loaded, former).to_lowercase(),
                ));
            }
        }
    }
    refused
}

/// The first function of the démarche that an agent holds on a dossier, for what is not an action.
pub(crate) fn any(town: &Town, actor: &Actor, loaded: &Loaded) -> String {
    let held = town.functions(actor, &loaded.head.service);
    let declared = loaded.definition.functions.iter().find(|function| held.contains(&function.id));
    declared.map_or_else(String::new, |function| function.id.clone())
}

/// The label of a function.
pub(crate) fn label<'a>(loaded: &'a Loaded, function: &'a str) -> &'a str {
    let declared = loaded.definition.functions.iter().find(|declared| declared.id == function);
    declared.map_or(function, |declared| declared.label.as_str())
}

/// The history of a dossier.
pub(crate) async fn history(reads: &impl Reads, loaded: &Loaded) -> Result<Vec<Event>, Failure> {
    Ok(events::history(reads, loaded.head.id).await?)
}

/// Whether the dossier still is as an agent saw it: nobody acted on it since. What the platform did by itself, such as a
/// document that is ready, changes nothing for her.
pub(crate) fn still(fresh: &Fresh, seen: u32) -> Result<(), Failure> {
    let by_someone = |(seq, actor): &(u32, EventActor)| *seq > seen && actor.kind != ActorKind::System;
    let changed = fresh.actors.iter().any(by_someone) || seen > fresh.loaded.head.revision;
    if changed { Err(Failure::Conflict) } else { Ok(()) }
}

/// Names of agents by their ids.
pub(crate) async fn names(town: &Town, ids: &[AgentId]) -> Result<BTreeMap<AgentId, String>, Failure> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = agents::by_ids(town.parvis.store.platform(), ids).await?;
    Ok(found.into_iter().map(|agent| (agent.id, format!("{} {}", agent.given_name, agent.family_name))).collect())
}

/// Agents who may act on the dossiers of a service, by name.
pub(crate) async fn colleagues(town: &Town, services: &[&str]) -> Result<Vec<AgentName>, Failure> {
    let holders = {
        let snapshot = town.db.read().await?;
        parvis_store::agents_in_town::list(&snapshot).await?
    };
    let acts = |held: &parvis_store::agents_in_town::AgentGrant| {
        let actor = Actor::Agent { id: held.agent, grants: held.grants.clone() };
        services.iter().any(|service| !town.functions(&actor, service).is_empty())
    };
    let ids: Vec<AgentId> = holders.iter().filter(|held| acts(held)).map(|held| held.agent).collect();
    let mut named: Vec<AgentName> =
        names(town, &ids).await?.into_iter().map(|(id, name)| AgentName { id, name }).collect();
    named.sort_by_key(|agent| parvis_domain::fold::fold(&agent.name));
    Ok(named)
}
