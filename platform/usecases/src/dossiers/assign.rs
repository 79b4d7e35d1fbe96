//! Who handles a dossier, and notes between agents.

use parvis_domain::{
    ids::{AgentId, DossierId},
    policy::{Actor, Permission},
    rules::RulesActor,
};

use super::{
    function,
    load::{self, Loaded},
};
use crate::{
    calling,
    decision::{self, Along, record::Happened},
    failure::Failure,
    parvis::Town,
};

/// Longest note, in characters.
pub const LONGEST_NOTE: usize = 5_000;

/// Gives a dossier to an agent who may act on it, or back to its service.
pub async fn assign(town: &Town, actor: &Actor, id: DossierId, to: Option<AgentId>) -> Result<(), Failure> {
    for _ in 0..decision::ATTEMPTS {
        let loaded = load::allowed(town, actor, id, Permission::DossierAssign).await?;
        if loaded.head.assignee == to {
            return Ok(());
        }
        if let Some(agent) = to {
            let colleagues = function::colleagues(town, &[&loaded.head.service]).await?;
            if !colleagues.iter().any(|colleague| colleague.id == agent) {
                return Err(Failure::Refused("Choisissez un agent de ce service.".to_owned()));
            }
        }
        let mut head = loaded.head.clone();
        head.assignee = to;
        let happened = Happened::Assigned { to };
        let along = Along::default();
        if decision::by_platform(town, &loaded, &author(actor), happened, head, along).await?.is_some() {
            return Ok(());
        }
    }
    Err(Failure::Conflict)
}

/// Writes an internal note: agents read it, the usager does not.
pub async fn note(town: &Town, actor: &Actor, id: DossierId, body: &str) -> Result<(), Failure> {
    let body = body.trim();
    if body.is_empty() {
        return Err(Failure::Refused("Écrivez votre note.".to_owned()));
    }
    if body.chars().count() > LONGEST_NOTE {
        return Err(Failure::Refused(format!("Raccourcissez votre note : {LONGEST_NOTE} caractères au plus.")));
    }
    for _ in 0..decision::ATTEMPTS {
        let loaded: Loaded = load::allowed(town, actor, id, Permission::DossierNote).await?;
        let happened = Happened::Noted { body: body.to_owned() };
        let head = loaded.head.clone();
        let along = Along::default();
        if decision::by_platform(town, &loaded, &author(actor), happened, head, along).await?.is_some() {
            return Ok(());
        }
    }
    Err(Failure::Conflict)
}

/// Who did what is no act of instruction: it keeps nobody from signing.
fn author(actor: &Actor) -> RulesActor {
    calling::rules_actor(actor, "")
}
