//! A scope as a WHERE, in one place: a row is listed exactly when the policy lets the actor see it.

use parvis_domain::policy::DossierScope;
use sea_orm::{ColumnTrait, Condition};

use crate::entity::request::dossier::Column;

/// The condition on `dossier` that a scope means.
pub(crate) fn condition(scope: &DossierScope) -> Condition {
    let mut all = Condition::all();
    if scope.nothing {
        return all.add(Column::Id.is_in(Vec::<uuid::Uuid>::new()));
    }
    if let Some(services) = &scope.services {
        all = all.add(Column::Service.is_in(services.iter().cloned()));
    }
    if let Some(usager) = scope.usager {
        all = all.add(Column::Usager.eq(usager.uuid()));
    }
    if let Some(dossier) = scope.dossier {
        all = all.add(Column::Id.eq(dossier.uuid()));
    }
    if scope.hides_restricted {
        all = all.add(Column::Restricted.eq(false));
    }
    all
}
