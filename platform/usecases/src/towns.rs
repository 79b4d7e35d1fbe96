//! Reading a town from the database into memory, and the traces of who accessed what.
//!
//! What `apply` wrote is read as it is; nothing here decides a rule.

use std::sync::Arc;

use parvis_contract::Definition;
use parvis_domain::{
    digest::Sha256,
    ids::{DossierId, OutboxId, TenantId},
    policy::{Actor, Permission},
    rules::CallError,
    settings::Settings,
};
use parvis_store::{
    Snapshot, StoreError,
    access_log::{self, Access},
    components, demarches, settings,
    tenants::{self, TenantStatus},
};

use crate::{
    catalogue::{Catalogue, Offered},
    parvis::{Parvis, Town, TownError, TownParts},
    policy::PolicyTable,
    profile::Profile,
};

/// Setting that holds the profile.
pub(crate) const PROFILE: &str = "profile";
/// Setting that holds the tenant's lines of policy.
pub(crate) const POLICY: &str = "policy";

/// Setting that holds those of a démarche.
pub(crate) fn demarche_setting(id: &str) -> String {
    format!("demarche/{id}")
}

/// The tenant that serves at a host.
pub(crate) async fn tenant_at(parvis: &Parvis, host: &str) -> Result<Option<TenantId>, TownError> {
    let tenant = tenants::by_host(parvis.store.platform(), host).await?;
    Ok(tenant.filter(|tenant| tenant.status == TenantStatus::Open).map(|tenant| tenant.id))
}

/// Reads a town. One that was read before is given back when nothing was applied since.
pub(crate) async fn read(parvis: &Parvis, id: TenantId, before: Option<TownParts>) -> Result<TownParts, TownError> {
    let db = parvis.store.tenant(id).await?;
    let snapshot = db.read().await?;
    let applied = applied(&snapshot).await?;
    if let Some(before) = before.filter(|before| before.applied == applied) {
        return Ok(before);
    }
    let unusable = |reason: String| TownError::Unusable { tenant: id, reason };
    let (_, profile) = settings::get(&snapshot, PROFILE).await?.ok_or(TownError::NoProfile(id))?;
    let profile: Profile = serde_json::from_value(profile).map_err(|error| unusable(error.to_string()))?;
    let lines = settings::get(&snapshot, POLICY).await?.map(|(_, lines)| lines);
    let lines = lines.as_ref().and_then(serde_json::Value::as_str).unwrap_or("");
    let policy = PolicyTable::compile(lines).await.map_err(|error| unusable(error.to_string()))?;
    let catalogue = catalogue(parvis, id, &snapshot, &profile).await?;
    drop(snapshot);
    let vault = parvis.vault.for_tenant(id).await?;
    Ok(TownParts {
        id,
        db,
        vault,
        profile: Arc::new(profile),
        policy: Arc::new(policy),
        catalogue: Arc::new(catalogue),
        applied,
    })
}

/// A digest of everything that `apply` writes about a town.
async fn applied(snapshot: &Snapshot) -> Result<Sha256, StoreError> {
    let settings = settings::list(snapshot).await?;
    let mut lines: Vec<String> =
        settings.iter().map(|setting| format!("{} {}", setting.name, setting.digest)).collect();
    for demarche in demarches::list(snapshot).await? {
        let (component, settings) = (demarche.component, demarche.settings);
        lines.push(format!("{} {component} {settings} {} {}", demarche.id, demarche.position, demarche.enabled));
    }
    Ok(Sha256::of(lines.join("\n").as_bytes()))
}

async fn catalogue(
    parvis: &Parvis,
    tenant: TenantId,
    snapshot: &Snapshot,
    profile: &Profile,
) -> Result<Catalogue, TownError> {
    let mut offered = Vec::new();
    for installed in demarches::list(snapshot).await? {
        let line = profile.demarches.iter().find(|line| line.id == installed.id);
        let Some(line) = line.filter(|_| installed.enabled) else { continue };
        let Some(definition) = definition(parvis, installed.component).await? else {
            tracing::error!(%tenant, component = %installed.component, demarche = installed.id, "a démarche is not offered: its component cannot be loaded");
            continue;
        };
        let content = settings::content(snapshot, installed.settings).await?;
        let content = Arc::new(content.map(Settings::from).unwrap_or_default());
        let settings = (installed.settings, content);
        offered.push(Offered::new(installed.component, definition, settings, line.service.clone()));
    }
    Ok(Catalogue::new(offered))
}

/// The definition of a component, which is loaded when it was not yet.
async fn definition(parvis: &Parvis, component: Sha256) -> Result<Option<Arc<Definition>>, TownError> {
    match parvis.rules.definition(component) {
        Ok(definition) => return Ok(Some(definition)),
        Err(CallError::Unknown(_)) => {}
        Err(error) => {
            tracing::error!(%component, %error, "a component gives no definition");
            return Ok(None);
        }
    }
    if !load(parvis, component).await? {
        return Ok(None);
    }
    Ok(parvis.rules.definition(component).ok())
}

/// Gives the host a component that is kept in the database; false when it is not there, or refused.
pub(crate) async fn load(parvis: &Parvis, component: Sha256) -> Result<bool, StoreError> {
    let Some(octets) = components::content(parvis.store.platform(), component).await? else { return Ok(false) };
    let installer = Arc::clone(&parvis.installer);
    match tokio::task::spawn_blocking(move || installer.install(&octets)).await {
        Ok(Ok(_)) => Ok(true),
        Ok(Err(error)) => {
            tracing::error!(%component, %error, "a component that was installed is refused");
            Ok(false)
        }
        Err(error) => {
            tracing::error!(%component, %error, "a component could not be installed");
            Ok(false)
        }
    }
}

/// Writes a trace of an access by an agent.
pub(crate) async fn log_access(
    town: &Town,
    actor: &Actor,
    permission: Permission,
    dossier: Option<DossierId>,
) -> Result<(), StoreError> {
    let (actor_kind, actor_id) = match actor {
        Actor::Agent { id, .. } => ("agent", id.to_string()),
        Actor::Operator => ("operator", String::new()),
        _ => return Ok(()),
    };
    let (class, action) = permission.name();
    let trace = Access {
        id: OutboxId::new(&*town.parvis.clock, &*town.parvis.entropy).uuid(),
        at: town.now(),
        actor_kind: actor_kind.to_owned(),
        actor_id,
        permission: format!("{class}:{action}"),
        dossier,
        request_id: town.request_id.to_string(),
    };
    let unit = town.db.write().await?;
    access_log::insert(&unit, &[trace]).await?;
    unit.commit().await
}
