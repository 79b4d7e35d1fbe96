//! People, sessions, settings and traces, written and read back.

use std::time::Duration;

use parvis_domain::{
    digest::Sha256,
    ids::{AgentId, UsagerId},
    policy::{Grant, Role},
    time::Clock,
};
use parvis_store::{
    access_log::{self, Access},
    agents_in_town,
    checkpoints::{self, Checkpoint},
    demarches::{self, InstalledDemarche},
    idempotency::{self, Answered},
    mail_problems::{self, MailProblem},
    sessions::{self, Session, SessionSubject},
    settings::{self, Owner},
    throttles,
    tokens::{self, OneTimeToken, Purpose},
    usagers::{self, Usager},
};

use crate::town::{Town, on_both_engines};

fn usager(town: &Town, email: &str) -> Usager {
    Usager {
        id: UsagerId::new(&town.world, &town.world),
        email: email.to_owned(),
        given_name: "Éloïse".to_owned(),
        family_name: "Martin".to_owned(),
        phone: None,
        password_hash: Some("$argon2id$".to_owned()),
        confirmed_at: None,
        created_at: town.world.now(),
    }
}

on_both_engines! {
    async fn an_address_has_one_account(town: &Town) {
        let account = usager(town, "eloise@exemple.fr");
        let unit = town.db.write().await.unwrap();
        assert!(usagers::insert(&unit, &account).await.unwrap());
        assert!(!usagers::insert(&unit, &usager(town, "eloise@exemple.fr")).await.unwrap());
        usagers::confirm(&unit, account.id, town.world.now()).await.unwrap();
        usagers::set_password(&unit, account.id, "other").await.unwrap();
        usagers::update_profile(&unit, &Usager { phone: Some("0102030405".to_owned()), ..account.clone() }).await.unwrap();
        let found = usagers::by_email(&unit, "eloise@exemple.fr").await.unwrap().unwrap();
        assert_eq!(found.phone.as_deref(), Some("0102030405"));
        assert_eq!(found.confirmed_at, Some(town.world.now()));
        assert_eq!(found.password_hash.as_deref(), Some("other"));
        usagers::remove(&unit, account.id).await.unwrap();
        assert_eq!(usagers::by_id(&unit, account.id).await.unwrap(), None);
    }

    async fn a_session_is_touched_once_a_minute_and_ends(town: &Town) {
        let subject = SessionSubject::Agent(AgentId::new(&town.world, &town.world));
        let session = Session {
            token_hash: Sha256::of(b"token"),
            subject,
            second_factor_at: None,
            created_at: town.world.now(),
            last_seen_at: town.world.now(),
            expires_at: town.world.now().plus(Duration::from_secs(100)),
        };
        let unit = town.db.write().await.unwrap();
        sessions::insert(&unit, &session).await.unwrap();
        town.world.pass(59);
        assert!(!session.is_to_be_touched(town.world.now()));
        let later = town.world.now().plus(Duration::from_secs(100));
        sessions::touch(&unit, session.token_hash, town.world.now(), later).await.unwrap();
        let found = sessions::by_token(&unit, session.token_hash, town.world.now()).await.unwrap();
        assert_eq!(found, Some(session.clone()));
        town.world.pass(1);
        assert!(session.is_to_be_touched(town.world.now()));
        sessions::touch(&unit, session.token_hash, town.world.now(), later).await.unwrap();
        sessions::second_factor_given(&unit, session.token_hash, town.world.now()).await.unwrap();
        let found = sessions::by_token(&unit, session.token_hash, town.world.now()).await.unwrap().unwrap();
        assert_eq!((found.expires_at, found.second_factor_at), (later, Some(town.world.now())));
        town.world.pass(200);
        assert_eq!(sessions::by_token(&unit, session.token_hash, town.world.now()).await.unwrap(), None);
        assert_eq!(sessions::purge_expired(&unit, town.world.now()).await.unwrap(), 1);
        sessions::insert(&unit, &session).await.unwrap();
        assert_eq!(sessions::remove_all_of(&unit, subject).await.unwrap(), 1);
    }

    async fn a_link_works_once_for_what_it_was_made(town: &Town) {
        let token = OneTimeToken {
            token_hash: Sha256::of(b"token"),
            purpose: Purpose::ConfirmEmail,
            subject: None,
            email: "eloise@exemple.fr".to_owned(),
            expires_at: town.world.now().plus(Duration::from_secs(10)),
            used_at: None,
        };
        let unit = town.db.write().await.unwrap();
        tokens::insert(&unit, &token).await.unwrap();
        let now = town.world.now();
        assert_eq!(tokens::take(&unit, token.token_hash, Purpose::ResetPassword, now).await.unwrap(), None);
        assert_eq!(tokens::take(&unit, token.token_hash, Purpose::ConfirmEmail, token.expires_at).await.unwrap(), None);
        assert!(tokens::take(&unit, token.token_hash, Purpose::ConfirmEmail, now).await.unwrap().is_some());
        assert_eq!(tokens::take(&unit, token.token_hash, Purpose::ConfirmEmail, now).await.unwrap(), None);
        assert_eq!(tokens::purge_expired(&unit, token.expires_at).await.unwrap(), 1);
    }

    async fn a_throttle_counts_in_a_window(town: &Town) {
        let window = Duration::from_mins(1);
        let unit = town.db.write().await.unwrap();
        for expected in 1..=3 {
            assert_eq!(throttles::hit(&unit, "signin:a", town.world.now(), window).await.unwrap().count, expected);
        }
        throttles::block(&unit, "signin:a", town.world.now()).await.unwrap();
        assert_eq!(throttles::get(&unit, "signin:a").await.unwrap().unwrap().blocked_until, Some(town.world.now()));
        town.world.pass(60);
        let again = throttles::hit(&unit, "signin:a", town.world.now(), window).await.unwrap();
        assert_eq!((again.count, again.window_start), (1, town.world.now()));
        town.world.pass(1);
        assert_eq!(throttles::purge(&unit, town.world.now()).await.unwrap(), 1);
        assert_eq!(throttles::get(&unit, "signin:a").await.unwrap(), None);
    }

    async fn a_setting_has_one_content_and_keeps_the_former_ones(town: &Town) {
        let (one, other) = (serde_json::json!({"tarif": 1}), serde_json::json!({"tarif": 2}));
        let unit = town.db.write().await.unwrap();
        let first = settings::put(&unit, "odp", &one, Owner::File, Some("odp.toml"), town.world.now()).await.unwrap();
        let second = settings::put(&unit, "odp", &other, Owner::Console, None, town.world.now()).await.unwrap();
        assert_ne!(first, second);
        let (setting, content) = settings::get(&unit, "odp").await.unwrap().unwrap();
        assert_eq!((setting.digest, setting.owner, setting.file, content), (second, Owner::Console, None, other));
        assert_eq!(settings::content(&unit, first).await.unwrap(), Some(one));
        settings::remove(&unit, "odp").await.unwrap();
        assert_eq!(settings::list(&unit).await.unwrap(), []);
    }

    async fn a_demarche_is_put_twice_and_listed_once(town: &Town) {
        let mut installed = InstalledDemarche {
            id: "club".to_owned(),
            component: Sha256::of(b"one"),
            settings: Sha256::of(b"settings"),
            position: 2,
            enabled: true,
        };
        let unit = town.db.write().await.unwrap();
        demarches::put(&unit, &installed).await.unwrap();
        installed.component = Sha256::of(b"two");
        demarches::put(&unit, &installed).await.unwrap();
        assert_eq!(demarches::list(&unit).await.unwrap(), std::slice::from_ref(&installed));
        assert_eq!(demarches::by_id(&unit, "club").await.unwrap(), Some(installed));
        demarches::remove(&unit, "club").await.unwrap();
        assert_eq!(demarches::by_id(&unit, "club").await.unwrap(), None);
    }

    async fn grants_are_given_and_taken_back(town: &Town) {
        let agent = AgentId::new(&town.world, &town.world);
        let grant = Grant { role: Role::Instructeur, services: vec!["voirie".to_owned()], functions: vec![] };
        let unit = town.db.write().await.unwrap();
        agents_in_town::put(&unit, agent, std::slice::from_ref(&grant), town.world.now()).await.unwrap();
        assert_eq!(agents_in_town::by_agent(&unit, agent).await.unwrap().unwrap().grants, [grant]);
        agents_in_town::revoke(&unit, agent, town.world.now()).await.unwrap();
        assert_eq!(agents_in_town::by_agent(&unit, agent).await.unwrap(), None);
        agents_in_town::put(&unit, agent, &[], town.world.now()).await.unwrap();
        assert_eq!(agents_in_town::list(&unit).await.unwrap().len(), 1);
    }

    async fn traces_checkpoints_answers_and_refused_addresses_are_kept(town: &Town) {
        let dossier = town.filed("ODP-1").await;
        let unit = town.db.write().await.unwrap();
        let trace = Access {
            id: AgentId::new(&town.world, &town.world).uuid(),
            at: town.world.now(),
            actor_kind: "agent".to_owned(),
            actor_id: "a".to_owned(),
            permission: "dossier:read".to_owned(),
            dossier: Some(dossier.id),
            request_id: "r".to_owned(),
        };
        access_log::insert(&unit, std::slice::from_ref(&trace)).await.unwrap();
        access_log::insert(&unit, &[]).await.unwrap();
        assert_eq!(access_log::of_dossier(&unit, dossier.id, 10).await.unwrap(), [trace]);

        let heads = [(dossier.id, dossier.head)];
        let checkpoint = Checkpoint::seal(None, "2026-11-23".parse().unwrap(), town.world.now(), heads);
        assert!(checkpoints::insert(&unit, &checkpoint).await.unwrap());
        assert!(!checkpoints::insert(&unit, &checkpoint).await.unwrap());
        assert_eq!(checkpoints::latest(&unit).await.unwrap(), Some(checkpoint));
        assert_eq!(checkpoints::list(&unit).await.unwrap(), [checkpoint]);

        let answered =
            Answered { request: Sha256::of(b"request"), response: serde_json::json!({"id": 1}), at: town.world.now() };
        assert!(idempotency::put(&unit, "key", &answered).await.unwrap());
        assert!(!idempotency::put(&unit, "key", &answered).await.unwrap());
        assert_eq!(idempotency::get(&unit, "key").await.unwrap(), Some(answered));

        let mut problem =
            MailProblem { address: "a@b.fr".to_owned(), at: town.world.now(), reason: "full".to_owned() };
        mail_problems::put(&unit, &problem).await.unwrap();
        "unknown".clone_into(&mut problem.reason);
        mail_problems::put(&unit, &problem).await.unwrap();
        assert_eq!(mail_problems::by_address(&unit, "a@b.fr").await.unwrap(), Some(problem));
        mail_problems::remove(&unit, "a@b.fr").await.unwrap();
        town.world.pass(1);
        assert_eq!(idempotency::purge(&unit, town.world.now()).await.unwrap(), 1);
        assert_eq!(access_log::purge(&unit, town.world.now()).await.unwrap(), 1);
    }
}
