//! The inbox of an agent: the dossiers of her services, oldest first, a page at a time.

use std::collections::{BTreeMap, BTreeSet};

use parvis_contract::{Phase, Silence};
use parvis_domain::{
    dossier::Dossier,
    fold,
    ids::{AgentId, DossierId},
    policy::{Actor, Permission},
    time::Instant,
};
use parvis_store::{inbox as list, messages};

use super::{
    function,
    lines::{self, Reader},
    view::{AgentName, BatchAction, DeadlineView, FilterOption, Inbox, InboxLine, Urgency},
};
use crate::{failure::Failure, parvis::Town};

/// Lines of a page.
const PAGE: u32 = 25;

/// Whose dossiers are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AssigneeFilter {
    /// Anyone's.
    #[default]
    Any,
    /// Nobody's yet.
    Nobody,
    /// The actor's.
    Mine,
    /// A colleague's.
    Is(AgentId),
}

/// Which dossiers are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Openness {
    /// Those that are not ended.
    #[default]
    Open,
    /// Those that are.
    Closed,
    /// All.
    All,
}

/// What is asked of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InboxQuery {
    /// Words to find: number, name, address.
    pub text: String,
    /// Id of a state, as [`Inbox::states`] gives it.
    pub state: Option<String>,
    /// Id of a démarche.
    pub demarche: Option<String>,
    /// Whose.
    pub assignee: AssigneeFilter,
    /// Open or ended.
    pub openness: Openness,
    /// Where the page starts, as [`Inbox::next`] gives it.
    pub cursor: Option<String>,
}

/// A page of the inbox.
pub async fn inbox(town: &Town, actor: &Actor, query: &InboxQuery) -> Result<Inbox, Failure> {
    let Actor::Agent { id: me, .. } = actor else { return Err(Failure::NotFound) };
    town.allow(actor, Permission::DossierList, None)?;
    let scope = town.scope(actor, Permission::DossierList);
    let filter = filter(query, *me);
    let cursor = query.cursor.as_deref().and_then(read_cursor);
    let (page, counts, unread) = {
        let snapshot = town.db.read().await?;
        let page = list::page(&snapshot, &scope, &filter, cursor, PAGE).await?;
        let counts = list::counts(&snapshot, &scope).await?;
        let ids: Vec<DossierId> = page.dossiers.iter().map(|head| head.id).collect();
        let unread: BTreeSet<DossierId> = messages::unread_by_agents(&snapshot, &ids).await?.into_iter().collect();
        (page, counts, unread)
    };
    let assigned: Vec<AgentId> = page.dossiers.iter().filter_map(|head| head.assignee).collect();
    let names = function::names(town, &assigned).await?;
    let services: Vec<&str> = town
        .profile
        .services
        .iter()
        .map(|service| service.id.as_str())
        .filter(|id| scope.services.as_ref().is_none_or(|seen| seen.iter().any(|service| service == id)))
        .collect();
    let lines = page.dossiers.iter().map(|head| line(town, head, &names, &unread)).collect::<Result<Vec<_>, _>>()?;
    Ok(Inbox {
        lines,
        next: page.next.map(|cursor| format!("{}-{}", cursor.filed_at.micros(), cursor.id)),
        states: states(town, query, &counts),
        demarches: demarches(town, &counts),
        assignees: function::colleagues(town, &services).await?,
        open: open(town, &counts),
        batch: batch(town, actor, query, &services),
    })
}

fn filter(query: &InboxQuery, me: AgentId) -> list::InboxFilter {
    let phases = match query.openness {
        // A state that was chosen says by itself whether it is an end.
        _ if query.state.is_some() => Vec::new(),
        Openness::Open => vec![Phase::Depose, Phase::EnInstruction],
        Openness::Closed => vec![Phase::Termine],
        Openness::All => Vec::new(),
    };
    list::InboxFilter {
        states: query.state.clone().into_iter().collect(),
        phases,
        demarche: query.demarche.clone(),
        assignee: match query.assignee {
            AssigneeFilter::Any => list::Assignee::Any,
            AssigneeFilter::Nobody => list::Assignee::Nobody,
            AssigneeFilter::Mine => list::Assignee::Is(me),
            AssigneeFilter::Is(agent) => list::Assignee::Is(agent),
        },
        search: fold::fold(&query.text)
            .split(' ')
            .filter(|word| word.chars().nth(1).is_some())
            .map(str::to_owned)
            .collect(),
        ..list::InboxFilter::default()
    }
}

fn read_cursor(text: &str) -> Option<list::Cursor> {
    let (micros, id) = text.split_once('-')?;
    Some(list::Cursor { filed_at: Instant::from_micros(micros.parse().ok()?), id: id.parse().ok()? })
}

