//! Filling a form and filing it: kept as typed, in order, once.

use std::{net::Ipv4Addr, time::Duration};

use parvis_domain::{
    dossier::Channel,
    ids::{DossierId, DraftId},
    input::FormData,
    policy::{Actor, Role},
};
use parvis_store::{dossiers as stored, outbox, verification};
use parvis_usecases::{
    brouillons::{
        self,
        view::{After, CheckOutcome, FileOutcome, PageOutcome, SaveOutcome, Step},
    },
    dossiers,
    failure::Failure,
    parvis::Town,
    pieces::UploadError,
    testing::TestTown,
    throttle::ClientAddress,
    workers,
};

use crate::tennis::{Tennis, posted, question};

/// A town that runs the tennis club.
pub(crate) async fn club() -> TestTown {
    TestTown::with_demarche(std::sync::Arc::new(Tennis::new()), Tennis::component(), "").await
}

/// Where visitors of these tests ask from.
fn client() -> ClientAddress {
    ClientAddress::new(Ipv4Addr::new(192, 0, 2, 1).into())
}

/// A visitor who has begun a form.
pub(crate) async fn begun(town: &Town) -> (Actor, DraftId) {
    let started = brouillons::start(town, &Actor::Visitor, Tennis::ID, Channel::Web, client()).await.unwrap();
    assert_eq!(started.first, Step::Page("joueur".to_owned()));
    let holder = brouillons::holder(town, &started.token.unwrap()).await.unwrap();
    assert_eq!(holder, Some(started.draft));
    (Actor::DraftHolder(started.draft), started.draft)
}

/// Saves a page that is right.
pub(crate) async fn save(town: &Town, actor: &Actor, draft: DraftId, page: &str, inputs: &FormData) -> Step {
    match brouillons::save_page(town, actor, draft, page, After::Next, inputs).await.unwrap() {
        SaveOutcome::Go(step) => step,
        other => panic!("{other:?}"),
    }
}

/// Fills the form of an adult, without any document.
pub(crate) async fn filled(town: &Town, actor: &Actor, draft: DraftId, email: &str) {
    filled_as(town, actor, draft, "Noah", email).await;
}

/// The same, under a name.
async fn filled_as(town: &Town, actor: &Actor, draft: DraftId, name: &str, email: &str) {
    save(town, actor, draft, "joueur", &posted(&[("nom", name), ("courriel", email)])).await;
    save(town, actor, draft, "inscription", &posted(&[("formule", "adulte")])).await;
    assert_eq!(save(town, actor, draft, "pieces", &posted(&[])).await, Step::Check);
}

/// A dossier that was filed by a visitor.
pub(crate) async fn filed(town: &Town, email: &str) -> dossiers::view::Filed {
    filed_as(town, "Noah", email).await
}

/// The same, under a name.
pub(crate) async fn filed_as(town: &Town, name: &str, email: &str) -> dossiers::view::Filed {
    let (actor, draft) = begun(town).await;
    filled_as(town, &actor, draft, name, email).await;
    match dossiers::file(town, &actor, draft).await.unwrap() {
        FileOutcome::Filed(filed) => filed,
        other => panic!("{other:?}"),
    }
}

/// The head of a dossier.
pub(crate) async fn head(town: &Town, id: DossierId) -> parvis_domain::dossier::Dossier {
    let snapshot = town.db.read().await.unwrap();
    stored::by_id(&snapshot, id).await.unwrap().unwrap()
}

/// Every chain of the town holds.
pub(crate) async fn chains_hold(town: &Town) {
    let snapshot = town.db.read().await.unwrap();
    let verified = verification::verify_all(&snapshot).await.unwrap();
    assert!(verified.broken.is_empty(), "{:?}", verified.broken);
}

#[tokio::test]
async fn filing_twice_gives_the_same_dossier() {
    let tested = club().await;
    let town = &tested.town;
    let (actor, draft) = begun(town).await;
    filled(town, &actor, draft, "noah@example.org").await;
    let FileOutcome::Filed(first) = dossiers::file(town, &actor, draft).await.unwrap() else { panic!() };
    let FileOutcome::Filed(second) = dossiers::file(town, &actor, draft).await.unwrap() else { panic!() };
    assert_eq!(first, second);
    assert_eq!(first.number, "TEN-2026-000001");
    assert!(first.tracking_code.is_some());
    assert_eq!(dossiers::confirmation(town, &actor, first.dossier).await.unwrap().filed, first);
    let head = head(town, first.dossier).await;
    assert_eq!((head.state.as_str(), head.marks.as_slice()), ("a-verifier", ["nouveau".to_owned()].as_slice()));
    assert_eq!(head.contact.email.as_deref(), Some("noah@example.org"));
    chains_hold(town).await;
}

