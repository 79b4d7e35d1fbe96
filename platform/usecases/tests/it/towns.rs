//! Resolving a town, applying its folder, keeping towns apart.

use std::time::Duration;

use parvis_domain::{
    ids::DossierId,
    policy::{Actor, Permission, Role},
};
use parvis_store::access_log;
use parvis_usecases::{
    agents, catalogue,
    collectivites::{self, ApplyError, ComponentSource, Extra},
    comptes,
    parvis::TownError,
    passwords::Password,
    sessions,
    testing::TestTown,
};

#[tokio::test]
async fn a_town_answers_at_its_hosts_and_nowhere_else() {
    let tested = TestTown::new().await;
    for host in ["valbrune.localhost", "VALBRUNE.localhost:3000", "valbrune.localhost."] {
        assert_eq!(tested.parvis.town(host).await.unwrap().id, tested.town.id, "{host}");
    }
    for host in ["", "localhost", "www.valbrune.localhost", "valbrune.localhost.evil.example", "valbrune"] {
        let refused = tested.parvis.town(host).await;
        assert!(matches!(refused, Err(TownError::UnknownHost(_))), "{host}");
    }
    let neighbour = tested.neighbour().await;
    assert_ne!(neighbour.id, tested.town.id);
    assert_eq!(tested.parvis.town("saint-elme-les-bois.localhost").await.unwrap().id, neighbour.id);
}

#[tokio::test]
async fn applying_a_folder_twice_changes_nothing_and_a_change_is_seen() {
    let tested = TestTown::new().await;
    let folder = tempfile::tempdir().unwrap();
    let text = include_str!("../../../../tenants/valbrune/tenant.toml");
    let text = text.split("[[demarches]]").next().unwrap();
    let path = folder.path().join("tenant.toml");
    std::fs::write(&path, text).unwrap();
    let nothing = ComponentSource::new();
    let applied = collectivites::apply(&tested.parvis, folder.path(), &nothing, Extra::Keep).await.unwrap();
    assert_eq!((applied.tenant, applied.changed), (tested.town.id, Vec::new()));

    std::fs::write(&path, text.replace("01 99 00 14 20", "01 99 00 14 99")).unwrap();
    let applied = collectivites::apply(&tested.parvis, folder.path(), &nothing, Extra::Keep).await.unwrap();
    assert_eq!(applied.changed, ["profile"]);
    let town = tested.parvis.town("valbrune.localhost").await.unwrap();
    assert_eq!(town.profile.contact.phone, "01 99 00 14 99");
}

#[tokio::test]
async fn a_folder_that_is_wrong_changes_nothing() {
    let tested = TestTown::new().await;
    let folder = tempfile::tempdir().unwrap();
    let text = include_str!("../../../../tenants/valbrune/tenant.toml");
    std::fs::write(folder.path().join("tenant.toml"), text).unwrap();
    let refused = collectivites::apply(&tested.parvis, folder.path(), &ComponentSource::new(), Extra::Keep).await;
    assert!(matches!(refused, Err(ApplyError::NoComponent(id)) if id == "domaine-public"));
    std::fs::write(folder.path().join("policy.csv"), "p, accueil, dossier, burn, allow\n").unwrap();
    let refused = collectivites::apply(&tested.parvis, folder.path(), &ComponentSource::new(), Extra::Keep).await;
    assert!(matches!(refused, Err(ApplyError::Folder(_))));
    assert!(tested.parvis.town("valbrune.localhost").await.is_ok());
}

#[tokio::test]
async fn a_host_of_another_town_is_not_taken() {
    let tested = TestTown::new().await;
    let folder = tempfile::tempdir().unwrap();
    let text = include_str!("../../../../tenants/saint-elme-les-bois/tenant.toml");
    let text = text.split("[[demarches]]").next().unwrap();
    let text = text.replace("hosts = [", "hosts = [\"valbrune.localhost\", ");
    std::fs::write(folder.path().join("tenant.toml"), text).unwrap();
    let refused = collectivites::apply(&tested.parvis, folder.path(), &ComponentSource::new(), Extra::Keep).await;
    assert!(matches!(refused, Err(ApplyError::Store(_))), "{refused:?}");
    assert_eq!(tested.parvis.town("valbrune.localhost").await.unwrap().id, tested.town.id);
}

