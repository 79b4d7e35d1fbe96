//! Agents: the second factor, the demonstration's accounts, rights by town.

use std::time::Duration;

use parvis_domain::policy::{Actor, Role};
use parvis_usecases::{
    agents::{self, AgentError, Kind, NewAgent, Step},
    collectivites::{self, DEMO_PASSWORD},
    parvis::Town,
    passwords::Password,
    sessions,
    testing::{SIRET, TestTown},
};

const EMAIL: &str = "instructrice@valbrune.example";
const PASSWORD: &str = "la girouette du clocher";

async fn known(tested: &TestTown, siret: &str) {
    let new = NewAgent {
        email: EMAIL.to_owned(),
        given_name: "Nadia".to_owned(),
        family_name: "Berthelin".to_owned(),
        phone: None,
        siret: siret.to_owned(),
        kind: Kind::Person,
        password: Some(Password::new(PASSWORD)),
    };
    agents::create(&tested.parvis, new).await.unwrap();
    agents::sync_grants(&tested.town).await.unwrap();
}

async fn first_step(tested: &TestTown, town: &Town) -> Result<Step, AgentError> {
    agents::sign_in(town, tested.client(), EMAIL, Password::new(PASSWORD)).await
}

#[tokio::test]
async fn an_agent_enrols_her_second_factor_then_gives_a_code_each_time() {
    let tested = TestTown::new().await;
    let town = &tested.town;
    known(&tested, SIRET).await;
    let Step::Enrol { ticket, enrolment } = first_step(&tested, town).await.unwrap() else {
        panic!("the first sign-in enrols");
    };
    assert!(enrolment.url.starts_with("otpauth://totp/"), "{}", enrolment.url);
    assert_eq!(agents::pending(town, ticket.as_str()).await.unwrap(), Some(enrolment.clone()));
    let wrong = agents::second_factor(town, tested.client(), ticket.as_str(), "000000").await;
    assert!(matches!(wrong, Err(AgentError::WrongCode)));
    let code = tested.code(&enrolment);
    let opened = agents::second_factor(town, tested.client(), ticket.as_str(), &code).await.unwrap();
    let signed_in = sessions::resolve(town, opened.token.as_str()).await.unwrap().unwrap();
    assert_eq!(signed_in.name, "Nadia Berthelin");
    assert!(matches!(&signed_in.actor, Actor::Agent { grants, .. } if grants[0].role == Role::Instructeur));

    let Step::Code { ticket } = first_step(&tested, town).await.unwrap() else { panic!("a code is asked") };
    assert_eq!(agents::pending(town, ticket.as_str()).await.unwrap(), None);
    let replayed = agents::second_factor(town, tested.client(), ticket.as_str(), &code).await;
    assert!(matches!(replayed, Err(AgentError::WrongCode)), "a code serves once");
    tested.clock.advance(Duration::from_secs(30));
    let code = tested.code(&enrolment);
    assert!(agents::second_factor(town, tested.client(), ticket.as_str(), &code).await.is_ok());
    let again = agents::second_factor(town, tested.client(), ticket.as_str(), &code).await;
    assert!(matches!(again, Err(AgentError::Link)), "a ticket serves once");
}

#[tokio::test]
async fn an_agent_of_another_employer_or_without_grant_does_not_enter() {
    let tested = TestTown::new().await;
    known(&tested, "21990207900017").await;
    assert!(matches!(first_step(&tested, &tested.town).await, Err(AgentError::NoRights)));
    let neighbour = tested.neighbour().await;
    assert!(matches!(first_step(&tested, &neighbour).await, Err(AgentError::NoRights)));
}

#[tokio::test]
async fn guessing_codes_is_slowed_down() {
    let tested = TestTown::new().await;
    let town = &tested.town;
    known(&tested, SIRET).await;
    let Step::Enrol { ticket, .. } = first_step(&tested, town).await.unwrap() else { panic!("enrols") };
    for _ in 0..5 {
        let wrong = agents::second_factor(town, tested.client(), ticket.as_str(), "000000").await;
        assert!(matches!(wrong, Err(AgentError::WrongCode)));
    }
    let slowed = agents::second_factor(town, tested.client(), ticket.as_str(), "000000").await;
    assert!(matches!(slowed, Err(AgentError::Throttled { .. })));
}

