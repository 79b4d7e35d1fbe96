//! Effects leave at least once, no wake-up is lost.

use std::{
    pin::pin,
    task::{Context, Waker},
    time::Duration,
};

use parvis_domain::{
    ids::{DossierId, OutboxId},
    time::Clock,
};
use parvis_store::{
    doctor::{self, DueFault},
    due,
    outbox::{self, EffectState, NewEffect, Queue},
};
use sea_orm::{ConnectionTrait, Database};

use crate::town::{Town, on_both_engines};

const LEASE: Duration = Duration::from_secs(30);

fn mail(town: &Town, dossier: DossierId, idx: u32) -> NewEffect {
    NewEffect {
        id: OutboxId::new(&town.world, &town.world),
        dossier: Some(dossier),
        seq: 1,
        idx,
        queue: Queue::Mail,
        key: Some("are".to_owned()),
        payload: serde_json::json!({"template": "are"}),
        at: town.world.now(),
        created_at: town.world.now(),
    }
}

/// Asks for two mails.
async fn two_mails(town: &Town) -> Vec<NewEffect> {
    let dossier = town.filed("ODP-1").await;
    let effects = vec![mail(town, dossier.id, 0), mail(town, dossier.id, 1)];
    let unit = town.db.write().await.unwrap();
    for effect in &effects {
        assert!(outbox::enqueue(&unit, effect).await.unwrap());
    }
    unit.commit().await.unwrap();
    effects
}

/// Changes the index behind the product's back.
async fn forge(town: &Town, sql: &str) {
    let bare = match (&town.postgres, &town.folder) {
        (Some(database), _) => database.superuser().await,
        (None, Some(folder)) => {
            let file = folder.path().join("platform.db");
            Database::connect(format!("sqlite://{}", file.display())).await.unwrap()
        }
        (None, None) => panic!("a town has an engine"),
    };
    bare.execute_unprepared(sql).await.unwrap();
}

