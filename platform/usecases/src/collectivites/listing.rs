//! The collectivités of a deployment, for the operator.

use parvis_store::{StoreError, tenants};

use crate::parvis::Parvis;

/// A collectivité in the operator's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Short name.
    pub slug: String,
    /// Name.
    pub name: String,
    /// Hosts it answers at.
    pub hosts: Vec<String>,
}

/// All of them, by short name.
pub async fn list(parvis: &Parvis) -> Result<Vec<Listed>, StoreError> {
    let platform = parvis.store.platform();
    let mut listed = Vec::new();
    for tenant in tenants::list(platform).await? {
        let hosts = tenants::hosts(platform, tenant.id).await?;
        listed.push(Listed { slug: tenant.slug, name: tenant.name, hosts });
    }
    Ok(listed)
}
