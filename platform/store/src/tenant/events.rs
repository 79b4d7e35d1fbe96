//! The history of a dossier: append-only, one hash chain per dossier. Payloads stand apart, so that erasing one leaves the
//! chain verifiable.

use parvis_domain::{
    chain::{self, Link},
    digest::Sha256,
    ids::DossierId,
    rules::ActorKind,
    time::Instant,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Reads, Result, UnitOfWork,
    codec::{digest, from_word, insert, instant, unsigned, word},
    entity::request::{dossier_event, event_payload},
    unit::sealed::Connected,
};

const TABLE: &str = "dossier_event";

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventActor {
    /// Kind of actor.
    pub kind: ActorKind,
    /// Stable id, opaque.
    pub id: String,
    /// Function under which an agent acted; empty otherwise.
    pub function: String,
}

/// An event to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// Dossier.
    pub dossier: DossierId,
    /// When.
    pub at: Instant,
    /// What ("filed", "action:refuser").
    pub kind: String,
    /// Who.
    pub actor: EventActor,
    /// Component that decided.
    pub component: Sha256,
    /// Settings in force.
    pub settings: Sha256,
    /// Random bytes that keep the digest of a short payload from being guessed once it is erased.
    pub salt: [u8; 16],
    /// Everything else, as exact bytes.
    pub payload: Vec<u8>,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Number of the event in its dossier, from 1.
    pub seq: u32,
    /// Hash of the event, the new head of the chain.
    pub hash: Sha256,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Dossier.
    pub dossier: DossierId,
    /// Number in its dossier, from 1.
    pub seq: u32,
    /// When.
    pub at: Instant,
    /// What.
    pub kind: String,
    /// Who.
    pub actor: EventActor,
    /// Component that decided.
    pub component: Sha256,
    /// Settings in force.
    pub settings: Sha256,
    /// Digest of salt and payload.
    pub payload_digest: Sha256,
    /// Hash of the event before.
    pub previous: Sha256,
    /// Hash of this event.
    pub hash: Sha256,
    /// Payload; `None` once erased.
    pub payload: Option<Vec<u8>>,
}

/// Writes an event at the end of its dossier's chain.
pub async fn append(unit: &UnitOfWork, event: &NewEvent) -> Result<Appended> {
    let last = dossier_event::Entity::find()
        .select_only()
        .column(dossier_event::Column::Seq)
        .column(dossier_event::Column::Hash)
        .filter(dossier_event::Column::Dossier.eq(event.dossier.uuid()))
        .order_by_desc(dossier_event::Column::Seq)
        .limit(1)
        .into_tuple::<(i64, String)>()
        .one(unit.connection())
        .await?;
    let (seq, previous) = match last {
        Some((seq, hash)) => (unsigned(TABLE, seq)?.saturating_add(1), digest(TABLE, &hash)?),
        None => (1, chain::genesis(event.dossier)),
    };
    let payload_digest = chain::payload_digest(&event.salt, &event.payload);
    let hash = Link {
        dossier: event.dossier,
        seq,
        at: event.at,
        kind: &event.kind,
        actor_kind: &word(&event.actor.kind),
        actor_id: &event.actor.id,
        actor_function: &event.actor.function,
        component: event.component,
        settings: event.settings,
        payload_digest,
        previous,
    }
    .hash();
    let row = dossier_event::Model {
        dossier: event.dossier.uuid(),
        seq: seq.into(),
        at: event.at.micros(),
        kind: event.kind.clone(),
        actor_kind: word(&event.actor.kind),
        actor_id: event.actor.id.clone(),
        actor_function: event.actor.function.clone(),
        component: event.component.to_string(),
        settings: event.settings.to_string(),
        payload_digest: payload_digest.to_string(),
        previous: previous.to_string(),
        hash: hash.to_string(),
    };
    insert(unit.connection(), row).await?;
    let payload = event_payload::Model {
        dossier: event.dossier.uuid(),
        seq: seq.into(),
        salt: event.salt.to_vec(),
        payload: event.payload.clone(),
    };
    insert(unit.connection(), payload).await?;
    Ok(Appended { seq, hash })
}

/// The history of a dossier, oldest first, with the payloads that were not erased.
pub async fn history(reads: &impl Reads, dossier: DossierId) -> Result<Vec<Event>> {
    let events = dossier_event::Entity::find()
        .filter(dossier_event::Column::Dossier.eq(dossier.uuid()))
        .order_by_asc(dossier_event::Column::Seq)
        .all(reads.connection())
        .await?;
    let payloads = event_payload::Entity::find()
        .filter(event_payload::Column::Dossier.eq(dossier.uuid()))
        .order_by_asc(event_payload::Column::Seq)
        .all(reads.connection())
        .await?;
    let mut payloads = payloads.into_iter().peekable();
    let with_payload = |row: dossier_event::Model| {
        let payload = payloads.next_if(|payload| payload.seq == row.seq).map(|payload| payload.payload);
        read(row, payload)
    };
    events.into_iter().map(with_payload).collect()
}

/// Who wrote each event of a dossier, by its number, oldest first; without payloads.
pub async fn actors(reads: &impl Reads, dossier: DossierId) -> Result<Vec<(u32, EventActor)>> {
    let rows = dossier_event::Entity::find()
        .select_only()
        .column(dossier_event::Column::Seq)
        .column(dossier_event::Column::ActorKind)
        .column(dossier_event::Column::ActorId)
        .column(dossier_event::Column::ActorFunction)
        .filter(dossier_event::Column::Dossier.eq(dossier.uuid()))
        .order_by_asc(dossier_event::Column::Seq)
        .into_tuple::<(i64, String, String, String)>()
        .all(reads.connection())
        .await?;
    rows.into_iter()
        .map(|(seq, kind, id, function)| {
            Ok((unsigned(TABLE, seq)?, EventActor { kind: from_word(TABLE, kind)?, id, function }))
        })
        .collect()
}

/// Erases the payload of an event; its place in the chain stays.
pub async fn erase_payload(unit: &UnitOfWork, dossier: DossierId, seq: u32) -> Result<()> {
    event_payload::Entity::delete_by_id((dossier.uuid(), i64::from(seq))).exec(unit.connection()).await?;
    Ok(())
}

/// The last hash of every chain, by dossier: the leaves of a checkpoint.
pub async fn heads(reads: &impl Reads) -> Result<Vec<(DossierId, Sha256)>> {
    use crate::entity::request::dossier;
    let rows = dossier::Entity::find()
        .select_only()
        .column(dossier::Column::Id)
        .column(dossier::Column::Head)
        .order_by_asc(dossier::Column::Id)
        .into_tuple::<(uuid::Uuid, String)>()
        .all(reads.connection())
        .await?;
    rows.into_iter().map(|(id, head)| Ok((DossierId::from_uuid(id), digest("dossier", &head)?))).collect()
}

pub(super) fn read(row: dossier_event::Model, payload: Option<Vec<u8>>) -> Result<Event> {
    Ok(Event {
        dossier: DossierId::from_uuid(row.dossier),
        seq: unsigned(TABLE, row.seq)?,
        at: instant(row.at),
        kind: row.kind,
        actor: EventActor { kind: from_word(TABLE, row.actor_kind)?, id: row.actor_id, function: row.actor_function },
        component: digest(TABLE, &row.component)?,
        settings: digest(TABLE, &row.settings)?,
        payload_digest: digest(TABLE, &row.payload_digest)?,
        previous: digest(TABLE, &row.previous)?,
        hash: digest(TABLE, &row.hash)?,
        payload,
    })
}
