//! Settings of the tenant. Each has one owner, a file or the console; contents are kept by digest, because events refer to
//! the ones they were decided with.

use parvis_domain::{digest::Sha256, time::Instant};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Reads, Result, StoreError, UnitOfWork,
    codec::{digest, from_json, from_word, insert_if_absent, instant, json, word},
    entity::town::{setting, settings_content},
    unit::sealed::Connected,
};

/// Who owns a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// A file of the tenant's folder.
    File,
    /// The console.
    Console,
}

/// A setting, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Name.
    pub name: String,
    /// Digest of its content.
    pub digest: Sha256,
    /// Who owns it.
    pub owner: Owner,
    /// The file that owns it.
    pub file: Option<String>,
    /// When it changed last.
    pub updated_at: Instant,
}

/// Keeps a content and gives its digest; what is kept once stays, whatever becomes of the setting.
pub async fn keep(unit: &UnitOfWork, content: &Value) -> Result<Sha256> {
    let text = json(content)?;
    let digest = Sha256::of(text.as_bytes());
    let row = settings_content::Model { digest: digest.to_string(), content: text };
    insert_if_absent(unit.connection(), row).await?;
    Ok(digest)
}

/// Writes a setting and gives the digest of its content.
pub async fn put(
    unit: &UnitOfWork,
    name: &str,
    content: &Value,
    owner: Owner,
    file: Option<&str>,
    at: Instant,
) -> Result<Sha256> {
    let digest = keep(unit, content).await?;
    let row = setting::Model {
        name: name.to_owned(),
        digest: digest.to_string(),
        owner: word(&owner),
        file: file.map(str::to_owned),
        updated_at: at.micros(),
    };
    if !insert_if_absent(unit.connection(), row).await? {
        setting::Entity::update_many()
            .col_expr(setting::Column::Digest, Expr::value(digest.to_string()))
            .col_expr(setting::Column::Owner, Expr::value(word(&owner)))
            .col_expr(setting::Column::File, Expr::value(file.map(str::to_owned)))
            .col_expr(setting::Column::UpdatedAt, Expr::value(at.micros()))
            .filter(setting::Column::Name.eq(name))
            .exec(unit.connection())
            .await?;
    }
    Ok(digest)
}

/// A setting and its content.
pub async fn get(reads: &impl Reads, name: &str) -> Result<Option<(Setting, Value)>> {
    let Some(row) = setting::Entity::find_by_id(name.to_owned()).one(reads.connection()).await? else {
        return Ok(None);
    };
    let setting = read(row)?;
    let content = content(reads, setting.digest).await?.ok_or(StoreError::Missing { table: "settings_content" })?;
    Ok(Some((setting, content)))
}

/// A content by its digest.
pub async fn content(reads: &impl Reads, digest: Sha256) -> Result<Option<Value>> {
    let found = settings_content::Entity::find_by_id(digest.to_string()).one(reads.connection()).await?;
    found.map(|row| from_json("settings_content", &row.content)).transpose()
}

/// All settings, by name.
pub async fn list(reads: &impl Reads) -> Result<Vec<Setting>> {
    let query = setting::Entity::find().order_by_asc(setting::Column::Name);
    query.all(reads.connection()).await?.into_iter().map(read).collect()
}

/// Removes a setting; its contents stay for the events that refer to them.
pub async fn remove(unit: &UnitOfWork, name: &str) -> Result<()> {
    setting::Entity::delete_by_id(name.to_owned()).exec(unit.connection()).await?;
    Ok(())
}

fn read(row: setting::Model) -> Result<Setting> {
    Ok(Setting {
        digest: digest("setting", &row.digest)?,
        owner: from_word("setting", row.owner)?,
        name: row.name,
        file: row.file,
        updated_at: instant(row.updated_at),
    })
}
