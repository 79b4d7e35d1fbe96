//! Applying a folder: the tenant, its hosts, its settings, its démarches, its grants.
//!
//! Components come as octets from whoever built them, or from what is installed already. Each setting is owned by its
//! file; one that the console owns is left as it is, and said.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use parvis_contract::Definition;
use parvis_domain::{
    digest::Sha256,
    ids::{AgentId, TenantId},
    ports::{InstallError, Installed},
    rules::CallError,
};
use parvis_store::{
    NewTenant, StoreError, TenantStatus, UnitOfWork, agents_in_town,
    components::{self, NewComponent},
    demarches::{self, InstalledDemarche},
    settings::{self as stored_settings, Owner},
    tenants,
};
use serde_json::Value;

use super::{
    folder::{Folder, FolderError},
    settings::{self, SettingsError},
};
use crate::{
    agents::{self, AgentError},
    parvis::{Parvis, TownError},
    towns,
};

/// Octets of components by id of démarche, as the command line built or found them.
pub type ComponentSource = BTreeMap<String, Vec<u8>>;

/// What is done with what the files do not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    /// Shown, and left.
    Keep,
    /// Removed.
    Prune,
}

/// What was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Tenant.
    pub tenant: TenantId,
    /// Its short name.
    pub slug: String,
    /// Settings whose content changed.
    pub changed: Vec<String>,
    /// Settings that the console owns: the files' were not written.
    pub owned_by_console: Vec<String>,
    /// Démarches that are no longer named: withdrawn from the catalogue when pruned.
    pub extra_demarches: Vec<String>,
    /// Agents whose grants are no longer named: taken back when pruned.
    pub extra_agents: Vec<AgentId>,
    /// Addresses whose grants wait for an agent.
    pub without_agent: Vec<String>,
}

