//! What the workers do beside their queues.

use std::time::Duration;

use parvis_store::figures::{self, Figure};
use parvis_usecases::{testing::TestTown, workers};

use crate::filing::{club, filed};

async fn figure(tested: &TestTown, name: &str) -> Option<Figure> {
    let all = figures::of_tenant(tested.parvis.store.platform(), tested.town.id).await.unwrap();
    all.get(name).copied()
}

#[tokio::test]
async fn figures_follow_each_pass_and_are_written_when_they_change() {
    let tested = club().await;
    let town = &tested.town;
    filed(town, "noah@example.org").await;
    workers::run_due_once(&tested.parvis).await.unwrap();
    let first = town.now();
    assert_eq!(figure(&tested, "dossiers").await, Some(Figure { value: 1, at: first }));

    tested.clock.advance(Duration::from_mins(1));
    workers::run_due_once(&tested.parvis).await.unwrap();
    assert_eq!(figure(&tested, "dossiers").await, Some(Figure { value: 1, at: first }), "nothing changed");

    filed(town, "noah@example.org").await;
    workers::run_due_once(&tested.parvis).await.unwrap();
    assert_eq!(figure(&tested, "dossiers").await, Some(Figure { value: 2, at: town.now() }));
}
