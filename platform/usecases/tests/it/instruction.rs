//! What agents do with a dossier, what the law's clock does by itself, and who may do what.

use std::time::Duration;

use parvis_domain::{
    ids::DossierId,
    policy::{Actor, Grant, Role},
    time::Instant,
    value::Target,
};
use parvis_store::{answers, events, outbox, piece_requests};
use parvis_usecases::{
    doctor,
    dossiers::{
        self, ActOutcome, InboxQuery,
        view::{PieceSource, SectionLine, Side, Urgency},
    },
    failure::Failure,
    parvis::Town,
    testing::TestTown,
    workers,
};

use crate::{
    filing::{chains_hold, club, filed, head},
    tennis::{self, posted},
};

const DAY: Duration = Duration::from_hours(24);

/// Does an action with the answers of its form, on the dossier as it is.
pub(crate) async fn act(
    town: &Town,
    actor: &Actor,
    id: DossierId,
    action: &str,
    fields: &[(&str, &str)],
) -> Result<ActOutcome, Failure> {
    let revision = head(town, id).await.revision;
    dossiers::act(town, actor, id, action, revision, &posted(fields)).await
}

/// A dossier proposed to signature.
pub(crate) async fn proposed(tested: &TestTown, instructor: &Actor) -> DossierId {
    let town = &tested.town;
    let id = filed(town, "noah@example.org").await.dossier;
    act(town, instructor, id, "prendre", &[]).await.unwrap();
    assert_eq!(act(town, instructor, id, "proposer", &[]).await.unwrap(), ActOutcome::Done);
    id
}

pub(crate) async fn instructor(tested: &TestTown) -> Actor {
    tested.agent(Role::Instructeur, &["voirie"]).await
}

pub(crate) async fn signatory(tested: &TestTown) -> Actor {
    tested.agent(Role::Signataire, &[]).await
}

async fn coach(tested: &TestTown) -> Actor {
    let functions = vec!["entraineur".to_owned()];
    tested.agent_with(vec![Grant { role: Role::Instructeur, services: vec!["voirie".to_owned()], functions }]).await
}

fn local(tested: &TestTown, text: &str) -> Instant {
    Instant::at(text.parse().unwrap(), &tested.town.profile.time_zone())
}

#[tokio::test]
async fn a_refusal_without_reasons_is_refused_and_changes_nothing() {
    let tested = club().await;
    let town = &tested.town;
    let agent = instructor(&tested).await;
    let id = filed(town, "noah@example.org").await.dossier;
    let before = head(town, id).await;
    for fields in
        [&[][..], &[("droit", "Article 2.")], &[("fait", "Les cours sont pleins.")], &[("droit", " "), ("fait", " ")]]
    {
        let refused = act(town, &agent, id, "refuser", fields).await;
        assert!(matches!(&refused, Err(Failure::Refused(why)) if why.contains("motifs")), "{refused:?}");
    }
    assert_eq!(head(town, id).await, before);
    let reasons = [("droit", "Article 2."), ("fait", "Les cours sont pleins.")];
    assert_eq!(act(town, &agent, id, "refuser", &reasons).await.unwrap(), ActOutcome::Done);
    let after = head(town, id).await;
    assert_eq!((after.state.as_str(), after.term_at), ("refuse", None));
    assert!(after.closed_at.is_some());
    chains_hold(town).await;
}

#[tokio::test]
async fn who_instructs_never_signs() {
    let tested = club().await;
    let town = &tested.town;
    let grants = [Role::Instructeur, Role::Signataire]
        .map(|role| Grant { role, services: Vec::new(), functions: Vec::new() })
        .to_vec();
    let both = tested.agent_with(grants).await;
    let id = proposed(&tested, &both).await;
    let refused = act(town, &both, id, "signer", &[]).await;
    assert!(matches!(refused, Err(Failure::Refused(_))), "{refused:?}");
    let seen = dossiers::agent_view(town, &both, id).await.unwrap();
    let sign = seen.actions.iter().find(|action| action.id == "signer").unwrap();
    assert!(sign.refused_because.is_some());
    let other = signatory(&tested).await;
    assert_eq!(act(town, &other, id, "signer", &[]).await.unwrap(), ActOutcome::Done);
    let instructed = act(town, &other, id, "prendre", &[]).await;
    assert!(matches!(instructed, Err(Failure::Refused(_))), "{instructed:?}");
}

