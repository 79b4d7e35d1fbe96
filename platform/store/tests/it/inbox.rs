//! The inbox: a row is listed exactly when a predicate in Rust says so, in the same order, page after page.

use std::collections::BTreeSet;

use parvis_contract::Phase;
use parvis_domain::{
    dossier::{Dossier, DossierKind},
    ids::{AgentId, DossierId, UsagerId},
    policy::DossierScope,
    time::Clock,
};
use parvis_store::{
    Snapshot, answers,
    inbox::{self, Assignee, InboxFilter, Order},
    usagers::{self, Usager},
};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    sample::select,
    strategy::ValueTree,
    test_runner::TestRunner,
};

use crate::town::{EVERYTHING, Town, on_both_engines};

const SERVICES: [&str; 3] = ["voirie", "sports", "etat-civil"];
const STATES: [&str; 3] = ["depose", "en-instruction", "signe"];
const TERMS: [&str; 5] = ["échafaudage", "ecole", "benne", "beneix", "b"];

/// Dossiers that differ in everything a filter looks at.
struct Population {
    dossiers: Vec<(Dossier, BTreeSet<String>)>,
    agents: Vec<AgentId>,
    usagers: Vec<UsagerId>,
}

async fn populate(town: &Town, runner: &mut TestRunner) -> Population {
    let unit = town.db.write().await.unwrap();
    let agents: Vec<_> = (0..2).map(|_| AgentId::new(&town.world, &town.world)).collect();
    let mut usagers = Vec::new();
    for number in 0..2 {
        let usager = Usager {
            id: UsagerId::new(&town.world, &town.world),
            email: format!("{number}@exemple.fr"),
            given_name: String::new(),
            family_name: String::new(),
            phone: None,
            password_hash: None,
            confirmed_at: None,
            created_at: town.world.now(),
        };
        assert!(usagers::insert(&unit, &usager).await.unwrap());
        usagers.push(usager.id);
    }
    let shape = (
        select(SERVICES.to_vec()),
        select(STATES.to_vec()),
        any::<[bool; 3]>(),
        0..3_usize,
        0..3_usize,
        vec(select(TERMS.to_vec()), 0..4),
    );
    let mut dossiers = Vec::new();
    for number in 0..60 {
        let (service, state, [restricted, trial, later], agent, usager, terms) =
            shape.new_tree(runner).unwrap().current();
        if later {
            town.world.pass(1);
        }
        let mut dossier = town.dossier(&format!("ODP-{number}"));
        service.clone_into(&mut dossier.service);
        state.clone_into(&mut dossier.state);
        dossier.phase = if state == "depose" { Phase::Depose } else { Phase::EnInstruction };
        dossier.restricted = restricted;
        dossier.kind = if trial { DossierKind::Trial } else { DossierKind::Real };
        dossier.assignee = agents.get(agent).copied();
        dossier.usager = usagers.get(usager).copied();
        town.file(&unit, &mut dossier).await;
        let terms: BTreeSet<String> = terms.into_iter().map(str::to_owned).collect();
        answers::set_terms(&unit, dossier.id, &terms).await.unwrap();
        dossiers.push((dossier, terms));
    }
    unit.commit().await.unwrap();
    Population { dossiers, agents, usagers }
}

fn scopes(population: &Population) -> impl Strategy<Value = DossierScope> + use<> {
    let services = prop_oneof![
        Just(None),
        vec(select(SERVICES.to_vec()), 0..3).prop_map(|list| Some(list.into_iter().map(str::to_owned).collect())),
    ];
    let usagers = population.usagers.clone();
    let ids: Vec<DossierId> = population.dossiers.iter().map(|(dossier, _)| dossier.id).collect();
    let usager = prop_oneof![3 => Just(None), 1 => select(usagers).prop_map(Some)];
    let dossier = prop_oneof![5 => Just(None), 1 => select(ids).prop_map(Some)];
    (services, usager, dossier, prop_oneof![9 => Just(false), 1 => Just(true)], any::<bool>()).prop_map(
        |(services, usager, dossier, nothing, hides_restricted)| DossierScope {
            services,
            usager,
            dossier,
            nothing,
            hides_sensitive: false,
            hides_restricted,
        },
    )
}

