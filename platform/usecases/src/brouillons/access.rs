//! Whose draft it is: the holder of its cookie, the account it was given to, or the agent who fills it.

use std::time::Duration;

use parvis_domain::{
    ids::DraftId,
    input::RawAnswers,
    policy::{Actor, Permission},
    time::Instant,
};
use parvis_store::drafts::{self, Draft};

use crate::{failure::Failure, parvis::Town};

/// A draft that the actor may fill; any other does not exist for her.
pub(crate) async fn open(town: &Town, actor: &Actor, id: DraftId) -> Result<Draft, Failure> {
    town.allow(actor, permission(actor), None)?;
    let snapshot = town.db.read().await?;
    let draft = drafts::by_id(&snapshot, id).await?.filter(|draft| town.now() < draft.expires_at);
    draft.filter(|draft| holds(actor, draft)).ok_or(Failure::NotFound)
}

/// What filling a form asks of the policy.
pub(super) const fn permission(actor: &Actor) -> Permission {
    match actor {
        Actor::Agent { .. } => Permission::DossierFileFor,
        _ => Permission::DossierFile,
    }
}

fn holds(actor: &Actor, draft: &Draft) -> bool {
    match actor {
        Actor::DraftHolder(id) => draft.id == *id && draft.usager.is_none() && draft.agent.is_none(),
        Actor::Usager(id) => draft.usager == Some(*id),
        Actor::Agent { id, .. } => draft.agent == Some(*id),
        Actor::Visitor | Actor::Tracker(_) | Actor::Operator | Actor::System => false,
    }
}

/// Until when a draft saved now is kept.
pub(super) fn expiry(town: &Town) -> Instant {
    let days = u64::from(town.parvis.config.limits.draft_days);
    town.now().plus(Duration::from_hours(days * 24))
}

/// What was typed and not understood, as the draft keeps it.
pub(crate) fn typed(draft: &Draft) -> RawAnswers {
    draft.kept.clone().and_then(|kept| serde_json::from_value(kept).ok()).unwrap_or_default()
}

/// The reverse of [`typed`].
pub(crate) fn kept(raw: &RawAnswers) -> Option<serde_json::Value> {
    (!raw.is_empty()).then(|| serde_json::to_value(raw).unwrap_or_default())
}
