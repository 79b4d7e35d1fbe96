//! Verifying every chain of a tenant, a few dossiers at a time, then the checkpoints that sealed them.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use parvis_domain::{
    chain::{self, ChainFault, Link, Row},
    checkpoint::{Checkpoint, CheckpointFault},
    digest::Sha256,
    ids::DossierId,
    time::Instant,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::checkpoints;
use crate::{
    Reads, Result, StoreError,
    codec::{digest, instant, unsigned},
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
    /// Checkpoints verified.
    pub checkpoints: u64,
    /// Checkpoints that do not hold, by day.
    pub unsealed: Vec<(Date, CheckpointFault)>,
}

/// The last hash of a dossier from an instant on.
type Step = (Instant, DossierId, Sha256);

/// A chain that does not hold, from the first fault on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// Dossier.
    pub dossier: DossierId,
    /// What is wrong.
    pub fault: ChainFault,
}

/// Verifies every chain, and every checkpoint against the chains.
pub async fn verify_all(reads: &impl Reads) -> Result<Verification> {
    let mut found = Verification::default();
    let mut steps = Vec::new();
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
        let Some((last, _)) = heads.last() else { break };
        after = *last;
        verify_batch(reads, &heads, &mut found, &mut steps).await?;
    }
    let all = checkpoints::list(reads).await?;
    found.checkpoints = u64::try_from(all.len()).unwrap_or(u64::MAX);
    found.unsealed = unsealed(&all, steps);
    Ok(found)
}

/// The checkpoints that do not hold: their own chain, and the heads of the dossiers as they went forward.
fn unsealed(all: &[Checkpoint], mut steps: Vec<Step>) -> Vec<(Date, CheckpointFault)> {
    // Stable: events of one dossier at one instant stay in their order.
    steps.sort_by_key(|(at, _, _)| *at);
    let mut steps = steps.into_iter().peekable();
    let mut heads: BTreeMap<DossierId, Sha256> = BTreeMap::new();
    let mut previous = None;
    let mut faults = Vec::new();
    for checkpoint in all {
        let mut advance = |heads: &mut BTreeMap<_, _>, until: &dyn Fn(Instant) -> bool| {
            while let Some((_, dossier, hash)) = steps.next_if(|(at, _, _)| until(*at)) {
                heads.insert(dossier, hash);
            }
        };
        advance(&mut heads, &|at| at < checkpoint.at);
        let sealed = |heads: &BTreeMap<_, _>| checkpoint.verify_heads(heads.iter().map(|(id, head)| (*id, *head)));
        let before = sealed(&heads);
        // An event of the very instant may stand on either side.
        advance(&mut heads, &|at| at == checkpoint.at);
        let verified = checkpoint.verify(previous).and_then(|()| before.or_else(|_| sealed(&heads)));
        faults.extend(verified.err().map(|fault| (checkpoint.day, fault)));
        previous = Some(checkpoint);
    }
    faults
}

async fn verify_batch(
    reads: &impl Reads,
    heads: &[(uuid::Uuid, String)],
    found: &mut Verification,
    steps: &mut Vec<Step>,
) -> Result<()> {
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
        .map(|row| {
            let salt = row.salt.as_slice().try_into().map_err(|_| StoreError::corrupt("event_payload", "salt"))?;
            Ok(((row.dossier, row.seq), chain::payload_digest(salt, &row.payload)))
        })
        .collect::<Result<_>>()?;
    let mut chains: BTreeMap<uuid::Uuid, Vec<dossier_event::Model>> = BTreeMap::new();
    for row in rows {
        chains.entry(row.dossier).or_default().push(row);
    }
    for (id, head) in heads {
        let dossier = DossierId::from_uuid(*id);
        let chain = chains.remove(id).unwrap_or_default();
        let events = chain.iter().map(|row| read(row, &payloads)).collect::<Result<Vec<_>>>()?;
        steps.extend(events.iter().map(|event| (event.link.at, dossier, event.hash)));
        found.dossiers += 1;
        match chain::verify(dossier, digest("dossier", head)?, events) {
            Ok(verified) => {
                found.events += u64::from(verified.events);
                found.erased.extend(verified.erased.into_iter().map(|seq| (dossier, seq)));
            }
            Err(fault) => found.broken.push(Broken { dossier, fault }),
        }
    }
    Ok(())
}

fn read<'a>(row: &'a dossier_event::Model, payloads: &HashMap<(uuid::Uuid, i64), Sha256>) -> Result<Row<'a>> {
    const TABLE: &str = "dossier_event";
    let link = Link {
        previous: digest(TABLE, &row.previous)?,
        dossier: DossierId::from_uuid(row.dossier),
        seq: unsigned(TABLE, row.seq)?,
        at: instant(row.at),
        kind: &row.kind,
        actor_kind: &row.actor_kind,
        actor_id: &row.actor_id,
        actor_function: &row.actor_function,
        component: digest(TABLE, &row.component)?,
        settings: digest(TABLE, &row.settings)?,
        payload_digest: digest(TABLE, &row.payload_digest)?,
    };
    Ok(Row { link, hash: digest(TABLE, &row.hash)?, payload: payloads.get(&(row.dossier, row.seq)).copied() })
}