/// Why a folder was not applied. A folder that is wrong changes nothing.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The files.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The settings of a démarche.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A démarche has no component.
    #[error("the démarche {0:?} has no component: build its plugin, or install it")]
    NoComponent(String),
    /// A component declares another démarche.
    #[error("the component given for {wanted:?} is the démarche {found:?}")]
    OtherDemarche {
        /// Démarche wanted.
        wanted: String,
        /// Démarche declared.
        found: String,
    },
    /// A component is refused.
    #[error("the component of {demarche:?}: {source}")]
    Install {
        /// Démarche.
        demarche: String,
        /// Why.
        source: InstallError,
    },
    /// A component does not answer.
    #[error("the component of {demarche:?}: {source}")]
    Call {
        /// Démarche.
        demarche: String,
        /// Why.
        source: CallError,
    },
    /// Grants.
    #[error(transparent)]
    Agents(#[from] AgentError),
    /// The town cannot be read after all.
    #[error(transparent)]
    Town(#[from] TownError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Creates or updates a collectivité from its folder.
pub async fn apply(
    parvis: &Arc<Parvis>,
    path: &Path,
    source: &ComponentSource,
    extra: Extra,
) -> Result<Applied, ApplyError> {
    let folder = Folder::read(path).await?;
    let profile = &folder.profile;
    let mut installed = Vec::new();
    for line in &profile.demarches {
        let (component, definition) = component(parvis, &line.id, source).await?;
        let content = folder.settings.get(&line.id).cloned().unwrap_or_else(|| serde_json::json!({}));
        settings::check(&definition, &content)?;
        installed.push((line.id.clone(), component, content));
    }

    let tenant = tenant(parvis, &folder).await?;
    tenants::set_hosts(parvis.store.platform(), tenant, &profile.hosts).await?;
    let db = parvis.store.tenant(tenant).await?;
    let unit = db.write().await?;
    let mut writer = Writer { parvis, unit: &unit, changed: Vec::new(), owned_by_console: Vec::new() };
    let content = serde_json::to_value(profile).expect("a profile is plain text");
    writer.put(towns::PROFILE, &content, "tenant.toml").await?;
    writer.put(towns::POLICY, &Value::String(folder.policy.clone()), "policy.csv").await?;
    for (position, (id, component, content)) in (0_i64..).zip(&installed) {
        let name = towns::demarche_setting(id);
        let settings = writer.put(&name, content, &format!("demarches/{id}.toml")).await?;
        let row = InstalledDemarche { id: id.clone(), component: *component, settings, position, enabled: true };
        if demarches::by_id(&unit, id).await?.as_ref() != Some(&row) {
            demarches::put(&unit, &row).await?;
        }
    }
    let Writer { changed, owned_by_console, .. } = writer;
    let extra_demarches = withdraw_extra(&unit, &installed, extra).await?;
    unit.commit().await?;
    parvis.forget_towns();

    let town = parvis.town_by_id(tenant).await?;
    let synced = agents::sync_grants(&town).await?;
    if extra == Extra::Prune && !synced.not_in_folder.is_empty() {
        let unit = town.db.write().await?;
        for agent in &synced.not_in_folder {
            agents_in_town::revoke(&unit, *agent, town.now()).await?;
        }
        unit.commit().await?;
    }
    tracing::info!(tenant = %tenant, slug = profile.slug, changed = changed.len(), "a folder was applied");
    Ok(Applied {
        tenant,
        slug: profile.slug.clone(),
        changed,
        owned_by_console,
        extra_demarches,
        extra_agents: synced.not_in_folder,
        without_agent: synced.without_agent,
    })
}

/// Installs a component in the deployment: checked, compiled, kept. Twice changes nothing.
pub async fn install_component(parvis: &Parvis, octets: Vec<u8>) -> Result<Installed, ApplyError> {
    install(parvis, "?", octets).await
}

/// Gives the host every component that is kept: dossiers point at them. Done at start; gives how many.
pub async fn load_components(parvis: &Parvis) -> Result<usize, StoreError> {
    let mut loaded = 0;
    for component in components::list(parvis.store.platform()).await? {
        if parvis.rules.definition(component.digest).is_ok() || towns::load(parvis, component.digest).await? {
            loaded += 1;
        }
    }
    Ok(loaded)
}

/// The tenant of the folder, created when it is new.
async fn tenant(parvis: &Parvis, folder: &Folder) -> Result<TenantId, StoreError> {
    let platform = parvis.store.platform();
    let profile = &folder.profile;
    if let Some(known) = tenants::by_slug(platform, &profile.slug).await? {
        if known.name != profile.name || known.status != TenantStatus::Open {
            tenants::update(platform, known.id, &profile.name, TenantStatus::Open).await?;
        }
        return Ok(known.id);
    }
    let new = NewTenant {
        id: TenantId::new(&*parvis.clock, &*parvis.entropy),
        slug: profile.slug.clone(),
        name: profile.name.clone(),
        created_at: parvis.now(),
    };
    parvis.store.create_tenant(&new).await?;
    Ok(new.id)
}

/// The component of a démarche: the one that is given, or the latest one that is installed.
async fn component(
    parvis: &Parvis,
    id: &str,
    source: &ComponentSource,
) -> Result<(Sha256, Arc<Definition>), ApplyError> {
    let failed = |source: CallError| ApplyError::Call { demarche: id.to_owned(), source };
    if let Some(octets) = source.get(id) {
        let digest = Sha256::of(octets);
        if let Ok(definition) = parvis.rules.definition(digest)
            && definition.id == id
            && components::by_digest(parvis.store.platform(), digest).await?.is_some()
        {
            return Ok((digest, definition));
        }
        let installed = install(parvis, id, octets.clone()).await?;
        if installed.definition.id != id {
            let found = installed.definition.id.clone();
            return Err(ApplyError::OtherDemarche { wanted: id.to_owned(), found });
        }
        return Ok((installed.digest, installed.definition));
    }
    let kept = components::list(parvis.store.platform()).await?;
    let latest = kept.into_iter().rev().find(|component| component.demarche == id);
    let digest = latest.ok_or_else(|| ApplyError::NoComponent(id.to_owned()))?.digest;
    if parvis.rules.definition(digest).is_err() && !towns::load(parvis, digest).await? {
        return Err(ApplyError::NoComponent(id.to_owned()));
    }
    Ok((digest, parvis.rules.definition(digest).map_err(failed)?))
}

async fn install(parvis: &Parvis, demarche: &str, octets: Vec<u8>) -> Result<Installed, ApplyError> {
    let refused = |source| ApplyError::Install { demarche: demarche.to_owned(), source };
    let host = Arc::clone(&parvis.installer);
    let (outcome, octets) = tokio::task::spawn_blocking(move || (host.install(&octets), octets))
        .await
        .map_err(|lost| refused(InstallError::NotADemarche(lost.to_string())))?;
    let installed = outcome.map_err(refused)?;
    let definition = serde_json::to_value(&*installed.definition).expect("a definition is JSON");
    let component = NewComponent {
        digest: installed.digest,
        demarche: installed.definition.id.clone(),
        version: installed.definition.version.clone(),
        definition,
        content: octets,
        created_at: parvis.now(),
    };
    components::insert(parvis.store.platform(), &component).await?;
    Ok(installed)
}

async fn withdraw_extra(
    unit: &UnitOfWork,
    installed: &[(String, Sha256, Value)],
    extra: Extra,
) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for known in demarches::list(unit).await? {
        if !known.enabled || installed.iter().any(|(id, ..)| *id == known.id) {
            continue;
        }
        names.push(known.id.clone());
        if extra == Extra::Prune {
            demarches::put(unit, &InstalledDemarche { enabled: false, ..known }).await?;
        }
    }
    Ok(names)
}

/// Writes settings owned by files.
struct Writer<'a> {
    parvis: &'a Parvis,
    unit: &'a UnitOfWork,
    changed: Vec<String>,
    owned_by_console: Vec<String>,
}

impl Writer<'_> {
    async fn put(&mut self, name: &str, content: &Value, file: &str) -> Result<Sha256, StoreError> {
        if let Some((known, present)) = stored_settings::get(self.unit, name).await? {
            if known.owner == Owner::Console {
                self.owned_by_console.push(name.to_owned());
                return Ok(known.digest);
            }
            if present == *content {
                return Ok(known.digest);
            }
        }
        self.changed.push(name.to_owned());
        stored_settings::put(self.unit, name, content, Owner::File, Some(file), self.parvis.now()).await
    }
}
