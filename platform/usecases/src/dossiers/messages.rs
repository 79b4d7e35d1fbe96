//! Messages between the usager and the service, both ways. A mail says that one waits, never what it says.

use std::collections::BTreeMap;

use parvis_domain::{
    ids::{AgentId, DossierId, MessageId},
    policy::{Actor, Permission},
    rules::Event,
};
use parvis_store::messages::{Author, Message};

use super::{
    follow, function,
    lines::Reader,
    load::{self, Loaded},
    view::{MessageLine, Side},
};
use crate::{
    calling,
    decision::{self, Along, Fresh, Step, record::Happened},
    failure::Failure,
    notifications::{self, About},
    parvis::Town,
};

/// Longest message, in characters.
pub const LONGEST: usize = 5_000;

/// Writes to the other side.
pub async fn write(town: &Town, actor: &Actor, id: DossierId, body: &str) -> Result<(), Failure> {
    let body = body.trim();
    if body.is_empty() {
        return Err(Failure::Refused("Écrivez votre message.".to_owned()));
    }
    if body.chars().count() > LONGEST {
        return Err(Failure::Refused(format!("Raccourcissez votre message : {LONGEST} caractères au plus.")));
    }
    match actor {
        Actor::Agent { id: agent, .. } => from_town(town, actor, *agent, id, body).await,
        _ => from_usager(town, actor, id, body).await,
    }
}

async fn from_usager(town: &Town, actor: &Actor, id: DossierId, body: &str) -> Result<(), Failure> {
    decision::happen(town, id, |fresh: &Fresh| {
        let loaded = &fresh.loaded;
        town.allow(actor, Permission::DossierMessage, Some(&loaded.subject()))?;
        let mut step = Step::new(calling::rules_actor(actor, ""), Event::Message);
        step.along.message = Some(message(town, id, Author::Usager, body));
        Ok(step)
    })
    .await?;
    Ok(())
}

async fn from_town(town: &Town, actor: &Actor, agent: AgentId, id: DossierId, body: &str) -> Result<(), Failure> {
    for _ in 0..decision::ATTEMPTS {
        let loaded = load::allowed(town, actor, id, Permission::DossierMessage).await?;
        let written = message(town, id, Author::Agent(agent), body);
        let about = About { town, definition: &loaded.definition, head: &loaded.head };
        let along = Along {
            letters: vec![notifications::message_received(about)],
            message: Some(written.clone()),
            ..Along::default()
        };
        let author = calling::rules_actor(actor, &function::any(town, actor, &loaded));
        // Writing is no act of instruction: it keeps nobody from signing.
        let author = parvis_domain::rules::RulesActor { function: String::new(), ..author };
        let happened = Happened::Wrote { message: written.id };
        let head = loaded.head.clone();
        if decision::by_platform(town, &loaded, &author, happened, head, along).await?.is_some() {
            return Ok(());
        }
    }
    Err(Failure::Conflict)
}

fn message(town: &Town, dossier: DossierId, author: Author, body: &str) -> Message {
    let parvis = &town.parvis;
    Message {
        id: MessageId::new(&*parvis.clock, &*parvis.entropy),
        dossier,
        at: town.now(),
        author,
        body: body.to_owned(),
        read_at: None,
    }
}

/// Agents who wrote.
pub(super) fn authors(messages: &[Message]) -> Vec<AgentId> {
    let agent = |message: &Message| match message.author {
        Author::Agent(id) => Some(id),
        Author::Usager | Author::System => None,
    };
    messages.iter().filter_map(agent).collect()
}

/// Messages, as pages show them.
pub(super) fn lines(
    town: &Town,
    loaded: &Loaded,
    messages: &[Message],
    names: &BTreeMap<AgentId, String>,
    reader: Reader,
) -> Vec<MessageLine> {
    let service = notifications::service_in_charge(town, &loaded.head.service).name;
    let line = |message: &Message| {
        let side = follow::side(message.author);
        let author = match (message.author, side, reader) {
            (_, Side::Usager, Reader::Usager) => "Vous".to_owned(),
            (_, Side::Usager, Reader::Agent) => loaded.head.contact.name.clone(),
            (Author::Agent(id), ..) => match names.get(&id) {
                Some(name) => format!("{name}, {service}"),
                None => service.clone(),
            },
            _ => service.clone(),
        };
        MessageLine { id: message.id, side, author, at: message.at, body: message.body.clone() }
    };
    messages.iter().map(line).collect()
}
