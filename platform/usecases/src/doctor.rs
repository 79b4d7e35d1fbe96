//! `parvis doctor`: looks at everything that must hold and says what does not, town by town.
//!
//! It reads only: a defect is named, never mended behind anyone's back. Works beside a running process: an object that
//! was stored a moment ago may wait for its row, and is not called an orphan before an hour.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use parvis_domain::time::Instant;
use parvis_store::{
    StoreError,
    doctor::{self as counts, DueFault},
    due, outbox, pieces, tenants, verification,
};
use parvis_vault::VaultError;

use crate::{
    parvis::{Parvis, Town, TownError},
    workers::{REJECTED, WITHHELD},
};

/// Objects younger than this may wait for their row.
const YOUNG: Duration = Duration::from_hours(1);
/// What waits longer than this in the outbox is a sign.
const LATE: Duration = Duration::from_mins(15);
/// Object keys read at a time.
const BATCH: u32 = 1000;

/// Why nothing could be examined.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    /// The database.
    #[error("the database does not answer: {0}")]
    Store(#[from] StoreError),
    /// The documents.
    #[error("the vault does not answer: {0}")]
    Vault(#[from] VaultError),
    /// A town.
    #[error(transparent)]
    Town(#[from] TownError),
}

/// What was found in a town.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// Its short name.
    pub slug: String,
    /// What was looked at and is well, one sentence each.
    pub sound: Vec<String>,
    /// What is wrong, one sentence each, with what to do.
    pub wrong: Vec<String>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Town by town.
    pub towns: Vec<Examined>,
}

impl Report {
    /// Nothing is wrong.
    pub fn is_healthy(&self) -> bool {
        self.towns.iter().all(|town| town.wrong.is_empty())
    }

    /// The report as lines.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.towns.iter().flat_map(|town| {
            let sound = town.sound.iter().map(|line| format!("  ok     {line}"));
            let wrong = town.wrong.iter().map(|line| format!("  wrong  {line}"));
            std::iter::once(town.slug.clone()).chain(sound).chain(wrong).collect::<Vec<_>>()
        })
    }
}

/// Looks at every town.
pub async fn examine(parvis: &Arc<Parvis>) -> Result<Report, DoctorError> {
    let mut report = Report::default();
    let platform = parvis.store.platform();
    for tenant in tenants::list(platform).await? {
        let town = parvis.town_by_id(tenant.id).await?;
        report.towns.push(examine_town(&town).await?);
    }
    let unknown = due::of_nobody(platform).await?;
    if !unknown.is_empty() {
        let line = |tenant| format!("the index of due work names the tenant {tenant}, which does not exist");
        let wrong = unknown.into_iter().map(line).collect();
        report.towns.push(Examined { slug: "platform".to_owned(), sound: Vec::new(), wrong });
    }
    Ok(report)
}

/// Looks at one town.
pub async fn examine_town(town: &Town) -> Result<Examined, DoctorError> {
    let mut examined = Examined { slug: town.profile.slug.clone(), sound: Vec::new(), wrong: Vec::new() };
    file(town, &mut examined).await?;
    chains(town, &mut examined).await?;
    objects(town, &mut examined).await?;
    outgoing(town, &mut examined).await?;
    due_work(town, &mut examined).await?;
    Ok(examined)
}

impl Examined {
    fn note(&mut self, wrong: Vec<String>, sound: String) {
        if wrong.is_empty() {
            self.sound.push(sound);
        } else {
            self.wrong.extend(wrong);
        }
    }
}

/// What the engine finds wrong in its own file.
async fn file(town: &Town, examined: &mut Examined) -> Result<(), DoctorError> {
    let snapshot = town.db.read().await?;
    let found = counts::integrity(&snapshot).await?;
    let wrong = found.into_iter().map(|line| format!("the database is damaged, {line}; restore it from a backup"));
    examined.note(wrong.collect(), "the database is whole".to_owned());
    Ok(())
}