#[tokio::test]
async fn demonstration_accounts_enter_the_demonstration_and_nothing_else() {
    let demo = TestTown::demo().await;
    assert!(!agents::demo_accounts_exist(&demo.parvis).await.unwrap());
    let seeded = collectivites::seed_demo_agents(&demo.town).await.unwrap();
    assert_eq!(collectivites::seed_demo_agents(&demo.town).await.unwrap(), seeded);
    assert!(agents::demo_accounts_exist(&demo.parvis).await.unwrap());
    for agent in &seeded {
        let step = agents::sign_in(&demo.town, demo.client(), &agent.email, Password::new(DEMO_PASSWORD)).await;
        assert!(matches!(step, Ok(Step::Opened(_))), "{}: {step:?}", agent.email);
    }

    let serve = TestTown::new().await;
    collectivites::seed_demo_agents(&serve.town).await.unwrap();
    let refused = agents::sign_in(&serve.town, serve.client(), &seeded[0].email, Password::new(DEMO_PASSWORD)).await;
    assert!(matches!(refused, Err(AgentError::NoRights)));
}

#[tokio::test]
async fn an_agents_session_lasts_half_a_day_and_two_idle_hours() {
    let demo = TestTown::demo().await;
    let town = &demo.town;
    collectivites::seed_demo_agents(town).await.unwrap();
    let sign_in = || agents::sign_in(town, demo.client(), EMAIL, Password::new(DEMO_PASSWORD));
    let Step::Opened(opened) = sign_in().await.unwrap() else { panic!("opens") };
    for _ in 0..7 {
        demo.clock.advance(Duration::from_mins(100));
        assert!(sessions::resolve(town, opened.token.as_str()).await.unwrap().is_some());
    }
    demo.clock.advance(Duration::from_mins(20));
    assert_eq!(sessions::resolve(town, opened.token.as_str()).await.unwrap(), None);
    let Step::Opened(opened) = sign_in().await.unwrap() else { panic!("opens") };
    demo.clock.advance(Duration::from_hours(2));
    assert_eq!(sessions::resolve(town, opened.token.as_str()).await.unwrap(), None);
}

#[tokio::test]
async fn an_invitation_lets_choose_a_password_once() {
    let tested = TestTown::new().await;
    let town = &tested.town;
    known(&tested, SIRET).await;
    let instructeur = tested.agent(Role::Instructeur, &[]).await;
    let refused = agents::invite(town, &instructeur, EMAIL).await;
    assert!(matches!(refused, Err(AgentError::Denied(_))));
    let administrateur = tested.agent(Role::Administrateur, &[]).await;
    let link = agents::invite(town, &administrateur, EMAIL).await.unwrap();
    let token = link.rsplit('/').next().unwrap();
    assert_eq!(agents::check_invitation(town, token).await.unwrap(), EMAIL);
    agents::accept_invitation(town, token, Password::new("une autre girouette")).await.unwrap();
    let again = agents::accept_invitation(town, token, Password::new("encore une autre")).await;
    assert!(matches!(again, Err(AgentError::Link)));
    assert!(matches!(first_step(&tested, town).await, Err(AgentError::Wrong)));
}

#[tokio::test]
async fn colleagues_of_a_service_are_those_who_act_on_its_dossiers() {
    let demo = TestTown::demo().await;
    collectivites::seed_demo_agents(&demo.town).await.unwrap();
    let responsable = demo.agent(Role::Responsable, &["voirie"]).await;
    let found = agents::colleagues(&demo.town, &responsable, "voirie").await.unwrap();
    let names: Vec<String> = found.iter().map(|colleague| colleague.card.name()).collect();
    assert!(names.contains(&"Nadia Berthelin".to_owned()), "{names:?}");
    assert!(!names.contains(&"Yann Abgrall".to_owned()), "an administrator acts on nothing: {names:?}");
    assert!(!names.contains(&"Léo Kermadec".to_owned()), "the desk acts on nothing: {names:?}");
}
