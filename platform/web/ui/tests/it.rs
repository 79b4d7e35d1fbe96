//! The door, over HTTP: towns by host, other sites refused, headers, pages of failure.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::needless_pass_by_value, reason = "handlers take what they extract by value")]

use std::sync::Arc;

use parvis_ui::{Web, WebError, assets, page, posted::Posted, shell, visit::Visit};
use parvis_usecases::testing::TestTown;
use poem::{
    Endpoint, Request, Response, Route, get, handler,
    http::{Method, StatusCode, header},
    post,
};

const HOST: &str = "valbrune.localhost";

#[handler]
fn token(visit: Visit) -> String {
    visit.form_token()
}

#[handler]
fn change(posted: Posted) -> String {
    posted.text("nom").to_owned()
}

#[handler]
fn panics() -> Response {
    panic!("on purpose")
}

#[handler]
fn fails() -> Result<Response, WebError> {
    Err(WebError::internal(std::io::Error::other("secret detail")))
}

/// The door, and a browser before it.
struct Door<E> {
    endpoint: E,
    _town: TestTown,
}

async fn door() -> Door<impl Endpoint<Output = Response>> {
    let town = TestTown::new().await;
    let routes = Route::new()
        .at("/jeton", get(token))
        .at("/changer", post(change))
        .at("/panique", get(panics))
        .at("/echec", get(fails));
    let web = Web::new(Arc::clone(&town.parvis), Vec::new());
    Door { endpoint: shell(web, assets::routes(routes)), _town: town }
}

impl<E: Endpoint<Output = Response>> Door<E> {
    async fn get(&self, path: &str, headers: &[(&'static str, &str)]) -> Response {
        self.send(Method::GET, path, headers, "").await
    }

    async fn post(&self, path: &str, headers: &[(&'static str, &str)], body: &str) -> Response {
        self.send(Method::POST, path, headers, body).await
    }

    async fn send(&self, method: Method, path: &str, headers: &[(&'static str, &str)], body: &str) -> Response {
        let mut request = Request::builder().method(method).uri(path.parse().unwrap());
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", HOST);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request = request.content_type("application/x-www-form-urlencoded");
        self.endpoint.call(request.body(body.to_owned())).await.unwrap()
    }

    async fn token(&self) -> String {
        text(self.get("/jeton", &[]).await).await
    }
}

async fn text(response: Response) -> String {
    response.into_body().into_string().await.unwrap()
}

#[tokio::test]
async fn an_unknown_host_gets_a_page_and_no_town() {
    let door = door().await;
    for host in ["ailleurs.localhost", "valbrune.localhost.evil.example", "", "xvalbrune.localhost"] {
        let response = door.get("/jeton", &[("host", host)]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(text(response).await.contains("Aucune collectivité"), "{host}");
    }
}

#[tokio::test]
async fn no_other_header_chooses_the_town() {
    let door = door().await;
    let headers = [("host", "ailleurs.localhost"), ("x-forwarded-host", HOST), ("x-tenant-id", "valbrune")];
    assert_eq!(door.get("/jeton", &headers).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_port_and_the_case_of_the_host_do_not_matter() {
    let door = door().await;
    assert_eq!(door.get("/jeton", &[("host", "Valbrune.localhost:3000")]).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn another_site_changes_nothing() {
    let door = door().await;
    let body = format!("_jeton={}&nom=x", door.token().await);
    for source in
        [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("referer", "https://evil.example/x")]
    {
        let response = door.post("/changer", &[source], &body).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        assert!(text(response).await.contains("n’est plus à jour"));
    }
}

#[tokio::test]
async fn a_form_needs_its_token() {
    let door = door().await;
    let here = [("origin", "http://valbrune.localhost")];
    for body in ["nom=x".to_owned(), format!("_jeton={}&nom=x", "0".repeat(64))] {
        assert_eq!(door.post("/changer", &here, &body).await.status(), StatusCode::FORBIDDEN);
    }
    let body = format!("_jeton={}&nom=%C3%89lise", door.token().await);
    let response = door.post("/changer", &here, &body).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(text(response).await, "Élise");
}

#[tokio::test]
async fn a_text_too_long_is_told_apart_from_a_file_too_large() {
    let door = door().await;
    let body = format!("_jeton={}&nom={}", door.token().await, "x".repeat(600 * 1024));
    let response = door.post("/changer", &[("origin", "http://valbrune.localhost")], &body).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let page = text(response).await;
    assert!(page.contains("Votre texte est trop long") && !page.contains("fichier est trop lourd"), "{page}");
}

#[tokio::test]
async fn every_response_is_protected_and_numbered() {
    let door = door().await;
    for path in ["/jeton", "/nulle-part", "/panique", "/echec"] {
        let response = door.get(path, &[]).await;
        let value = |name: &str| response.headers().get(name).unwrap().to_str().unwrap().to_owned();
        let policy = value("content-security-policy");
        for directive in ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self'"] {
            assert!(policy.contains(directive), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline"));
        assert_eq!(value("x-content-type-options"), "nosniff");
        assert_eq!(value("cache-control"), "no-store");
        assert_eq!(value("referrer-policy"), "same-origin");
        assert_eq!(value("x-request-id").len(), 16);
    }
}

#[tokio::test]
async fn what_failed_is_told_without_its_cause() {
    let door = door().await;
    for path in ["/panique", "/echec"] {
        let response = door.get(path, &[]).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let id = response.headers().get("x-request-id").unwrap().to_str().unwrap().to_owned();
        let page = text(response).await;
        assert!(page.contains("Un problème est survenu de notre côté") && page.contains(&id), "{page}");
        assert!(!page.contains("secret detail") && !page.contains("on purpose"));
    }
    assert_eq!(door.get("/changer", &[]).await.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(door.get("/nulle-part", &[]).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn assets_are_cached_for_ever_and_compressed() {
    let door = door().await;
    let response = door.get(&assets::sheet(), &[("accept-encoding", "gzip")]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers().get(header::CACHE_CONTROL).unwrap(), assets::IMMUTABLE);
    assert_eq!(response.headers().get(header::CONTENT_ENCODING).unwrap(), "gzip");
    assert!(response.into_body().into_vec().await.unwrap().len() < 8 * 1024);
    assert_eq!(door.get("/assets/parvis-0.css", &[]).await.status(), StatusCode::NOT_FOUND);
}

#[test]
fn a_redirect_stays_on_the_host() {
    assert_eq!(page::see("/suivi").headers().get(header::LOCATION).unwrap(), "/suivi");
}
