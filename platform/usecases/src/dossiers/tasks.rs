//! Internal tasks: what a function of the town is asked, and its opinion.

use parvis_domain::{
    ids::{DossierId, TaskId},
    policy::{Actor, Permission},
    rules::{Event, Reply},
};
use parvis_store::{
    dossiers,
    tasks::{self, Task},
};
use serde_json::json;

use super::{
    function,
    load::{self, Loaded},
    view::{TaskAsk, TaskDone, TaskLine},
};
use crate::{
    calling,
    decision::{self, Along, BY_HAND, Fresh, Step, record::Happened},
    failure::Failure,
    parvis::Town,
};

/// An opinion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opinion {
    /// Favourable.
    Favourable,
    /// Favourable under conditions.
    WithReservations,
    /// Unfavourable.
    Unfavourable,
}

impl Opinion {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Favourable, Self::WithReservations, Self::Unfavourable];

    /// Name in forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Favourable => "favorable",
            Self::WithReservations => "reserve",
            Self::Unfavourable => "defavorable",
        }
    }

    /// Shown.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Favourable => "Avis favorable",
            Self::WithReservations => "Avis favorable sous réserve",
            Self::Unfavourable => "Avis défavorable",
        }
    }

    /// The opinion of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|opinion| opinion.name() == name)
    }
}

/// What the actor's functions still have to do, oldest first.
pub async fn tasks(town: &Town, actor: &Actor) -> Result<Vec<TaskLine>, Failure> {
    town.allow(actor, Permission::DossierAct, None)?;
    let functions: Vec<String> = town
        .profile
        .services
        .iter()
        .flat_map(|service| town.functions(actor, &service.id))
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    let snapshot = town.db.read().await?;
    let mut lines = Vec::new();
    for task in tasks::open_for(&snapshot, &functions).await? {
        let Some(head) = dossiers::by_id(&snapshot, task.dossier).await? else { continue };
        if !town.functions(actor, &head.service).contains(&task.function) {
            continue;
        }
        let loaded = load::within(town, &snapshot, task.dossier).await?;
        if !is_moot(&loaded, &task) {
            lines.push(line(town, actor, &loaded, &task, None));
        }
    }
    Ok(lines)
}

/// Gives an opinion, which ends its task; for a task that tells the usager something, says that it is done.
pub async fn give_opinion(
    town: &Town,
    actor: &Actor,
    dossier: DossierId,
    id: TaskId,
    verdict: &str,
    text: &str,
) -> Result<(), Failure> {
    let Actor::Agent { id: agent, .. } = actor else { return Err(Failure::NotFound) };
    let task = {
        let snapshot = town.db.read().await?;
        tasks::by_id(&snapshot, id).await?.filter(|task| task.dossier == dossier).ok_or(Failure::NotFound)?
    };
    let text = text.trim();
    if asks(&task) == TaskAsk::Telling {
        return told(town, actor, *agent, &task, text).await;
    }
    let opinion =
        Opinion::named(verdict).ok_or_else(|| Failure::Refused("Choisissez le sens de votre avis.".to_owned()))?;
    if text.is_empty() && opinion != Opinion::Favourable {
        return Err(Failure::Refused("Indiquez les raisons de votre avis.".to_owned()));
    }
    let content = content(opinion, text);
    decision::happen(town, task.dossier, |fresh: &Fresh| {
        let loaded = &fresh.loaded;
        may(town, actor, loaded, &task)?;
        let reply = Reply { key: task.key.clone(), succeeded: true, content: content.clone() };
        let mut step = Step::new(calling::rules_actor(actor, &task.function), Event::Opinion(reply));
        step.along.task = Some((task.id, *agent, content.clone()));
        Ok(step)
    })
    .await?;
    Ok(())
}

fn may(town: &Town, actor: &Actor, loaded: &Loaded, task: &Task) -> Result<(), Failure> {
    town.allow(actor, Permission::DossierAct, Some(&loaded.subject()))?;
    if !town.functions(actor, &loaded.head.service).contains(&task.function) {
        return Err(Failure::Forbidden);
    }
    if task.done_at.is_some() {
        return Err(Failure::Refused("Cette tâche est déjà faite.".to_owned()));
    }
    if is_moot(loaded, task) {
        return Err(Failure::Refused("La décision est prise : cet avis n’est plus attendu.".to_owned()));
    }
    Ok(())
}

fn asks(task: &Task) -> TaskAsk {
    if task.key.starts_with(BY_HAND) { TaskAsk::Telling } else { TaskAsk::Opinion }
}

/// An opinion serves a decision: once it is made, what was not said is no longer awaited.
fn is_moot(loaded: &Loaded, task: &Task) -> bool {
    task.done_at.is_none() && asks(task) == TaskAsk::Opinion && loaded.head.outcome.is_some()
}

async fn told(
    town: &Town,
    actor: &Actor,
    agent: parvis_domain::ids::AgentId,
    task: &Task,
    text: &str,
) -> Result<(), Failure> {
    for _ in 0..decision::ATTEMPTS {
        let loaded = load::read(town, task.dossier).await?;
        may(town, actor, &loaded, task)?;
        let body = if text.is_empty() { format!("{} : fait", task.title) } else { format!("{} : {text}", task.title) };
        let along = Along { task: Some((task.id, agent, json!({ "texte": text }))), ..Along::default() };
        let author = calling::rules_actor(actor, "");
        let head = loaded.head.clone();
        if decision::by_platform(town, &loaded, &author, Happened::Noted { body }, head, along).await?.is_some() {
            return Ok(());
        }
    }
    Err(Failure::Conflict)
}

fn content(opinion: Opinion, text: &str) -> serde_json::Value {
    let label = opinion.label();
    let words = if text.is_empty() { format!("{label}.") } else { format!("{label} : {text}") };
    json!({ "sens": opinion.name(), "texte": words })
}

/// A task, as pages show it.
pub(super) fn line(town: &Town, actor: &Actor, loaded: &Loaded, task: &Task, by: Option<String>) -> TaskLine {
    let said = |opinion: &serde_json::Value| {
        opinion.get("texte").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    TaskLine {
        id: task.id,
        dossier: task.dossier,
        number: loaded.head.number.clone(),
        function: task.function.clone(),
        function_label: function::label(loaded, &task.function).to_owned(),
        title: task.title.clone(),
        due: task.due,
        done: task.done_at.map(|at| TaskDone {
            at,
            by: by.unwrap_or_default(),
            opinion: task.opinion.as_ref().map(said).unwrap_or_default(),
        }),
        mine: town.functions(actor, &loaded.head.service).contains(&task.function),
        asks: asks(task),
        moot: is_moot(loaded, task),
    }
}
