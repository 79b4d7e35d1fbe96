//! Mails that the outside does not take: held, never lost, and said.

use std::time::Duration;

use parvis_domain::{ids::DossierId, policy::Role, ports::MailError};
use parvis_store::outbox::{self, EffectState, Queue};
use parvis_usecases::{doctor, dossiers, parvis::Town, relay::Trouble, workers};

use crate::filing::{club, filed};

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
