//! What could not leave: visible to agents, and replayable.

use parvis_domain::{
    ids::{DossierId, OutboxId},
    policy::{Actor, Permission},
};
use parvis_store::{
    dossiers,
    outbox::{self, Effect, EffectState, Queue},
};

use super::{load, view::StuckLine};
use crate::{
    failure::Failure,
    notifications::Letter,
    parvis::Town,
    workers::{REJECTED, WITHHELD, orders::DocumentOrder},
};

/// Most rows of the list.
const MOST: u32 = 200;

/// Attempts after which an effect that still waits is shown.
const SHOWN_AFTER: u32 = 3;

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StuckRow {
    /// What is stuck.
    pub line: StuckLine,
    /// Its dossier and its number.
    pub dossier: Option<(DossierId, String)>,
}

/// What could not leave, latest first; only what the actor may see.
pub async fn stuck(town: &Town, actor: &Actor) -> Result<Vec<StuckRow>, Failure> {
    town.allow(actor, Permission::OutboxManage, None)?;
    let snapshot = town.db.read().await?;
    let mut rows = Vec::new();
    for effect in outbox::dead_letters(&snapshot, MOST).await? {
        let dossier = match effect.dossier {
            Some(id) => {
                let Some(head) = dossiers::by_id(&snapshot, id).await? else { continue };
                if town.allow(actor, Permission::OutboxManage, Some(&load::subject(&head))).is_err() {
                    continue;
                }
                Some((id, head.number))
            }
            None => None,
        };
        rows.push(StuckRow { line: line(&effect), dossier });
    }
    Ok(rows)
}

/// Tries again what failed for good.
pub async fn replay(town: &Town, actor: &Actor, id: OutboxId) -> Result<(), Failure> {
    town.allow(actor, Permission::OutboxManage, None)?;
    let unit = town.db.write().await?;
    let effect = outbox::by_id(&unit, id).await?.ok_or(Failure::NotFound)?;
    if let Some(dossier) = effect.dossier {
        let head = dossiers::by_id(&unit, dossier).await?.ok_or(Failure::NotFound)?;
        town.allow(actor, Permission::OutboxManage, Some(&load::subject(&head)))?;
    }
    if !outbox::replay(&unit, id, town.now()).await? {
        return Err(Failure::Refused("Cet envoi est déjà parti ou attend son tour.".to_owned()));
    }
    Ok(unit.commit().await?)
}

/// What of a dossier did not leave, or leaves with difficulty.
pub(super) fn lines(effects: &[Effect]) -> Vec<StuckLine> {
    let is_stuck = |effect: &&Effect| {
        effect.state == EffectState::Dead
            || (effect.state == EffectState::Waiting && effect.attempts >= SHOWN_AFTER && effect.last_error.is_some())
            || (effect.state == EffectState::Waiting && effect.last_error.as_deref() == Some(WITHHELD))
    };
    effects.iter().filter(is_stuck).map(line).collect()
}

fn line(effect: &Effect) -> StuckLine {
    StuckLine {
        id: effect.id.to_string(),
        what: what(effect),
        why: why(effect.last_error.as_deref().unwrap_or_default()),
        since: effect.created_at,
    }
}

/// Why, for an agent: what she cannot mend is said to be the provider's.
fn why(reason: &str) -> String {
    if reason == WITHHELD {
        return "Trop de courriels sont partis vers cette adresse dans la journée. Un accusé de réception part dès le \
                lendemain\u{a0}; pour un autre courriel, une tâche vous demande de prévenir l’usager."
            .to_owned();
    }
    match reason.strip_prefix(REJECTED) {
        Some(said) => format!(
            "Le serveur de courriel refuse nos envois\u{a0}: prévenez votre hébergeur. Le courriel partira ensuite de \
             lui-même ({said})."
        ),
        None => reason.to_owned(),
    }
}

fn what(effect: &Effect) -> String {
    match effect.queue {
        Queue::Mail => serde_json::from_value::<Letter>(effect.payload.clone())
            .map_or_else(|_| "Courriel".to_owned(), |letter| format!("Courriel « {} »", letter.mail.subject)),
        Queue::Document => serde_json::from_value::<DocumentOrder>(effect.payload.clone())
            .map_or_else(|_| "Document".to_owned(), |order| format!("Document « {} »", order.title)),
        Queue::Timer => "Échéance de la démarche".to_owned(),
        Queue::Term => "Délai légal".to_owned(),
        Queue::Housekeeping => "Entretien".to_owned(),
    }
}
