//! Effects of a decision: what they change of the head, and the rows they write. They were checked before.

use std::collections::BTreeMap;

use parvis_contract::{Definition, Outcome};
use parvis_domain::{
    dossier::{Dossier, DossierKind, Origin},
    ids::{OutboxId, PieceRequestId, TaskId},
    lifecycle,
    numbers::{act_number, dossier_number as written},
    rules::{Audience, Effect, Event, RulingOutcome, WantedPiece},
    time::Instant,
    value::Answers,
};
use parvis_store::{
    Reads, UnitOfWork,
    acts::{self, Act},
    agents, agents_in_town,
    outbox::{self, NewEffect, Queue},
    piece_requests::{self, PieceRequest},
    tasks::{self, Task},
};

use super::{
    redaction,
    signing::{Signatory, Taken},
    terms,
};
use crate::{
    failure::Failure,
    notifications::{self, Letter, LetterKind},
    parvis::Town,
    workers::orders::{ActNumber, DocumentOrder, TimerOrder},
};

/// First index of the platform's own letters of an event, beyond any effect of a démarche.
pub(super) const PLATFORM_LETTERS: u32 = 1_000;

/// First part of the key of tasks that replace a letter to someone without address.
pub(crate) const BY_HAND: &str = "prevenir";

/// Where effects are written.
pub(super) struct Scene<'a> {
    pub(super) town: &'a Town,
    pub(super) definition: &'a Definition,
    pub(super) head: &'a Dossier,
    pub(super) seq: u32,
    pub(super) recipients: &'a BTreeMap<String, Vec<String>>,
    pub(super) taken: &'a BTreeMap<String, Taken>,
    pub(super) signatory: Option<&'a Signatory>,
}

/// What effects change of the head.
pub(super) fn project(town: &Town, head: &mut Dossier, definition: &Definition, event: &Event, effects: &[Effect]) {
    for effect in effects {
        match effect {
            Effect::Rule(ruling) => {
                head.outcome = Some(match ruling.outcome {
                    RulingOutcome::Favourable => Outcome::Favorable,
                    RulingOutcome::Partly => Outcome::Partiel,
                    RulingOutcome::Unfavourable => Outcome::Defavorable,
                    RulingOutcome::NoAction => Outcome::SansSuite,
                });
                head.origin = Some(origin(event));
            }
            Effect::Enter(id) => {
                if let Some(state) = lifecycle::state(definition, id) {
                    enter(town, head, state, event);
                }
            }
            Effect::Mark(mark) if !head.marks.contains(mark) => head.marks.push(mark.clone()),
            Effect::Route { service, agent, .. } => {
                if let Some(service) = service.as_ref().filter(|id| town.profile.service(id).is_some()) {
                    head.service.clone_from(service);
                }
                if let Some(agent) = agent.as_ref().and_then(|id| id.parse().ok()) {
                    head.assignee = Some(agent);
                }
            }
            _ => {}
        }
    }
}

/// Puts a head in a state.
pub(crate) fn enter(town: &Town, head: &mut Dossier, state: &parvis_contract::State, event: &Event) {
    let standing = lifecycle::standing(state);
    head.state.clone_from(&state.id);
    head.phase = standing.phase;
    head.waits_for = standing.waits_for;
    if standing.outcome.is_some() {
        head.outcome = standing.outcome;
        head.origin = Some(origin(event));
    }
    head.closed_at = standing.closed.then(|| head.closed_at.unwrap_or_else(|| town.now()));
}

const fn origin(event: &Event) -> Origin {
    match event {
        Event::Lapsed => Origin::Implicite,
        _ => Origin::Expresse,
    }
}

/// Takes out of the answers those that effects erase.
pub(super) fn forget(answers: &mut Answers, effects: &[Effect]) {
    for effect in effects {
        if let Effect::Redact(targets) = effect {
            for target in targets {
                answers.remove(target);
            }
        }
    }
}

/// Addresses of the agents who hold the functions to which effects write.
pub(super) async fn recipients(
    town: &Town,
    service: &str,
    effects: &[Effect],
) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let mut wanted = BTreeMap::new();
    for effect in effects {
        if let Effect::Notify { to, .. } = effect
            && to != "usager"
        {
            wanted.insert(to.clone(), Vec::new());
        }
    }
    if wanted.is_empty() {
        return Ok(wanted);
    }
    let holders = {
        let snapshot = town.db.read().await?;
        agents_in_town::list(&snapshot).await?
    };
    for (function, addresses) in &mut wanted {
        let ids: Vec<_> = holders
            .iter()
            .filter(|held| {
                let actor = parvis_domain::policy::Actor::Agent { id: held.agent, grants: held.grants.clone() };
                town.functions(&actor, service).contains(function)
            })
            .map(|held| held.agent)
            .collect();
        let found = agents::by_ids(town.parvis.store.platform(), &ids).await?;
        addresses.extend(found.into_iter().filter(|agent| agent.disabled_at.is_none()).map(|agent| agent.email));
    }
    Ok(wanted)
}

