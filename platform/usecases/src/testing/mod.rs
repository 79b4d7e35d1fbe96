//! A town to test with: real database and vault in a temporary folder, a clock set by hand, seeded randomness, a mailbox
//! that records. Compiled for tests only (feature `testing`).
//!
//! ```text
//! let town = TestTown::with_demarche(rules, b"component", "[reglage]\n").await;
//! let agent = town.agent(Role::Instructeur, &["voirie"]).await;
//! ```

mod doubles;

use std::{num::NonZeroU32, path::Path, sync::Arc};

use parvis_domain::{
    digest::Sha256,
    ids::{AgentId, UsagerId},
    policy::{Actor, Grant, Role},
    ports::Installer,
    rules::Rules,
};
use parvis_store::{
    Store, StoreConfig,
    agents::{self as stored_agents, Agent},
    agents_in_town,
    usagers::{self, Usager},
};
use parvis_vault::{MasterKey, Vault, VaultConfig};
use tempfile::TempDir;

pub use doubles::{FixedInstaller, Mailbox, NoRules, SeededEntropy, StubTypesetter, TestClock};

use crate::{
    agents,
    collectivites::{self, ComponentSource, Extra},
    parvis::{Config, Limits, Mode, Parts, Parvis, Town},
    passwords::HashCost,
    pools::PoolSizes,
    secrets::ApplicationKey,
    throttle::ClientAddress,
};

/// SIRET of the employer of test agents.
pub const SIRET: &str = "21990101400015";

/// What stands for the outside of a [`TestTown`].
pub struct TestTown {
    /// The town.
    pub town: Town,
    /// The product.
    pub parvis: Arc<Parvis>,
    /// The present, set by hand.
    pub clock: Arc<TestClock>,
    /// What was sent.
    pub mailbox: Arc<Mailbox>,
    folder: TempDir,
}

impl TestTown {
    /// A town that offers nothing, in the mode of production.
    pub async fn new() -> Self {
        Self::build(Mode::Serve, None).await
    }

    /// A town that offers nothing, in the mode of the demonstration.
    pub async fn demo() -> Self {
        Self::build(Mode::Demo, None).await
    }

    /// A town whose service `voirie` offers the démarche of a component, with settings in TOML.
    pub async fn with_demarche(rules: Arc<dyn Rules>, component: &[u8], settings: &str) -> Self {
        let offered = Offered { rules, component: component.to_vec(), settings: settings.to_owned() };
        Self::build(Mode::Serve, Some(offered)).await
    }

    async fn build(mode: Mode, offered: Option<Offered>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let clock = Arc::new(TestClock::at("2026-11-23T09:00:00Z"));
        let mailbox = Arc::new(Mailbox::default());
        let entropy = Arc::new(SeededEntropy::new(7));
        let store =
            Store::open(&StoreConfig::Sqlite { dir: folder.path().join("data"), readers: NonZeroU32::MIN }).await;
        let vault_config = VaultConfig::under(&folder.path().join("vault"));
        let vault = Vault::open(vault_config, MasterKey::from_bytes([9; 32]), entropy.clone());
        let rules: Arc<dyn Rules> = match &offered {
            Some(offered) => Arc::clone(&offered.rules),
            None => Arc::new(NoRules),
        };
        let installer: Arc<dyn Installer> = Arc::new(FixedInstaller::new(Arc::clone(&rules)));
        let parvis = Parvis::new(Parts {
            store: store.expect("the database opens"),
            vault: vault.expect("the vault opens"),
            rules: Arc::clone(&rules),
            installer,
            mailer: mailbox.clone(),
            typesetter: Arc::new(StubTypesetter),
            clock: clock.clone(),
            entropy,
            config: Config {
                mode,
                scheme: "http".to_owned(),
                port: Some(3000),
                key: ApplicationKey::new([5; 32]),
                limits: Limits::default(),
                pools: PoolSizes::default(),
                hash_cost: HashCost { memory: 64, passes: 1 },
            },
        });
        let town = apply(&parvis, folder.path(), "valbrune", offered.as_ref()).await;
        Self { town, parvis, clock, mailbox, folder }
    }

