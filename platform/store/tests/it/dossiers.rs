//! What a dossier carries, written and read back.

use std::collections::{BTreeMap, BTreeSet};

use parvis_domain::{
    digest::Sha256,
    dossier::Channel,
    ids::{AgentId, DraftId, MessageId, PieceId, PieceRequestId, TaskId},
    rules::{Audience, WantedPiece},
    time::Clock,
    value::{Answers, Target, Value},
};
use parvis_store::{
    acts::{self, Act},
    answers::{self, IndexKey},
    doctor, dossiers,
    drafts::{self, Draft},
    messages::{self, Author, Message},
    piece_requests::{self, PieceRequest},
    pieces::{self, Piece, PieceKind},
    tasks::{self, Task},
};

use crate::town::{Town, on_both_engines};

fn draft(town: &Town) -> Draft {
    Draft {
        id: DraftId::new(&town.world, &town.world),
        demarche: "club".to_owned(),
        component: Sha256::of(b"component"),
        holder: Sha256::of(b"cookie"),
        usager: None,
        agent: None,
        channel: Channel::Web,
        answers: Answers::default(),
        kept: None,
        page: None,
        revision: 1,
        created_at: town.world.now(),
        updated_at: town.world.now(),
        expires_at: town.world.now().plus(std::time::Duration::from_mins(1)),
        dossier: None,
    }
}

fn piece(town: &Town, draft: &Draft) -> Piece {
    let id = PieceId::new(&town.world, &town.world);
    Piece {
        id,
        dossier: None,
        draft: Some(draft.id),
        field: Some(Target::field("plan")),
        name: "plan d’été.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 12,
        sha256: Sha256::of(b"octets"),
        object_key: id.to_string(),
        kind: PieceKind::Piece,
        audience: Audience::Usager,
        key: None,
        created_at: town.world.now(),
        removed_at: None,
    }
}

