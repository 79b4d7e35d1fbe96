//! Which démarches the tenant offers, with which component and which settings.

use parvis_domain::digest::Sha256;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use crate::{
    Reads, Result, UnitOfWork,
    codec::{digest, insert_if_absent},
    entity::town::demarche,
    unit::sealed::Connected,
};

/// A démarche that the tenant has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledDemarche {
    /// Its id, as its definition names it.
    pub id: String,
    /// Component that decides on new dossiers.
    pub component: Sha256,
    /// Its settings.
    pub settings: Sha256,
    /// Its place in the catalogue.
    pub position: i64,
    /// Whether it is offered.
    pub enabled: bool,
}

/// Installs or changes a démarche.
pub async fn put(unit: &UnitOfWork, installed: &InstalledDemarche) -> Result<()> {
    let row = demarche::Model {
        id: installed.id.clone(),
        component: installed.component.to_string(),
        settings: installed.settings.to_string(),
        position: installed.position,
        enabled: installed.enabled,
    };
    if !insert_if_absent(unit.connection(), row.clone()).await? {
        demarche::Entity::update_many()
            .set(row.into_active_model().reset_all())
            .filter(demarche::Column::Id.eq(installed.id.clone()))
            .exec(unit.connection())
            .await?;
    }
    Ok(())
}

/// A démarche by its id.
pub async fn by_id(reads: &impl Reads, id: &str) -> Result<Option<InstalledDemarche>> {
    demarche::Entity::find_by_id(id.to_owned()).one(reads.connection()).await?.map(read).transpose()
}

/// All démarches, in the order of the catalogue.
pub async fn list(reads: &impl Reads) -> Result<Vec<InstalledDemarche>> {
    let query = demarche::Entity::find().order_by_asc(demarche::Column::Position).order_by_asc(demarche::Column::Id);
    query.all(reads.connection()).await?.into_iter().map(read).collect()
}

/// Removes a démarche; its dossiers stay, with their component.
pub async fn remove(unit: &UnitOfWork, id: &str) -> Result<()> {
    demarche::Entity::delete_by_id(id.to_owned()).exec(unit.connection()).await?;
    Ok(())
}

fn read(row: demarche::Model) -> Result<InstalledDemarche> {
    Ok(InstalledDemarche {
        component: digest("demarche", &row.component)?,
        settings: digest("demarche", &row.settings)?,
        id: row.id,
        position: row.position,
        enabled: row.enabled,
    })
}
