//! The product assembled from its rooms, and a town of it.
//!
//! [`Parvis`] is built once by `cli` from [`Parts`]. Everything done for a collectivité starts with [`Parvis::town`]:
//! the Host header, by exact match, gives a [`Town`], and nothing else ever chooses one (D1). This module never knows
//! HTTP beyond the text of that header.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use parvis_domain::{
    digest::Sha256,
    ids::{DossierId, TenantId},
    policy::{Actor, DossierScope, Permission, Subject},
    ports::{Installer, Mailer, Typesetter},
    rules::Rules,
    time::{Clock, Entropy, Instant},
};
use parvis_store::{Store, StoreError, TenantDb};
use parvis_vault::{TenantVault, Vault, VaultError};

use crate::{
    catalogue::Catalogue,
    passwords::HashCost,
    policy::{Denied, PolicyTable},
    pools::{PoolSizes, Pools},
    profile::Profile,
    relay::Relay,
    secrets::ApplicationKey,
    towns,
    workers::Figures,
};

/// What `cli` joins.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The documents.
    pub vault: Vault,
    /// The démarches.
    pub rules: Arc<dyn Rules>,
    /// Installs components.
    pub installer: Arc<dyn Installer>,
    /// Sends mails.
    pub mailer: Arc<dyn Mailer>,
    /// Makes documents.
    pub typesetter: Arc<dyn Typesetter>,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// Settings of the deployment.
    pub config: Config,
}

/// For good, or to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `parvis demo`: agents marked as demonstration ones enter without a second factor.
    Demo,
    /// `parvis serve`: no agent enters with a password alone.
    Serve,
}

/// Settings of the deployment.
#[derive(Debug, Clone)]
pub struct Config {
    /// For good, or to try.
    pub mode: Mode,
    /// "https", or "http" in the demo: what links in mails start with.
    pub scheme: String,
    /// Port written in links; `None` for the scheme's own.
    pub port: Option<u16>,
    /// Keys the deployment's message authentication codes.
    pub key: ApplicationKey,
    /// Limits.
    pub limits: Limits,
    /// Sizes of the pools.
    pub pools: PoolSizes,
    /// What hashing a password costs.
    pub hash_cost: HashCost,
}

/// Limits of what one citizen may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Octets of one document.
    pub piece_octets: u64,
    /// Documents of one dossier.
    pub pieces: u32,
    /// Drafts without account opened from one address in an hour.
    pub drafts_per_hour: u32,
    /// Mails of dossiers that leave in a day to one address that nobody confirmed.
    pub mails_per_day: u32,
    /// Days that a draft without news is kept.
    pub draft_days: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self { piece_octets: 20 * 1024 * 1024, pieces: 50, drafts_per_hour: 60, mails_per_day: 20, draft_days: 30 }
    }
}

/// The product, running. Shared behind an [`Arc`].
pub struct Parvis {
    /// The database.
    pub store: Store,
    /// The documents.
    pub vault: Vault,
    /// The démarches.
    pub rules: Arc<dyn Rules>,
    /// Installs components.
    pub installer: Arc<dyn Installer>,
    /// Sends mails.
    pub mailer: Arc<dyn Mailer>,
    /// Makes documents.
    pub typesetter: Arc<dyn Typesetter>,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// Settings of the deployment.
    pub config: Config,
    /// Bounded pools for what blocks a thread.
    pub pools: Pools,
    /// How the mail server fares.
    pub relay: Relay,
    /// What was pushed of the towns' figures.
    pub figures: Figures,
    towns: RwLock<HashMap<String, Cached>>,
}

/// A town as it was read, and when.
#[derive(Clone)]
struct Cached {
    town: TownParts,
    read_at: Instant,
}

/// A town without the product around it, so that the cache holds no circle.
#[derive(Clone)]
pub(crate) struct TownParts {
    pub(crate) id: TenantId,
    pub(crate) db: TenantDb,
    pub(crate) vault: TenantVault,
    pub(crate) profile: Arc<Profile>,
    pub(crate) policy: Arc<PolicyTable>,
    pub(crate) catalogue: Arc<Catalogue>,
    /// Digest of what was applied.
    pub(crate) applied: Sha256,
}

/// How long a town that was read is trusted: another process may have applied new settings.
const TRUSTED: Duration = Duration::from_secs(10);
/// Towns kept in memory before those of no use leave.
const KEPT: usize = 64;

/// A collectivité, resolved. Cheap to clone; everything done through it belongs to it.
#[derive(Clone)]
pub struct Town {
    /// The product.
    pub parvis: Arc<Parvis>,
    /// Id.
    pub id: TenantId,
    /// Its data.
    pub db: TenantDb,
    /// Its documents.
    pub vault: TenantVault,
    /// What its folder declares.
    pub profile: Arc<Profile>,
    /// Its policy, compiled.
    pub policy: Arc<PolicyTable>,
    /// The démarches it offers.
    pub catalogue: Arc<Catalogue>,
    /// Id of the request being served; empty for workers.
    pub request_id: Arc<str>,
}

/// Why there is no town.
#[derive(Debug, thiserror::Error)]
pub enum TownError {
    /// No collectivité answers at this host.
    #[error("no collectivité answers at {0:?}")]
    UnknownHost(String),
    /// It was created, and its folder never applied.
    #[error("the collectivité {0} has no profile: apply its folder")]
    NoProfile(TenantId),
    /// What is stored of it cannot be understood.
    #[error("the collectivité {tenant} cannot be used: {reason}")]
    Unusable {
        /// Which.
        tenant: TenantId,
        /// Why.
        reason: String,
    },
    /// The database cannot be read now.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault cannot be opened now.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl Parvis {
    /// Joins the rooms.
    pub fn new(parts: Parts) -> Arc<Self> {
        let pools = Pools::new(parts.config.pools);
        Arc::new(Self {
            store: parts.store,
            vault: parts.vault,
            rules: parts.rules,
            installer: parts.installer,
            mailer: parts.mailer,
            typesetter: parts.typesetter,
            clock: parts.clock,
            entropy: parts.entropy,
            config: parts.config,
            pools,
            relay: Relay::default(),
            figures: Figures::default(),
            towns: RwLock::new(HashMap::new()),
        })
    }

