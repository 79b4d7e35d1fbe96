//! The queries that run all day keep their index, under row-level security too.

use std::collections::BTreeSet;

use parvis_domain::{
    ids::{AgentId, OutboxId},
    policy::DossierScope,
    time::Clock,
};
use parvis_store::{
    answers, dossiers,
    inbox::{Assignee, Cursor, InboxFilter},
    outbox::{self, NewEffect, Queue},
    plans,
};
use sea_orm::ConnectionTrait;

use crate::town::{EVERYTHING, Town, on_both_engines};

/// Enough rows for an index to be worth it, in both tenants, seen by the planner.
async fn fill(town: &Town) {
    for (db, prefix) in [(&town.db, "A"), (&town.neighbour, "B")] {
        let unit = db.write().await.unwrap();
        for number in 0..600 {
            town.world.pass(1);
            let mut dossier = town.dossier(&format!("{prefix}-{number}"));
            dossier.service = format!("service-{}", number % 2);
            dossier.state = format!("state-{}", number % 2);
            let filing = dossiers::Filing { tracking_hash: None, settings: dossier.head };
            dossiers::insert(&unit, &dossier, filing).await.unwrap();
            let terms = BTreeSet::from([format!("term{number}"), format!("word{number}")]);
            answers::set_terms(&unit, dossier.id, &terms).await.unwrap();
            let effect = NewEffect {
                id: OutboxId::new(&town.world, &town.world),
                dossier: Some(dossier.id),
                seq: 1,
                idx: 0,
                queue: Queue::Mail,
                key: None,
                payload: serde_json::json!({}),
                at: town.world.now(),
                created_at: town.world.now(),
            };
            outbox::enqueue(&unit, &effect).await.unwrap();
        }
        unit.commit().await.unwrap();
    }
    if let Some(database) = &town.postgres {
        let superuser = database.superuser().await;
        let past = format!(
            "INSERT INTO outbox (tenant_id, id, seq, idx, queue, payload, at, attempts, state, created_at) \
             SELECT '{}', gen_random_uuid(), 1, 0, 'mail', '{{}}', n, 1, 'done', n FROM generate_series(1, 20000) AS n",
            town.id
        );
        superuser.execute_unprepared(&past).await.unwrap();
        superuser.execute_unprepared("ANALYZE").await.unwrap();
    }
}

fn reads_whole(table: &str, plan: &[String]) -> bool {
    plan.iter().any(|step| {
        let whole = step.contains(&format!("Seq Scan on {table}"));
        whole || (step.starts_with(&format!("SCAN {table}")) && !step.contains("USING"))
    })
}

fn sorts(plan: &[String]) -> bool {
    plan.iter()
        .any(|step| step.contains("Sort") && !step.contains("Incremental") || step.contains("TEMP B-TREE FOR ORDER BY"))
}

on_both_engines! {
    async fn the_inbox_keeps_its_index(town: &Town) {
        fill(town).await;
        let snapshot = town.db.read().await.unwrap();
        let after = Cursor { filed_at: town.world.now().minus(std::time::Duration::from_mins(15)), id: town.dossier("x").id };
        let one_service = DossierScope { services: Some(vec!["service-1".to_owned()]), ..EVERYTHING };
        let in_a_state = InboxFilter { states: vec!["state-1".to_owned()], ..InboxFilter::default() };
        let mine = InboxFilter {
            assignee: Assignee::Is(AgentId::new(&town.world, &town.world)),
            ..InboxFilter::default()
        };
        let search = InboxFilter { search: vec!["term59".to_owned()], ..InboxFilter::default() };
        let everything = InboxFilter::default();
        for (scope, filter, after) in [
            (&EVERYTHING, &everything, None),
            (&EVERYTHING, &everything, Some(after)),
            (&one_service, &everything, None),
            (&EVERYTHING, &in_a_state, None),
            (&EVERYTHING, &mine, None),
            (&EVERYTHING, &search, None),
        ] {
            let plan = plans::inbox_page(&snapshot, scope, filter, after).await.unwrap();
            assert!(!reads_whole("dossier", &plan), "{plan:#?}");
            assert!(!reads_whole("term", &plan), "{plan:#?}");
            let ordered = filter.search.is_empty() && filter.assignee == Assignee::Any;
            assert!(!(ordered && sorts(&plan)), "{plan:#?}");
        }
    }

    async fn the_outbox_and_the_index_of_due_work_keep_their_index(town: &Town) {
        fill(town).await;
        let unit = town.db.write().await.unwrap();
        let plan = plans::outbox_lease(&unit, Queue::Mail, town.world.now()).await.unwrap();
        assert!(!reads_whole("outbox", &plan), "{plan:#?}");
        drop(unit);
        if town.postgres.is_none() {
            // Two rows: PostgreSQL rightly reads the whole table.
            let plan = plans::due_lease(town.store.platform(), Queue::Mail, town.world.now()).await.unwrap();
            assert!(!reads_whole("due", &plan), "{plan:#?}");
        }
    }
}
