//! A decision, checked whole and applied in the transaction of its event.

use std::collections::{BTreeMap, BTreeSet};

use parvis_domain::{
    dossier::Dossier,
    ids::{DossierId, OutboxId},
    index,
    lifecycle::{DecisionError, check_decision},
    rules::{ActorKind, Context, Decision, Event, RulesActor},
    time::Instant,
    value::Answers,
};
use parvis_store::{
    UnitOfWork, answers,
    dossiers::{self, Filing},
    drafts,
    events::{self, Appended, EventActor, NewEvent},
    messages,
    outbox::{self, EffectState, Queue},
    piece_requests::{self, PieceRequest},
    pieces, tasks,
};

use super::{
    Along, Step,
    effects::{self, Scene},
    record::{Decided, Happened, Record},
    signing::{self, Foreseen},
    terms,
};
use crate::{
    dossiers::{contact, load::Loaded},
    failure::Failure,
    parvis::Town,
};

/// What an event left.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// The dossier from now on.
    pub(crate) head: Dossier,
}

/// Applies a decision to a dossier; `None` when someone else changed it since it was read.
pub(super) async fn change(
    town: &Town,
    (loaded, requests): (Loaded, &[PieceRequest]),
    step: Step,
    context: Context,
    decision: Decision,
    foreseen: &Foreseen,
) -> Result<Option<Written>, Failure> {
    let documents: BTreeSet<String> = {
        let snapshot = town.db.read().await?;
        let pieces = pieces::of_dossier(&snapshot, loaded.head.id).await?;
        pieces.into_iter().filter_map(|piece| piece.key).collect()
    };
    check(town, &loaded, &decision, &documents)?;
    let recipients = effects::recipients(town, &loaded.head.service, &decision.effects).await?;
    let now = town.now();
    let expected = loaded.head.revision;
    let written = super::written(&step.event, &decision);
    let mut head = loaded.head.clone();
    effects::project(town, &mut head, &loaded.definition, &step.event, &decision.effects);
    head.memory = decision.memory.clone();
    head.revision += 1;
    head.updated_at = now;
    let mut all = loaded.answers.clone();
    all.merge(written.clone());
    effects::forget(&mut all, &decision.effects);
    reflect(town, &mut head, &loaded, &all);
    head.term_at = terms::after(town, &loaded, &head, &step, &decision.effects, requests);

    let unit = town.db.write().await?;
    let Some(taken) = signing::take(&unit, &loaded.definition, foreseen, &decision.effects).await? else {
        return Ok(None);
    };
    let record = Record {
        happened: Happened::Rules(step.event.clone()),
        answers: None,
        context: Some(context),
        decided: Some(decided(&decision)),
    };
    let appended = append(town, &unit, &loaded, &step.actor, &record).await?;
    head.head = appended.hash;
    if !dossiers::update_if_revision(&unit, &head, expected).await? {
        return Ok(None);
    }
    acknowledge(&unit, step.along.raised_by, now).await?;
    if !written.is_empty() {
        answers::write(&unit, head.id, appended.seq, head.component, &written).await?;
    }
    keep_keys(&unit, &loaded, &head, &all).await?;
    piece_requests::answered(&unit, &step.along.answered, now).await?;
    let scene = Scene {
        town,
        definition: &loaded.definition,
        head: &head,
        seq: appended.seq,
        recipients: &recipients,
        taken: &taken,
        signatory: step.signatory.as_ref(),
    };
    effects::write(&unit, &scene, &decision.effects).await?;
    terms::schedule(town, &unit, &loaded.head, &head, appended.seq).await?;
    if head.closed_at.is_some() && loaded.head.closed_at.is_none() {
        outbox::cancel_queue(&unit, head.id, Queue::Timer, now).await?;
        piece_requests::no_longer_wanted(&unit, head.id, now).await?;
    }
    write_along(&unit, &scene, step.along).await?;
    unit.commit().await?;
    Ok(Some(Written { head }))
}

/// A dossier that is being filed.
pub(crate) struct NewDossier {
    /// Its head, without number nor chain.
    pub(crate) loaded: Loaded,
    /// What the platform keeps besides.
    pub(crate) filing: Filing,
    /// The draft it comes from, and the revision that was filed.
    pub(crate) draft: (parvis_domain::ids::DraftId, u32),
    /// Who files.
    pub(crate) actor: RulesActor,
    /// What the démarche knew.
    pub(crate) context: Context,
    /// What it decided.
    pub(crate) decision: Decision,
}

