//! Opening: which databases are refused, and what closing leaves.

use parvis_domain::time::Clock;
use parvis_store::{READERS, Store, StoreConfig, StoreError, dossiers, tenants};
use sea_orm::{ConnectionTrait, Database};

use crate::{cluster::TestDatabase, town::Town};

#[tokio::test]
async fn the_owner_and_the_superuser_are_refused() {
    let database = TestDatabase::create();
    let owner = Store::open(&StoreConfig::Postgres { url: database.owner_url() }).await.unwrap_err();
    assert!(matches!(owner, StoreError::UnsafeRole { .. }));
    let superuser = database.owner_url().replace("parvis_owner", "postgres");
    let superuser = Store::open(&StoreConfig::Postgres { url: superuser }).await;
    assert!(superuser.is_err());
}

#[tokio::test]
async fn a_newer_schema_is_refused_on_postgres() {
    let database = TestDatabase::create();
    let superuser = database.superuser().await;
    let future = "INSERT INTO parvis_tenant_migration (version, applied_at) VALUES ('m20990101_000000_future', 0)";
    superuser.execute_unprepared(future).await.unwrap();
    let refused = Store::open(&StoreConfig::Postgres { url: database.application_url() }).await.unwrap_err();
    assert!(matches!(refused, StoreError::NewerSchema { found, known, .. } if found == known + 1));
}

#[tokio::test]
async fn a_schema_that_was_not_migrated_is_refused_on_postgres() {
    let database = TestDatabase::create();
    let superuser = database.superuser().await;
    superuser.execute_unprepared("DELETE FROM parvis_tenant_migration").await.unwrap();
    let refused = Store::open(&StoreConfig::Postgres { url: database.application_url() }).await.unwrap_err();
    assert!(matches!(refused, StoreError::OlderSchema { found: 0, .. }));
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused() {
    let town = Town::on_sqlite().await;
    let dir = town.folder.as_ref().unwrap().path().to_owned();
    town.store.close().await.unwrap();
    let bare = Database::connect(format!("sqlite://{}", dir.join("platform.db").display())).await.unwrap();
    bare.execute_unprepared("UPDATE tenant SET schema_version = 9999").await.unwrap();
    bare.close().await.unwrap();
    let store = Store::open(&StoreConfig::Sqlite { dir, readers: READERS }).await.unwrap();
    let refused = store.tenant(town.id).await.unwrap_err();
    assert!(matches!(refused, StoreError::NewerSchema { found: 9999, .. }));
}

#[tokio::test]
async fn a_file_of_an_older_version_is_migrated_at_first_open() {
    let town = Town::on_sqlite().await;
    let dir = town.folder.as_ref().unwrap().path().to_owned();
    town.store.close().await.unwrap();
    let open = |path: std::path::PathBuf| Database::connect(format!("sqlite://{}", path.display()));
    let platform = open(dir.join("platform.db")).await.unwrap();
    platform.execute_unprepared("UPDATE tenant SET schema_version = schema_version - 1").await.unwrap();
    platform.close().await.unwrap();
    let last = "DELETE FROM parvis_tenant_migration WHERE version = (SELECT max(version) FROM parvis_tenant_migration)";
    let tenant = open(dir.join(format!("tenants/{}.db", town.id))).await.unwrap();
    for table in ["outbox", "act", "piece", "message", "task", "piece_request", "sequence"] {
        tenant.execute_unprepared(&format!("DROP TABLE {table}")).await.unwrap();
    }
    tenant.execute_unprepared(last).await.unwrap();
    tenant.close().await.unwrap();

    let store = Store::open(&StoreConfig::Sqlite { dir, readers: READERS }).await.unwrap();
    let db = store.tenant(town.id).await.unwrap();
    let unit = db.write().await.unwrap();
    assert_eq!(parvis_store::acts::next_number(&unit, "dossier").await.unwrap(), 1);
    unit.commit().await.unwrap();
    let row = tenants::by_id(store.platform(), town.id).await.unwrap().unwrap();
    assert_eq!(row.schema_version, parvis_migrations::tenant_version());
}

#[tokio::test]
async fn what_was_committed_is_there_after_closing_and_nothing_stays_in_the_journal() {
    let town = Town::on_sqlite().await;
    let dossier = town.filed("ODP-1").await;
    let dir = town.folder.as_ref().unwrap().path().to_owned();
    let unit = town.db.write().await.unwrap();
    let mut forgotten = town.dossier("ODP-2");
    town.file(&unit, &mut forgotten).await;
    drop(unit);
    town.store.close().await.unwrap();
    let journals = std::fs::read_dir(dir.join("tenants"))
        .unwrap()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_string_lossy().ends_with("-wal") && entry.metadata().unwrap().len() > 0);
    assert_eq!(journals.count(), 0);

    let store = Store::open(&StoreConfig::Sqlite { dir, readers: READERS }).await.unwrap();
    let snapshot = store.tenant(town.id).await.unwrap().read().await.unwrap();
    assert_eq!(dossiers::by_id(&snapshot, dossier.id).await.unwrap(), Some(dossier));
    assert_eq!(dossiers::by_id(&snapshot, forgotten.id).await.unwrap(), None);
}

#[tokio::test]
async fn more_tenants_than_open_files_are_served() {
    let town = Town::on_sqlite().await;
    let mut ids = Vec::new();
    for number in 0..70 {
        let id = parvis_domain::ids::TenantId::new(&town.world, &town.world);
        let slug = format!("commune-{number}");
        let new = parvis_store::NewTenant { id, slug: slug.clone(), name: slug, created_at: town.world.now() };
        town.store.create_tenant(&new).await.unwrap();
        ids.push(id);
    }
    for id in ids.iter().chain(&ids) {
        let db = town.store.tenant(*id).await.unwrap();
        let unit = db.write().await.unwrap();
        parvis_store::acts::next_number(&unit, "dossier").await.unwrap();
        unit.commit().await.unwrap();
    }
    let unit = town.store.tenant(ids[0]).await.unwrap().write().await.unwrap();
    assert_eq!(parvis_store::acts::next_number(&unit, "dossier").await.unwrap(), 3);
}
