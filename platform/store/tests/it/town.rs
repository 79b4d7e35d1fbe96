//! A small deployment for one test: two tenants on one engine, a hand-set clock, ids that repeat from run to run.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use parvis_contract::{Phase, WaitsFor};
use parvis_domain::{
    digest::Sha256,
    dossier::{Channel, Contact, Dossier, DossierKind},
    ids::{DossierId, TenantId},
    policy::DossierScope,
    rules::ActorKind,
    time::{Clock, Entropy, Instant},
};
use parvis_store::{
    NewTenant, READERS, Store, StoreConfig, TenantDb, UnitOfWork, dossiers,
    events::{self, EventActor, NewEvent},
};

use crate::cluster::TestDatabase;

/// Sees everything of a tenant.
pub(crate) const EVERYTHING: DossierScope = DossierScope {
    services: None,
    usager: None,
    dossier: None,
    nothing: false,
    hides_sensitive: false,
    hides_restricted: false,
};

/// The clock and the chance of a test.
#[derive(Debug)]
pub(crate) struct World {
    now: AtomicI64,
    draws: AtomicU64,
}

impl Clock for World {
    fn now(&self) -> Instant {
        Instant::from_micros(self.now.load(Ordering::Relaxed))
    }
}

impl Entropy for World {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let draw = self.draws.fetch_add(1, Ordering::Relaxed);
            let random = Sha256::of(&draw.to_be_bytes());
            chunk.copy_from_slice(&random.as_bytes()[..chunk.len()]);
        }
    }
}

impl World {
    /// Lets time pass.
    pub(crate) fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }
}

/// Two tenants on one engine.
pub(crate) struct Town {
    pub(crate) world: World,
    pub(crate) store: Store,
    pub(crate) id: TenantId,
    pub(crate) db: TenantDb,
    pub(crate) neighbour: TenantDb,
    pub(crate) neighbour_id: TenantId,
    pub(crate) folder: Option<tempfile::TempDir>,
    pub(crate) postgres: Option<TestDatabase>,
}

impl Town {
    pub(crate) async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store =
            Store::open(&StoreConfig::Sqlite { dir: folder.path().to_owned(), readers: READERS }).await.unwrap();
        Self::on(store, Some(folder), None).await
    }

    pub(crate) async fn on_postgres() -> Self {
        let database = TestDatabase::create();
        let store = Store::open(&StoreConfig::Postgres { url: database.application_url() }).await.unwrap();
        Self::on(store, None, Some(database)).await
    }

    async fn on(store: Store, folder: Option<tempfile::TempDir>, postgres: Option<TestDatabase>) -> Self {
        let world = World { now: AtomicI64::new(1_795_000_000_000_000), draws: AtomicU64::new(0) };
        let mut ids = Vec::new();
        for slug in ["ici", "voisine"] {
            let id = TenantId::new(&world, &world);
            let new = NewTenant { id, slug: slug.into(), name: slug.into(), created_at: world.now() };
            store.create_tenant(&new).await.unwrap();
            ids.push(id);
        }
        let db = store.tenant(ids[0]).await.unwrap();
        let neighbour = store.tenant(ids[1]).await.unwrap();
        Self { world, store, id: ids[0], db, neighbour, neighbour_id: ids[1], folder, postgres }
    }

    /// A dossier that nobody took yet.
    pub(crate) fn dossier(&self, number: &str) -> Dossier {
        let id = DossierId::new(&self.world, &self.world);
        Dossier {
            id,
            number: number.to_owned(),
            demarche: "club".to_owned(),
            component: Sha256::of(b"component"),
            kind: DossierKind::Real,
            channel: Channel::Web,
            language: "fr".to_owned(),
            service: "sports".to_owned(),
            restricted: false,
            retention_class: "courante".to_owned(),
            revision: 1,
            state: "depose".to_owned(),
            phase: Phase::Depose,
            waits_for: WaitsFor::Agent,
            outcome: None,
            origin: None,
            filed_at: self.world.now(),
            term_at: None,
            deadline_at: None,
            closed_at: None,
            updated_at: self.world.now(),
            assignee: None,
            usager: None,
            contact: Contact { name: "Éloïse".to_owned(), ..Contact::default() },
            summary: "Inscription".to_owned(),
            marks: vec!["urgent".to_owned()],
            memory: serde_json::json!({"court": 2}),
            head: Sha256::of(b"none"),
        }
    }

    /// An event about a dossier.
    pub(crate) fn event(&self, dossier: DossierId, kind: &str, payload: &[u8]) -> NewEvent {
        let mut salt = [0; 16];
        self.world.fill(&mut salt);
        NewEvent {
            dossier,
            at: self.world.now(),
            kind: kind.to_owned(),
            actor: EventActor { kind: ActorKind::Usager, id: "someone".to_owned(), function: String::new() },
            component: Sha256::of(b"component"),
            settings: Sha256::of(b"settings"),
            salt,
            payload: payload.to_vec(),
        }
    }

    /// Files a dossier with its first event.
    pub(crate) async fn file(&self, unit: &UnitOfWork, dossier: &mut Dossier) {
        let filing = dossiers::Filing { tracking_hash: Some(Sha256::of(b"code")), settings: Sha256::of(b"settings") };
        dossiers::insert(unit, dossier, filing).await.unwrap();
        let appended = events::append(unit, &self.event(dossier.id, "filed", b"{}")).await.unwrap();
        dossier.head = appended.hash;
        assert!(dossiers::update_if_revision(unit, dossier, dossier.revision).await.unwrap());
    }

    /// Files a dossier in a unit of work of its own.
    pub(crate) async fn filed(&self, number: &str) -> Dossier {
        let mut dossier = self.dossier(number);
        let unit = self.db.write().await.unwrap();
        self.file(&unit, &mut dossier).await;
        unit.commit().await.unwrap();
        dossier
    }
}

/// Runs each test on SQLite and on PostgreSQL.
macro_rules! on_both_engines {
    ($(async fn $name:ident($town:ident: &Town) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn check($town: &Town) $body

            #[tokio::test]
            async fn on_sqlite() {
                check(&Town::on_sqlite().await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                check(&Town::on_postgres().await).await;
            }
        }
    )+};
}

pub(crate) use on_both_engines;