#[tokio::test]
async fn an_action_of_another_function_or_state_is_refused() {
    let tested = club().await;
    let town = &tested.town;
    let (agent, signs) = (instructor(&tested).await, signatory(&tested).await);
    let id = filed(town, "noah@example.org").await.dossier;
    assert!(matches!(act(town, &agent, id, "signer", &[]).await, Err(Failure::Refused(_))));
    assert!(matches!(act(town, &signs, id, "prendre", &[]).await, Err(Failure::Forbidden)));
    let elsewhere = tested.agent(Role::Instructeur, &["accueil"]).await;
    assert!(matches!(act(town, &elsewhere, id, "prendre", &[]).await, Err(Failure::NotFound)));
    assert!(matches!(act(town, &Actor::Tracker(id), id, "prendre", &[]).await, Err(Failure::Forbidden)));
    assert!(matches!(act(town, &Actor::Visitor, id, "prendre", &[]).await, Err(Failure::NotFound)));
}

#[tokio::test]
async fn a_page_that_is_out_of_date_is_a_conflict() {
    let tested = club().await;
    let town = &tested.town;
    let agent = instructor(&tested).await;
    let id = filed(town, "noah@example.org").await.dossier;
    let seen = head(town, id).await.revision;
    act(town, &agent, id, "prendre", &[]).await.unwrap();
    let late = dossiers::act(town, &agent, id, "proposer", seen, &posted(&[])).await;
    assert!(matches!(late, Err(Failure::Conflict)), "{late:?}");
}

#[tokio::test]
async fn a_mail_waits_for_the_document_that_it_attaches() {
    let tested = club().await;
    let town = &tested.town;
    let (agent, signs) = (instructor(&tested).await, signatory(&tested).await);
    let id = proposed(&tested, &agent).await;
    act(town, &signs, id, "signer", &[]).await.unwrap();
    workers::run_due_once(&tested.parvis).await.unwrap();
    let sent = tested.mailbox.sent();
    let mail = sent.iter().find(|mail| mail.subject.contains("bienvenue")).unwrap();
    assert_eq!(mail.attachments.len(), 1);
    assert!(mail.attachments[0].content.starts_with(b"%PDF"));
    assert!(mail.body.contains("TEN-2026-000001"));
    let followed = dossiers::follow_up(town, &Actor::Tracker(id), id).await.unwrap();
    let document = followed.documents.first().unwrap();
    assert_eq!(document.source, PieceSource::Produced);
    assert!(!followed.withdrawable);
    let history = followed.history.iter().map(|line| line.text.as_str()).collect::<Vec<_>>();
    assert!(history.iter().any(|text| text.contains("acceptée")), "{history:?}");
    let given = parvis_usecases::pieces::download(town, &Actor::Tracker(id), id, document.id).await.unwrap();
    assert_eq!(given.media_type, "application/pdf");
}

#[tokio::test]
async fn a_signature_by_lot_gives_each_dossier_its_own_result() {
    let tested = club().await;
    let town = &tested.town;
    let (agent, signs) = (instructor(&tested).await, signatory(&tested).await);
    let ready = proposed(&tested, &agent).await;
    let early = filed(town, "yannick@example.org").await.dossier;
    let lines = dossiers::act_batch(town, &signs, "signer", &[ready, early]).await.unwrap();
    assert!(lines[0].result.is_ok() && lines[1].result.is_err(), "{lines:?}");
    assert_eq!(head(town, early).await.state, "a-verifier");
}

#[tokio::test]
async fn silence_refuses_at_its_term_and_only_once() {
    let tested = club().await;
    let town = &tested.town;
    tested.clock.set(local(&tested, "2026-01-05T10:00"));
    let id = filed(town, "noah@example.org").await.dossier;
    assert_eq!(head(town, id).await.term_at, Some(local(&tested, "2026-03-06T00:00")));
    tested.clock.set(local(&tested, "2026-03-05T23:59"));
    workers::run_due_once(&tested.parvis).await.unwrap();
    assert_eq!(head(town, id).await.state, "a-verifier");
    tested.clock.set(local(&tested, "2026-03-06T00:00"));
    workers::run_due_once(&tested.parvis).await.unwrap();
    let after = head(town, id).await;
    assert_eq!(
        (after.state.as_str(), after.origin),
        ("rejete-implicitement", Some(parvis_domain::dossier::Origin::Implicite))
    );
    workers::sweep(&tested.parvis).await.unwrap();
    workers::run_due_once(&tested.parvis).await.unwrap();
    assert_eq!(lapses(town, id).await, 1);
    assert!(tested.mailbox.sent().iter().any(|mail| mail.subject.contains("réputée rejetée")));
    chains_hold(town).await;
}

