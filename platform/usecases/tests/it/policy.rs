//! A dossier is in scope exactly when it is allowed, whoever asks and whatever the policy.

use parvis_domain::{
    ids::{AgentId, DossierId, UsagerId},
    policy::{Actor, DossierScope, Grant, Permission, Role, Subject},
};
use parvis_usecases::policy::{Denied, PolicyTable};
use proptest::prelude::*;
use uuid::Uuid;

const SERVICES: [&str; 3] = ["accueil", "voirie", "police-municipale"];

fn id(number: u8) -> Uuid {
    Uuid::from_u128(u128::from(number))
}

fn table() -> PolicyTable {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime
        .block_on(PolicyTable::compile("p, accueil, dossier, read, allow\np, signataire, dossier, note, deny\n"))
        .unwrap()
}

fn services() -> impl Strategy<Value = Vec<String>> {
    proptest::sample::subsequence(SERVICES.to_vec(), 0..=2)
        .prop_map(|services| services.into_iter().map(str::to_owned).collect())
}

fn grant() -> impl Strategy<Value = Grant> {
    let roles = [Role::Accueil, Role::Instructeur, Role::Signataire, Role::Responsable, Role::Administrateur];
    (proptest::sample::select(roles.to_vec()), services()).prop_map(|(role, services)| Grant {
        role,
        services,
        functions: Vec::new(),
    })
}

fn actor() -> impl Strategy<Value = Actor> {
    prop_oneof![
        Just(Actor::Visitor),
        Just(Actor::Operator),
        Just(Actor::System),
        (0_u8..3).prop_map(|n| Actor::Usager(UsagerId::from_uuid(id(n)))),
        (0_u8..3).prop_map(|n| Actor::Tracker(DossierId::from_uuid(id(n)))),
        proptest::collection::vec(grant(), 0..3)
            .prop_map(|grants| Actor::Agent { id: AgentId::from_uuid(id(9)), grants }),
    ]
}

fn subject() -> impl Strategy<Value = Subject> {
    (0_u8..3, proptest::sample::select(SERVICES.to_vec()), proptest::option::of(0_u8..3), any::<bool>()).prop_map(
        |(dossier, service, usager, restricted)| Subject {
            dossier: DossierId::from_uuid(id(dossier)),
            service: service.to_owned(),
            demarche: "club-tennis".to_owned(),
            usager: usager.map(|n| UsagerId::from_uuid(id(n))),
            restricted,
        },
    )
}

/// What the WHERE of the store means.
fn in_scope(scope: &DossierScope, subject: &Subject) -> bool {
    !scope.nothing
        && scope.services.as_ref().is_none_or(|services| services.contains(&subject.service))
        && scope.usager.is_none_or(|usager| subject.usager == Some(usager))
        && scope.dossier.is_none_or(|dossier| subject.dossier == dossier)
        && !(scope.hides_restricted && subject.restricted)
}

proptest! {
    #[test]
    fn a_row_is_in_scope_exactly_when_it_is_allowed(
        actor in actor(),
        subject in subject(),
        permission in proptest::sample::select(Permission::ALL.to_vec()),
    ) {
        let table = table();
        let allowed = table.allow(&actor, permission, Some(&subject));
        let scope = table.scope(&actor, permission);
        prop_assert_eq!(in_scope(&scope, &subject), allowed.is_ok());
    }

    #[test]
    fn what_is_not_seen_does_not_exist(actor in actor(), subject in subject()) {
        let table = table();
        let listed = table.allow(&actor, Permission::DossierList, Some(&subject)).is_ok();
        let written = table.allow(&actor, Permission::DossierNote, Some(&subject));
        if written == Err(Denied::Forbidden) {
            prop_assert!(listed);
        }
        if !listed {
            prop_assert_eq!(written, Err(Denied::NotFound));
        }
    }
}

#[test]
fn functions_are_those_of_the_grants_that_cover_the_service() {
    let table = table();
    let grants = vec![
        Grant {
            role: Role::Responsable,
            services: vec!["voirie".to_owned()],
            functions: vec!["police-municipale".to_owned()],
        },
        Grant { role: Role::Signataire, services: vec!["accueil".to_owned()], functions: Vec::new() },
        Grant { role: Role::Administrateur, services: Vec::new(), functions: vec!["signataire".to_owned()] },
    ];
    let actor = Actor::Agent { id: AgentId::from_uuid(id(9)), grants };
    let held: Vec<String> = table.functions(&actor, "voirie").into_iter().collect();
    assert_eq!(held, ["instructeur", "police-municipale", "responsable"]);
    assert_eq!(table.functions(&actor, "accueil").into_iter().collect::<Vec<_>>(), ["signataire"]);
    assert!(table.functions(&Actor::System, "voirie").is_empty());
}

#[test]
fn a_restricted_dossier_is_listed_and_no_more() {
    let table = table();
    let subject = Subject {
        dossier: DossierId::from_uuid(id(1)),
        service: "voirie".to_owned(),
        demarche: "club-tennis".to_owned(),
        usager: Some(UsagerId::from_uuid(id(1))),
        restricted: true,
    };
    let grants = vec![Grant { role: Role::Responsable, services: Vec::new(), functions: Vec::new() }];
    let agent = Actor::Agent { id: AgentId::from_uuid(id(9)), grants };
    for actor in [agent, Actor::Usager(UsagerId::from_uuid(id(1)))] {
        assert_eq!(table.allow(&actor, Permission::DossierList, Some(&subject)), Ok(()));
        assert_eq!(table.allow(&actor, Permission::DossierRead, Some(&subject)), Err(Denied::Forbidden));
        assert_eq!(table.allow(&actor, Permission::DossierMessage, Some(&subject)), Err(Denied::Forbidden));
    }
}
