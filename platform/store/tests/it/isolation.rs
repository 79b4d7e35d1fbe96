//! A tenant's rows are its own, whatever the code does.

use parvis_domain::{ids::DossierId, policy::DossierScope};
use parvis_store::{
    dossiers, events,
    inbox::{self, InboxFilter},
    migrate_postgres,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait};

use crate::{
    cluster::TestDatabase,
    town::{EVERYTHING, Town, on_both_engines},
};

on_both_engines! {
    async fn a_neighbour_reads_and_changes_nothing(town: &Town) {
        let dossier = town.filed("ODP-1").await;
        let snapshot = town.neighbour.read().await.unwrap();
        assert_eq!(dossiers::by_id(&snapshot, dossier.id).await.unwrap(), None);
        assert_eq!(dossiers::by_number(&snapshot, "ODP-1").await.unwrap(), None);
        assert_eq!(events::history(&snapshot, dossier.id).await.unwrap(), []);
        let page = inbox::page(&snapshot, &EVERYTHING, &InboxFilter::default(), None, 10).await.unwrap();
        assert_eq!(page.dossiers, []);
        drop(snapshot);
        let unit = town.neighbour.write().await.unwrap();
        assert!(!dossiers::update_if_revision(&unit, &dossier, dossier.revision).await.unwrap());
    }

    async fn a_neighbour_points_at_nothing(town: &Town) {
        let dossier = town.filed("ODP-1").await;
        let unit = town.neighbour.write().await.unwrap();
        events::append(&unit, &town.event(dossier.id, "forged", b"")).await.unwrap_err();
    }

    async fn both_tenants_may_use_the_same_number(town: &Town) {
        town.filed("ODP-1").await;
        let mut twin = town.dossier("ODP-1");
        let unit = town.neighbour.write().await.unwrap();
        town.file(&unit, &mut twin).await;
        unit.commit().await.unwrap();
        let snapshot = town.neighbour.read().await.unwrap();
        assert_eq!(dossiers::by_number(&snapshot, "ODP-1").await.unwrap(), Some(twin));
    }

    async fn a_scope_of_nothing_lists_nothing(town: &Town) {
        town.filed("ODP-1").await;
        let snapshot = town.db.read().await.unwrap();
        let scope = DossierScope { nothing: true, ..EVERYTHING };
        let page = inbox::page(&snapshot, &scope, &InboxFilter::default(), None, 10).await.unwrap();
        assert_eq!(page.dossiers, []);
    }
}

