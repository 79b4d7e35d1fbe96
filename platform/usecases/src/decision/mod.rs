//! The one place where an event happens to a dossier: the démarche is asked, its decision is checked, and everything is
//! applied in one transaction with the event itself.
//!
//! ```text
//! read (dossier, revision) → handle, no transaction open → check → one transaction: event, head, answers, effects
//! ```
//!
//! When someone else changed the dossier meanwhile, the whole is done again: three attempts, then a conflict. An event
//! that an effect raises is a new unit of work, never nested. Start reading at [`happen`].

mod apply;
mod effects;
pub(crate) mod record;
mod redaction;
mod signing;
pub(crate) mod terms;

use parvis_domain::{
    ids::{AgentId, DossierId, OutboxId, PieceRequestId, TaskId},
    rules::{Decision, Event, RulesActor},
    value::Answers,
};
use parvis_store::{
    events::{self, EventActor},
    messages::Message,
    piece_requests::{self, PieceRequest},
};

pub(crate) use apply::{NewDossier, Written, by_platform, file, is_agent};
pub(crate) use effects::BY_HAND;
pub(crate) use effects::being_made;
pub(crate) use signing::{Signatory, of_signatory};

use crate::{
    calling::{self, Surroundings},
    dossiers::load::{self, Loaded},
    failure::Failure,
    notifications::Letter,
    parvis::Town,
};

/// How many times an event is tried when someone else changes the dossier.
pub(crate) const ATTEMPTS: u32 = 3;

/// An event to happen, as prepared from the dossier just read.
pub(crate) struct Step {
    /// Who acts.
    pub(crate) actor: RulesActor,
    /// What happens.
    pub(crate) event: Event,
    /// Who signs, when the action signs.
    pub(crate) signatory: Option<Signatory>,
    /// What is written in the same transaction.
    pub(crate) along: Along,
}

impl Step {
    /// An event, and nothing else with it.
    pub(crate) fn new(actor: RulesActor, event: Event) -> Self {
        Self { actor, event, signatory: None, along: Along::default() }
    }
}

/// What is written in the same transaction as an event.
#[derive(Default)]
pub(crate) struct Along {
    /// A message.
    pub(crate) message: Option<Message>,
    /// The requests for documents that it answers.
    pub(crate) answered: Vec<PieceRequestId>,
    /// A task that is done.
    pub(crate) task: Option<(TaskId, AgentId, serde_json::Value)>,
    /// The effect of the outbox that raised the event: it is done exactly when the event is.
    pub(crate) raised_by: Option<OutboxId>,
    /// Mails of the platform.
    pub(crate) letters: Vec<Letter>,
    /// An effect of the outbox that failed for good, and why.
    pub(crate) failed: Option<(OutboxId, String)>,
    /// A task that says to tell the usager otherwise than by mail: its key and its title.
    pub(crate) by_hand: Option<(String, String)>,
}

/// A dossier just read, with what judging an event needs of its past.
pub(crate) struct Fresh {
    /// The dossier.
    pub(crate) loaded: Loaded,
    /// Who wrote each event.
    pub(crate) actors: Vec<(u32, EventActor)>,
    /// What was asked of the usager.
    pub(crate) requests: Vec<PieceRequest>,
}

/// A dossier, read with its past.
pub(crate) async fn fresh(town: &Town, id: DossierId) -> Result<Fresh, Failure> {
    let snapshot = town.db.read().await?;
    Ok(Fresh {
        loaded: load::within(town, &snapshot, id).await?,
        actors: events::actors(&snapshot, id).await?,
        requests: piece_requests::of_dossier(&snapshot, id).await?,
    })
}

/// Makes an event happen to a dossier. `prepare` judges the dossier as just read, at each attempt.
pub(crate) async fn happen<P>(town: &Town, id: DossierId, prepare: P) -> Result<Written, Failure>
where
    P: Fn(&Fresh) -> Result<Step, Failure> + Send + Sync,
{
    for _ in 0..ATTEMPTS {
        let fresh = fresh(town, id).await?;
        let step = prepare(&fresh)?;
        if let Some(written) = attempt(town, fresh, step).await? {
            return Ok(written);
        }
    }
    Err(Failure::Conflict)
}

async fn attempt(town: &Town, fresh: Fresh, step: Step) -> Result<Option<Written>, Failure> {
    let Fresh { loaded, requests, .. } = fresh;
    let numbers = match &step.signatory {
        Some(_) => signing::foresee(town, &loaded).await?,
        None => signing::Foreseen::default(),
    };
    let extra = step.signatory.as_ref().map_or_else(Answers::default, |who| signing::facts(town, who, &numbers));
    let context = calling::context(
        town,
        Surroundings {
            settings: &loaded.settings,
            channel: loaded.head.channel,
            kind: loaded.head.kind,
            language: &loaded.head.language,
            seed: &format!("{}:{}", loaded.head.id, loaded.head.revision),
            actor: step.actor.clone(),
            extra,
        },
    );
    let mut view = loaded.view(town);
    view.answers.merge(given(&step.event));
    let decision = calling::handle(town, loaded.head.component, context.clone(), view, step.event.clone()).await?;
    apply::change(town, (loaded, &requests), step, context, decision, &numbers).await
}

/// Answers that an event brings; the démarche sees them merged.
pub(crate) fn given(event: &Event) -> Answers {
    match event {
        Event::Completed(answers) | Event::Corrected(answers) => answers.clone(),
        _ => Answers::default(),
    }
}

/// All answers that an event writes: those it brings, then those that the démarche computed.
pub(crate) fn written(event: &Event, decision: &Decision) -> Answers {
    let mut answers = given(event);
    answers.merge(decision.answers.clone());
    answers
}
