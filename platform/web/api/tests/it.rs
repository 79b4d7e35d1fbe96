//! The machine API over HTTP, with a real town and a tennis club for démarche.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../../usecases/tests/it/tennis.rs"]
#[expect(dead_code, reason = "the pages' tests use more of the fixture")]
mod tennis;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use parvis_api::{never_html, problem::ProblemCode};
use parvis_contract::Definition;
use parvis_domain::{
    digest::Sha256,
    rules::{CallError, Context, Decision, DossierView, Event, FormState, Offer, Rules},
    value::Target,
};
use parvis_ui::{Web, shell};
use parvis_usecases::testing::TestTown;
use poem::{
    Endpoint, Request, RequestBuilder, Response, Route,
    http::{Method, StatusCode},
};
use serde_json::{Value, json};
use tennis::Tennis;

const HOST: &str = "valbrune.localhost";
const KEY: &str = "idempotency-key";

/// The API behind the door, and a program before it.
struct Api<E> {
    endpoint: E,
    town: TestTown,
}

/// What a program gets.
struct Answer {
    response: Response,
    status: StatusCode,
    body: Value,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.response.header(name)
    }

    /// The problem, of which type and status are right.
    fn is(&self, code: ProblemCode) -> &Value {
        let row = code.row();
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.body);
        assert_eq!((self.status, &self.body["code"]), (row.status, &json!(row.code)), "{}", self.body);
        assert_eq!(self.body["status"], row.status.as_u16());
        assert_eq!(self.body["request"], self.header("x-request-id").unwrap());
        &self.body
    }
}

/// The club on a bad day: its first decision traps, and "Élève" needs a certificate.
struct BadDay {
    club: Tennis,
    trapped: AtomicBool,
}

impl Rules for BadDay {
    fn definition(&self, component: Sha256) -> Result<Arc<Definition>, CallError> {
        self.club.definition(component)
    }

    fn evaluate(
        &self,
        component: Sha256,
        context: &Context,
        dossier: &DossierView,
        step: Option<&str>,
    ) -> Result<FormState, CallError> {
        let mut state = self.club.evaluate(component, context, dossier, step)?;
        if dossier.answers.text("nom") == Some("Élève") {
            state.required.push(Target::field("certificat"));
        }
        Ok(state)
    }

    fn offers(&self, component: Sha256, context: &Context, dossier: &DossierView) -> Result<Vec<Offer>, CallError> {
        self.club.offers(component, context, dossier)
    }

    fn handle(
        &self,
        component: Sha256,
        context: &Context,
        dossier: &DossierView,
        event: &Event,
    ) -> Result<Decision, CallError> {
        if !self.trapped.swap(true, Ordering::SeqCst) {
            return Err(CallError::Trap("unreachable".to_owned()));
        }
        self.club.handle(component, context, dossier, event)
    }
}

async fn api() -> Api<impl Endpoint<Output = Response>> {
    api_of(Arc::new(Tennis::new())).await
}

async fn api_of(rules: Arc<dyn Rules>) -> Api<impl Endpoint<Output = Response>> {
    let town = TestTown::with_demarche(rules, Tennis::component(), "").await;
    let web = Web::new(Arc::clone(&town.parvis), Vec::new());
    let endpoint = never_html(shell(web, Route::new().nest("/api/v1", parvis_api::routes())));
    Api { endpoint, town }
}

fn request(method: Method, path: &str) -> RequestBuilder {
    Request::builder().method(method).uri(path.parse().unwrap()).header("host", HOST)
}

fn adult() -> Value {
    json!({"nom": "Élise Martin", "courriel": "elise@example.org", "formule": "adulte"})
}

impl<E: Endpoint<Output = Response>> Api<E> {
    async fn send(&self, request: Request) -> Answer {
        let mut response = self.endpoint.call(request).await.unwrap();
        let octets = response.take_body().into_bytes().await.unwrap();
        let body = serde_json::from_slice(&octets).unwrap_or_else(|_| panic!("not JSON: {octets:?}"));
        Answer { status: response.status(), response, body }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path).finish()).await
    }

    async fn file(&self, key: &str, answers: &Value) -> Answer {
        let body = json!({"demarche": Tennis::ID, "answers": answers}).to_string();
        let request = request(Method::POST, "/api/v1/dossiers").header(KEY, key);
        self.send(request.content_type("application/json; charset=utf-8").body(body)).await
    }

    async fn follow(&self, number: &str, code: &str) -> Answer {
        let path = format!("/api/v1/dossiers/{number}");
        self.send(request(Method::GET, &path).header("tracking-code", code).finish()).await
    }
}

fn codes(answer: &Answer) -> Vec<(String, Option<u64>, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let errors = answer.body["errors"].as_array().unwrap();
    errors.iter().map(|error| (text(&error["field"]), error["row"].as_u64(), text(&error["code"]))).collect()
}