/// Whether a worker that looks now would be woken; one that is takes the wake-up.
fn is_woken(town: &Town, queue: Queue) -> bool {
    let mut woken = pin!(due::woken(town.store.platform(), queue));
    woken.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

async fn due_faults(town: &Town) -> Vec<DueFault> {
    doctor::due_faults(&town.store, &town.db, town.world.now(), Duration::from_mins(15)).await.unwrap()
}

on_both_engines! {
    async fn an_index_that_misses_work_or_calls_for_none_is_found(town: &Town) {
        let effects = two_mails(town).await;
        let waits = town.world.now();
        assert_eq!(due_faults(town).await, []);
        for sql in ["UPDATE due SET at = at + 1", "UPDATE due SET at = NULL", "DELETE FROM due"] {
            forge(town, sql).await;
            assert_eq!(due_faults(town).await, [DueFault::Missing { queue: Queue::Mail, waits }], "{sql}");
            outbox::settle(&town.db, Queue::Mail).await.unwrap();
            assert_eq!(due_faults(town).await, [], "written again");
        }
        let unit = town.db.write().await.unwrap();
        for effect in &effects {
            outbox::done(&unit, effect.id, town.world.now()).await.unwrap();
        }
        unit.commit().await.unwrap();
        town.world.pass(14 * 60);
        assert_eq!(due_faults(town).await, [], "a worker may be on its way");
        town.world.pass(2 * 60);
        assert_eq!(due_faults(town).await, [DueFault::Stale { queue: Queue::Mail, since: waits }]);
    }

    async fn what_is_committed_wakes_a_worker_of_its_queue_once(town: &Town) {
        let platform = town.store.platform();
        let dossier = town.filed("ODP-1").await;
        assert!(!is_woken(town, Queue::Mail), "nothing was asked");
        let unit = town.db.write().await.unwrap();
        outbox::enqueue(&unit, &mail(town, dossier.id, 0)).await.unwrap();
        assert!(!is_woken(town, Queue::Mail), "not before it is there");
        unit.rollback().await.unwrap();
        assert!(!is_woken(town, Queue::Mail), "nor when it is forgotten");
        let unit = town.db.write().await.unwrap();
        outbox::enqueue(&unit, &mail(town, dossier.id, 0)).await.unwrap();
        unit.commit().await.unwrap();
        assert!(!is_woken(town, Queue::Document));
        due::woken(platform, Queue::Mail).await;
        assert!(!is_woken(town, Queue::Mail), "once");
    }

    async fn an_index_that_names_nobody_is_found(town: &Town) {
        two_mails(town).await;
        assert_eq!(due::of_nobody(town.store.platform()).await.unwrap(), []);
        let nobody = "00000000000000000000000000000007";
        let id = if town.postgres.is_some() { format!("'{nobody}'") } else { format!("x'{nobody}'") };
        forge(town, &format!("INSERT INTO due (tenant, queue, at, attempts) VALUES ({id}, 'mail', 1, 0)")).await;
        let found = due::of_nobody(town.store.platform()).await.unwrap();
        assert_eq!(found.iter().map(|tenant| tenant.uuid().as_u128()).collect::<Vec<_>>(), [7]);
    }

    async fn an_effect_is_leased_done_and_settled(town: &Town) {
        let effects = two_mails(town).await;
        let platform = town.store.platform();
        let leased = due::lease_earliest(platform, Queue::Mail, town.world.now(), LEASE).await.unwrap().unwrap();
        assert_eq!((leased.tenant, leased.attempts), (town.id, 1));
        assert_eq!(due::lease_earliest(platform, Queue::Mail, town.world.now(), LEASE).await.unwrap(), None);
        let unit = town.db.write().await.unwrap();
        let taken = outbox::lease_due(&unit, Queue::Mail, town.world.now(), LEASE, 10).await.unwrap();
        assert_eq!(taken.iter().map(|effect| effect.id).collect::<Vec<_>>(), effects.iter().map(|e| e.id).collect::<Vec<_>>());
        assert_eq!(taken[0].attempts, 1);
        unit.commit().await.unwrap();
        let unit = town.db.write().await.unwrap();
        assert_eq!(outbox::lease_due(&unit, Queue::Mail, town.world.now(), LEASE, 10).await.unwrap(), []);
        for effect in &taken {
            outbox::done(&unit, effect.id, town.world.now()).await.unwrap();
        }
        unit.commit().await.unwrap();
        assert_eq!(outbox::settle(&town.db, Queue::Mail).await.unwrap(), None);
        assert!(due::of_tenant(platform, town.id).await.unwrap().is_empty());
    }

    async fn what_failed_is_due_at_once_when_its_cause_is_over(town: &Town) {
        two_mails(town).await;
        let now = town.world.now();
        let unit = town.db.write().await.unwrap();
        let taken = outbox::lease_due(&unit, Queue::Mail, now, LEASE, 10).await.unwrap();
        for (effect, why) in taken.iter().zip(["connection refused", "too many"]) {
            outbox::retry_at(&unit, effect, now.plus(Duration::from_hours(4)), why).await.unwrap();
        }
        assert_eq!(outbox::hasten_failed(&unit, Queue::Timer, "too many", now).await.unwrap(), 0);
        assert_eq!(outbox::hasten_failed(&unit, Queue::Mail, "too many", now).await.unwrap(), 1);
        unit.commit().await.unwrap();
        assert_eq!(outbox::settle(&town.db, Queue::Mail).await.unwrap(), Some(now));
    }

    async fn asking_twice_does_once(town: &Town) {
        let effects = two_mails(town).await;
        let unit = town.db.write().await.unwrap();
        let again = NewEffect { id: OutboxId::new(&town.world, &town.world), ..effects[0].clone() };
        assert!(!outbox::enqueue(&unit, &again).await.unwrap());
        assert_eq!(outbox::of_dossier(&unit, effects[0].dossier.unwrap()).await.unwrap().len(), 2);
    }

    async fn a_worker_that_dies_loses_nothing(town: &Town) {
        two_mails(town).await;
        let platform = town.store.platform();
        due::lease_earliest(platform, Queue::Mail, town.world.now(), LEASE).await.unwrap().unwrap();
        let unit = town.db.write().await.unwrap();
        outbox::lease_due(&unit, Queue::Mail, town.world.now(), LEASE, 10).await.unwrap();
        unit.commit().await.unwrap();
        town.world.pass(31);
        let again = due::lease_earliest(platform, Queue::Mail, town.world.now(), LEASE).await.unwrap().unwrap();
        assert_eq!(again.attempts, 2);
        let unit = town.db.write().await.unwrap();
        let taken = outbox::lease_due(&unit, Queue::Mail, town.world.now(), LEASE, 10).await.unwrap();
        assert_eq!(taken.iter().map(|effect| effect.attempts).collect::<Vec<_>>(), [2, 2]);
    }

    async fn a_failure_waits_then_dies_then_is_replayed(town: &Town) {
        let effects = two_mails(town).await;
        let later = town.world.now().plus(Duration::from_mins(1));
        let unit = town.db.write().await.unwrap();
        let taken = outbox::lease_due(&unit, Queue::Mail, town.world.now(), LEASE, 10).await.unwrap();
        outbox::retry_at(&unit, &taken[0], later, "busy").await.unwrap();
        outbox::dead(&unit, taken[1].id, town.world.now(), "refused").await.unwrap();
        unit.commit().await.unwrap();
        assert_eq!(outbox::settle(&town.db, Queue::Mail).await.unwrap(), Some(later));
        assert_eq!(due::next_at(town.store.platform(), Queue::Mail).await.unwrap(), Some(later));
        let unit = town.db.write().await.unwrap();
        let dead = outbox::dead_letters(&unit, 10).await.unwrap();
        assert_eq!(dead.iter().map(|effect| (effect.id, effect.state)).collect::<Vec<_>>(), [(effects[1].id, EffectState::Dead)]);
        assert!(outbox::replay(&unit, effects[1].id, town.world.now()).await.unwrap());
        assert!(!outbox::replay(&unit, effects[0].id, town.world.now()).await.unwrap());
        unit.commit().await.unwrap();
        assert_eq!(due::next_at(town.store.platform(), Queue::Mail).await.unwrap(), Some(town.world.now()));
        let unit = town.db.write().await.unwrap();
        assert_eq!(outbox::backlog(&unit, Queue::Mail, town.world.now()).await.unwrap(), (1, Some(town.world.now())));
    }

    async fn what_is_asked_after_settling_wakes_again(town: &Town) {
        let effects = two_mails(town).await;
        let unit = town.db.write().await.unwrap();
        for effect in &effects {
            outbox::done(&unit, effect.id, town.world.now()).await.unwrap();
        }
        unit.commit().await.unwrap();
        outbox::settle(&town.db, Queue::Mail).await.unwrap();
        let unit = town.db.write().await.unwrap();
        outbox::enqueue(&unit, &mail(town, effects[0].dossier.unwrap(), 2)).await.unwrap();
        unit.commit().await.unwrap();
        assert!(due::lease_earliest(town.store.platform(), Queue::Mail, town.world.now(), LEASE).await.unwrap().is_some());
    }

    async fn a_settlement_waits_for_a_writer_and_loses_nothing(town: &Town) {
        let effects = two_mails(town).await;
        let unit = town.db.write().await.unwrap();
        for effect in &effects {
            outbox::done(&unit, effect.id, town.world.now()).await.unwrap();
        }
        unit.commit().await.unwrap();
        let writer = async {
            let unit = town.db.write().await.unwrap();
            outbox::enqueue(&unit, &mail(town, effects[0].dossier.unwrap(), 7)).await.unwrap();
            tokio::task::yield_now().await;
            unit.commit().await.unwrap();
        };
        let ((), settled) = tokio::join!(writer, outbox::settle(&town.db, Queue::Mail));
        settled.unwrap();
        assert_eq!(due::next_at(town.store.platform(), Queue::Mail).await.unwrap(), Some(town.world.now()));
    }

    async fn a_timer_is_cancelled_by_its_key(town: &Town) {
        let dossier = town.filed("ODP-1").await;
        let unit = town.db.write().await.unwrap();
        let timer = NewEffect { queue: Queue::Timer, key: Some("relance".to_owned()), ..mail(town, dossier.id, 0) };
        outbox::enqueue(&unit, &timer).await.unwrap();
        assert_eq!(outbox::cancel_timer(&unit, dossier.id, "other", town.world.now()).await.unwrap(), 0);
        assert_eq!(outbox::cancel_timer(&unit, dossier.id, "relance", town.world.now()).await.unwrap(), 1);
        assert_eq!(outbox::lease_due(&unit, Queue::Timer, town.world.now(), LEASE, 10).await.unwrap(), []);
        town.world.pass(1);
        assert_eq!(outbox::purge(&unit, town.world.now()).await.unwrap(), 1);
    }

    async fn what_is_not_committed_asks_for_nothing(town: &Town) {
        let dossier = town.filed("ODP-1").await;
        let unit = town.db.write().await.unwrap();
        outbox::enqueue(&unit, &mail(town, dossier.id, 0)).await.unwrap();
        unit.rollback().await.unwrap();
        assert!(due::of_tenant(town.store.platform(), town.id).await.unwrap().is_empty());
        let snapshot = town.db.read().await.unwrap();
        assert_eq!(outbox::of_dossier(&snapshot, dossier.id).await.unwrap(), []);
    }
}
