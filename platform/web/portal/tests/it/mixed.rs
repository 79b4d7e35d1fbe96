//! A page that asks for a document and for something else, without scripts: what is typed beside a file is kept.

use std::sync::Arc;

use parvis_contract::Definition;
use parvis_domain::{
    digest::Sha256,
    rules::{CallError, Context, Decision, DossierView, Event, FormState, Offer, Rules},
};
use parvis_ui::{Web, shell};
use parvis_usecases::testing::TestTown;
use poem::{
    Endpoint, Request, Response,
    http::{Method, StatusCode, header},
};
use serde_json::json;

use crate::{HOST, text, token};

const COMPONENT: &[u8] = b"a library";

/// Borrowing a room: one page that mixes both.
struct Library(Arc<Definition>);

impl Rules for Library {
    fn definition(&self, component: Sha256) -> Result<Arc<Definition>, CallError> {
        if component == Sha256::of(COMPONENT) { Ok(Arc::clone(&self.0)) } else { Err(CallError::Unknown(component)) }
    }

    fn evaluate(&self, _: Sha256, _: &Context, _: &DossierView, _: Option<&str>) -> Result<FormState, CallError> {
        Ok(FormState::default())
    }

    fn offers(&self, _: Sha256, _: &Context, _: &DossierView) -> Result<Vec<Offer>, CallError> {
        Ok(Vec::new())
    }

    fn handle(&self, component: Sha256, _: &Context, _: &DossierView, _: &Event) -> Result<Decision, CallError> {
        Err(CallError::Unknown(component))
    }
}

fn definition() -> Definition {
    let field = |id: &str, kind: serde_json::Value| json!({ "id": id, "label": id, "kind": kind, "purpose": "prêt" });
    let pieces = json!({ "pieces": { "accept": ["pdf"], "max-files": 2, "essential": false, "basis": "" } });
    serde_json::from_value(json!({
        "contract": "0.1.0", "id": "salle", "version": "1.0.0", "title": "Emprunter une salle", "summary": "…",
        "category": "associations", "keywords": [], "number_prefix": "SAL",
        "presentation": { "paragraphs": [], "needed": [], "minutes": 5 },
        "legal": { "nature": "demande", "silence": "rejet", "term": { "months": 2 }, "silence_basis": "", "texts": [],
            "remedies": "" },
        "privacy": { "purpose": "", "basis": "", "recipients": [], "retention_class": "salle", "retention_months": 12 },
        "functions": [],
        "pages": [{ "id": "pret", "title": "Le prêt", "fields": [
            field("objet", json!({ "text": { "max-length": 40 } })),
            field("plan", pieces),
            field("suite", json!({ "text": { "max-length": 40 } })),
        ] }],
        "internal_fields": [],
        "states": [{ "id": "new", "label": "Nouveau", "usager_label": "Reçu", "usager_next": "", "phase": "depose",
            "waits_for": "agent" }],
        "initial_state": "new", "actions": [], "notices": [], "documents": [],
    }))
    .unwrap()
}

/// A visitor who has begun, and the page where she is.
pub(crate) struct Visitor<E> {
    pub(crate) endpoint: E,
    pub(crate) town: TestTown,
    pub(crate) cookie: String,
    page: String,
}

pub(crate) async fn visitor() -> Visitor<impl Endpoint<Output = Response>> {
    let town = TestTown::with_demarche(Arc::new(Library(Arc::new(definition()))), COMPONENT, "").await;
    let web = Web::new(Arc::clone(&town.parvis), Vec::new());
    let routes = parvis_portal::routes(&web);
    let mut visitor = Visitor { endpoint: shell(web, routes), town, cookie: String::new(), page: String::new() };
    let presented = text(visitor.get("/demarches/salle").await).await;
    let body = format!("_jeton={}", token(&presented));
    let begun = visitor.post("/demarches/salle/commencer", "application/x-www-form-urlencoded", body).await;
    assert_eq!(begun.status(), StatusCode::SEE_OTHER);
    let value = |name: header::HeaderName| begun.headers().get(name).unwrap().to_str().unwrap().to_owned();
    value(header::SET_COOKIE).split(';').next().unwrap().clone_into(&mut visitor.cookie);
    visitor.page = value(header::LOCATION);
    visitor
}

impl<E: Endpoint<Output = Response>> Visitor<E> {
    async fn get(&self, path: &str) -> Response {
        let request = Request::builder().uri(path.parse().unwrap()).header("host", HOST).header("cookie", &self.cookie);
        self.endpoint.call(request.finish()).await.unwrap()
    }

    async fn post(&self, path: &str, media_type: &str, body: String) -> Response {
        let request = Request::builder().method(Method::POST).uri(path.parse().unwrap());
        let request = request.header("host", HOST).header("cookie", &self.cookie).content_type(media_type);
        self.endpoint.call(request.body(body)).await.unwrap()
    }

    async fn shown(&self) -> String {
        text(self.get(&self.page).await).await
    }

    /// Adds a file with the button of its question: the browser sends the whole form.
    async fn add(&self, content: &str, subject: &str, rest: &str) -> Response {
        let shown = self.shown().await;
        let action = shown.split("formaction=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let part = |name: &str, more: &str, value: &str| {
            format!("--limite\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n")
        };
        let parts = [
            part("_jeton", "", token(&shown)),
            part("page", "", "pret"),
            part("f.objet", "", subject),
            part("fichier.plan", "; filename=\"plan.pdf\"", content),
            part("f.suite", "", rest),
        ];
        self.post(&action, "multipart/form-data; boundary=limite", format!("{}--limite--\r\n", parts.concat())).await
    }
}

#[tokio::test]
async fn a_file_added_without_a_script_keeps_what_was_typed_around_it() {
    let visitor = visitor().await;
    let added = visitor.add("%PDF-1.4\n%%EOF\n", "Une répétition", "Le soir").await;
    assert_eq!(added.status(), StatusCode::SEE_OTHER);
    let shown = visitor.shown().await;
    for kept in ["value=\"Une répétition\"", "value=\"Le soir\"", "plan.pdf"] {
        assert!(shown.contains(kept), "{kept} in {shown}");
    }
}

#[tokio::test]
async fn a_refused_file_costs_no_answer() {
    let visitor = visitor().await;
    let refused = visitor.add("MZ nothing of a PDF", "Une répétition", "Le soir").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let shown = text(refused).await;
    for told in ["value=\"Une répétition\"", "value=\"Le soir\"", "id=\"f.plan-erreur\""] {
        assert!(shown.contains(told), "{told} in {shown}");
    }
}