async fn chains(town: &Town, examined: &mut Examined) -> Result<(), DoctorError> {
    let snapshot = town.db.read().await?;
    let verified = verification::verify_all(&snapshot).await?;
    let incomplete = counts::incomplete_dossiers(&snapshot).await?;
    drop(snapshot);
    let broken = verified.broken.iter().map(|broken| {
        format!("dossier {}: the chain is broken, {}; restore it from a backup", broken.dossier, broken.fault)
    });
    let incomplete = incomplete.iter().map(|dossier| format!("dossier {dossier} has no event or no answer"));
    let erased = match verified.erased.len() {
        0 => String::new(),
        erased => format!(", {erased} payloads erased"),
    };
    let sound = format!("{} dossiers, {} events chained{erased}", verified.dossiers, verified.events);
    examined.note(broken.chain(incomplete).collect(), sound);
    // What went missing shows at each checkpoint since: the first one tells when it was still there.
    let unsealed = match verified.unsealed.as_slice() {
        [] => Vec::new(),
        [(day, fault)] => vec![format!("the checkpoint of {day} does not hold: {fault}")],
        [(day, fault), others @ ..] => {
            vec![format!("the checkpoint of {day} does not hold: {fault}; neither do {} later ones", others.len())]
        }
    };
    examined.note(unsealed, format!("{} daily checkpoints verified", verified.checkpoints));
    Ok(())
}

async fn objects(town: &Town, examined: &mut Examined) -> Result<(), DoctorError> {
    let listed = town.vault.list().await?;
    let kept: BTreeSet<&str> = listed.iter().map(|object| object.object_key.as_str()).collect();
    let snapshot = town.db.read().await?;
    let mut named = BTreeSet::new();
    let mut after = String::new();
    loop {
        let keys = pieces::object_keys(&snapshot, &after, BATCH).await?;
        let Some(last) = keys.last() else { break };
        after.clone_from(last);
        named.extend(keys);
    }
    drop(snapshot);
    let missing = named
        .iter()
        .filter(|key| !kept.contains(key.as_str()))
        .map(|key| format!("the document {key} is named and not in the vault; restore it from a backup"));
    let old_enough: Instant = town.now().minus(YOUNG);
    let orphans = listed
        .iter()
        .filter(|object| object.stored_at < old_enough && !named.contains(&object.object_key))
        .map(|object| format!("the document {} is in the vault and nothing names it", object.object_key));
    examined.note(missing.chain(orphans).collect(), format!("{} documents, none missing, none orphan", named.len()));
    Ok(())
}

fn line_of_held(held: &outbox::Held) -> String {
    let outbox::Held { queue, why, count, since } = held;
    let advice =
        if why.starts_with(REJECTED) { "; check the settings of the relay, they leave once it accepts" } else { "" };
    format!("{count} effects of the queue {queue:?} are held, the oldest since {since}: {why}{advice}")
}

async fn outgoing(town: &Town, examined: &mut Examined) -> Result<(), DoctorError> {
    let now = town.now();
    let snapshot = town.db.read().await?;
    let counted = counts::counts(&snapshot, now).await?;
    let held = outbox::held(&snapshot).await?;
    drop(snapshot);
    let mut wrong: Vec<String> = held.iter().filter(|held| held.why != WITHHELD).map(line_of_held).collect();
    if let Some(oldest) = counted.oldest_waiting.filter(|oldest| *oldest < now.minus(LATE)) {
        wrong.push(format!(
            "{} effects wait to leave, the oldest since {oldest}: is the process running?",
            counted.waiting
        ));
    }
    if counted.dead > 0 {
        wrong.push(format!("{} effects failed for good: see « Envois en échec » in the back office", counted.dead));
    }
    examined.note(wrong, format!("outbox: {} effects wait, none failed", counted.waiting));
    Ok(())
}

async fn due_work(town: &Town, examined: &mut Examined) -> Result<(), DoctorError> {
    let faults = counts::due_faults(&town.parvis.store, &town.db, town.now(), LATE).await?;
    let wrong = faults.into_iter().map(|fault| match fault {
        DueFault::Missing { queue, waits } => format!(
            "the index of due work misses the queue {queue:?}, where an effect waits for {waits}: restart the process, \
             which writes the index again"
        ),
        DueFault::Stale { queue, since } => format!(
            "the index of due work calls for the queue {queue:?} since {since}, where nothing is due: is the process \
             running?"
        ),
    });
    examined.note(wrong.collect(), "the index of due work agrees with the outbox".to_owned());
    Ok(())
}
