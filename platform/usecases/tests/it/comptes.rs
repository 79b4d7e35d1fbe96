//! Accounts of citizens.

use std::time::Duration;

use parvis_domain::policy::Actor;
use parvis_store::outbox::{self, Queue};
use parvis_usecases::{
    comptes::{self, CompteError, NewAccount, ProfileChange},
    outgoing::MailPayload,
    parvis::Town,
    passwords::Password,
    sessions,
    testing::TestTown,
};

const EMAIL: &str = "camille@exemple.example";
const PASSWORD: &str = "le lac gèle en hiver";

fn new_account(email: &str, password: &str) -> NewAccount {
    NewAccount {
        email: email.to_owned(),
        password: Password::new(password),
        given_name: "Camille".to_owned(),
        family_name: "Martin".to_owned(),
    }
}

/// The mails that wait, oldest first.
async fn mails(town: &Town) -> Vec<MailPayload> {
    let unit = town.db.write().await.unwrap();
    let far = town.now().plus(Duration::from_secs(1));
    let waiting = outbox::lease_due(&unit, Queue::Mail, far, Duration::ZERO, 100).await.unwrap();
    unit.rollback().await.unwrap();
    waiting.into_iter().map(|effect| serde_json::from_value(effect.payload).unwrap()).collect()
}

/// The token of the link in a mail.
fn link(mail: &MailPayload, page: &str) -> String {
    let line = mail.body.lines().find(|line| line.contains(page)).unwrap();
    line.rsplit('/').next().unwrap().to_owned()
}

async fn confirmed(tested: &TestTown) {
    let town = &tested.town;
    comptes::create(town, tested.client(), new_account(EMAIL, PASSWORD)).await.unwrap();
    let token = link(&mails(town).await[0], "/compte/confirmer/");
    comptes::confirm(town, tested.client(), &token, Password::new(PASSWORD)).await.unwrap();
}

#[tokio::test]
async fn an_account_is_created_confirmed_and_signed_in_to() {
    let tested = TestTown::new().await;
    let town = &tested.town;
    comptes::create(town, tested.client(), new_account(" Camille@Exemple.EXAMPLE", PASSWORD)).await.unwrap();
    let waiting = mails(town).await;
    assert_eq!(waiting[0].to, EMAIL);
    assert!(waiting[0].body.contains("http://valbrune.localhost:3000/compte/confirmer/"), "{}", waiting[0].body);
    let unconfirmed = comptes::sign_in(town, tested.client(), EMAIL, Password::new(PASSWORD)).await;
    assert!(matches!(unconfirmed, Err(CompteError::Unconfirmed)));

    let token = link(&waiting[0], "/compte/confirmer/");
    let opened = comptes::confirm(town, tested.client(), &token, Password::new(PASSWORD)).await.unwrap();
    let again = comptes::confirm(town, tested.client(), &token, Password::new(PASSWORD)).await;
    assert!(matches!(again, Err(CompteError::Link)));
    let signed_in = sessions::resolve(town, opened.token.as_str()).await.unwrap().unwrap();
    assert_eq!(signed_in.name, "Camille Martin");
    assert!(comptes::sign_in(town, tested.client(), EMAIL, Password::new(PASSWORD)).await.is_ok());

    sessions::close(town, opened.token.as_str()).await.unwrap();
    assert_eq!(sessions::resolve(town, opened.token.as_str()).await.unwrap(), None);
}

#[tokio::test]
async fn an_account_asked_on_someone_elses_address_is_not_confirmed_under_the_askers_password() {
    let tested = TestTown::new().await;
    let town = &tested.town;
    comptes::create(town, tested.client(), new_account(EMAIL, "je suis un intrus")).await.unwrap();
    let token = link(&mails(town).await[0], "/compte/confirmer/");
    let refused = comptes::confirm(town, tested.client(), &token, Password::new(PASSWORD)).await;
    assert!(matches!(refused, Err(CompteError::Wrong)));
}

