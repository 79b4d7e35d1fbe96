//! Mails that the outside does not take: held, never lost, and said.

use std::time::Duration;

use parvis_domain::{dossier::Channel, ids::DossierId, policy::Role, ports::MailError};
use parvis_store::outbox::{self, EffectState, Queue};
use parvis_usecases::{
    brouillons::{self, view::FileOutcome},
    doctor, dossiers,
    parvis::Town,
    relay::Trouble,
    testing::TestTown,
    workers,
};

use crate::{
    filing::{chains_hold, club, filed, filled},
    tennis::Tennis,
};

const DAY: Duration = Duration::from_hours(24);
const VICTIM: &str = "victime@example.org";

async fn mails(town: &Town, id: DossierId) -> Vec<outbox::Effect> {
    let snapshot = town.db.read().await.unwrap();
    let effects = outbox::of_dossier(&snapshot, id).await.unwrap();
    effects.into_iter().filter(|effect| effect.queue == Queue::Mail).collect()
}

#[tokio::test]
async fn a_mail_that_the_server_rejects_is_held_until_it_accepts() {
    let tested = club().await;
    let town = &tested.town;
    tested.mailbox.fail(Some(MailError::Rejected("554 access denied".to_owned())));
    let id = filed(town, "noah@example.org").await.dossier;
    let since = town.now();
    for _ in 0..20 {
        workers::run_due_once(&tested.parvis).await.unwrap();
        tested.clock.advance(Duration::from_hours(4));
    }
    assert_eq!(tested.parvis.relay.trouble(), Some((Trouble::Rejects, since)));
    let held = mails(town, id).await;
    assert_eq!(held.iter().map(|mail| (mail.state, mail.attempts)).collect::<Vec<_>>(), [(EffectState::Waiting, 20)]);
    let agent = tested.agent(Role::Instructeur, &["voirie"]).await;
    let seen = dossiers::agent_view(town, &agent, id).await.unwrap();
    assert!(!seen.marks.iter().any(|mark| mark == "contact-injoignable"), "the address is not at fault");
    assert!(seen.tasks.is_empty(), "{:?}", seen.tasks);
    assert!(seen.stuck[0].why.starts_with("Le serveur de courriel refuse nos envois"), "{:?}", seen.stuck);
    let report = doctor::examine(&tested.parvis).await.unwrap();
    let wrong = &report.towns[0].wrong;
    assert!(wrong.iter().any(|line| line.contains("554 access denied") && line.contains("relay")), "{wrong:?}");

    tested.mailbox.fail(None);
    workers::run_due_once(&tested.parvis).await.unwrap();
    assert_eq!((tested.mailbox.sent().len(), tested.parvis.relay.trouble()), (1, None));
}

#[tokio::test]
async fn what_waited_for_the_server_leaves_as_soon_as_it_takes_a_mail() {
    let tested = club().await;
    tested.mailbox.fail(Some(MailError::Unavailable("connection refused".to_owned())));
    let waiting = filed(&tested.town, "noah@example.org").await.dossier;
    for _ in 0..8 {
        workers::run_due_once(&tested.parvis).await.unwrap();
        tested.clock.advance(Duration::from_hours(4));
    }
    workers::run_due_once(&tested.parvis).await.unwrap();
    tested.mailbox.fail(None);
    filed(&tested.town, "zoe@example.org").await;
    workers::run_due_once(&tested.parvis).await.unwrap();
    let mut reached: Vec<_> = tested.mailbox.sent().iter().map(|mail| mail.to.clone()).collect();
    reached.sort();
    assert_eq!(reached, ["noah@example.org", "zoe@example.org"], "no hours are waited once it works");
    assert!(mails(&tested.town, waiting).await.iter().all(|mail| mail.state == EffectState::Done));
}

/// How many mails were sent to an address.
fn sent_to(tested: &TestTown, address: &str) -> usize {
    tested.mailbox.sent().iter().filter(|mail| mail.to == address).count()
}

