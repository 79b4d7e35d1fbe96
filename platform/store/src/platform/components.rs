//! The components installed in the deployment, by digest. They stay as long as one dossier points at them.

use parvis_domain::{digest::Sha256, time::Instant};
use sea_orm::{EntityTrait, QuerySelect};

use super::handle::PlatformDb;
use crate::{
    Result,
    codec::{digest, from_json, insert_if_absent, instant, json, query_all},
    entity::platform::component,
};

/// A component to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct NewComponent {
    /// Digest of its octets.
    pub digest: Sha256,
    /// Démarche it declares.
    pub demarche: String,
    /// Version it declares.
    pub version: String,
    /// Its definition.
    pub definition: serde_json::Value,
    /// Its octets.
    pub content: Vec<u8>,
    /// The present.
    pub created_at: Instant,
}

/// An installed component, without its octets.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// Digest of its octets.
    pub digest: Sha256,
    /// Démarche it declares.
    pub demarche: String,
    /// Version it declares.
    pub version: String,
    /// Its definition.
    pub definition: serde_json::Value,
    /// When it was installed.
    pub created_at: Instant,
}

/// Keeps a component; keeping it twice changes nothing.
pub async fn insert(platform: &PlatformDb, new: &NewComponent) -> Result<()> {
    let row = component::Model {
        digest: new.digest.to_string(),
        demarche: new.demarche.clone(),
        version: new.version.clone(),
        definition: json(&new.definition)?,
        content: new.content.clone(),
        created_at: new.created_at.micros(),
    };
    insert_if_absent(platform.writer(), row).await?;
    Ok(())
}

/// A component by its digest.
pub async fn by_digest(platform: &PlatformDb, digest: Sha256) -> Result<Option<Component>> {
    let sql = "SELECT digest, demarche, version, definition, created_at FROM component WHERE digest = $1";
    let rows = query_all(platform.reader(), sql, vec![digest.to_string().into()]).await?;
    rows.iter().map(read).next().transpose()
}

/// Octets of a component.
pub async fn content(platform: &PlatformDb, digest: Sha256) -> Result<Option<Vec<u8>>> {
    let found = component::Entity::find_by_id(digest.to_string())
        .select_only()
        .column(component::Column::Content)
        .into_tuple::<Vec<u8>>()
        .one(platform.reader())
        .await?;
    Ok(found)
}

/// All components, oldest first.
pub async fn list(platform: &PlatformDb) -> Result<Vec<Component>> {
    let sql = "SELECT digest, demarche, version, definition, created_at FROM component ORDER BY created_at, digest";
    query_all(platform.reader(), sql, vec![]).await?.iter().map(read).collect()
}

fn read(row: &sea_orm::QueryResult) -> Result<Component> {
    Ok(Component {
        digest: digest("component", &row.try_get::<String>("", "digest")?)?,
        demarche: row.try_get("", "demarche")?,
        version: row.try_get("", "version")?,
        definition: from_json("component", &row.try_get::<String>("", "definition")?)?,
        created_at: instant(row.try_get("", "created_at")?),
    })
}