#[tokio::test]
async fn the_answer_is_the_same_whether_the_address_has_an_account_or_not() {
    let tested = TestTown::new().await;
    let town = &tested.town;
    confirmed(&tested).await;
    comptes::create(town, tested.client(), new_account(EMAIL, "un autre mot secret")).await.unwrap();
    let already = mails(town).await.pop().unwrap();
    assert_eq!((already.to.as_str(), already.subject.as_str()), (EMAIL, "Vous avez déjà un compte"));
    assert!(comptes::sign_in(town, tested.client(), EMAIL, Password::new(PASSWORD)).await.is_ok());

    comptes::forgotten(town, tested.client(), "personne@exemple.example").await.unwrap();
    assert_eq!(mails(town).await.len(), 2);
    let unknown = comptes::sign_in(town, tested.client(), "personne@exemple.example", Password::new(PASSWORD)).await;
    let wrong = comptes::sign_in(town, tested.client(), EMAIL, Password::new("pas celui-là non")).await;
    assert_eq!(unknown.unwrap_err().to_string(), wrong.unwrap_err().to_string());
}

#[tokio::test]
async fn a_forgotten_password_is_chosen_again_once_and_ends_every_session() {
    let tested = TestTown::new().await;
    let town = &tested.town;
    confirmed(&tested).await;
    let before = comptes::sign_in(town, tested.client(), EMAIL, Password::new(PASSWORD)).await.unwrap();
    comptes::forgotten(town, tested.client(), EMAIL).await.unwrap();
    let token = link(&mails(town).await[1], "/compte/mot-de-passe/");
    comptes::check_recovery(town, &token).await.unwrap();
    let weak = comptes::recover(town, &token, Password::new("motdepasse123")).await;
    assert!(matches!(weak, Err(CompteError::Weak(_))));
    let after = comptes::recover(town, &token, Password::new("un tout autre secret")).await.unwrap();
    assert_eq!(sessions::resolve(town, before.token.as_str()).await.unwrap(), None);
    assert!(sessions::resolve(town, after.token.as_str()).await.unwrap().is_some());
    assert!(matches!(comptes::check_recovery(town, &token).await, Err(CompteError::Link)));
    let old = comptes::sign_in(town, tested.client(), EMAIL, Password::new(PASSWORD)).await;
    assert!(matches!(old, Err(CompteError::Wrong)));
}

#[tokio::test]
async fn a_link_to_choose_a_password_ends_after_half_an_hour() {
    let tested = TestTown::new().await;
    confirmed(&tested).await;
    comptes::forgotten(&tested.town, tested.client(), EMAIL).await.unwrap();
    let token = link(&mails(&tested.town).await[1], "/compte/mot-de-passe/");
    tested.clock.advance(comptes::RECOVERY);
    assert!(matches!(comptes::check_recovery(&tested.town, &token).await, Err(CompteError::Link)));
}