/// So many dossiers that strangers file with one address.
async fn flood(tested: &TestTown, count: usize) -> Vec<DossierId> {
    let mut ids = Vec::new();
    for rank in 0..count {
        if rank == 50 {
            // So many forms begin from one place in an hour.
            tested.clock.advance(Duration::from_hours(2));
        }
        ids.push(filed(&tested.town, VICTIM).await.dossier);
    }
    workers::run_due_once(&tested.parvis).await.unwrap();
    ids
}

#[tokio::test]
async fn an_address_that_nobody_confirmed_gets_so_many_mails_a_day_and_no_receipt_is_lost() {
    let tested = club().await;
    let town = &tested.town;
    let ids = flood(&tested, 22).await;
    assert_eq!(sent_to(&tested, VICTIM), 20);
    filed(town, "noah@example.org").await;
    workers::run_due_once(&tested.parvis).await.unwrap();
    assert_eq!(sent_to(&tested, "noah@example.org"), 1, "other addresses get theirs");

    let mut last = ids[0];
    for id in ids {
        if mails(town, id).await[0].state == EffectState::Waiting {
            last = id;
        }
    }
    let agent = tested.agent(Role::Instructeur, &["voirie"]).await;
    let waiting = dossiers::agent_view(town, &agent, last).await.unwrap();
    assert!(waiting.stuck[0].why.contains("part dès le lendemain"), "{:?}", waiting.stuck);
    dossiers::write(town, &agent, last, "Quand êtes-vous disponible ?").await.unwrap();
    workers::run_due_once(&tested.parvis).await.unwrap();
    let seen = dossiers::agent_view(town, &agent, last).await.unwrap();
    assert!(seen.tasks.iter().any(|task| task.title.contains("Un message vous attend")), "{:?}", seen.tasks);
    assert!(seen.history[0].text.contains("trop d’envois à cette adresse"), "{:?}", seen.history[0]);
    assert!(!seen.marks.iter().any(|mark| mark == "contact-injoignable"), "nothing says that the address is wrong");
    assert_eq!(sent_to(&tested, VICTIM), 20);

    tested.clock.advance(DAY);
    workers::run_due_once(&tested.parvis).await.unwrap();
    assert_eq!(sent_to(&tested, VICTIM), 22, "the receipts left the next day");
    chains_hold(town).await;
}

#[tokio::test]
async fn a_receipt_that_waited_in_vain_becomes_a_task() {
    let tested = club().await;
    let town = &tested.town;
    let ids = flood(&tested, 90).await;
    for _ in 0..4 {
        tested.clock.advance(DAY);
        workers::run_due_once(&tested.parvis).await.unwrap();
    }
    assert_eq!(sent_to(&tested, VICTIM), 80, "the first day and three others");
    let agent = tested.agent(Role::Instructeur, &["voirie"]).await;
    let mut told = 0;
    for id in ids {
        let seen = dossiers::agent_view(town, &agent, id).await.unwrap();
        told += seen.tasks.iter().filter(|task| task.title.contains("Accusé de réception")).count();
    }
    assert_eq!(told, 10, "every other one is told by hand");
}

#[tokio::test]
async fn an_address_that_its_account_confirmed_has_no_bound() {
    let tested = club().await;
    let town = &tested.town;
    let account = tested.usager("demenageur@example.org").await;
    for _ in 0..22 {
        let started = brouillons::start(town, &account, Tennis::ID, Channel::Web, tested.client()).await.unwrap();
        filled(town, &account, started.draft, "demenageur@example.org").await;
        let filed = dossiers::file(town, &account, started.draft).await.unwrap();
        assert!(matches!(filed, FileOutcome::Filed(_)), "{filed:?}");
    }
    workers::run_due_once(&tested.parvis).await.unwrap();
    assert_eq!(sent_to(&tested, "demenageur@example.org"), 22);
}