/// The next number of the démarche in the year.
pub(super) async fn dossier_number(town: &Town, unit: &UnitOfWork, definition: &Definition) -> Result<String, Failure> {
    let year = town.now().date(&town.profile.time_zone()).year();
    let prefix = &definition.number_prefix;
    let rank = acts::next_number(unit, &format!("dossier:{prefix}:{year}")).await?;
    Ok(written(prefix, year, u64::from(rank)))
}

/// Writes the rows of effects.
pub(super) async fn write(unit: &UnitOfWork, scene: &Scene<'_>, effects: &[Effect]) -> Result<(), Failure> {
    for (index, effect) in effects.iter().enumerate() {
        let idx = u32::try_from(index).unwrap_or(u32::MAX);
        one(unit, scene, idx, effect).await?;
    }
    Ok(())
}

async fn one(unit: &UnitOfWork, scene: &Scene<'_>, idx: u32, effect: &Effect) -> Result<(), Failure> {
    let (town, head) = (scene.town, scene.head);
    let now = town.now();
    match effect {
        Effect::Schedule { key, at } => {
            outbox::cancel_timer(unit, head.id, key, now).await?;
            let at = Instant::at(*at, &town.profile.time_zone());
            let order = TimerOrder { timer: key.clone() };
            enqueue(unit, scene, idx, Queue::Timer, Some(key.clone()), &order, at).await
        }
        Effect::Cancel(key) => {
            outbox::cancel_timer(unit, head.id, key, now).await?;
            Ok(())
        }
        Effect::Assign { key, function, title, due } => {
            let due = due.map(|local| Instant::at(local, &town.profile.time_zone()));
            put_task(unit, scene, key, function, title, due).await
        }
        Effect::AskPieces { items, reason, days } => ask(unit, scene, idx, items, reason, *days).await,
        Effect::Redact(targets) => redaction::redact(unit, head.id, targets, now).await,
        Effect::Notify { template, to, variables, attach, .. } => {
            let letter = notifications::notice(scene.subject(), template, variables, attach)?;
            if to == "usager" {
                return post(unit, scene, idx, letter.to(head.contact.email.as_deref())).await;
            }
            to_agents(unit, scene, idx, scene.recipients.get(to), &letter).await
        }
        Effect::Produce { key, template, audience, variables } => {
            produce(unit, scene, idx, key, template, *audience, variables).await
        }
        // Kept by the head or by the event itself.
        Effect::Enter(_) | Effect::Route { .. } | Effect::Mark(_) | Effect::Rule(_) | Effect::Note(_) => Ok(()),
    }
}

/// One row per reader: the place of the effect, then the rank of the reader.
async fn to_agents(
    unit: &UnitOfWork,
    scene: &Scene<'_>,
    idx: u32,
    addresses: Option<&Vec<String>>,
    letter: &Letter,
) -> Result<(), Failure> {
    let rows = 2_000 + idx * 100..;
    for (row, address) in rows.zip(addresses.into_iter().flatten().take(100)) {
        let letter = Letter { kind: LetterKind::ToAgent, ..letter.clone() };
        post(unit, scene, row, letter.to(Some(address))).await?;
    }
    Ok(())
}

async fn ask(
    unit: &UnitOfWork,
    scene: &Scene<'_>,
    idx: u32,
    items: &[WantedPiece],
    reason: &str,
    days: u16,
) -> Result<(), Failure> {
    let (town, parvis, now) = (scene.town, &scene.town.parvis, scene.town.now());
    let request = PieceRequest {
        id: PieceRequestId::new(&*parvis.clock, &*parvis.entropy),
        dossier: scene.head.id,
        asked_at: now,
        due_at: terms::end_of_delay(town, now, days),
        items: items.to_vec(),
        reason: reason.to_owned(),
        essential: items.iter().any(|item| item.essential),
        answered_at: None,
        reminded_at: None,
    };
    piece_requests::insert(unit, &request).await?;
    post(unit, scene, idx, notifications::piece_request(scene.subject(), &request)).await
}

