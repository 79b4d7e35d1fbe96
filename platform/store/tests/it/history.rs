//! The chain of a dossier: what verifies, what shows.

use parvis_domain::chain::ChainFault;
use parvis_store::{
    dossiers, events,
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

on_both_engines! {
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
        let file = town.folder.as_ref().unwrap().path().join(format!("tenants/{}.db", town.id));
        let bare = sea_orm::Database::connect(format!("sqlite://{}", file.display())).await.unwrap();
        let forge = format!(
            "PRAGMA foreign_keys = OFF; DROP TRIGGER dossier_event_no_update; DROP TRIGGER dossier_event_no_delete; {sql}"
        );
        bare.execute_unprepared(&forge).await.unwrap();
        let found = verification::verify_all(&town.db.read().await.unwrap()).await.unwrap();
        assert_eq!(found.broken, [Broken { dossier: dossier.id, fault }], "{sql}");
    }
}