/// Files a dossier with all that its filing decides; `letter` writes the accusé de réception once the number is known.
/// Gives back the dossier that the draft had become already, in which case nothing is written.
pub(crate) async fn file<L>(town: &Town, new: NewDossier, letter: L) -> Result<Result<Written, DossierId>, Failure>
where
    L: FnOnce(&Dossier) -> Option<crate::notifications::Letter>,
{
    let NewDossier { loaded, filing, draft: (draft, revision), actor, context, decision } = new;
    check(town, &loaded, &decision, &BTreeSet::new())?;
    let recipients = effects::recipients(town, &loaded.head.service, &decision.effects).await?;
    let mut head = loaded.head.clone();
    effects::project(town, &mut head, &loaded.definition, &Event::Filed, &decision.effects);
    head.memory = decision.memory.clone();
    let mut all = loaded.answers.clone();
    all.merge(decision.answers.clone());
    effects::forget(&mut all, &decision.effects);
    reflect(town, &mut head, &loaded, &all);
    head.term_at = terms::at_filing(town, &loaded, &head);

    let unit = town.db.write().await?;
    let current = drafts::by_id(&unit, draft).await?.ok_or(Failure::NotFound)?;
    if let Some(existing) = current.dossier {
        return Ok(Err(existing));
    }
    if current.revision != revision {
        return Err(Failure::Conflict);
    }
    head.number = effects::dossier_number(town, &unit, &loaded.definition).await?;
    let record = Record {
        happened: Happened::Rules(Event::Filed),
        answers: Some(loaded.answers.clone()),
        context: Some(context),
        decided: Some(decided(&decision)),
    };
    // An event refers to its dossier, whose head is the event's hash: the row first, then its head.
    dossiers::insert(&unit, &head, filing).await?;
    let appended = append(town, &unit, &loaded, &actor, &record).await?;
    head.head = appended.hash;
    if !dossiers::update_if_revision(&unit, &head, head.revision).await? {
        return Err(Failure::Conflict);
    }
    drafts::mark_filed(&unit, draft, head.id).await?;
    pieces::give_to_dossier(&unit, draft, head.id).await?;
    answers::write(&unit, head.id, appended.seq, head.component, &all).await?;
    keep_keys(&unit, &loaded, &head, &all).await?;
    let scene = Scene {
        town,
        definition: &loaded.definition,
        head: &head,
        seq: appended.seq,
        recipients: &recipients,
        taken: &BTreeMap::new(),
        signatory: None,
    };
    effects::write(&unit, &scene, &decision.effects).await?;
    terms::schedule(town, &unit, &loaded.head, &head, appended.seq).await?;
    let along = Along { letters: letter(&head).into_iter().collect(), ..Along::default() };
    write_along(&unit, &scene, along).await?;
    unit.commit().await?;
    Ok(Ok(Written { head }))
}

/// Writes what the platform did by itself: an event of the chain on which no démarche decides. `None` when someone else
/// changed the dossier since it was read.
pub(crate) async fn by_platform(
    town: &Town,
    loaded: &Loaded,
    actor: &RulesActor,
    happened: Happened,
    mut head: Dossier,
    along: Along,
) -> Result<Option<Written>, Failure> {
    let expected = loaded.head.revision;
    head.revision = expected + 1;
    head.updated_at = town.now();
    let unit = town.db.write().await?;
    let record = Record { happened, answers: None, context: None, decided: None };
    let appended = append(town, &unit, loaded, actor, &record).await?;
    head.head = appended.hash;
    if !dossiers::update_if_revision(&unit, &head, expected).await? {
        return Ok(None);
    }
    let scene = Scene {
        town,
        definition: &loaded.definition,
        head: &head,
        seq: appended.seq,
        recipients: &BTreeMap::new(),
        taken: &BTreeMap::new(),
        signatory: None,
    };
    write_along(&unit, &scene, along).await?;
    unit.commit().await?;
    Ok(Some(Written { head }))
}

fn check(town: &Town, loaded: &Loaded, decision: &Decision, held: &BTreeSet<String>) -> Result<(), Failure> {
    check_decision(&loaded.definition, decision, held).map_err(|error| match error {
        DecisionError::Unreasoned(_) => Failure::Refused(
            "Indiquez les motifs de droit et de fait : un refus doit être motivé (articles L211-2 et L211-5 du code des \
             relations entre le public et l’administration)."
                .to_owned(),
        ),
        other => {
            let component = loaded.head.component;
            tracing::error!(tenant = %town.id, component = %component, error = %other, "a decision was refused");
            Failure::Decision(other.to_string())
        }
    })
}