async fn produce(
    unit: &UnitOfWork,
    scene: &Scene<'_>,
    idx: u32,
    key: &str,
    template: &str,
    audience: Audience,
    variables: &serde_json::Value,
) -> Result<(), Failure> {
    let now = scene.town.now();
    let taken = scene.taken.get(key);
    let title = scene.definition.documents.iter().find(|declared| declared.id == template);
    let title = title.map_or_else(|| template.to_owned(), |declared| declared.title.clone());
    let mut variables = variables.clone();
    if let Some(map) = variables.as_object_mut() {
        map.insert("collectivite".to_owned(), notifications::facts_of_town(scene.town));
    }
    if let (Some(act), Some(signatory)) = (taken, scene.signatory) {
        let act = Act {
            series: act.series.clone(),
            year: act.year,
            number: act.number,
            dossier: scene.head.id,
            piece: None,
            signed_at: now,
            signatory: signatory.agent,
            title: title.clone(),
            text: variables.to_string(),
        };
        acts::insert(unit, &act).await?;
    }
    let number = taken.map(|act| act_number(act.year, act.number));
    let order = DocumentOrder {
        key: key.to_owned(),
        template: template.to_owned(),
        title: number.map_or_else(|| title.clone(), |number| format!("{title} {number}")),
        audience,
        variables,
        act: taken.map(|act| ActNumber { series: act.series.clone(), year: act.year, number: act.number }),
    };
    enqueue(unit, scene, idx, Queue::Document, Some(key.to_owned()), &order, now).await
}

/// Puts a letter in the outbox. Without an address, a task says to tell the usager otherwise; nothing leaves a trial
/// dossier.
pub(super) async fn post(unit: &UnitOfWork, scene: &Scene<'_>, idx: u32, letter: Letter) -> Result<(), Failure> {
    if scene.head.kind == DossierKind::Trial {
        return Ok(());
    }
    if letter.mail.to.is_empty() {
        let title = format!("Prévenir l’usager par téléphone ou par courrier : {}", letter.mail.subject);
        let key = format!("{BY_HAND}:{}:{idx}", scene.seq);
        return by_hand(unit, scene, &key, &title).await;
    }
    enqueue(unit, scene, idx, Queue::Mail, None, &letter, scene.town.now()).await
}

pub(super) async fn by_hand(unit: &UnitOfWork, scene: &Scene<'_>, key: &str, title: &str) -> Result<(), Failure> {
    let Some(function) = scene.definition.functions.first() else { return Ok(()) };
    put_task(unit, scene, key, &function.id, title, None).await
}

async fn put_task(
    unit: &UnitOfWork,
    scene: &Scene<'_>,
    key: &str,
    function: &str,
    title: &str,
    due: Option<Instant>,
) -> Result<(), Failure> {
    let parvis = &scene.town.parvis;
    let task = Task {
        id: TaskId::new(&*parvis.clock, &*parvis.entropy),
        dossier: scene.head.id,
        key: key.to_owned(),
        function: function.to_owned(),
        title: title.to_owned(),
        due,
        assignee: None,
        created_at: scene.town.now(),
        done_at: None,
        opinion: None,
    };
    Ok(tasks::put(unit, &task).await?)
}

async fn enqueue(
    unit: &UnitOfWork,
    scene: &Scene<'_>,
    idx: u32,
    queue: Queue,
    key: Option<String>,
    order: &impl serde::Serialize,
    at: Instant,
) -> Result<(), Failure> {
    let parvis = &scene.town.parvis;
    let effect = NewEffect {
        id: OutboxId::new(&*parvis.clock, &*parvis.entropy),
        dossier: Some(scene.head.id),
        seq: scene.seq,
        idx,
        queue,
        key,
        payload: serde_json::to_value(order).expect("an order holds no map with keys other than text"),
        at,
        created_at: scene.town.now(),
    };
    outbox::enqueue(unit, &effect).await?;
    Ok(())
}

impl<'a> Scene<'a> {
    /// What a letter is about.
    pub(super) const fn subject(&self) -> notifications::About<'a> {
        notifications::About { town: self.town, definition: self.definition, head: self.head }
    }
}

/// The documents of a dossier that are being made: keys of the orders that wait.
pub(crate) async fn being_made(reads: &impl Reads, head: &Dossier) -> Result<Vec<String>, Failure> {
    let orders = outbox::of_dossier(reads, head.id).await?;
    let waits = |order: &outbox::Effect| {
        order.queue == Queue::Document
            && matches!(order.state, outbox::EffectState::Waiting | outbox::EffectState::Dead)
    };
    Ok(orders.into_iter().filter(waits).filter_map(|order| order.key).collect())
}