#[tokio::test]
async fn documents_that_come_in_time_suspend_the_term_until_they_come() {
    let tested = club().await;
    let town = &tested.town;
    let agent = instructor(&tested).await;
    tested.clock.set(local(&tested, "2026-01-05T10:00"));
    let id = filed(town, "noah@example.org").await.dossier;
    tested.clock.set(local(&tested, "2026-01-20T10:00"));
    let asked = [("motif", "Il manque le certificat."), ("jours", "30")];
    act(town, &agent, id, "demander-certificat", &asked).await.unwrap();
    assert_eq!(head(town, id).await.term_at, Some(local(&tested, "2026-04-05T00:00")));
    let citizen = Actor::Tracker(id);
    let followed = dossiers::follow_up(town, &citizen, id).await.unwrap();
    assert!(followed.term.as_ref().is_some_and(|term| term.suspended));
    let request = followed.request.unwrap();
    assert_eq!((request.items.len(), request.items[0].label.as_str()), (1, "Certificat médical"));
    assert!(request.mention.contains("L114-5"), "{}", request.mention);
    workers::run_due_once(&tested.parvis).await.unwrap();
    assert!(
        tested
            .mailbox
            .sent()
            .iter()
            .any(|mail| mail.body.contains("suspendu") && mail.body.contains("19 février 2026"))
    );

    tested.clock.set(local(&tested, "2026-02-03T10:00"));
    let missing = dossiers::complete(town, &citizen, id, &posted(&[])).await.unwrap();
    assert!(missing.is_some_and(|view| view.form.mistakes.len() == 1));
    let at = Target::field("certificat");
    let pdf = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n".as_slice();
    dossiers::upload_to_completion(town, &citizen, id, &at, "certificat.pdf", pdf).await.unwrap();
    assert_eq!(dossiers::complete(town, &citizen, id, &posted(&[])).await.unwrap(), None);
    let after = head(town, id).await;
    assert_eq!((after.state.as_str(), after.term_at), ("en-instruction", Some(local(&tested, "2026-03-20T00:00"))));
    let again = dossiers::complete(town, &citizen, id, &posted(&[])).await;
    assert!(matches!(again, Err(Failure::Refused(_))), "{again:?}");
    let snapshot = town.db.read().await.unwrap();
    assert!(piece_requests::open_of(&snapshot, id).await.unwrap().is_empty());
    let kept = answers::current(&snapshot, id).await.unwrap();
    drop(snapshot);
    assert!(kept.get("certificat").is_some());
    chains_hold(town).await;
}