fn filters(population: &Population) -> impl Strategy<Value = InboxFilter> + use<> {
    let states = vec(select(STATES.to_vec()), 0..3)
        .prop_map(|list| list.into_iter().map(str::to_owned).collect::<Vec<String>>());
    let agents = population.agents.clone();
    let assignee = prop_oneof![Just(Assignee::Any), Just(Assignee::Nobody), select(agents).prop_map(Assignee::Is)];
    let kind = prop_oneof![Just(None), Just(Some(DossierKind::Real)), Just(Some(DossierKind::Trial))];
    let search = vec(select(vec!["é", "e", "eco", "b", "ben", "benne", "zzz"]), 0..3)
        .prop_map(|list| list.into_iter().map(str::to_owned).collect::<Vec<String>>());
    let phases = prop_oneof![Just(vec![]), Just(vec![Phase::Depose])];
    (states, assignee, kind, search, phases, any::<bool>()).prop_map(
        |(states, assignee, kind, search, phases, oldest)| {
            let order = if oldest { Order::OldestFirst } else { Order::NewestFirst };
            InboxFilter { states, phases, assignee, kind, search, order, ..InboxFilter::default() }
        },
    )
}

fn shows(scope: &DossierScope, dossier: &Dossier) -> bool {
    !scope.nothing
        && scope.services.as_ref().is_none_or(|services| services.contains(&dossier.service))
        && scope.usager.is_none_or(|usager| dossier.usager == Some(usager))
        && scope.dossier.is_none_or(|id| dossier.id == id)
        && !(scope.hides_restricted && dossier.restricted)
}

fn keeps(filter: &InboxFilter, dossier: &Dossier, terms: &BTreeSet<String>) -> bool {
    (filter.states.is_empty() || filter.states.contains(&dossier.state))
        && (filter.phases.is_empty() || filter.phases.contains(&dossier.phase))
        && filter.kind.is_none_or(|kind| dossier.kind == kind)
        && match filter.assignee {
            Assignee::Any => true,
            Assignee::Nobody => dossier.assignee.is_none(),
            Assignee::Is(agent) => dossier.assignee == Some(agent),
        }
        && filter.search.iter().all(|prefix| terms.iter().any(|term| term.starts_with(prefix.as_str())))
}

/// Reads every page.
async fn read_all(snapshot: &Snapshot, scope: &DossierScope, filter: &InboxFilter, limit: u32) -> Vec<Dossier> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = inbox::page(snapshot, scope, filter, after, limit).await.unwrap();
        assert!(page.dossiers.len() <= limit as usize);
        rows.extend(page.dossiers);
        after = page.next;
        if after.is_none() {
            return rows;
        }
    }
}

on_both_engines! {
    async fn a_row_is_listed_exactly_when_the_predicate_says_so(town: &Town) {
        let mut runner = TestRunner::deterministic();
        let population = populate(town, &mut runner).await;
        let (scopes, filters) = (scopes(&population), filters(&population));
        let snapshot = town.db.read().await.unwrap();
        for round in 0..150 {
            let scope = scopes.new_tree(&mut runner).unwrap().current();
            let filter = filters.new_tree(&mut runner).unwrap().current();
            let mut expected: Vec<Dossier> = population
                .dossiers
                .iter()
                .filter(|(dossier, terms)| shows(&scope, dossier) && keeps(&filter, dossier, terms))
                .map(|(dossier, _)| dossier.clone())
                .collect();
            expected.sort_by_key(|dossier| (dossier.filed_at, dossier.id));
            if filter.order == Order::NewestFirst {
                expected.reverse();
            }
            let limit = 1 + round % 7;
            assert_eq!(read_all(&snapshot, &scope, &filter, limit).await, expected, "{scope:?} {filter:?}");
            let counted = inbox::count(&snapshot, &scope, &filter).await.unwrap();
            assert_eq!(counted, expected.len() as u64);
        }
    }

    async fn counts_leave_trial_dossiers_out(town: &Town) {
        let mut runner = TestRunner::deterministic();
        let population = populate(town, &mut runner).await;
        let snapshot = town.db.read().await.unwrap();
        let counts = inbox::counts(&snapshot, &EVERYTHING).await.unwrap();
        let real = population.dossiers.iter().filter(|(dossier, _)| dossier.kind == DossierKind::Real).count();
        assert_eq!(counts.values().sum::<u64>(), real as u64);
    }
}