fn line(
    town: &Town,
    head: &Dossier,
    names: &BTreeMap<AgentId, String>,
    unread: &BTreeSet<DossierId>,
) -> Result<InboxLine, Failure> {
    let definition = town.parvis.rules.definition(head.component)?;
    Ok(InboxLine {
        id: head.id,
        number: head.number.clone(),
        title: definition.title.clone(),
        summary: head.summary.clone(),
        applicant: head.contact.name.clone(),
        state: lines::state(&definition, head, Reader::Agent),
        service: head.service.clone(),
        filed_at: head.filed_at,
        deadline: nearest(town, &definition, head),
        assignee: head.assignee.map(|id| AgentName { id, name: names.get(&id).cloned().unwrap_or_default() }),
        marks: head.marks.clone(),
        unread: unread.contains(&head.id),
        kind: head.kind,
        channel: head.channel,
    })
}

/// The nearest deadline of a head.
fn nearest(town: &Town, definition: &parvis_contract::Definition, head: &Dossier) -> Option<DeadlineView> {
    if head.phase == Phase::Termine {
        return None;
    }
    let working = head.deadline_at.map(|at| {
        let field = super::contact::deadline_field(definition);
        (at, field.map_or_else(|| "Échéance".to_owned(), |field| field.label.clone()))
    });
    let legal = head.term_at.map(|at| {
        let label = match definition.legal.silence {
            Silence::Acceptation => "Acceptation implicite",
            Silence::Rejet | Silence::SansEffet => "Rejet implicite",
        };
        (at.minus(std::time::Duration::from_micros(1)), label.to_owned())
    });
    let (at, label) = [working, legal].into_iter().flatten().min_by_key(|(at, _)| *at)?;
    let now = town.now();
    let urgency = if at < now {
        Urgency::Late
    } else if at < now.plus(super::agent_view::NEAR) {
        Urgency::Near
    } else {
        Urgency::Far
    };
    Some(DeadlineView { at, label, urgency })
}

type Counts = BTreeMap<(String, String), u64>;

/// States of the démarches in sight, with their counts.
fn states(town: &Town, query: &InboxQuery, counts: &Counts) -> Vec<FilterOption> {
    let mut options: Vec<FilterOption> = Vec::new();
    for offered in town.catalogue.iter() {
        if query.demarche.as_ref().is_some_and(|chosen| *chosen != offered.id) {
            continue;
        }
        for state in &offered.definition.states {
            let count = counts.get(&(offered.id.clone(), state.id.clone())).copied().unwrap_or(0);
            match options.iter_mut().find(|option| option.value == state.id) {
                Some(option) => option.count += count,
                None if count > 0 || query.state.as_deref() == Some(state.id.as_str()) => {
                    options.push(FilterOption { value: state.id.clone(), label: state.label.clone(), count });
                }
                None => {}
            }
        }
    }
    options
}

fn demarches(town: &Town, counts: &Counts) -> Vec<FilterOption> {
    let count = |id: &str| counts.iter().filter(|((demarche, _), _)| demarche == id).map(|(_, count)| count).sum();
    let option = |offered: &std::sync::Arc<crate::catalogue::Offered>| FilterOption {
        value: offered.id.clone(),
        label: offered.definition.title.clone(),
        count: count(&offered.id),
    };
    town.catalogue.iter().map(option).collect()
}

fn open(town: &Town, counts: &Counts) -> u64 {
    let is_open = |demarche: &str, state: &str| {
        let offered = town.catalogue.get(demarche);
        let declared = offered.and_then(|offered| parvis_domain::lifecycle::state(&offered.definition, state));
        declared.is_none_or(|state| state.phase != Phase::Termine)
    };
    counts.iter().filter(|((demarche, state), _)| is_open(demarche, state)).map(|(_, count)| count).sum()
}

/// Actions that the actor may do on several dossiers of the chosen state at once.
fn batch(town: &Town, actor: &Actor, query: &InboxQuery, services: &[&str]) -> Vec<BatchAction> {
    let Some(state) = &query.state else { return Vec::new() };
    let held: BTreeSet<String> = services.iter().flat_map(|service| town.functions(actor, service)).collect();
    let mut actions = Vec::new();
    for offered in town.catalogue.iter() {
        for action in &offered.definition.actions {
            let fits = action.batch && action.states.contains(state);
            if fits && action.functions.iter().any(|function| held.contains(function)) {
                actions.push(BatchAction {
                    demarche: offered.id.clone(),
                    action: action.id.clone(),
                    label: action.label.clone(),
                });
            }
        }
    }
    actions
}