#[tokio::test]
async fn wrong_passwords_slow_down_then_lock_and_the_mailbox_unlocks() {
    let tested = TestTown::new().await;
    let town = &tested.town;
    confirmed(&tested).await;
    let wrong = || comptes::sign_in(town, tested.client(), EMAIL, Password::new("pas celui-là non"));
    for _ in 0..5 {
        assert!(matches!(wrong().await, Err(CompteError::Wrong)));
    }
    assert!(matches!(wrong().await, Err(CompteError::Throttled { .. })));
    for _ in 5..10 {
        tested.clock.advance(Duration::from_mins(1));
        assert!(matches!(wrong().await, Err(CompteError::Wrong)));
    }
    let Err(CompteError::Throttled { retry_after }) =
        comptes::sign_in(town, tested.client(), EMAIL, Password::new(PASSWORD)).await
    else {
        panic!("the account should be locked");
    };
    assert_eq!(retry_after, Duration::from_mins(15));
    let locked = mails(town).await.pop().unwrap();
    let token = link(&locked, "/compte/mot-de-passe/");
    comptes::recover(town, &token, Password::new("un tout autre secret")).await.unwrap();
    assert!(comptes::sign_in(town, tested.client(), EMAIL, Password::new("un tout autre secret")).await.is_ok());
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_at_its_term() {
    let tested = TestTown::new().await;
    let town = &tested.town;
    confirmed(&tested).await;
    let opened = comptes::sign_in(town, tested.client(), EMAIL, Password::new(PASSWORD)).await.unwrap();
    let token = opened.token.as_str();
    for _ in 0..31 {
        tested.clock.advance(Duration::from_hours(23));
        assert!(sessions::resolve(town, token).await.unwrap().is_some());
    }
    tested.clock.advance(Duration::from_hours(23));
    assert_eq!(sessions::resolve(town, token).await.unwrap(), None);

    let opened = comptes::sign_in(town, tested.client(), EMAIL, Password::new(PASSWORD)).await.unwrap();
    tested.clock.advance(Duration::from_hours(24));
    assert_eq!(sessions::resolve(town, opened.token.as_str()).await.unwrap(), None);
}

#[tokio::test]
async fn her_sessions_are_listed_and_ended_by_her_only() {
    let tested = TestTown::new().await;
    let town = &tested.town;
    confirmed(&tested).await;
    let one = comptes::sign_in(town, tested.client(), EMAIL, Password::new(PASSWORD)).await.unwrap();
    let two = comptes::sign_in(town, tested.client(), EMAIL, Password::new(PASSWORD)).await.unwrap();
    let me = sessions::resolve(town, one.token.as_str()).await.unwrap().unwrap();
    assert_eq!(sessions::list(town, &me).await.unwrap().len(), 3);
    let stranger = sessions::SignedIn { actor: tested.usager("autre@exemple.example").await, ..me.clone() };
    sessions::revoke(town, &stranger, two.token.digest()).await.unwrap();
    assert!(sessions::resolve(town, two.token.as_str()).await.unwrap().is_some());
    sessions::revoke(town, &me, two.token.digest()).await.unwrap();
    assert_eq!(sessions::resolve(town, two.token.as_str()).await.unwrap(), None);
}

#[tokio::test]
async fn an_account_of_one_town_is_nothing_in_another() {
    let tested = TestTown::new().await;
    confirmed(&tested).await;
    let opened = comptes::sign_in(&tested.town, tested.client(), EMAIL, Password::new(PASSWORD)).await.unwrap();
    let neighbour = tested.neighbour().await;
    assert_eq!(sessions::resolve(&neighbour, opened.token.as_str()).await.unwrap(), None);
    let there = comptes::sign_in(&neighbour, tested.client(), EMAIL, Password::new(PASSWORD)).await;
    assert!(matches!(there, Err(CompteError::Wrong)));
}

#[tokio::test]
async fn the_owner_reads_and_changes_her_account() {
    let tested = TestTown::new().await;
    let town = &tested.town;
    confirmed(&tested).await;
    let opened = comptes::sign_in(town, tested.client(), EMAIL, Password::new(PASSWORD)).await.unwrap();
    let actor = sessions::resolve(town, opened.token.as_str()).await.unwrap().unwrap().actor;
    let change = ProfileChange { given_name: "  Ana   Lou ".to_owned(), family_name: "Petit".to_owned() };
    comptes::update_profile(town, &actor, change).await.unwrap();
    let account = comptes::account(town, &actor).await.unwrap();
    assert_eq!((account.given_name.as_str(), account.email.as_str()), ("Ana Lou", EMAIL));
    assert!(matches!(comptes::account(town, &Actor::Visitor).await, Err(CompteError::Denied(_))));
    let wrong =
        comptes::change_password(town, &actor, Password::new("pas le bon du tout"), Password::new("un nouveau secret"));
    assert!(matches!(wrong.await, Err(CompteError::Wrong)));
    let changed = comptes::change_password(town, &actor, Password::new(PASSWORD), Password::new("un nouveau secret"));
    let after = changed.await.unwrap();
    assert_eq!(sessions::resolve(town, opened.token.as_str()).await.unwrap(), None);
    assert!(sessions::resolve(town, after.token.as_str()).await.unwrap().is_some());
}

#[tokio::test]
async fn mails_to_one_address_are_few() {
    let tested = TestTown::new().await;
    for _ in 0..8 {
        comptes::create(&tested.town, tested.client(), new_account(EMAIL, PASSWORD)).await.unwrap();
    }
    assert_eq!(mails(&tested.town).await.len(), 5);
}