#[tokio::test]
async fn an_additional_request_leaves_the_earlier_suspension_running() {
    let tested = club().await;
    let town = &tested.town;
    let agent = instructor(&tested).await;
    tested.clock.set(local(&tested, "2026-01-05T10:00"));
    let id = filed(town, "noah@example.org").await.dossier;
    tested.clock.set(local(&tested, "2026-01-20T10:00"));
    let asked = [("motif", "Il manque le certificat."), ("jours", "30")];
    act(town, &agent, id, "demander-certificat", &asked).await.unwrap();
    tested.clock.set(local(&tested, "2026-01-25T10:00"));
    let more = [("motif", "Précisez aussi votre état de santé."), ("jours", "10"), ("piece", "sante")];
    act(town, &agent, id, "demander-certificat", &more).await.unwrap();
    let term = head(town, id).await.term_at;
    assert_eq!(term, Some(local(&tested, "2026-04-05T00:00")), "30 days, from 20 January to 19 February");
    let citizen = Actor::Tracker(id);
    let request = dossiers::follow_up(town, &citizen, id).await.unwrap().request.unwrap();
    let labels: Vec<_> = request.items.iter().map(|item| item.label.as_str()).collect();
    assert_eq!(labels, ["Certificat médical", "Remarque de santé"]);
    assert!(request.reason.contains("le certificat") && request.reason.contains("santé"), "{}", request.reason);
    assert_eq!(request.until, local(&tested, "2026-02-20T00:00").minus(Duration::from_micros(1)));

    tested.clock.set(local(&tested, "2026-02-03T10:00"));
    let health = posted(&[("sante", "Rien à signaler.")]);
    let missing = dossiers::complete(town, &citizen, id, &health).await.unwrap();
    assert!(missing.is_some_and(|view| view.form.mistakes.len() == 1), "the certificate still misses");
    let at = Target::field("certificat");
    let pdf = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n".as_slice();
    dossiers::upload_to_completion(town, &citizen, id, &at, "certificat.pdf", pdf).await.unwrap();
    assert_eq!(dossiers::complete(town, &citizen, id, &health).await.unwrap(), None);
    let after = head(town, id).await;
    assert_eq!(after.term_at, Some(local(&tested, "2026-03-20T00:00")), "14 days, until both came");
    let snapshot = town.db.read().await.unwrap();
    assert!(piece_requests::open_of(&snapshot, id).await.unwrap().is_empty());
    drop(snapshot);
    chains_hold(town).await;
}

#[tokio::test]
async fn a_timer_fires_once_and_a_cancelled_one_never() {
    let tested = club().await;
    let town = &tested.town;
    let agent = instructor(&tested).await;
    let asked = [("motif", "Il manque le certificat."), ("jours", "30")];
    let reminded = filed(town, "noah@example.org").await.dossier;
    let answered = filed(town, "yannick@example.org").await.dossier;
    for id in [reminded, answered] {
        act(town, &agent, id, "demander-certificat", &asked).await.unwrap();
    }
    let at = Target::field("certificat");
    let pdf = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n".as_slice();
    let citizen = Actor::Tracker(answered);
    dossiers::upload_to_completion(town, &citizen, answered, &at, "certificat.pdf", pdf).await.unwrap();
    dossiers::complete(town, &citizen, answered, &posted(&[])).await.unwrap();
    tested.clock.advance(DAY * 8);
    let (one, other) = tokio::join!(workers::run_due_once(&tested.parvis), workers::run_due_once(&tested.parvis));
    one.unwrap();
    other.unwrap();
    workers::sweep(&tested.parvis).await.unwrap();
    workers::run_due_once(&tested.parvis).await.unwrap();
    let reminders: Vec<_> =
        tested.mailbox.sent().into_iter().filter(|mail| mail.subject.contains("attendu")).map(|mail| mail.to).collect();
    assert_eq!(reminders, ["noah@example.org"]);
    assert_eq!(fired(town, reminded).await, 1);
    assert_eq!(fired(town, answered).await, 0);
}

#[tokio::test]
async fn withdrawing_ends_everything_that_waited() {
    let tested = club().await;
    let town = &tested.town;
    let agent = instructor(&tested).await;
    let id = filed(town, "noah@example.org").await.dossier;
    let asked = [("motif", "Il manque le certificat."), ("jours", "30")];
    act(town, &agent, id, "demander-certificat", &asked).await.unwrap();
    let stranger = Actor::Tracker(DossierId::new(&*tested.clock, &tested_entropy(&tested)));
    assert!(matches!(dossiers::withdraw(town, &stranger, id).await, Err(Failure::NotFound)));
    dossiers::withdraw(town, &Actor::Tracker(id), id).await.unwrap();
    let after = head(town, id).await;
    assert_eq!((after.state.as_str(), after.term_at), ("retire", None));
    let again = dossiers::withdraw(town, &Actor::Tracker(id), id).await;
    assert!(matches!(again, Err(Failure::Refused(_))), "{again:?}");
    tested.clock.advance(DAY * 100);
    workers::run_due_once(&tested.parvis).await.unwrap();
    assert_eq!((fired(town, id).await, lapses(town, id).await), (0, 0));
    chains_hold(town).await;
}