#[tokio::test]
async fn filing_at_the_same_time_gives_the_same_dossier() {
    let tested = club().await;
    let town = &tested.town;
    let (actor, draft) = begun(town).await;
    filled(town, &actor, draft, "noah@example.org").await;
    let filing = (0..8).map(|_| {
        let (town, actor) = (town.clone(), actor.clone());
        tokio::spawn(async move { dossiers::file(&town, &actor, draft).await })
    });
    let mut found = Vec::new();
    for task in filing.collect::<Vec<_>>() {
        let FileOutcome::Filed(filed) = task.await.unwrap().unwrap() else { panic!() };
        found.push(filed);
    }
    assert!(found.iter().all(|filed| *filed == found[0]), "{found:?}");
    workers::run_due_once(&tested.parvis).await.unwrap();
    assert_eq!(tested.mailbox.sent().len(), 1, "one accusé de réception");
}

#[tokio::test]
async fn the_accuse_de_reception_says_what_the_law_wants() {
    let tested = club().await;
    let filed = filed(&tested.town, "noah@example.org").await;
    workers::run_due_once(&tested.parvis).await.unwrap();
    let sent = tested.mailbox.sent();
    let mail = sent.first().unwrap();
    assert_eq!((sent.len(), mail.to.as_str()), (1, "noah@example.org"));
    let code = filed.tracking_code.unwrap();
    for said in [
        filed.number.as_str(),
        code.as_str(),
        "23 novembre 2026",
        "réputée rejetée le 23 janvier 2027",
        "Téléphone",
        "Voies et délais de recours",
    ] {
        assert!(mail.body.contains(said), "{said} is missing from:\n{}", mail.body);
    }
    assert!(mail.message_id.starts_with(&format!("{}.1.", filed.dossier)), "{}", mail.message_id);
}

#[tokio::test]
async fn a_page_out_of_order_leads_to_the_one_that_can_be_visited() {
    let tested = club().await;
    let town = &tested.town;
    let (actor, draft) = begun(town).await;
    for page in ["pieces", "responsable", "nulle-part"] {
        let outcome = brouillons::page(town, &actor, draft, page, After::Next).await.unwrap();
        assert_eq!(outcome, PageOutcome::Elsewhere(Step::Page("joueur".to_owned())), "{page}");
    }
    let check = brouillons::check(town, &actor, draft).await.unwrap();
    assert_eq!(check, CheckOutcome::Elsewhere(Step::Page("joueur".to_owned())));
    let file = dossiers::file(town, &actor, draft).await.unwrap();
    assert_eq!(file, FileOutcome::Elsewhere(Step::Page("joueur".to_owned())));
}

#[tokio::test]
async fn a_demarche_that_is_not_for_her_is_nobodys_mistake() {
    let tested = club().await;
    let town = &tested.town;
    let (actor, draft) = begun(town).await;
    let inputs = posted(&[("nom", "Équipe"), ("courriel", "noah@example.org")]);
    let saved = brouillons::save_page(town, &actor, draft, "joueur", After::Next, &inputs).await.unwrap();
    let SaveOutcome::Invalid(view) = saved else { panic!("{saved:?}") };
    assert!(view.form.mistakes.is_empty() && view.form.questions.iter().all(|question| question.errors.is_empty()));
    assert_eq!(view.form.ineligible, ["Une équipe s’inscrit auprès de la ligue."]);
}

#[tokio::test]
async fn what_is_wrong_is_kept_as_typed_and_said_at_its_field() {
    let tested = club().await;
    let town = &tested.town;
    let (actor, draft) = begun(town).await;
    let inputs = posted(&[("nom", "Noah"), ("courriel", "noah(at)example")]);
    let saved = brouillons::save_page(town, &actor, draft, "joueur", After::Next, &inputs).await.unwrap();
    let SaveOutcome::Invalid(view) = saved else { panic!("{saved:?}") };
    assert_eq!(view.form.mistakes.len(), 1);
    let again = brouillons::page(town, &actor, draft, "joueur", After::Next).await.unwrap();
    let PageOutcome::Page(view) = again else { panic!("{again:?}") };
    let question = view.form.questions.iter().find(|question| question.at.field == "courriel").unwrap();
    assert_eq!(question.raw.whole(), "noah(at)example");
    assert_eq!(question.errors.len(), 1);
}

