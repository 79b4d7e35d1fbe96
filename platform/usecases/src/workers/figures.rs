//! The figures of towns, pushed to the platform: numbers, never a name; all that a console reads. A town is counted after
//! the passes that worked there, not at each of them, and written only when a number changed.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use parvis_domain::ids::TenantId;
use parvis_store::{StoreError, doctor, figures as stored};

use super::WorkError;
use crate::parvis::{Parvis, Town};

/// What the workers of this process know of figures.
#[derive(Debug, Default)]
pub struct Figures(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    touched: BTreeSet<TenantId>,
    pushed: HashMap<TenantId, BTreeMap<String, i64>>,
}

impl Figures {
    /// Something happened in a town: it is to be counted again.
    pub(super) fn touch(&self, town: TenantId) {
        self.known(|known| known.touched.insert(town));
    }

    fn take_touched(&self) -> BTreeSet<TenantId> {
        self.known(|known| std::mem::take(&mut known.touched))
    }

    fn were_pushed(&self, town: TenantId, figures: &BTreeMap<String, i64>) -> bool {
        self.known(|known| known.pushed.get(&town) == Some(figures))
    }

    fn remember(&self, town: TenantId, figures: BTreeMap<String, i64>) {
        self.known(|known| known.pushed.insert(town, figures));
    }

    fn known<T>(&self, read: impl FnOnce(&mut Known) -> T) -> T {
        read(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Counts the towns where something happened, and tells the platform what changed.
pub(super) async fn push_touched(parvis: &Arc<Parvis>) -> Result<(), WorkError> {
    let mut outcome = Ok(());
    for tenant in parvis.figures.take_touched() {
        let pushed = push_changed(parvis, tenant).await;
        if pushed.is_err() {
            parvis.figures.touch(tenant);
            outcome = pushed;
        }
    }
    outcome
}

async fn push_changed(parvis: &Arc<Parvis>, tenant: TenantId) -> Result<(), WorkError> {
    let town = parvis.town_by_id(tenant).await?;
    let figures = counted(&town).await?;
    if !parvis.figures.were_pushed(tenant, &figures) {
        write(&town, figures).await?;
    }
    Ok(())
}

/// Counts a town and tells the platform, changed or not: at start and once a day, so that a figure is never older.
pub(super) async fn push(town: &Town) -> Result<(), StoreError> {
    let figures = counted(town).await?;
    write(town, figures).await
}

async fn write(town: &Town, figures: BTreeMap<String, i64>) -> Result<(), StoreError> {
    stored::push(town.parvis.store.platform(), town.id, &figures, town.now()).await?;
    town.parvis.figures.remember(town.id, figures);
    Ok(())
}

async fn counted(town: &Town) -> Result<BTreeMap<String, i64>, StoreError> {
    let counts = {
        let snapshot = town.db.read().await?;
        doctor::counts(&snapshot, town.now()).await?
    };
    let figure = |name: &str, value: u64| (name.to_owned(), i64::try_from(value).unwrap_or(i64::MAX));
    Ok([
        figure("dossiers", counts.dossiers),
        figure("open_dossiers", counts.open_dossiers),
        figure("drafts", counts.drafts),
        figure("pieces", counts.pieces),
        figure("usagers", counts.usagers),
        figure("waiting", counts.waiting),
        figure("dead", counts.dead),
    ]
    .into_iter()
    .collect())
}
