//! Addresses that refuse mail: shown on the dossier, so that someone phones or prints.

use parvis_domain::time::Instant;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    Reads, Result, UnitOfWork,
    codec::{insert_if_absent, instant},
    entity::town::mail_problem,
    unit::sealed::Connected,
};

/// Why an address refuses mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailProblem {
    /// Folded address.
    pub address: String,
    /// When it refused last.
    pub at: Instant,
    /// Why.
    pub reason: String,
}

/// An address refused a mail.
pub async fn put(unit: &UnitOfWork, problem: &MailProblem) -> Result<()> {
    let row = mail_problem::Model {
        address: problem.address.clone(),
        at: problem.at.micros(),
        reason: problem.reason.clone(),
    };
    if !insert_if_absent(unit.connection(), row).await? {
        mail_problem::Entity::update_many()
            .col_expr(mail_problem::Column::At, Expr::value(problem.at.micros()))
            .col_expr(mail_problem::Column::Reason, Expr::value(problem.reason.clone()))
            .filter(mail_problem::Column::Address.eq(problem.address.clone()))
            .exec(unit.connection())
            .await?;
    }
    Ok(())
}

/// What an address refused.
pub async fn by_address(reads: &impl Reads, address: &str) -> Result<Option<MailProblem>> {
    let found = mail_problem::Entity::find_by_id(address.to_owned()).one(reads.connection()).await?;
    Ok(found.map(|row| MailProblem { address: row.address, at: instant(row.at), reason: row.reason }))
}

/// An address accepts mail again.
pub async fn remove(unit: &UnitOfWork, address: &str) -> Result<()> {
    mail_problem::Entity::delete_by_id(address.to_owned()).exec(unit.connection()).await?;
    Ok(())
}