    /// Another town of the same deployment, with the same démarche offered by no one.
    pub async fn neighbour(&self) -> Town {
        apply(&self.parvis, self.folder.path(), "saint-elme-les-bois", None).await
    }

    /// An agent with one role, in some services (none for all).
    pub async fn agent(&self, role: Role, services: &[&str]) -> Actor {
        let services = services.iter().map(|&service| service.to_owned()).collect();
        self.agent_with(vec![Grant { role, services, functions: Vec::new() }]).await
    }

    /// An agent with these grants.
    pub async fn agent_with(&self, grants: Vec<Grant>) -> Actor {
        let id = AgentId::new(&*self.parvis.clock, &*self.parvis.entropy);
        let agent = Agent {
            id,
            email: format!("{id}@valbrune.example"),
            given_name: "Alix".to_owned(),
            family_name: "Dupré".to_owned(),
            phone: Some("01 99 00 00 01".to_owned()),
            siret: SIRET.to_owned(),
            password_hash: None,
            totp_secret: None,
            totp_last_step: None,
            demo: false,
            disabled_at: None,
            created_at: self.town.now(),
        };
        stored_agents::insert(self.parvis.store.platform(), &agent).await.expect("an agent is kept");
        let unit = self.town.db.write().await.expect("the town can be written");
        agents_in_town::put(&unit, id, &grants, self.town.now()).await.expect("grants are kept");
        unit.commit().await.expect("the grants are committed");
        Actor::Agent { id, grants }
    }

    /// A citizen with a confirmed account, without password.
    pub async fn usager(&self, email: &str) -> Actor {
        let id = UsagerId::new(&*self.parvis.clock, &*self.parvis.entropy);
        let usager = Usager {
            id,
            email: email.to_owned(),
            given_name: "Camille".to_owned(),
            family_name: "Martin".to_owned(),
            phone: None,
            password_hash: None,
            confirmed_at: Some(self.town.now()),
            created_at: self.town.now(),
        };
        let unit = self.town.db.write().await.expect("the town can be written");
        usagers::insert(&unit, &usager).await.expect("an account is kept");
        unit.commit().await.expect("the account is committed");
        Actor::Usager(id)
    }

    /// A client of the network.
    #[expect(clippy::unused_self, reason = "reads with the rest of the harness")]
    pub fn client(&self) -> ClientAddress {
        ClientAddress::new([192, 0, 2, 1].into())
    }

    /// What the authenticator of an agent shows, from the secret that it was given.
    pub fn code(&self, enrolment: &agents::Enrolment) -> String {
        agents::code_of(enrolment, self.town.now()).expect("an enrolment holds a secret")
    }
}

/// A démarche to offer.
struct Offered {
    rules: Arc<dyn Rules>,
    component: Vec<u8>,
    settings: String,
}

async fn apply(parvis: &Arc<Parvis>, root: &Path, slug: &str, offered: Option<&Offered>) -> Town {
    let folder = root.join("tenants").join(slug);
    let mut text = profile(slug);
    let mut source = ComponentSource::new();
    std::fs::create_dir_all(folder.join("demarches")).expect("a temporary folder can be written");
    if let Some(offered) = offered {
        let digest = Sha256::of(&offered.component);
        let id = offered.rules.definition(digest).expect("the rules know the component").id.clone();
        text.extend(["\n[[demarches]]\nid = \"", &id, "\"\nservice = \"voirie\"\n"]);
        let settings = folder.join("demarches").join(format!("{id}.toml"));
        std::fs::write(settings, &offered.settings).expect("a temporary file can be written");
        source.insert(id, offered.component.clone());
    }
    std::fs::write(folder.join("tenant.toml"), text).expect("a temporary file can be written");
    let applied = collectivites::apply(parvis, &folder, &source, Extra::Keep).await.expect("the folder is applied");
    parvis.town_by_id(applied.tenant).await.expect("the town that was applied can be read")
}

/// The profile of a demonstration town, without its démarches.
fn profile(slug: &str) -> String {
    let text = match slug {
        "valbrune" => include_str!("../../../../tenants/valbrune/tenant.toml"),
        _ => include_str!("../../../../tenants/saint-elme-les-bois/tenant.toml"),
    };
    text.split("[[demarches]]").next().unwrap_or(text).to_owned()
}