on_both_engines! {
    async fn a_dossier_is_read_as_it_was_written(town: &Town) {
        let mut dossier = town.filed("ODP-1").await;
        let unit = town.db.write().await.unwrap();
        dossier.revision = 2;
        "en-instruction".clone_into(&mut dossier.state);
        dossier.assignee = Some(AgentId::new(&town.world, &town.world));
        dossier.outcome = Some(parvis_contract::Outcome::SansSuite);
        dossier.closed_at = Some(town.world.now());
        assert!(dossiers::update_if_revision(&unit, &dossier, 1).await.unwrap());
        unit.commit().await.unwrap();
        let snapshot = town.db.read().await.unwrap();
        assert_eq!(dossiers::by_id(&snapshot, dossier.id).await.unwrap().as_ref(), Some(&dossier));
        let code = Sha256::of(b"code");
        assert_eq!(dossiers::by_tracking(&snapshot, "ODP-1", code).await.unwrap(), Some(dossier.clone()));
        assert_eq!(dossiers::by_tracking(&snapshot, "ODP-1", Sha256::of(b"other")).await.unwrap(), None);
        let filing = dossiers::filing(&snapshot, dossier.id).await.unwrap().unwrap();
        assert_eq!(filing.settings, Sha256::of(b"settings"));
    }

    async fn two_writers_cannot_go_from_the_same_revision(town: &Town) {
        let mut dossier = town.filed("ODP-1").await;
        dossier.revision = 2;
        for first in [true, false] {
            let unit = town.db.write().await.unwrap();
            assert_eq!(dossiers::update_if_revision(&unit, &dossier, 1).await.unwrap(), first);
            unit.commit().await.unwrap();
        }
    }

    async fn the_latest_version_of_an_answer_wins_and_the_first_one_stays(town: &Town) {
        let dossier = town.filed("ODP-1").await;
        let component = Sha256::of(b"component");
        let unit = town.db.write().await.unwrap();
        let mut filed = Answers::default();
        filed.set(Target::field("rue"), Value::Text("Grand-Rue".to_owned()));
        filed.set(Target::row("plaque", 0), Value::Text("AB-123-CD".to_owned()));
        filed.set(Target::row("plaque", 1), Value::Text("EF-456-GH".to_owned()));
        answers::write(&unit, dossier.id, 1, component, &filed).await.unwrap();
        let mut corrected = Answers::default();
        corrected.set(Target::field("rue"), Value::Text("Petite-Rue".to_owned()));
        corrected.set(Target::row("plaque", 1), Value::Empty);
        answers::write(&unit, dossier.id, 2, component, &corrected).await.unwrap();
        let now = answers::current(&unit, dossier.id).await.unwrap();
        assert_eq!(now.text("rue"), Some("Petite-Rue"));
        assert_eq!(now.len(), 2);
        assert_eq!(answers::versions(&unit, dossier.id).await.unwrap().len(), 5);
        answers::erase(&unit, dossier.id, &[Target::field("rue")]).await.unwrap();
        assert_eq!(answers::current(&unit, dossier.id).await.unwrap().text("rue"), None);
    }

    async fn a_dossier_is_found_by_its_keys(town: &Town) {
        let dossier = town.filed("ODP-1").await;
        let unit = town.db.write().await.unwrap();
        let key = IndexKey { text: Some("grand rue".to_owned()), ..IndexKey::default() };
        for _ in 0..2 {
            let keys = BTreeMap::from([(Target::field("rue"), key.clone())]);
            answers::index(&unit, dossier.id, &keys).await.unwrap();
            answers::set_terms(&unit, dossier.id, &BTreeSet::from(["grand".to_owned()])).await.unwrap();
        }
        assert_eq!(answers::with_text(&unit, "rue", "grand rue").await.unwrap(), [dossier.id]);
        assert_eq!(answers::with_text(&unit, "rue", "grand").await.unwrap(), []);
    }

    async fn filing_a_draft_twice_gives_the_same_dossier(town: &Town) {
        let (one, other) = (town.filed("ODP-1").await, town.filed("ODP-2").await);
        let draft = draft(town);
        let unit = town.db.write().await.unwrap();
        drafts::insert(&unit, &draft).await.unwrap();
        assert_eq!(drafts::mark_filed(&unit, draft.id, one.id).await.unwrap(), None);
        assert_eq!(drafts::mark_filed(&unit, draft.id, other.id).await.unwrap(), Some(one.id));
        assert!(!drafts::save_if_revision(&unit, &draft, 1).await.unwrap());
    }

    async fn a_draft_is_saved_from_the_revision_that_was_read(town: &Town) {
        let mut changed = draft(town);
        let unit = town.db.write().await.unwrap();
        drafts::insert(&unit, &changed).await.unwrap();
        changed.answers.set(Target::field("rue"), Value::Text("Grand-Rue".to_owned()));
        changed.kept = Some(serde_json::json!({"debut": "31/02/2027"}));
        changed.revision = 2;
        assert!(drafts::save_if_revision(&unit, &changed, 1).await.unwrap());
        assert!(!drafts::save_if_revision(&unit, &changed, 1).await.unwrap());
        assert_eq!(drafts::by_id(&unit, changed.id).await.unwrap(), Some(changed));
    }

    async fn an_expired_draft_goes_and_its_documents_wait_to_be_deleted(town: &Town) {
        let draft = draft(town);
        let piece = piece(town, &draft);
        let unit = town.db.write().await.unwrap();
        drafts::insert(&unit, &draft).await.unwrap();
        pieces::insert(&unit, &piece).await.unwrap();
        assert_eq!(drafts::purge_expired(&unit, town.world.now(), 10).await.unwrap(), []);
        town.world.pass(61);
        assert_eq!(drafts::purge_expired(&unit, town.world.now(), 10).await.unwrap(), [draft.id]);
        town.world.pass(1);
        let removed = pieces::removed_before(&unit, town.world.now(), 10).await.unwrap();
        assert_eq!(removed.iter().map(|piece| piece.id).collect::<Vec<_>>(), [piece.id]);
        pieces::delete(&unit, piece.id).await.unwrap();
        assert_eq!(pieces::object_keys(&unit, "", 10).await.unwrap(), Vec::<String>::new());
    }

    async fn documents_follow_the_draft_into_its_dossier(town: &Town) {
        let dossier = town.filed("ODP-1").await;
        let draft = draft(town);
        let (kept, removed) = (piece(town, &draft), piece(town, &draft));
        let unit = town.db.write().await.unwrap();
        drafts::insert(&unit, &draft).await.unwrap();
        pieces::insert(&unit, &kept).await.unwrap();
        pieces::insert(&unit, &removed).await.unwrap();
        assert!(pieces::mark_removed(&unit, removed.id, town.world.now()).await.unwrap());
        assert!(!pieces::mark_removed(&unit, removed.id, town.world.now()).await.unwrap());
        assert_eq!(pieces::give_to_dossier(&unit, draft.id, dossier.id).await.unwrap(), 1);
        assert_eq!(pieces::of_draft(&unit, draft.id).await.unwrap(), []);
        let held = pieces::of_dossier(&unit, dossier.id).await.unwrap();
        assert_eq!(held, [Piece { dossier: Some(dossier.id), ..kept }]);
    }

    async fn messages_are_read_by_the_other_side(town: &Town) {
        let dossier = town.filed("ODP-1").await;
        let unit = town.db.write().await.unwrap();
        for author in [Author::Usager, Author::Agent(AgentId::new(&town.world, &town.world)), Author::System] {
            let message = Message {
                id: MessageId::new(&town.world, &town.world),
                dossier: dossier.id,
                at: town.world.now(),
                author,
                body: "Bonjour".to_owned(),
                read_at: None,
            };
            messages::insert(&unit, &message).await.unwrap();
            town.world.pass(1);
        }
        assert_eq!(messages::read_by_usager(&unit, dossier.id, town.world.now()).await.unwrap(), 2);
        assert_eq!(messages::read_by_agents(&unit, dossier.id, town.world.now()).await.unwrap(), 1);
        assert_eq!(messages::of_dossier(&unit, dossier.id).await.unwrap().len(), 3);
    }

    async fn a_task_of_the_same_key_starts_again(town: &Town) {
        let dossier = town.filed("ODP-1").await;
        let agent = AgentId::new(&town.world, &town.world);
        let mut task = Task {
            id: TaskId::new(&town.world, &town.world),
            dossier: dossier.id,
            key: "avis-voirie".to_owned(),
            function: "voirie".to_owned(),
            title: "Donner un avis".to_owned(),
            due: None,
            assignee: None,
            created_at: town.world.now(),
            done_at: None,
            opinion: None,
        };
        let unit = town.db.write().await.unwrap();
        tasks::put(&unit, &task).await.unwrap();
        let opinion = serde_json::json!({"favorable": true});
        assert!(tasks::done(&unit, task.id, agent, Some(&opinion), town.world.now()).await.unwrap());
        assert!(!tasks::done(&unit, task.id, agent, Some(&opinion), town.world.now()).await.unwrap());
        assert_eq!(tasks::by_id(&unit, task.id).await.unwrap().unwrap().opinion, Some(opinion));
        assert_eq!(tasks::open_for(&unit, &["voirie".to_owned()]).await.unwrap(), []);
        "Donner un second avis".clone_into(&mut task.title);
        tasks::put(&unit, &task).await.unwrap();
        let open = tasks::open_for(&unit, &["voirie".to_owned()]).await.unwrap();
        assert_eq!(open.first().map(|task| task.title.as_str()), Some("Donner un second avis"));
    }

    async fn a_request_for_pieces_is_open_until_answered(town: &Town) {
        let dossier = town.filed("ODP-1").await;
        let request = PieceRequest {
            id: PieceRequestId::new(&town.world, &town.world),
            dossier: dossier.id,
            asked_at: town.world.now(),
            due_at: town.world.now(),
            items: vec![WantedPiece { field: "plan".to_owned(), essential: true, basis: "L114-5".to_owned() }],
            reason: "illisible".to_owned(),
            essential: true,
            answered_at: None,
            reminded_at: None,
        };
        let unit = town.db.write().await.unwrap();
        piece_requests::insert(&unit, &request).await.unwrap();
        assert_eq!(piece_requests::open_of(&unit, dossier.id).await.unwrap(), std::slice::from_ref(&request));
        piece_requests::reminded(&unit, request.id, town.world.now()).await.unwrap();
        let more = PieceRequest { id: PieceRequestId::new(&town.world, &town.world), ..request.clone() };
        piece_requests::insert(&unit, &more).await.unwrap();
        for expected in [1, 0] {
            let answered = piece_requests::answered(&unit, &[request.id], town.world.now()).await.unwrap();
            assert_eq!(answered, expected, "once");
        }
        assert_eq!(piece_requests::open_of(&unit, dossier.id).await.unwrap(), std::slice::from_ref(&more));
        assert_eq!(piece_requests::no_longer_wanted(&unit, dossier.id, town.world.now()).await.unwrap(), 1);
        assert_eq!(piece_requests::open_of(&unit, dossier.id).await.unwrap(), []);
    }

    async fn a_register_has_no_hole_nor_double(town: &Town) {
        let dossier = town.filed("ODP-1").await;
        let forgotten = town.db.write().await.unwrap();
        assert_eq!(acts::take_number(&forgotten, "ARR", 2026).await.unwrap(), 1);
        forgotten.rollback().await.unwrap();
        for expected in 1..=2 {
            let unit = town.db.write().await.unwrap();
            let number = acts::take_number(&unit, "ARR", 2026).await.unwrap();
            assert_eq!(number, expected);
            let act = Act {
                series: "ARR".to_owned(),
                year: 2026,
                number,
                dossier: dossier.id,
                piece: None,
                signed_at: town.world.now(),
                signatory: AgentId::new(&town.world, &town.world),
                title: "Arrêté".to_owned(),
                text: "Article 1er".to_owned(),
            };
            acts::insert(&unit, &act).await.unwrap();
            unit.commit().await.unwrap();
        }
        let unit = town.db.write().await.unwrap();
        assert_eq!(acts::take_number(&unit, "ARR", 2027).await.unwrap(), 1);
        let numbers = acts::register(&unit, "ARR", 2026).await.unwrap().into_iter().map(|act| act.number);
        assert_eq!(numbers.collect::<Vec<_>>(), [1, 2]);
        assert_eq!(acts::of_dossier(&unit, dossier.id).await.unwrap().len(), 2);
    }

    async fn doctor_counts_and_finds_what_is_incomplete(town: &Town) {
        let dossier = town.filed("ODP-1").await;
        let unit = town.db.write().await.unwrap();
        let counts = doctor::counts(&unit, town.world.now()).await.unwrap();
        assert_eq!((counts.dossiers, counts.open_dossiers, counts.waiting), (1, 1, 0));
        assert_eq!(doctor::incomplete_dossiers(&unit).await.unwrap(), [dossier.id]);
        assert_eq!(doctor::integrity(&unit).await.unwrap(), Vec::<String>::new());
    }
}