#[tokio::test]
async fn a_grant_that_the_folder_does_not_name_is_taken_back_when_pruned() {
    let tested = TestTown::new().await;
    tested.agent(Role::Responsable, &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let text = include_str!("../../../../tenants/valbrune/tenant.toml");
    std::fs::write(folder.path().join("tenant.toml"), text.split("[[demarches]]").next().unwrap()).unwrap();
    let nothing = ComponentSource::new();
    let kept = collectivites::apply(&tested.parvis, folder.path(), &nothing, Extra::Keep).await.unwrap();
    assert_eq!(kept.extra_agents.len(), 1);
    let pruned = collectivites::apply(&tested.parvis, folder.path(), &nothing, Extra::Prune).await.unwrap();
    assert_eq!(pruned.extra_agents.len(), 1);
    let after = collectivites::apply(&tested.parvis, folder.path(), &nothing, Extra::Keep).await.unwrap();
    assert_eq!(after.extra_agents, []);
}

#[tokio::test]
async fn accesses_of_agents_are_traced_with_their_request() {
    let tested = TestTown::new().await;
    let town = tested.town.clone().for_request("request-1");
    let agent = tested.agent(Role::Instructeur, &[]).await;
    let dossier = DossierId::new(&*tested.parvis.clock, &*tested.parvis.entropy);
    town.log_access(&agent, Permission::DossierRead, Some(dossier)).await.unwrap();
    town.log_access(&Actor::Tracker(dossier), Permission::DossierRead, Some(dossier)).await.unwrap();
    let snapshot = town.db.read().await.unwrap();
    let traces = access_log::of_dossier(&snapshot, dossier, 10).await.unwrap();
    assert_eq!(traces.len(), 1);
    assert_eq!((traces[0].permission.as_str(), traces[0].request_id.as_str()), ("dossier:read", "request-1"));
}

#[tokio::test]
async fn the_catalogue_of_a_town_that_offers_nothing_is_empty() {
    let tested = TestTown::new().await;
    assert!(catalogue::themes(&tested.town, &Actor::Visitor).unwrap().is_empty());
    assert!(catalogue::search(&tested.town, &Actor::Visitor, "terrasse").unwrap().is_empty());
    assert!(catalogue::present(&tested.town, &Actor::Visitor, "domaine-public").is_err());
    assert!(catalogue::themes(&tested.town, &Actor::Operator).is_err());
}

#[tokio::test]
async fn a_town_that_was_read_is_read_again_after_a_while() {
    let tested = TestTown::new().await;
    tested.parvis.town("valbrune.localhost").await.unwrap();
    tested.clock.advance(Duration::from_mins(1));
    assert_eq!(tested.parvis.town("valbrune.localhost").await.unwrap().id, tested.town.id);
}

/// A server moves requests from thread to thread: whatever waits must be able to.
#[tokio::test]
async fn every_use_case_can_change_threads() {
    fn moves<T: Send>(_: T) {}

    let tested = TestTown::new().await;
    let (town, parvis, actor) = (&tested.town, &tested.parvis, &Actor::Visitor);
    let (from, folder) = (tested.client(), std::path::Path::new("."));
    let password = || Password::new("le lac gèle en hiver");
    moves(parvis.town("valbrune.localhost"));
    moves(parvis.town_by_id(town.id));
    moves(town.log_access(actor, Permission::DossierRead, None));
    moves(sessions::resolve(town, ""));
    moves(comptes::sign_in(town, from, "", password()));
    moves(comptes::confirm(town, from, "", password()));
    moves(comptes::forgotten(town, from, ""));
    moves(comptes::recover(town, "", password()));
    moves(comptes::account(town, actor));
    moves(comptes::change_password(town, actor, password(), password()));
    moves(agents::sign_in(town, from, "", password()));
    moves(agents::second_factor(town, from, "", ""));
    moves(agents::colleagues(town, actor, "voirie"));
    moves(agents::invite(town, actor, ""));
    moves(agents::accept_invitation(town, "", password()));
    moves(collectivites::apply(parvis, folder, &ComponentSource::new(), Extra::Keep));
    moves(collectivites::seed_demo_agents(town));
}