fn decided(decision: &Decision) -> Decided {
    Decided { memory: decision.memory.clone(), answers: decision.answers.clone(), effects: decision.effects.clone() }
}

/// What lists show of the answers. A name, a phone or an address that no answer gave, such as an account's, stays.
fn reflect(town: &Town, head: &mut Dossier, loaded: &Loaded, all: &Answers) {
    head.deadline_at =
        contact::deadline(&loaded.definition, all).map(|date| Instant::start_of(date, &town.profile.time_zone()));
    head.summary = contact::summary(&loaded.definition, all);
    let before = contact::of_answers(&loaded.definition, &loaded.answers);
    let read = contact::of_answers(&loaded.definition, all);
    let kept = |known: &mut Option<String>, before: &Option<String>| known.take().filter(|_| before.is_none());
    if !(read.name.is_empty() && before.name.is_empty()) {
        head.contact.name = read.name;
    }
    head.contact.phone = read.phone.or_else(|| kept(&mut head.contact.phone, &before.phone));
    head.contact.email = read.email.or_else(|| kept(&mut head.contact.email, &before.email));
}

async fn append(
    town: &Town,
    unit: &UnitOfWork,
    loaded: &Loaded,
    actor: &RulesActor,
    record: &Record,
) -> Result<Appended, Failure> {
    let mut salt = [0; 16];
    town.parvis.entropy.fill(&mut salt);
    let event = NewEvent {
        dossier: loaded.head.id,
        at: town.now(),
        kind: record.happened.kind(),
        actor: EventActor { kind: actor.kind, id: actor.id.clone(), function: actor.function.clone() },
        component: loaded.head.component,
        settings: loaded.settings_digest,
        salt,
        payload: record.bytes(),
    };
    Ok(events::append(unit, &event).await?)
}

/// Keys and words by which the dossier is found.
async fn keep_keys(unit: &UnitOfWork, loaded: &Loaded, head: &Dossier, all: &Answers) -> Result<(), Failure> {
    let keys = index::keys(&loaded.definition, all)
        .into_iter()
        .map(|(at, key)| (at, answers::IndexKey { text: key.text, int: key.int, date: key.date }))
        .collect();
    answers::index(unit, head.id, &keys).await?;
    let mut terms = index::terms(&loaded.definition, all);
    for text in [&head.number, &head.contact.name, &head.summary] {
        terms.extend(parvis_domain::fold::terms(text));
    }
    Ok(answers::set_terms(unit, head.id, &terms).await?)
}

/// The effect that raised the event is done exactly when the event is; before anything cancels what else waits.
async fn acknowledge(unit: &UnitOfWork, raised_by: Option<OutboxId>, now: Instant) -> Result<(), Failure> {
    let Some(id) = raised_by else { return Ok(()) };
    let raised = outbox::by_id(unit, id).await?;
    if raised.is_none_or(|effect| effect.state != EffectState::Waiting) {
        return Err(Failure::Refused("C’est déjà fait.".to_owned()));
    }
    Ok(outbox::done(unit, id, now).await?)
}

async fn write_along(unit: &UnitOfWork, scene: &Scene<'_>, along: Along) -> Result<(), Failure> {
    let now = scene.town.now();
    if let Some(message) = &along.message {
        messages::insert(unit, message).await?;
    }
    if let Some((task, agent, opinion)) = &along.task
        && !tasks::done(unit, *task, *agent, Some(opinion), now).await?
    {
        return Err(Failure::Refused("Cette tâche est déjà faite.".to_owned()));
    }
    if let Some((id, why)) = &along.failed {
        outbox::dead(unit, *id, now, why).await?;
    }
    if let Some((key, title)) = &along.by_hand {
        effects::by_hand(unit, scene, key, title).await?;
    }
    for (index, letter) in along.letters.into_iter().enumerate() {
        effects::post(unit, scene, effects::PLATFORM_LETTERS + u32::try_from(index).unwrap_or(0), letter).await?;
    }
    Ok(())
}

/// Whether the actor of an event is an agent.
pub(crate) fn is_agent(actor: &EventActor) -> bool {
    actor.kind == ActorKind::Agent
}