#[tokio::test]
async fn messages_go_both_ways_and_mails_never_carry_them() {
    let tested = club().await;
    let town = &tested.town;
    let agent = instructor(&tested).await;
    let id = filed(town, "noah@example.org").await.dossier;
    dossiers::write(town, &Actor::Tracker(id), id, "Quand commence le cours ?").await.unwrap();
    let inbox = dossiers::inbox(town, &agent, &InboxQuery::default()).await.unwrap();
    assert!(inbox.lines[0].unread);
    let seen = dossiers::agent_view(town, &agent, id).await.unwrap();
    assert_eq!((seen.messages.len(), seen.messages[0].side), (1, Side::Usager));
    assert!(!dossiers::inbox(town, &agent, &InboxQuery::default()).await.unwrap().lines[0].unread);
    dossiers::write(town, &agent, id, "Le 7 décembre, secret.").await.unwrap();
    workers::run_due_once(&tested.parvis).await.unwrap();
    let sent = tested.mailbox.sent();
    assert!(sent.iter().any(|mail| mail.subject.contains("Un message vous attend")));
    assert!(sent.iter().all(|mail| !mail.body.contains("secret")));
    let followed = dossiers::follow_up(town, &Actor::Tracker(id), id).await.unwrap();
    assert!(followed.messages[1].author.starts_with("Alix Dupré"));
    assert!(matches!(dossiers::write(town, &agent, id, "  ").await, Err(Failure::Refused(_))));
    assert!(matches!(dossiers::write(town, &signatory(&tested).await, id, "Bonjour").await, Err(Failure::Forbidden)));
}

#[tokio::test]
async fn a_correction_is_traced_and_what_was_filed_stays() {
    let tested = club().await;
    let town = &tested.town;
    let agent = instructor(&tested).await;
    let id = filed(town, "noah@example.org").await.dossier;
    let form = dossiers::correction_form(town, &agent, id, "inscription").await.unwrap();
    let same =
        dossiers::correct(town, &agent, id, "inscription", form.revision, &posted(&[("formule", "adulte")])).await;
    assert!(matches!(same, Err(Failure::Refused(_))), "{same:?}");
    let outcome = dossiers::correct(
        town,
        &agent,
        id,
        "joueur",
        form.revision,
        &posted(&[("nom", ""), ("courriel", "n@example.org")]),
    )
    .await;
    assert!(matches!(outcome, Ok(ActOutcome::Invalid(_))), "{outcome:?}");
    let young = posted(&[("formule", "jeune")]);
    assert_eq!(
        dossiers::correct(town, &agent, id, "inscription", form.revision, &young).await.unwrap(),
        ActOutcome::Done
    );
    let snapshot = town.db.read().await.unwrap();
    let versions = answers::versions(&snapshot, id).await.unwrap();
    let kept = answers::current(&snapshot, id).await.unwrap();
    let history = events::history(&snapshot, id).await.unwrap();
    drop(snapshot);
    assert_eq!(versions.iter().filter(|version| version.at.field == "formule").count(), 2);
    assert_eq!(kept.text("formule"), Some("jeune"));
    assert_eq!(history.last().unwrap().kind, "corrected");
    let seen = dossiers::agent_view(town, &agent, id).await.unwrap();
    assert!(seen.history[0].details.iter().any(|line| line.contains("Jeune")), "{:?}", seen.history[0]);
    chains_hold(town).await;
}

#[tokio::test]
async fn an_opinion_ends_its_task_and_reaches_the_demarche() {
    let tested = club().await;
    let town = &tested.town;
    let agent = instructor(&tested).await;
    let coach = coach(&tested).await;
    let id = filed(town, "noah@example.org").await.dossier;
    act(town, &agent, id, "prendre", &[]).await.unwrap();
    act(town, &agent, id, "consulter", &[]).await.unwrap();
    assert!(dossiers::tasks(town, &agent).await.unwrap().is_empty());
    let tasks = dossiers::tasks(town, &coach).await.unwrap();
    assert_eq!(tasks.len(), 1);
    let refused = dossiers::give_opinion(town, &agent, id, tasks[0].id, "favorable", "").await;
    assert!(matches!(refused, Err(Failure::Forbidden)), "{refused:?}");
    dossiers::give_opinion(town, &coach, id, tasks[0].id, "reserve", "Groupe débutant.").await.unwrap();
    let twice = dossiers::give_opinion(town, &coach, id, tasks[0].id, "favorable", "").await;
    assert!(matches!(twice, Err(Failure::Refused(_))), "{twice:?}");
    let seen = dossiers::agent_view(town, &agent, id).await.unwrap();
    assert!(seen.notes.iter().any(|note| note.body.contains("Groupe débutant")), "{:?}", seen.notes);
    assert!(seen.tasks[0].done.is_some());
}

