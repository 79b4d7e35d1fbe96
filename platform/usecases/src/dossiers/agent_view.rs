//! A dossier on one screen, for an agent.

use std::time::Duration;

use parvis_contract::{Phase, Silence};
use parvis_domain::{
    ids::DossierId,
    policy::{Actor, Permission},
    rules::{Effect, Event},
    time::Instant,
};
use parvis_store::{
    events, messages, outbox,
    piece_requests::{self, PieceRequest},
    pieces, tasks,
};

use super::{
    act, contact, function,
    lines::{self, Reader},
    load::{self, Loaded},
    stuck,
    view::{AgentDossier, AgentName, DeadlineView, May, NoteLine, PieceSource, Urgency},
    wanted::Wanted,
};
use crate::{
    decision::record::{Happened, Record},
    failure::Failure,
    parvis::Town,
    pieces::upload,
};

/// How near a deadline is shown as near.
pub(super) const NEAR: Duration = Duration::from_hours(7 * 24);

/// The dossier; the reading is traced.
pub async fn agent_view(town: &Town, actor: &Actor, id: DossierId) -> Result<AgentDossier, Failure> {
    if !matches!(actor, Actor::Agent { .. }) {
        return Err(Failure::NotFound);
    }
    let loaded = load::allowed(town, actor, id, Permission::DossierRead).await?;
    town.log_access(actor, Permission::DossierRead, Some(id)).await?;
    let (history, letters, documents, requests, asked, effects) = {
        let snapshot = town.db.read().await?;
        (
            function::history(&snapshot, &loaded).await?,
            messages::of_dossier(&snapshot, id).await?,
            pieces::of_dossier(&snapshot, id).await?,
            piece_requests::of_dossier(&snapshot, id).await?,
            tasks::of_dossier(&snapshot, id).await?,
            outbox::of_dossier(&snapshot, id).await?,
        )
    };
    let mut ids = lines::agents_in(&history);
    ids.extend(loaded.head.assignee);
    ids.extend(super::messages::authors(&letters));
    ids.extend(asked.iter().filter_map(|task| task.assignee));
    let names = function::names(town, &ids).await?;
    if letters.iter().any(|message| message.read_at.is_none() && message.author == messages::Author::Usager) {
        let unit = town.db.write().await?;
        messages::read_by_agents(&unit, id, town.now()).await?;
        unit.commit().await?;
    }
    let conceals = conceals(town, actor, &loaded);
    let subject = loaded.subject();
    let may = |permission| town.allow(actor, permission, Some(&subject)).is_ok();
    let colleagues = if may(Permission::DossierAssign) {
        function::colleagues(town, &[&loaded.head.service]).await?
    } else {
        Vec::new()
    };
    let mut lines_of_pieces: Vec<_> = documents
        .iter()
        .filter(|piece| !(conceals && piece.field.as_ref().is_some_and(|at| loaded.is_sensitive(&at.field))))
        .map(upload::line)
        .collect();
    lines_of_pieces.sort_by_key(|piece| (piece.source == PieceSource::Produced, piece.at));
    let task = |task: &tasks::Task| {
        let by = task.assignee.and_then(|id| names.get(&id).cloned());
        super::tasks::line(town, actor, &loaded, task, by)
    };
    Ok(AgentDossier {
        id,
        number: loaded.head.number.clone(),
        revision: loaded.head.revision,
        demarche: loaded.head.demarche.clone(),
        title: loaded.definition.title.clone(),
        summary: loaded.head.summary.clone(),
        state: lines::state(&loaded.definition, &loaded.head, Reader::Agent),
        kind: loaded.head.kind,
        channel: loaded.head.channel,
        filed_at: loaded.head.filed_at,
        service: loaded.head.service.clone(),
        assignee: loaded.head.assignee.map(|id| AgentName { id, name: names.get(&id).cloned().unwrap_or_default() }),
        colleagues,
        contact: loaded.head.contact.clone(),
        deadlines: deadlines(town, &loaded, &requests),
        marks: loaded.head.marks.clone(),
        term: lines::term(town, &loaded, &requests),
        answers: lines::answers(&loaded, &history, conceals),
        pieces: lines_of_pieces,
        messages: super::messages::lines(town, &loaded, &letters, &names, Reader::Agent),
        notes: notes(&history, &names, town),
        tasks: asked.iter().map(task).collect(),
        request: lines::request(&loaded, &requests).filter(|_| loaded.head.phase != Phase::Termine),
        actions: act::offered(town, actor, &loaded, &function::past(history.iter().map(|event| &event.actor))).await?,
        stuck: stuck::lines(&effects),
        may: May {
            message: may(Permission::DossierMessage),
            note: may(Permission::DossierNote),
            assign: may(Permission::DossierAssign),
            correct: may(Permission::DossierCorrect) && loaded.head.phase != Phase::Termine,
            replay: may(Permission::OutboxManage) || town.allow(actor, Permission::OutboxManage, None).is_ok(),
        },
        history: lines::history(town, &loaded, &history, &names, Reader::Agent),
    })
}

