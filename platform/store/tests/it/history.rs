//! The chain of a dossier: what verifies, what shows.

use parvis_domain::{
    chain::ChainFault,
    checkpoint::{Checkpoint, CheckpointFault},
    time::Clock,
};
use parvis_store::{
    checkpoints, dossiers, events,
    verification::{self, Broken},
};
use sea_orm::ConnectionTrait;

use crate::town::{Town, on_both_engines};

/// Files a dossier and adds two events.
async fn story(town: &Town) -> parvis_domain::dossier::Dossier {
    let mut dossier = town.filed("ODP-1").await;
    let unit = town.db.write().await.unwrap();
    for (seq, kind) in [(2, "message"), (3, "action")] {
        let appended = events::append(&unit, &town.event(dossier.id, kind, b"secret")).await.unwrap();
        assert_eq!(appended.seq, seq);
        dossier.head = appended.hash;
    }
    assert!(dossiers::update_if_revision(&unit, &dossier, 1).await.unwrap());
    unit.commit().await.unwrap();
    dossier
}

/// Seals what is there now, as the checkpoint of a day.
async fn seal(town: &Town, day: &str) -> Checkpoint {
    town.world.pass(1);
    let unit = town.db.write().await.unwrap();
    let latest = checkpoints::latest(&unit).await.unwrap();
    let heads = events::heads(&unit).await.unwrap();
    let sealed = Checkpoint::seal(latest.as_ref(), day.parse().unwrap(), town.world.now(), heads);
    checkpoints::insert(&unit, &sealed).await.unwrap();
    unit.commit().await.unwrap();
    town.world.pass(1);
    sealed
}

/// Two dossiers and a checkpoint, an event and another checkpoint, a dossier that none sealed yet.
async fn sealed(town: &Town) -> parvis_domain::dossier::Dossier {
    let dossier = story(town).await;
    let mut other = town.filed("ODP-2").await;
    seal(town, "2026-11-23").await;
    let unit = town.db.write().await.unwrap();
    other.head = events::append(&unit, &town.event(other.id, "message", b"late")).await.unwrap().hash;
    assert!(dossiers::update_if_revision(&unit, &other, 1).await.unwrap());
    unit.commit().await.unwrap();
    seal(town, "2026-11-24").await;
    town.filed("ODP-3").await;
    dossier
}

/// Changes the file of a town behind the product's back.
async fn forge(town: &Town, sql: &str) {
    let file = town.folder.as_ref().unwrap().path().join(format!("tenants/{}.db", town.id));
    let bare = sea_orm::Database::connect(format!("sqlite://{}", file.display())).await.unwrap();
    let forge = format!(
        "PRAGMA foreign_keys = OFF; DROP TRIGGER dossier_event_no_update; DROP TRIGGER dossier_event_no_delete; {sql}"
    );
    bare.execute_unprepared(&forge).await.unwrap();
}

on_both_engines! {
    async fn checkpoints_hold_while_dossiers_go_on(town: &Town) {
        sealed(town).await;
        let found = verification::verify_all(&town.db.read().await.unwrap()).await.unwrap();
        assert_eq!((found.checkpoints, found.unsealed, found.broken), (2, vec![], vec![]));
    }

    async fn a_history_verifies_as_it_was_written(town: &Town) {
        let dossier = story(town).await;
        let snapshot = town.db.read().await.unwrap();
        let history = events::history(&snapshot, dossier.id).await.unwrap();
        assert_eq!(history.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), ["filed", "message", "action"]);
        assert_eq!(history.last().unwrap().payload.as_deref(), Some(b"secret".as_slice()));
        let found = verification::verify_all(&snapshot).await.unwrap();
        assert_eq!((found.dossiers, found.events), (1, 3));
        assert_eq!((found.erased, found.broken), (vec![], vec![]));
        assert_eq!(events::heads(&snapshot).await.unwrap(), [(dossier.id, dossier.head)]);
    }

    async fn erasing_a_payload_leaves_the_chain_verifiable(town: &Town) {
        let dossier = story(town).await;
        let unit = town.db.write().await.unwrap();
        events::erase_payload(&unit, dossier.id, 2).await.unwrap();
        let found = verification::verify_all(&unit).await.unwrap();
        assert_eq!(found.erased, [(dossier.id, 2)]);
        assert_eq!(found.broken, []);
        let history = events::history(&unit, dossier.id).await.unwrap();
        let erased: Vec<_> = history.iter().map(|event| event.payload.is_none()).collect();
        assert_eq!(erased, [false, true, false]);
    }
}

#[tokio::test]
async fn whoever_rewrites_the_file_is_found() {
    let changes = [
        ("UPDATE dossier_event SET kind = 'other' WHERE seq = 2", ChainFault::Changed(2)),
        ("DELETE FROM dossier_event WHERE seq = 2", ChainFault::Gap(3)),
        ("DELETE FROM dossier_event WHERE seq = 3", ChainFault::Head),
        ("UPDATE event_payload SET payload = x'00' WHERE seq = 2", ChainFault::PayloadChanged(2)),
        ("UPDATE dossier_event SET previous = hash WHERE seq = 2", ChainFault::Unlinked(2)),
    ];
    for (sql, fault) in changes {
        let town = Town::on_sqlite().await;
        let dossier = story(&town).await;
        forge(&town, sql).await;
        let found = verification::verify_all(&town.db.read().await.unwrap()).await.unwrap();
        assert_eq!(found.broken, [Broken { dossier: dossier.id, fault }], "{sql}");
    }
}

#[tokio::test]
async fn a_dossier_taken_away_whole_shows_at_the_checkpoints_that_sealed_it() {
    let differs = |sealed, found| CheckpointFault::Differs { sealed, found };
    let first = ("2026-11-23".parse().unwrap(), differs(2, 1));
    let second = ("2026-11-24".parse().unwrap(), differs(2, 1));
    let rewritten = ("2026-11-23".parse().unwrap(), CheckpointFault::Changed);
    let unlinked = ("2026-11-24".parse().unwrap(), CheckpointFault::Unlinked);
    let cases = [
        // The dossier without any trace: its own chain has nothing left to say.
        (
            "DELETE FROM event_payload WHERE dossier = $id; DELETE FROM dossier_event WHERE dossier = $id; \
             DELETE FROM term WHERE dossier = $id; DELETE FROM dossier WHERE id = $id",
            vec![first, second],
        ),
        ("UPDATE checkpoint SET count = 1 WHERE day = '2026-11-23'", vec![rewritten]),
        ("DELETE FROM checkpoint WHERE day = '2026-11-23'", vec![unlinked]),
        // The last event and the head that names it: again a chain that holds.
        (
            "UPDATE dossier SET head = (SELECT previous FROM dossier_event WHERE dossier = $id AND seq = 3) WHERE id = $id; \
             DELETE FROM event_payload WHERE dossier = $id AND seq = 3; \
             DELETE FROM dossier_event WHERE dossier = $id AND seq = 3",
            vec![(first.0, differs(2, 2)), (second.0, differs(2, 2))],
        ),
    ];
    for (sql, unsealed) in cases {
        let town = Town::on_sqlite().await;
        let dossier = sealed(&town).await;
        let id = format!("x'{}'", dossier.id.uuid().simple());
        forge(&town, &sql.replace("$id", &id)).await;
        let found = verification::verify_all(&town.db.read().await.unwrap()).await.unwrap();
        assert_eq!((found.broken, found.unsealed), (vec![], unsealed), "{sql}");
    }
}