    /// The present.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The collectivité that answers at a host, as the header writes it: case, port and final dot aside, it is one of
    /// those registered or there is none.
    pub async fn town(self: &Arc<Self>, host: &str) -> Result<Town, TownError> {
        let host = bare_host(host).ok_or_else(|| TownError::UnknownHost(host.to_owned()))?;
        let before = match self.cached(&host) {
            Some(cached) if self.trusts(&cached) => return Ok(self.assemble(cached.town)),
            other => other,
        };
        let Some(tenant) = towns::tenant_at(self, &host).await? else {
            self.forget(&host);
            return Err(TownError::UnknownHost(host));
        };
        self.read(host, tenant, before).await
    }

    /// A collectivité by its id, for workers, which have no request.
    pub async fn town_by_id(self: &Arc<Self>, id: TenantId) -> Result<Town, TownError> {
        let key = format!("#{id}");
        match self.cached(&key) {
            Some(cached) if self.trusts(&cached) => Ok(self.assemble(cached.town)),
            before => self.read(key, id, before).await,
        }
    }

    /// Whether the databases answer.
    pub async fn ready(&self) -> Result<(), StoreError> {
        parvis_store::tenants::list(self.store.platform()).await.map(|_| ())
    }

    /// Forgets every town that was read: something was applied.
    pub fn forget_towns(&self) {
        self.towns.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn read(self: &Arc<Self>, key: String, tenant: TenantId, before: Option<Cached>) -> Result<Town, TownError> {
        let before = before.map(|cached| cached.town).filter(|town| town.id == tenant);
        let town = towns::read(self, tenant, before).await?;
        self.keep(key, town.clone());
        Ok(self.assemble(town))
    }

    fn trusts(&self, cached: &Cached) -> bool {
        self.now() < cached.read_at.plus(TRUSTED)
    }

    fn cached(&self, key: &str) -> Option<Cached> {
        self.towns.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// Keeps a town that was read; when there are many, those that nobody asked for lately leave, and their files with
    /// them.
    fn keep(&self, key: String, town: TownParts) {
        let cached = Cached { town, read_at: self.now() };
        let mut towns = self.towns.write().unwrap_or_else(PoisonError::into_inner);
        if towns.len() >= KEPT {
            towns.retain(|_, cached| self.trusts(cached));
        }
        towns.insert(key, cached);
    }

    fn forget(&self, key: &str) {
        self.towns.write().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    fn assemble(self: &Arc<Self>, parts: TownParts) -> Town {
        Town {
            parvis: Arc::clone(self),
            id: parts.id,
            db: parts.db,
            vault: parts.vault,
            profile: parts.profile,
            policy: parts.policy,
            catalogue: parts.catalogue,
            request_id: Arc::from(""),
        }
    }
}

impl Town {
    /// The same town, for one request: its id is written with the traces.
    #[must_use]
    pub fn for_request(mut self, id: &str) -> Self {
        self.request_id = Arc::from(id);
        self
    }

    /// The present.
    pub fn now(&self) -> Instant {
        self.parvis.now()
    }

    /// Whether an actor may do something, to a dossier or, without one, at all.
    pub fn allow(&self, actor: &Actor, permission: Permission, subject: Option<&Subject>) -> Result<(), Denied> {
        self.policy.allow(actor, permission, subject)
    }

    /// Which dossiers an actor may see in a list made under a permission.
    pub fn scope(&self, actor: &Actor, permission: Permission) -> DossierScope {
        self.policy.scope(actor, permission)
    }

    /// The functions of démarches that an actor holds on the dossiers of a service.
    pub fn functions(&self, actor: &Actor, service: &str) -> BTreeSet<String> {
        self.policy.functions(actor, service)
    }

    /// An absolute link to a page of the town; the path starts with a slash.
    pub fn url(&self, path: &str) -> String {
        let config = &self.parvis.config;
        let port = config.port.map_or_else(String::new, |port| format!(":{port}"));
        format!("{}://{}{port}{path}", config.scheme, self.profile.host())
    }

    /// Writes that an agent read, or tried to do, something (article 5 of the RGPD, AC-29). Others are not traced: a
    /// citizen reads what is hers.
    pub async fn log_access(
        &self,
        actor: &Actor,
        permission: Permission,
        dossier: Option<DossierId>,
    ) -> Result<(), StoreError> {
        towns::log_access(self, actor, permission, dossier).await
    }
}

/// A Host header without port, case and final dot; `None` when it cannot be one.
fn bare_host(header: &str) -> Option<String> {
    let name = match header.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        Some(_) => return None,
        None => header,
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    let known = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    (!name.is_empty() && name.len() <= 253 && name.chars().all(known)).then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_compared_without_case_port_and_final_dot() {
        for header in ["valbrune.localhost", "Valbrune.LocalHost:3000", "valbrune.localhost.", "valbrune.localhost.:80"]
        {
            assert_eq!(bare_host(header).as_deref(), Some("valbrune.localhost"), "{header}");
        }
        for header in ["", ":80", "a b", "valbrune.localhost:port", "[::1]:80", "valbrune/x", "a@b"] {
            assert_eq!(bare_host(header), None, "{header}");
        }
    }
}