fn conceals(town: &Town, actor: &Actor, loaded: &Loaded) -> bool {
    town.allow(actor, Permission::DossierReadSensitive, Some(&loaded.subject())).is_err()
}

/// Deadlines, nearest first.
pub(super) fn deadlines(town: &Town, loaded: &Loaded, requests: &[PieceRequest]) -> Vec<DeadlineView> {
    let mut found = of_head(town, loaded);
    if let Some(wanted) = Wanted::of(requests) {
        found.push(deadline(town, wanted.until, "Réponse de l’usager"));
    }
    found.sort_by_key(|deadline| deadline.at);
    found
}

/// The deadlines that the head holds.
pub(super) fn of_head(town: &Town, loaded: &Loaded) -> Vec<DeadlineView> {
    if loaded.head.phase == Phase::Termine {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Some(at) = loaded.head.deadline_at {
        let label = contact::deadline_field(&loaded.definition);
        found.push(deadline(town, at, label.map_or("Échéance", |field| field.label.as_str())));
    }
    if let Some(at) = loaded.head.term_at {
        let label = match loaded.definition.legal.silence {
            Silence::Acceptation => "Acceptation implicite",
            Silence::Rejet | Silence::SansEffet => "Rejet implicite",
        };
        // The delay has run at the first instant of the day after its last one.
        found.push(deadline(town, at.minus(Duration::from_micros(1)), label));
    }
    found.sort_by_key(|deadline| deadline.at);
    found
}

fn deadline(town: &Town, at: Instant, label: &str) -> DeadlineView {
    let now = town.now();
    let urgency = if at < now {
        Urgency::Late
    } else if at < now.plus(NEAR) {
        Urgency::Near
    } else {
        Urgency::Far
    };
    DeadlineView { at, label: label.to_owned(), urgency }
}

/// Notes of agents and of the démarche, most recent first.
fn notes(
    history: &[events::Event],
    names: &std::collections::BTreeMap<parvis_domain::ids::AgentId, String>,
    town: &Town,
) -> Vec<NoteLine> {
    let mut notes = Vec::new();
    for event in history.iter().rev() {
        let Some(record) = Record::read(event.payload.as_deref()) else { continue };
        let author = event.actor.id.parse().ok().and_then(|id| names.get(&id).cloned());
        let author = author.unwrap_or_else(|| town.profile.short_name().to_owned());
        let line = |body: &str| NoteLine { at: event.at, author: author.clone(), body: body.to_owned() };
        if let Happened::Noted { body } = &record.happened {
            notes.push(line(body));
        }
        if matches!(record.happened, Happened::Rules(Event::Withdrawn)) {
            continue;
        }
        for effect in record.decided.iter().flat_map(|decided| &decided.effects) {
            if let Effect::Note(body) = effect {
                notes.push(line(body));
            }
        }
    }
    notes
}
