//! Citizens' accounts. An account belongs to this tenant only.

use parvis_domain::{ids::UsagerId, time::Instant};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    Reads, Result, UnitOfWork,
    codec::{insert_if_absent, instant, maybe_instant, maybe_micros},
    entity::people::usager,
    unit::sealed::Connected,
};

/// A citizen's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usager {
    /// Id.
    pub id: UsagerId,
    /// E-mail address, folded, unique.
    pub email: String,
    /// Prénom.
    pub given_name: String,
    /// Nom.
    pub family_name: String,
    /// Phone.
    pub phone: Option<String>,
    /// Hash of the password (PHC string).
    pub password_hash: Option<String>,
    /// When the address was confirmed.
    pub confirmed_at: Option<Instant>,
    /// When the account was created.
    pub created_at: Instant,
}

/// Creates an account; false when the address is taken.
pub async fn insert(unit: &UnitOfWork, usager: &Usager) -> Result<bool> {
    let row = usager::Model {
        id: usager.id.uuid(),
        email: usager.email.clone(),
        given_name: usager.given_name.clone(),
        family_name: usager.family_name.clone(),
        phone: usager.phone.clone(),
        password_hash: usager.password_hash.clone(),
        confirmed_at: maybe_micros(usager.confirmed_at),
        created_at: usager.created_at.micros(),
    };
    insert_if_absent(unit.connection(), row).await
}

/// An account by its id.
pub async fn by_id(reads: &impl Reads, id: UsagerId) -> Result<Option<Usager>> {
    Ok(usager::Entity::find_by_id(id.uuid()).one(reads.connection()).await?.map(Usager::from))
}

/// An account by its folded address.
pub async fn by_email(reads: &impl Reads, email: &str) -> Result<Option<Usager>> {
    let found = usager::Entity::find().filter(usager::Column::Email.eq(email)).one(reads.connection()).await?;
    Ok(found.map(Usager::from))
}

/// Changes name and phone.
pub async fn update_profile(unit: &UnitOfWork, usager: &Usager) -> Result<()> {
    usager::Entity::update_many()
        .col_expr(usager::Column::GivenName, Expr::value(usager.given_name.clone()))
        .col_expr(usager::Column::FamilyName, Expr::value(usager.family_name.clone()))
        .col_expr(usager::Column::Phone, Expr::value(usager.phone.clone()))
        .filter(usager::Column::Id.eq(usager.id.uuid()))
        .exec(unit.connection())
        .await?;
    Ok(())
}

/// Changes the password.
pub async fn set_password(unit: &UnitOfWork, id: UsagerId, hash: &str) -> Result<()> {
    set(unit, id, usager::Column::PasswordHash, Expr::value(hash)).await
}

/// The address was confirmed.
pub async fn confirm(unit: &UnitOfWork, id: UsagerId, at: Instant) -> Result<()> {
    set(unit, id, usager::Column::ConfirmedAt, Expr::value(at.micros())).await
}

/// Erases an account that was never confirmed and that nothing points at.
pub async fn remove(unit: &UnitOfWork, id: UsagerId) -> Result<()> {
    usager::Entity::delete_by_id(id.uuid()).exec(unit.connection()).await?;
    Ok(())
}

async fn set(unit: &UnitOfWork, id: UsagerId, column: usager::Column, value: Expr) -> Result<()> {
    usager::Entity::update_many()
        .col_expr(column, value)
        .filter(usager::Column::Id.eq(id.uuid()))
        .exec(unit.connection())
        .await?;
    Ok(())
}

impl From<usager::Model> for Usager {
    fn from(row: usager::Model) -> Self {
        Self {
            id: UsagerId::from_uuid(row.id),
            email: row.email,
            given_name: row.given_name,
            family_name: row.family_name,
            phone: row.phone,
            password_hash: row.password_hash,
            confirmed_at: maybe_instant(row.confirmed_at),
            created_at: instant(row.created_at),
        }
    }
}
