//! Signing: each act takes the next number of its register, without hole or double.

use parvis_domain::{ids::DossierId, policy::Actor};
use parvis_store::acts::{self, Act};
use parvis_usecases::{
    dossiers::{self, ActOutcome},
    failure::Failure,
    parvis::Town,
    testing::TestTown,
    workers,
};

use crate::{
    filing::{chains_hold, club, filed_as, head},
    instruction::{act, instructor, proposed, signatory},
};

async fn register(town: &Town) -> Vec<Act> {
    let snapshot = town.db.read().await.unwrap();
    acts::register(&snapshot, "cartes", 2026).await.unwrap()
}

/// The names of the documents that the usager of a dossier finds, once they are made.
async fn made(tested: &TestTown, id: DossierId) -> Vec<String> {
    workers::run_due_once(&tested.parvis).await.unwrap();
    let followed = dossiers::follow_up(&tested.town, &Actor::Tracker(id), id).await.unwrap();
    followed.documents.into_iter().map(|document| document.name).collect()
}

#[tokio::test]
async fn two_acts_signed_at_the_same_time_take_consecutive_numbers() {
    let tested = club().await;
    let town = &tested.town;
    let (agent, signs) = (instructor(&tested).await, signatory(&tested).await);
    let (one, other) = (proposed(&tested, &agent).await, proposed(&tested, &agent).await);
    let (first, second) = tokio::join!(act(town, &signs, one, "signer", &[]), act(town, &signs, other, "signer", &[]));
    assert_eq!((first.unwrap(), second.unwrap()), (ActOutcome::Done, ActOutcome::Done));
    assert_eq!(register(town).await.iter().map(|act| act.number).collect::<Vec<_>>(), [1, 2]);
    let mut names = made(&tested, one).await;
    names.extend(made(&tested, other).await);
    names.sort_unstable();
    assert_eq!(names, ["Carte de membre 2026-0001.pdf", "Carte de membre 2026-0002.pdf"]);
    chains_hold(town).await;
}

#[tokio::test]
async fn a_signature_that_fails_leaves_no_hole() {
    let tested = club().await;
    let town = &tested.town;
    let (agent, signs) = (instructor(&tested).await, signatory(&tested).await);
    let lost = filed_as(town, "Perdu", "perdu@example.org").await.dossier;
    act(town, &agent, lost, "prendre", &[]).await.unwrap();
    act(town, &agent, lost, "proposer", &[]).await.unwrap();
    let before = head(town, lost).await;
    let failed = act(town, &signs, lost, "signer", &[]).await;
    assert!(matches!(failed, Err(Failure::Decision(_))), "{failed:?}");
    assert_eq!(head(town, lost).await, before);
    assert_eq!(register(town).await, []);
    let id = proposed(&tested, &agent).await;
    act(town, &signs, id, "signer", &[]).await.unwrap();
    assert_eq!(register(town).await.iter().map(|act| (act.number, act.dossier)).collect::<Vec<_>>(), [(1, id)]);
    assert_eq!(made(&tested, id).await, ["Carte de membre 2026-0001.pdf"]);
    chains_hold(town).await;
}

#[tokio::test]
async fn numbers_have_no_hole_when_many_sign_at_once() {
    let tested = club().await;
    let town = &tested.town;
    let (agent, signs) = (instructor(&tested).await, signatory(&tested).await);
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(proposed(&tested, &agent).await);
    }
    let signing: Vec<_> = ids
        .iter()
        .map(|id| {
            let (town, signs, id) = (town.clone(), signs.clone(), *id);
            tokio::spawn(async move { dossiers::act_batch(&town, &signs, "signer", &[id]).await })
        })
        .collect();
    let mut again = Vec::new();
    for task in signing {
        let line = task.await.unwrap().unwrap().remove(0);
        if line.result.is_err() {
            again.push(line.dossier);
        }
    }
    // Whoever lost the number three times in a row is told, and signs again.
    for id in again {
        act(town, &signs, id, "signer", &[]).await.unwrap();
    }
    let snapshot = town.db.read().await.unwrap();
    let register = acts::register(&snapshot, "cartes", 2026).await.unwrap();
    drop(snapshot);
    assert_eq!(register.iter().map(|act| act.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    for act in &register {
        assert!(act.text.contains(&format!("2026-{:04}", act.number)), "{}", act.text);
    }
    workers::run_due_once(&tested.parvis).await.unwrap();
    let snapshot = town.db.read().await.unwrap();
    assert!(acts::register(&snapshot, "cartes", 2026).await.unwrap().iter().all(|act| act.piece.is_some()));
    drop(snapshot);
    chains_hold(town).await;
}