async fn count(connection: &impl ConnectionTrait, sql: &str) -> i64 {
    let row = connection.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

async fn tables(connection: &DatabaseConnection, condition: &str) -> Vec<String> {
    let sql = format!(
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND {condition} ORDER BY c.relname"
    );
    let rows = connection.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap();
    rows.into_iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

#[tokio::test]
async fn without_a_tenant_a_query_sees_nothing_and_an_insert_fails() {
    let town = Town::on_postgres().await;
    town.filed("ODP-1").await;
    let bare = town.postgres.as_ref().unwrap().application().await;
    assert_eq!(count(&bare, "SELECT count(*) FROM dossier").await, 0);
    assert_eq!(bare.execute_unprepared("UPDATE dossier SET number = 'x'").await.unwrap().rows_affected(), 0);
    let insert = "INSERT INTO usager (id, email, given_name, family_name, created_at) \
                  VALUES (gen_random_uuid(), 'a@b.fr', '', '', 0)";
    bare.execute_unprepared(insert).await.unwrap_err();
    let transaction = bare.begin().await.unwrap();
    let name = format!("SELECT set_config('parvis.tenant', '{}', true)", town.id);
    transaction.execute_unprepared(&name).await.unwrap();
    transaction.execute_unprepared(insert).await.unwrap();
}

#[tokio::test]
async fn a_row_cannot_be_written_for_another_tenant_nor_moved_to_it() {
    let town = Town::on_postgres().await;
    let dossier = town.filed("ODP-1").await;
    let bare = town.postgres.as_ref().unwrap().application().await;
    let as_the_neighbour = bare.begin().await.unwrap();
    let name = format!("SELECT set_config('parvis.tenant', '{}', true)", town.neighbour_id);
    as_the_neighbour.execute_unprepared(&name).await.unwrap();
    let forged = format!(
        "INSERT INTO answer (tenant_id, dossier, field, line, seq, value, component) \
         VALUES ('{}', '{}', 'a', -1, 9, '\"empty\"', '')",
        town.id, dossier.id
    );
    as_the_neighbour.execute_unprepared(&forged).await.unwrap_err();
    as_the_neighbour.rollback().await.unwrap();

    let as_the_town = bare.begin().await.unwrap();
    let name = format!("SELECT set_config('parvis.tenant', '{}', true)", town.id);
    as_the_town.execute_unprepared(&name).await.unwrap();
    let moved = format!("UPDATE dossier SET tenant_id = '{}'", town.neighbour_id);
    as_the_town.execute_unprepared(&moved).await.unwrap_err();
}

#[tokio::test]
async fn the_tenant_is_forgotten_when_the_transaction_ends() {
    let town = Town::on_postgres().await;
    let bare = town.postgres.as_ref().unwrap().application().await;
    let transaction = bare.begin().await.unwrap();
    let name = format!("SELECT set_config('parvis.tenant', '{}', true)", town.id);
    transaction.execute_unprepared(&name).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(count(&bare, "SELECT count(*) FROM usager").await, 0);
}

#[tokio::test]
async fn every_table_is_the_platform_s_or_is_isolated_by_force() {
    let database = TestDatabase::create();
    let superuser = database.superuser().await;
    let mut open: Vec<String> = parvis_migrations::PLATFORM_TABLES
        .iter()
        .chain(&parvis_migrations::MIGRATION_TABLES)
        .map(|&name| name.into())
        .collect();
    open.sort();
    assert_eq!(tables(&superuser, "NOT (c.relrowsecurity AND c.relforcerowsecurity)").await, open);
    let isolated = tables(&superuser, "c.relforcerowsecurity").await;
    assert!(isolated.len() > 20);

    let policies = "SELECT count(*) FROM pg_policies WHERE schemaname = 'public' AND policyname = 'tenant' \
                    AND qual LIKE '%parvis.tenant%' AND with_check = qual AND cmd = 'ALL'";
    assert_eq!(count(&superuser, policies).await, i64::try_from(isolated.len()).unwrap());
    let keys_without_tenant = "SELECT count(*) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid \
         WHERE c.relforcerowsecurity AND k.contype IN ('p', 'u', 'f') AND k.conkey[1] <> (SELECT attnum FROM pg_attribute \
         WHERE attrelid = c.oid AND attname = 'tenant_id')";
    assert_eq!(count(&superuser, keys_without_tenant).await, 0);
    let collated_otherwise = "SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
         JOIN pg_collation o ON o.oid = a.attcollation WHERE c.relforcerowsecurity AND a.attnum > 0 AND o.collname <> 'C'";
    assert_eq!(count(&superuser, collated_otherwise).await, 0);
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    let database = TestDatabase::create();
    migrate_postgres(&database.owner_url(), "parvis_app").await.unwrap();
}

#[tokio::test]
async fn history_is_append_only_for_the_engine_too() {
    let sqlite = Town::on_sqlite().await;
    sqlite.filed("ODP-1").await;
    let file = sqlite.folder.as_ref().unwrap().path().join(format!("tenants/{}.db", sqlite.id));
    let bare = sea_orm::Database::connect(format!("sqlite://{}", file.display())).await.unwrap();
    bare.execute_unprepared("UPDATE dossier_event SET kind = 'other'").await.unwrap_err();
    bare.execute_unprepared("DELETE FROM dossier_event").await.unwrap_err();

    let postgres = Town::on_postgres().await;
    postgres.filed("ODP-1").await;
    let bare = postgres.postgres.as_ref().unwrap().application().await;
    bare.execute_unprepared("UPDATE dossier_event SET kind = 'other'").await.unwrap_err();
    bare.execute_unprepared("DELETE FROM dossier_event").await.unwrap_err();
}

#[tokio::test]
async fn an_unknown_id_is_no_tenant() {
    for town in [Town::on_sqlite().await, Town::on_postgres().await] {
        let stranger = parvis_domain::ids::TenantId::from_uuid(DossierId::new(&town.world, &town.world).uuid());
        let refused = town.store.tenant(stranger).await.unwrap_err();
        assert!(matches!(refused, parvis_store::StoreError::UnknownTenant(id) if id == stranger));
    }
}