#[tokio::test]
async fn a_program_reads_the_catalogue_and_the_form() {
    let api = api().await;
    let list = api.get("/api/v1/demarches").await;
    assert_eq!(list.status, StatusCode::OK);
    let line = &list.body["demarches"][0];
    assert_eq!((&line["id"], &line["category"]), (&json!(Tennis::ID), &json!("associations")));
    let form = api.get(line["href"].as_str().unwrap()).await;
    assert_eq!(form.body["legal"]["silence"], "rejet");
    assert_eq!(form.body["pages"][0]["fields"][0]["id"], "nom");
    assert_eq!(form.body["pages"][2]["condition"]["equals"]["field"], "formule");
    assert!(form.body.get("settings").is_none());
    api.get("/api/v1/demarches/inconnue").await.is(ProblemCode::NotFound);
}

#[tokio::test]
async fn a_program_files_once_and_follows() {
    let api = api().await;
    let mut answers = adult();
    answers["creneaux"] = json!([{"jour": "lundi"}, {"jour": "jeudi"}]);
    let filed = api.file("une-cle-bien-choisie", &answers).await;
    assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.body);
    assert_eq!(filed.body["receipt_to"], "elise@example.org");
    assert_eq!(filed.body["silence"]["term"], "2027-01-23");
    assert_eq!(filed.header("location"), filed.body["links"]["self"].as_str());

    let again = api.file("une-cle-bien-choisie", &answers).await;
    assert_eq!((again.status, &again.body), (StatusCode::CREATED, &filed.body));
    api.file("une-cle-bien-choisie", &adult()).await.is(ProblemCode::IdempotencyKeyReused);

    let (number, code) = (filed.body["number"].as_str().unwrap(), filed.body["tracking_code"].as_str().unwrap());
    let standing = api.follow(number, code).await;
    assert_eq!(standing.status, StatusCode::OK, "{}", standing.body);
    assert_eq!((&standing.body["phase"], &standing.body["number"]), (&json!("depose"), &json!(number)));
    assert_eq!(standing.body["received_at"], filed.body["received_at"]);
    assert!(standing.body["state"]["label"].as_str().unwrap().starts_with("Votre inscription"));
}

#[tokio::test]
async fn the_same_request_sent_twice_at_once_files_one_dossier() {
    let api = api().await;
    let answers = adult();
    let (one, other) = futures_util::future::join(
        Box::pin(api.file("en-double-a-la-fois", &answers)),
        Box::pin(api.file("en-double-a-la-fois", &answers)),
    )
    .await;
    assert_eq!((one.status, other.status), (StatusCode::CREATED, StatusCode::CREATED), "{} {}", one.body, other.body);
    assert_eq!(one.body["number"], other.body["number"]);
}

#[tokio::test]
async fn a_filing_that_stopped_half_way_goes_on_under_its_key() {
    let api = api_of(Arc::new(BadDay { club: Tennis::new(), trapped: AtomicBool::new(false) })).await;
    api.file("une-cle-patiente", &adult()).await.is(ProblemCode::DemarcheFailed);
    let filed = api.file("une-cle-patiente", &adult()).await;
    assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.body);
    assert_eq!(api.file("une-cle-patiente", &adult()).await.body, filed.body);
}

#[tokio::test]
async fn a_demarche_that_needs_a_document_says_which() {
    let api = api_of(Arc::new(BadDay { club: Tennis::new(), trapped: AtomicBool::new(true) })).await;
    let mut answers = adult();
    answers["nom"] = json!("Élève");
    let answer = api.file("une-cle-sans-piece", &answers).await;
    answer.is(ProblemCode::PiecesRequired);
    assert_eq!(codes(&answer), [("certificat".to_owned(), None, "piece-required".to_owned())]);
}

#[tokio::test]
async fn a_wrong_number_and_a_wrong_code_look_the_same() {
    let api = api().await;
    let filed = api.file("une-cle-pour-suivre", &adult()).await;
    let number = filed.body["number"].as_str().unwrap();
    let bodies: Vec<Value> = [
        api.follow(number, "AAAA-AAAA").await,
        api.follow("TEN-2026-999999", "AAAA-AAAA").await,
        api.follow("n'importe quoi".replace(' ', "-").as_str(), "x").await,
    ]
    .into_iter()
    .map(|answer| {
        let mut body = answer.is(ProblemCode::NotFound).clone();
        body["request"].take();
        body
    })
    .collect();
    assert!(bodies.windows(2).all(|two| two[0] == two[1]), "{bodies:?}");
    api.get(&format!("/api/v1/dossiers/{number}")).await.is(ProblemCode::TrackingCodeRequired);

    let waits = guesses(&api, number).await;
    assert_eq!(waits, ["2", "4", "8", "16", "32", "900", "900", "900"]);
}

/// What a program that guesses twenty times is told to wait, and waits.
async fn guesses<E: Endpoint<Output = Response>>(api: &Api<E>, number: &str) -> Vec<String> {
    let mut waits = Vec::new();
    for _ in 0..20 {
        let answer = api.follow(number, "AAAA-AAAA").await;
        if answer.status == StatusCode::NOT_FOUND {
            continue;
        }
        answer.is(ProblemCode::TooManyRequests);
        let wait = answer.header("retry-after").unwrap();
        api.town.clock.advance(Duration::from_secs(wait.parse().unwrap()));
        waits.push(wait.to_owned());
    }
    waits
}