#[tokio::test]
async fn a_first_visit_shows_no_mistake() {
    let tested = club().await;
    let (actor, draft) = begun(&tested.town).await;
    let outcome = brouillons::page(&tested.town, &actor, draft, "joueur", After::Next).await.unwrap();
    let PageOutcome::Page(view) = outcome else { panic!("{outcome:?}") };
    assert!(view.form.mistakes.is_empty() && view.form.questions.iter().all(|question| question.errors.is_empty()));
    assert_eq!((view.position, view.pages, view.back.clone()), (1, 3, None));
}

#[tokio::test]
async fn changing_an_answer_returns_to_the_check_page_after_what_became_needed() {
    let tested = club().await;
    let town = &tested.town;
    let (actor, draft) = begun(town).await;
    filled(town, &actor, draft, "noah@example.org").await;
    let young = posted(&[("formule", "jeune")]);
    let saved = brouillons::save_page(town, &actor, draft, "inscription", After::Check, &young).await.unwrap();
    assert_eq!(saved, SaveOutcome::Go(Step::Page("responsable".to_owned())));
    let guardian = posted(&[("responsable", "Yannick")]);
    let saved = brouillons::save_page(town, &actor, draft, "responsable", After::Check, &guardian).await.unwrap();
    assert_eq!(saved, SaveOutcome::Go(Step::Check));
    let CheckOutcome::Check(check) = brouillons::check(town, &actor, draft).await.unwrap() else { panic!() };
    assert!(check.fileable);
    assert_eq!(check.warnings.len(), 1, "a warning prevents nothing");
    assert!(check.computed.iter().any(|line| line.field == "cotisation" && line.text.contains("90")));
}

#[tokio::test]
async fn rows_are_added_and_removed_without_script() {
    let tested = club().await;
    let town = &tested.town;
    let (actor, draft) = begun(town).await;
    save(town, &actor, draft, "joueur", &posted(&[("nom", "Noah"), ("courriel", "noah@example.org")])).await;
    let mut add = posted(&[("formule", "adulte")]);
    add.insert(brouillons::save::ROW_BUTTON.to_owned(), vec!["add:creneaux".to_owned()]);
    let saved = brouillons::save_page(town, &actor, draft, "inscription", After::Next, &add).await.unwrap();
    let SaveOutcome::Changed(view) = saved else { panic!("{saved:?}") };
    assert_eq!(question(&view.form, "creneaux").rows.len(), 1);
    let mut remove = add.clone();
    remove.insert("f.jour.0".to_owned(), vec!["lundi".to_owned()]);
    remove.insert(brouillons::save::ROW_BUTTON.to_owned(), vec!["remove:creneaux:0".to_owned()]);
    let saved = brouillons::save_page(town, &actor, draft, "inscription", After::Next, &remove).await.unwrap();
    let SaveOutcome::Changed(view) = saved else { panic!("{saved:?}") };
    assert!(question(&view.form, "creneaux").rows.is_empty());
}

#[tokio::test]
async fn a_file_is_judged_by_its_content_and_a_refusal_costs_nothing_else() {
    let tested = club().await;
    let town = &tested.town;
    let (actor, draft) = begun(town).await;
    filled(town, &actor, draft, "noah@example.org").await;
    let at = parvis_domain::value::Target::field("certificat");
    let program = parvis_usecases::pieces::upload(town, &actor, draft, &at, "scan.pdf", &b"MZ\x90\0program"[..]).await;
    assert!(matches!(program, Err(UploadError::WrongType { .. })), "{program:?}");
    assert!(town.vault.list().await.unwrap().is_empty(), "nothing of it remains");
    let pdf = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n".as_slice();
    let kept = parvis_usecases::pieces::upload(town, &actor, draft, &at, "../certificat.exe", pdf).await.unwrap();
    assert_eq!(kept.media_type, "application/pdf");
    assert!(std::path::Path::new(&kept.name).extension().is_some_and(|extension| extension == "pdf"), "{}", kept.name);
    let FileOutcome::Filed(filed) = dossiers::file(town, &actor, draft).await.unwrap() else { panic!() };
    let instructor = tested.agent(Role::Instructeur, &["voirie"]).await;
    let mut given = parvis_usecases::pieces::download(town, &instructor, filed.dossier, kept.id).await.unwrap();
    let mut read = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut given.content, &mut read).await.unwrap();
    assert_eq!(read, pdf);
}