#[tokio::test]
async fn an_opinion_is_no_longer_awaited_once_the_decision_is_signed() {
    let tested = club().await;
    let town = &tested.town;
    let agent = instructor(&tested).await;
    let coach = coach(&tested).await;
    let id = filed(town, "noah@example.org").await.dossier;
    for action in ["prendre", "consulter", "proposer"] {
        assert_eq!(act(town, &agent, id, action, &[]).await.unwrap(), ActOutcome::Done, "{action}");
    }
    let asked = dossiers::tasks(town, &coach).await.unwrap();
    assert_eq!(act(town, &signatory(&tested).await, id, "signer", &[]).await.unwrap(), ActOutcome::Done);
    assert!(dossiers::tasks(town, &coach).await.unwrap().is_empty());
    let late = dossiers::give_opinion(town, &coach, id, asked[0].id, "favorable", "").await;
    assert!(matches!(late, Err(Failure::Refused(_))), "{late:?}");
    assert!(dossiers::agent_view(town, &agent, id).await.unwrap().tasks[0].moot);
}

#[tokio::test]
async fn the_date_that_the_demarche_computes_is_the_working_deadline() {
    let tested = club().await;
    let town = &tested.town;
    tested.clock.set(local(&tested, "2026-01-05T10:00"));
    let agent = instructor(&tested).await;
    let id = filed(town, "noah@example.org").await.dossier;
    let seen = dossiers::agent_view(town, &agent, id).await.unwrap();
    let labels: Vec<&str> = seen.deadlines.iter().map(|deadline| deadline.label.as_str()).collect();
    assert_eq!(labels, ["Place gardée jusqu’au", "Rejet implicite"]);
    let inbox = dossiers::inbox(town, &agent, &InboxQuery::default()).await.unwrap();
    let nearest = inbox.lines[0].deadline.clone().unwrap();
    assert_eq!((nearest.label.as_str(), nearest.urgency), ("Place gardée jusqu’au", Urgency::Near));
    assert_eq!(nearest.at.date(&town.profile.time_zone()), tennis::HELD_UNTIL);
}

#[tokio::test]
async fn a_citizen_reads_of_internal_fields_only_what_she_is_told() {
    let tested = club().await;
    let town = &tested.town;
    let id = filed(town, "noah@example.org").await.dossier;
    let followed = dossiers::follow_up(town, &Actor::Tracker(id), id).await.unwrap();
    let lines = followed.answers.iter().flat_map(|section| &section.lines);
    let labels: Vec<&str> = lines
        .filter_map(|line| match line {
            SectionLine::Answer(answer) => Some(answer.label.as_str()),
            SectionLine::Block { .. } => None,
        })
        .collect();
    assert!(labels.contains(&"Cotisation") && !labels.contains(&"Place gardée jusqu’au"), "{labels:?}");
}