#[tokio::test]
async fn each_wrong_answer_is_named_and_uses_no_key_up() {
    let api = api().await;
    let key = "une-cle-qui-ressert";
    let wrong = json!({
        "nom": 12, "courriel": "elise@", "formule": "enfant", "inconnu": "x", "certificat": "x",
        "creneaux": [{"jour": "lundi"}, {"heure": "10 h"}],
    });
    let answer = api.file(key, &wrong).await;
    answer.is(ProblemCode::InvalidAnswers);
    let found = codes(&answer);
    for (field, row, code) in [
        ("nom", None, "wrong-type"),
        ("courriel", None, "email"),
        ("formule", None, "not-offered"),
        ("inconnu", None, "unknown-field"),
        ("certificat", None, "pieces-not-accepted"),
        ("heure", Some(1), "unknown-field"),
        ("jour", Some(1), "empty"),
    ] {
        assert!(found.contains(&(field.to_owned(), row, code.to_owned())), "{field} {code}: {found:?}");
    }

    let mut hidden = adult();
    hidden["responsable"] = json!("Quelqu’un");
    assert_eq!(codes(&api.file(key, &hidden).await), [("responsable".to_owned(), None, "not-asked".to_owned())]);

    let mut banned = adult();
    banned["nom"] = json!("Tricheur");
    assert_eq!(codes(&api.file(key, &banned).await), [("nom".to_owned(), None, "banni".to_owned())]);

    let young = json!({"nom": "Léo", "courriel": "leo@example.org", "formule": "jeune", "responsable": "Élise Martin"});
    let filed = api.file(key, &young).await;
    assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.body);
    assert_eq!(filed.body["warnings"][0]["code"], "jeune");
    assert_eq!(api.file(key, &young).await.body, filed.body);
}

#[tokio::test]
async fn a_request_that_is_not_one_is_told_why() {
    let api = api().await;
    let post = || request(Method::POST, "/api/v1/dossiers").header(KEY, "une-cle-bonne");
    api.send(post().body("{}")).await.is(ProblemCode::NotJson);
    api.send(post().content_type("text/plain").body("{}")).await.is(ProblemCode::NotJson);
    let json = "application/json";
    api.send(post().content_type(json).body("{\"demarche\":")).await.is(ProblemCode::Unreadable);
    api.send(post().content_type(json).body("{\"demarche\":\"x\"}")).await.is(ProblemCode::Unreadable);
    let unknown = "{\"demarche\":\"x\",\"answers\":{}}";
    api.send(post().content_type(json).body(unknown)).await.is(ProblemCode::NotFound);
    let large = format!("{{\"demarche\":\"{}\"", "x".repeat(600_000));
    api.send(post().content_type(json).body(large)).await.is(ProblemCode::TooLarge);
    for key in ["court", "avec une espace", "accentuée", &"x".repeat(256)] {
        let request = request(Method::POST, "/api/v1/dossiers").header(KEY, key).content_type(json).body(unknown);
        api.send(request).await.is(ProblemCode::IdempotencyKeyRequired);
    }
}

#[tokio::test]
async fn no_page_is_ever_given() {
    let api = api().await;
    for path in ["/api/v1", "/api/v1/", "/api/v1/rien", "/api/v1/dossiers/a/b", "/api/v1/dossiers/"] {
        api.get(path).await.is(ProblemCode::NotFound);
    }
    let get = api.get("/api/v1/dossiers").await;
    get.is(ProblemCode::MethodNotAllowed);
    assert_eq!(get.header("allow"), Some("POST"));
    let delete = api.send(request(Method::DELETE, "/api/v1/demarches").finish()).await;
    delete.is(ProblemCode::MethodNotAllowed);
    assert_eq!(delete.header("allow"), Some("GET, HEAD"));

    let elsewhere = request(Method::POST, "/api/v1/dossiers").header("sec-fetch-site", "cross-site");
    let elsewhere = api.send(elsewhere.header("accept-encoding", "br").finish()).await;
    elsewhere.is(ProblemCode::CrossSite);
    assert_eq!(elsewhere.header("content-encoding"), None);
    let nowhere = Request::builder().uri("/api/v1/demarches".parse().unwrap()).header("host", "ailleurs.localhost");
    api.send(nowhere.finish()).await.is(ProblemCode::NotFound);

    let problems = api.get("/api/v1/problems").await;
    assert_eq!(problems.body["problems"].as_array().unwrap().len(), ProblemCode::ALL.len());
}

#[tokio::test]
async fn one_address_files_so_many_times_an_hour() {
    let api = api().await;
    for number in 0..60 {
        let answer = api.file(&format!("cle-numero-{number}"), &json!({})).await;
        answer.is(ProblemCode::InvalidAnswers);
    }
    let answer = api.file("cle-de-trop", &adult()).await;
    answer.is(ProblemCode::TooManyRequests);
    assert!(answer.header("retry-after").is_some());
}
