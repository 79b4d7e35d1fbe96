//! Verifying every chain of a tenant, a few dossiers at a time.

use std::collections::{BTreeMap, HashMap};

use parvis_domain::{digest::Sha256, ids::DossierId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    event_hash::{self, Sealed},
    events,
};
use crate::{
    Reads, Result,
    codec::{digest, word},
    entity::request::{dossier, dossier_event, event_payload},
};

/// Dossiers read at a time.
const BATCH: u64 = 200;

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verification {
    /// Dossiers verified.
    pub dossiers: u64,
    /// Events verified.
    pub events: u64,
    /// Events whose payload was erased.
    pub erased: Vec<(DossierId, u32)>,
    /// What is broken.
    pub broken: Vec<Broken>,
}

/// A defect of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Dossier.
    pub dossier: DossierId,
    /// Event; 0 for the dossier itself.
    pub seq: u32,
    /// What is wrong.
    pub defect: Defect,
}

/// What can be wrong with a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// An event misses before this one.
    Gap,
    /// The event does not follow the one before it.
    Unlinked,
    /// The row was changed.
    Changed,
    /// The payload was changed.
    PayloadChanged,
    /// The head of the dossier is not the last event.
    Head,
}

/// Verifies every chain.
pub async fn verify_all(reads: &impl Reads) -> Result<Verification> {
    let mut found = Verification::default();
    let mut after = uuid::Uuid::nil();
    loop {
        let heads = dossier::Entity::find()
            .select_only()
            .column(dossier::Column::Id)
            .column(dossier::Column::Head)
            .filter(dossier::Column::Id.gt(after))
            .order_by_asc(dossier::Column::Id)
            .limit(BATCH)
            .into_tuple::<(uuid::Uuid, String)>()
            .all(reads.connection())
            .await?;
        let Some((last, _)) = heads.last() else { return Ok(found) };
        after = *last;
        verify_batch(reads, &heads, &mut found).await?;
    }
}

async fn verify_batch(reads: &impl Reads, heads: &[(uuid::Uuid, String)], found: &mut Verification) -> Result<()> {
    let ids: Vec<_> = heads.iter().map(|(id, _)| *id).collect();
    let rows = dossier_event::Entity::find()
        .filter(dossier_event::Column::Dossier.is_in(ids.iter().copied()))
        .order_by_asc(dossier_event::Column::Dossier)
        .order_by_asc(dossier_event::Column::Seq)
        .all(reads.connection())
        .await?;
    let payloads: HashMap<_, _> = event_payload::Entity::find()
        .filter(event_payload::Column::Dossier.is_in(ids))
        .all(reads.connection())
        .await?
        .into_iter()
        .map(|row| ((row.dossier, row.seq), event_hash::payload_digest(&row.salt, &row.payload)))
        .collect();
    let mut chains: BTreeMap<uuid::Uuid, Vec<dossier_event::Model>> = BTreeMap::new();
    for row in rows {
        chains.entry(row.dossier).or_default().push(row);
    }
    for (id, head) in heads {
        let dossier = DossierId::from_uuid(*id);
        let mut previous = event_hash::genesis(dossier);
        let mut expected = 1;
        for row in chains.remove(id).unwrap_or_default() {
            let payload = payloads.get(&(row.dossier, row.seq)).copied();
            let event = events::read(row, None)?;
            found.broken.extend(defect(&event, expected, previous, payload).map(|defect| Broken {
                dossier,
                seq: event.seq,
                defect,
            }));
            if payload.is_none() {
                found.erased.push((dossier, event.seq));
            }
            found.events += 1;
            previous = event.hash;
            expected = event.seq.saturating_add(1);
        }
        if digest("dossier", head)? != previous {
            found.broken.push(Broken { dossier, seq: 0, defect: Defect::Head });
        }
        found.dossiers += 1;
    }
    Ok(())
}

fn defect(event: &events::Event, expected: u32, previous: Sha256, payload: Option<Sha256>) -> Option<Defect> {
    if event.seq != expected {
        return Some(Defect::Gap);
    }
    if event.previous != previous {
        return Some(Defect::Unlinked);
    }
    let sealed = Sealed {
        dossier: event.dossier,
        seq: event.seq,
        at: event.at,
        kind: &event.kind,
        actor_kind: &word(&event.actor.kind),
        actor_id: &event.actor.id,
        actor_function: &event.actor.function,
        component: event.component,
        settings: event.settings,
        payload_digest: event.payload_digest,
        previous: event.previous,
    };
    if sealed.hash() != event.hash {
        return Some(Defect::Changed);
    }
    payload.filter(|digest| *digest != event.payload_digest).map(|_| Defect::PayloadChanged)
}
