//! What the doctor finds wrong, and how it says so.

use std::time::Duration;

use parvis_domain::ids::{DossierId, OutboxId};
use parvis_store::{
    checkpoints::{self, Checkpoint},
    events,
    outbox::{self, NewEffect, Queue},
};
use parvis_usecases::{doctor, testing::TestTown, workers};

use crate::filing::{club, filed};

/// What is wrong with the only town.
async fn wrong(tested: &TestTown) -> Vec<String> {
    let report = doctor::examine(&tested.parvis).await.unwrap();
    assert_eq!(report.towns.len(), 1);
    assert_eq!(report.is_healthy(), report.towns[0].wrong.is_empty());
    report.towns[0].wrong.clone()
}

#[tokio::test]
async fn a_checkpoint_that_seals_other_dossiers_is_said() {
    let tested = club().await;
    let town = &tested.town;
    let dossier = filed(town, "noah@example.org").await.dossier;
    tested.clock.advance(Duration::from_secs(1));
    let unit = town.db.write().await.unwrap();
    let mut heads = events::heads(&unit).await.unwrap();
    heads.push((DossierId::from_uuid(uuid::Uuid::from_u128(1)), heads[0].1));
    let sealed = Checkpoint::seal(None, "2026-11-23".parse().unwrap(), town.now(), heads);
    checkpoints::insert(&unit, &sealed).await.unwrap();
    unit.commit().await.unwrap();
    let found = wrong(&tested).await;
    assert_eq!(found.len(), 1, "{found:?} about {dossier}");
    assert!(found[0].contains("2026-11-23") && found[0].contains("sealed 2 dossiers, 1"), "{found:?}");
}

#[tokio::test]
async fn work_that_nobody_comes_for_is_said() {
    let tested = club().await;
    let town = &tested.town;
    let dossier = filed(town, "noah@example.org").await.dossier;
    workers::run_due_once(&tested.parvis).await.unwrap();
    let timer = NewEffect {
        id: OutboxId::new(&*tested.parvis.clock, &*tested.parvis.entropy),
        dossier: Some(dossier),
        seq: 1,
        idx: 99,
        queue: Queue::Timer,
        key: Some("relance".to_owned()),
        payload: serde_json::json!({}),
        at: town.now(),
        created_at: town.now(),
    };
    let unit = town.db.write().await.unwrap();
    outbox::enqueue(&unit, &timer).await.unwrap();
    outbox::cancel_timer(&unit, dossier, "relance", town.now()).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(wrong(&tested).await, Vec::<String>::new());
    tested.clock.advance(Duration::from_mins(16));
    let found = wrong(&tested).await;
    assert!(found.len() == 1 && found[0].contains("calls for the queue Timer"), "{found:?}");
    workers::run_due_once(&tested.parvis).await.unwrap();
    assert_eq!(wrong(&tested).await, Vec::<String>::new(), "a worker came");
}