#[tokio::test]
async fn the_inbox_shows_the_services_of_the_agent_and_nothing_else() {
    let tested = club().await;
    let town = &tested.town;
    let agent = instructor(&tested).await;
    let first = filed(town, "noah@example.org").await.dossier;
    tested.clock.advance(DAY);
    let second = filed(town, "yannick@example.org").await.dossier;
    let inbox = dossiers::inbox(town, &agent, &InboxQuery::default()).await.unwrap();
    assert_eq!(inbox.lines.iter().map(|line| line.id).collect::<Vec<_>>(), [first, second], "oldest first");
    assert_eq!(inbox.open, 2);
    assert!(inbox.lines[0].deadline.is_some());
    let elsewhere = tested.agent(Role::Instructeur, &["accueil"]).await;
    assert!(dossiers::inbox(town, &elsewhere, &InboxQuery::default()).await.unwrap().lines.is_empty());
    let admin = tested.agent(Role::Administrateur, &[]).await;
    assert!(matches!(dossiers::inbox(town, &admin, &InboxQuery::default()).await, Err(Failure::Forbidden)));
    let found = InboxQuery { text: "TEN-2026-000002".to_owned(), ..InboxQuery::default() };
    let found = dossiers::inbox(town, &agent, &found).await.unwrap();
    assert_eq!(found.lines.iter().map(|line| line.id).collect::<Vec<_>>(), [second]);
    let Actor::Agent { id, .. } = &agent else { panic!() };
    dossiers::assign(town, &agent, second, Some(*id)).await.unwrap();
    let mine = InboxQuery { assignee: dossiers::AssigneeFilter::Mine, ..InboxQuery::default() };
    assert_eq!(dossiers::inbox(town, &agent, &mine).await.unwrap().lines[0].id, second);
    let by_state = InboxQuery { state: Some("a-verifier".to_owned()), ..InboxQuery::default() };
    assert_eq!(dossiers::inbox(town, &agent, &by_state).await.unwrap().lines.len(), 2);
    let followed = dossiers::follow_up(town, &Actor::Tracker(second), second).await.unwrap();
    assert_eq!(followed.handler.agent.as_deref(), Some("Alix Dupré"));
}

#[tokio::test]
async fn reading_a_dossier_is_traced_and_notes_stay_between_agents() {
    let tested = club().await;
    let town = &tested.town;
    let agent = instructor(&tested).await;
    let id = filed(town, "noah@example.org").await.dossier;
    dossiers::note(town, &agent, id, "À rappeler demain.").await.unwrap();
    let seen = dossiers::agent_view(town, &agent, id).await.unwrap();
    assert_eq!(seen.notes[0].body, "À rappeler demain.");
    let snapshot = town.db.read().await.unwrap();
    assert!(!parvis_store::access_log::of_dossier(&snapshot, id, 10).await.unwrap().is_empty());
    drop(snapshot);
    let followed = dossiers::follow_up(town, &Actor::Tracker(id), id).await.unwrap();
    assert!(followed.history.iter().all(|line| !line.text.contains("Note") && line.details.is_empty()));
}

#[tokio::test]
async fn a_checkpoint_is_sealed_each_day_and_the_doctor_finds_everything_well() {
    let tested = club().await;
    let (agent, signs) = (instructor(&tested).await, signatory(&tested).await);
    let id = proposed(&tested, &agent).await;
    act(&tested.town, &signs, id, "signer", &[]).await.unwrap();
    workers::sweep(&tested.parvis).await.unwrap();
    workers::sweep(&tested.parvis).await.unwrap();
    for _ in 0..3 {
        tested.clock.advance(DAY);
        workers::run_due_once(&tested.parvis).await.unwrap();
    }
    let snapshot = tested.town.db.read().await.unwrap();
    let checkpoints = parvis_store::checkpoints::list(&snapshot).await.unwrap();
    drop(snapshot);
    assert_eq!(checkpoints.len(), 3);
    assert!(checkpoints.windows(2).all(|pair| pair[1].previous == pair[0].hash));
    let report = doctor::examine(&tested.parvis).await.unwrap();
    assert!(report.is_healthy(), "{:?}", report.lines().collect::<Vec<_>>());
}

async fn kinds(town: &Town, id: DossierId, kind: &str) -> usize {
    let snapshot = town.db.read().await.unwrap();
    events::history(&snapshot, id).await.unwrap().iter().filter(|event| event.kind == kind).count()
}

async fn fired(town: &Town, id: DossierId) -> usize {
    kinds(town, id, "timer:relance").await
}

async fn lapses(town: &Town, id: DossierId) -> usize {
    let snapshot = town.db.read().await.unwrap();
    let effects = outbox::of_dossier(&snapshot, id).await.unwrap();
    drop(snapshot);
    let raised = effects
        .iter()
        .filter(|effect| effect.queue == outbox::Queue::Term && effect.state == outbox::EffectState::Done);
    assert_eq!(raised.count(), kinds(town, id, "lapsed").await);
    kinds(town, id, "lapsed").await
}

fn tested_entropy(_: &TestTown) -> parvis_usecases::testing::SeededEntropy {
    parvis_usecases::testing::SeededEntropy::new(99)
}
