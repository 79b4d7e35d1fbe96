//! The two questions: may this actor do this, and which dossiers may she see.
//!
//! What an actor may not even see does not exist for her ([`Denied::NotFound`]); what she sees but may not touch is
//! refused ([`Denied::Forbidden`]).

use std::collections::BTreeSet;

use parvis_domain::policy::{Actor, DossierScope, Grant, Permission, Role, Subject};

use super::PolicyTable;

/// Why an actor may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// She may not know that it exists.
    #[error("no such thing for this actor")]
    NotFound,
    /// She may not do it.
    #[error("this actor may not")]
    Forbidden,
}

impl PolicyTable {
    /// Whether an actor may do something, to a dossier or, without one, at all.
    pub fn allow(&self, actor: &Actor, permission: Permission, subject: Option<&Subject>) -> Result<(), Denied> {
        let Some(subject) = subject else {
            return if self.may_at_all(actor, permission) { Ok(()) } else { Err(Denied::Forbidden) };
        };
        if self.holds(actor, permission, subject) {
            return Ok(());
        }
        let sees = [Permission::DossierList, Permission::DossierRead]
            .into_iter()
            .any(|permission| self.covers(actor, permission, subject));
        Err(if sees { Denied::Forbidden } else { Denied::NotFound })
    }

    /// Which dossiers an actor may see in a list made under a permission.
    pub fn scope(&self, actor: &Actor, permission: Permission) -> DossierScope {
        let everything = DossierScope {
            services: None,
            usager: None,
            dossier: None,
            nothing: false,
            hides_sensitive: !self.may_at_all(actor, Permission::DossierReadSensitive),
            hides_restricted: hides_restricted(actor, permission),
        };
        if !self.may_at_all(actor, permission) {
            return DossierScope { nothing: true, ..everything };
        }
        match actor {
            Actor::System => everything,
            Actor::Usager(id) => DossierScope { usager: Some(*id), ..everything },
            Actor::Tracker(id) => DossierScope { dossier: Some(*id), ..everything },
            Actor::Agent { grants, .. } => {
                let held: Vec<&Grant> = grants.iter().filter(|grant| self.has(grant.role, permission)).collect();
                if held.iter().any(|grant| grant.services.is_empty()) {
                    return everything;
                }
                let services: BTreeSet<String> = held.iter().flat_map(|grant| grant.services.iter().cloned()).collect();
                DossierScope { services: Some(services.into_iter().collect()), ..everything }
            }
            Actor::Visitor | Actor::DraftHolder(_) | Actor::Operator => DossierScope { nothing: true, ..everything },
        }
    }

    /// The functions of démarches that an actor holds on the dossiers of a service: the names of her roles, that of
    /// instructeur for a responsable, and those of her grants.
    pub fn functions(&self, actor: &Actor, service: &str) -> BTreeSet<String> {
        let Actor::Agent { grants, .. } = actor else { return BTreeSet::new() };
        let mut functions = BTreeSet::new();
        for grant in grants.iter().filter(|grant| self.has(grant.role, Permission::DossierAct)) {
            if !covers_service(grant, service) {
                continue;
            }
            functions.insert(grant.role.name().to_owned());
            if grant.role == Role::Responsable {
                functions.insert(Role::Instructeur.name().to_owned());
            }
            functions.extend(grant.functions.iter().cloned());
        }
        functions
    }

    /// Whether the actor has the permission on some dossier, or on what is not a dossier.
    fn may_at_all(&self, actor: &Actor, permission: Permission) -> bool {
        match actor {
            Actor::System => true,
            Actor::Operator => self.has(Role::Operator, permission),
            Actor::Visitor | Actor::DraftHolder(_) => {
                matches!(permission, Permission::CatalogueRead | Permission::DossierFile)
                    && self.has(Role::Usager, permission)
            }
            Actor::Usager(_) => self.has(Role::Usager, permission),
            Actor::Tracker(_) => {
                !matches!(permission, Permission::DossierReadSensitive) && self.has(Role::Usager, permission)
            }
            Actor::Agent { grants, .. } => grants.iter().any(|grant| self.has(grant.role, permission)),
        }
    }

    /// Whether the actor has the permission on this dossier.
    fn holds(&self, actor: &Actor, permission: Permission, subject: &Subject) -> bool {
        self.covers(actor, permission, subject) && !(subject.restricted && hides_restricted(actor, permission))
    }

    /// The same, whether the dossier is restricted or not.
    fn covers(&self, actor: &Actor, permission: Permission, subject: &Subject) -> bool {
        if !self.may_at_all(actor, permission) {
            return false;
        }
        match actor {
            Actor::System => true,
            Actor::Usager(id) => subject.usager == Some(*id),
            Actor::Tracker(id) => subject.dossier == *id,
            Actor::Agent { grants, .. } => {
                grants.iter().any(|grant| self.has(grant.role, permission) && covers_service(grant, &subject.service))
            }
            Actor::Visitor | Actor::DraftHolder(_) | Actor::Operator => false,
        }
    }
}

/// A restricted dossier still shows in lists; nothing more of it may be read or written (article 18 du RGPD).
const fn hides_restricted(actor: &Actor, permission: Permission) -> bool {
    !matches!(actor, Actor::System) && !matches!(permission, Permission::DossierList)
}

fn covers_service(grant: &Grant, service: &str) -> bool {
    grant.services.is_empty() || grant.services.iter().any(|own| own == service)
}