#[tokio::test]
async fn another_town_s_dossier_and_draft_do_not_exist() {
    let tested = club().await;
    let neighbour = tested.neighbour().await;
    let (actor, draft) = begun(&tested.town).await;
    let elsewhere = brouillons::page(&neighbour, &actor, draft, "joueur", After::Next).await;
    assert!(matches!(elsewhere, Err(Failure::NotFound)), "{elsewhere:?}");
    let filed = filed(&tested.town, "noah@example.org").await;
    let tracker = Actor::Tracker(filed.dossier);
    assert!(dossiers::follow_up(&tested.town, &tracker, filed.dossier).await.is_ok());
    let elsewhere = dossiers::follow_up(&neighbour, &tracker, filed.dossier).await;
    assert!(matches!(elsewhere, Err(Failure::NotFound)), "{elsewhere:?}");
}

#[tokio::test]
async fn a_draft_is_its_holder_s_alone_and_may_be_given_to_an_account() {
    let tested = club().await;
    let town = &tested.town;
    let (actor, draft) = begun(town).await;
    let account = tested.usager("camille@example.org").await;
    for stranger in [Actor::Visitor, account.clone(), Actor::DraftHolder(DraftId::new(&*tested.clock, &Zero))] {
        let read = brouillons::page(town, &stranger, draft, "joueur", After::Next).await;
        assert!(matches!(read, Err(Failure::NotFound)), "{stranger:?}");
    }
    let Actor::Usager(usager) = account else { panic!() };
    brouillons::attach(town, &actor, draft, usager).await.unwrap();
    assert!(matches!(brouillons::resume(town, &actor, draft).await, Err(Failure::NotFound)));
    assert_eq!(brouillons::list(town, &account).await.unwrap().len(), 1);
    filled(town, &account, draft, "noah@example.org").await;
    let FileOutcome::Filed(filed) = dossiers::file(town, &account, draft).await.unwrap() else { panic!() };
    assert_eq!(filed.tracking_code, None, "an account needs no code");
    assert_eq!(dossiers::of_usager(town, &account).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_agent_files_for_someone_at_the_desk() {
    let tested = club().await;
    let town = &tested.town;
    let agent = tested.agent(Role::Accueil, &[]).await;
    let refused = brouillons::start(town, &agent, Tennis::ID, Channel::Web, client()).await;
    assert!(matches!(refused, Err(Failure::Forbidden)));
    let elsewhere = tested.agent(Role::Accueil, &["etat-civil"]).await;
    let refused = brouillons::start(town, &elsewhere, Tennis::ID, Channel::Guichet, client()).await;
    assert!(matches!(refused, Err(Failure::NotFound)), "another service’s démarche");
    let started = brouillons::start(town, &agent, Tennis::ID, Channel::Guichet, client()).await.unwrap();
    assert_eq!(started.token, None);
    assert_eq!(brouillons::list(town, &agent).await.unwrap().len(), 1);
    assert!(brouillons::list(town, &elsewhere).await.unwrap().is_empty());
    filled(town, &agent, started.draft, "noah@example.org").await;
    let FileOutcome::Filed(filed) = dossiers::file(town, &agent, started.draft).await.unwrap() else { panic!() };
    assert_eq!(head(town, filed.dossier).await.channel, Channel::Guichet);
    assert!(dossiers::receipt(town, &agent, filed.dossier).await.unwrap().starts_with(b"%PDF"));
}

#[tokio::test]
async fn a_number_and_its_code_open_one_dossier_and_guesses_are_counted() {
    let tested = club().await;
    let town = &tested.town;
    let filed = filed(town, "noah@example.org").await;
    let code = filed.tracking_code.unwrap();
    let tracked = dossiers::track(town, &filed.number.to_lowercase(), &code.replace('-', " "), client()).await.unwrap();
    assert_eq!(dossiers::tracking::session(town, &tracked.token), Some(filed.dossier));
    assert_eq!(dossiers::tracking::session(town, &tracked.token.replace('.', "..")), None);
    tested.clock.set(tracked.until);
    assert_eq!(dossiers::tracking::session(town, &tracked.token), None, "it ends");
    for _ in 0..5 {
        let wrong = dossiers::track(town, &filed.number, "BCDF-GHJK", client()).await;
        assert!(matches!(wrong, Err(Failure::Refused(_))), "{wrong:?}");
    }
    let slowed = dossiers::track(town, &filed.number, &code, client()).await;
    assert!(matches!(slowed, Err(Failure::Throttled { retry_after: 1..=3 })), "{slowed:?}");
    tested.clock.advance(Duration::from_secs(3));
    dossiers::track(town, &filed.number, &code, client()).await.unwrap();
}

#[tokio::test]
async fn right_codes_are_not_counted() {
    let tested = club().await;
    let filed = filed(&tested.town, "noah@example.org").await;
    let code = filed.tracking_code.unwrap();
    for _ in 0..60 {
        dossiers::track(&tested.town, &filed.number, &code, client()).await.unwrap();
    }
}

#[tokio::test]
async fn a_mail_waits_while_the_server_is_down() {
    let tested = club().await;
    tested.mailbox.fail(Some(parvis_domain::ports::MailError::Unavailable("connection refused".to_owned())));
    let filed = filed(&tested.town, "noah@example.org").await;
    workers::run_due_once(&tested.parvis).await.unwrap();
    assert!(tested.mailbox.sent().is_empty());
    tested.mailbox.fail(None);
    workers::run_due_once(&tested.parvis).await.unwrap();
    assert!(tested.mailbox.sent().is_empty(), "not before its time");
    tested.clock.advance(Duration::from_secs(61));
    workers::run_due_once(&tested.parvis).await.unwrap();
    assert_eq!(tested.mailbox.sent().len(), 1);
    let snapshot = tested.town.db.read().await.unwrap();
    let effects = outbox::of_dossier(&snapshot, filed.dossier).await.unwrap();
    let mail = effects.iter().find(|effect| effect.queue == outbox::Queue::Mail).unwrap();
    assert_eq!((mail.state, mail.attempts), (outbox::EffectState::Done, 2));
}

#[tokio::test]
async fn a_refused_address_is_shown_and_becomes_a_task() {
    let tested = club().await;
    let town = &tested.town;
    tested.mailbox.fail(Some(parvis_domain::ports::MailError::Refused("550 no such user".to_owned())));
    let filed = filed(town, "nobody@example.org").await;
    workers::run_due_once(&tested.parvis).await.unwrap();
    let agent = tested.agent(Role::Instructeur, &["voirie"]).await;
    let seen = dossiers::agent_view(town, &agent, filed.dossier).await.unwrap();
    assert!(seen.marks.iter().any(|mark| mark == "contact-injoignable"), "{:?}", seen.marks);
    assert_eq!(seen.stuck.len(), 1);
    assert!(seen.tasks.iter().any(|task| task.title.contains("par téléphone ou par courrier")), "{:?}", seen.tasks);
    let task = seen.tasks[0].id;
    dossiers::give_opinion(town, &agent, filed.dossier, task, "", "Appelée, prévenue.").await.unwrap();
    assert!(dossiers::tasks(town, &agent).await.unwrap().is_empty());
    tested.mailbox.fail(None);
    let responsable = tested.agent(Role::Responsable, &["voirie"]).await;
    let rows = dossiers::stuck(town, &responsable).await.unwrap();
    assert_eq!(rows.len(), 1);
    dossiers::replay(town, &responsable, rows[0].line.id.parse().unwrap()).await.unwrap();
    workers::run_due_once(&tested.parvis).await.unwrap();
    assert_eq!(tested.mailbox.sent().len(), 1, "replayed");
    chains_hold(town).await;
}

#[tokio::test]
async fn drafts_are_forgotten_in_their_time_with_their_documents() {
    let tested = club().await;
    let town = &tested.town;
    let (actor, draft) = begun(town).await;
    filled(town, &actor, draft, "noah@example.org").await;
    let at = parvis_domain::value::Target::field("certificat");
    let png = b"\x89PNG\r\n\x1a\n0000000000000000".as_slice();
    parvis_usecases::pieces::upload(town, &actor, draft, &at, "photo.png", png).await.unwrap();
    workers::sweep(&tested.parvis).await.unwrap();
    for days in [31_u64, 1, 1] {
        tested.clock.advance(Duration::from_secs(days * 24 * 3600));
        workers::run_due_once(&tested.parvis).await.unwrap();
    }
    assert!(matches!(brouillons::resume(town, &actor, draft).await, Err(Failure::NotFound)));
    assert!(town.vault.list().await.unwrap().is_empty());
    assert!(parvis_usecases::doctor::examine(&tested.parvis).await.unwrap().is_healthy());
}

struct Zero;

impl parvis_domain::time::Entropy for Zero {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(0);
    }
}
