//! The citizen's pages over HTTP, with a real town and no démarche.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod mixed;
mod shared;

use std::sync::Arc;

use parvis_ui::{Web, shell};
use parvis_usecases::testing::TestTown;
use poem::{
    Endpoint, Request, Response,
    http::{Method, StatusCode},
};

pub(crate) const HOST: &str = "valbrune.localhost";

/// The portal, and a browser before it.
struct Portal<E> {
    endpoint: E,
    _town: TestTown,
}

async fn portal() -> Portal<impl Endpoint<Output = Response>> {
    let town = TestTown::new().await;
    let web = Web::new(Arc::clone(&town.parvis), Vec::new());
    let routes = parvis_portal::routes(&web);
    Portal { endpoint: shell(web, routes), _town: town }
}

impl<E: Endpoint<Output = Response>> Portal<E> {
    async fn get(&self, path: &str) -> Response {
        let request = Request::builder().uri(path.parse().unwrap()).header("host", HOST);
        self.endpoint.call(request.finish()).await.unwrap()
    }

    async fn post(&self, path: &str, body: &str) -> Response {
        let request = Request::builder().method(Method::POST).uri(path.parse().unwrap()).header("host", HOST);
        let request = request.content_type("application/x-www-form-urlencoded").body(body.to_owned());
        self.endpoint.call(request).await.unwrap()
    }

    async fn page(&self, path: &str) -> String {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        text(response).await
    }
}

pub(crate) async fn text(response: Response) -> String {
    response.into_body().into_string().await.unwrap()
}

pub(crate) fn token(page: &str) -> &str {
    page.split("name=\"_jeton\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap()
}

#[tokio::test]
async fn every_public_page_stands_with_one_title_and_its_landmarks() {
    let portal = portal().await;
    for path in [
        "/",
        "/demarches",
        "/demarches?q=benne",
        "/suivi",
        "/compte/connexion",
        "/compte/creer",
        "/compte/mot-de-passe",
        "/accessibilite",
        "/mentions-legales",
        "/donnees-personnelles",
        "/cookies",
        "/modalites",
        "/plan-du-site",
    ] {
        let page = portal.page(path).await;
        assert_eq!(page.matches("<h1").count(), 1, "{path}");
        for part in ["<html lang=\"fr\">", "<main id=\"contenu\"", "class=\"skip\"", "Accessibilité : ", "</footer>"] {
            assert!(page.contains(part), "{path}: {part}");
        }
        assert!(!page.contains("placeholder=") && !page.contains(" required"), "{path}");
        assert!(!page.contains("style=\"") && !page.contains("<style"), "{path}");
    }
}

#[tokio::test]
async fn no_page_of_a_person_opens_to_a_stranger() {
    let portal = portal().await;
    let id = "0199a8c4-7c00-7000-8000-000000000000";
    for path in [
        "/dossiers/{}",
        "/dossiers/{}/depot",
        "/dossiers/{}/recepisse",
        "/dossiers/{}/completer",
        "/dossiers/{}/retirer",
        "/dossiers/{}/documents/{}",
    ] {
        let path = path.replace("{}", id);
        let response = portal.get(&path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
    }
    for path in [
        "/brouillons/{}",
        "/brouillons/{}/verifier",
        "/brouillons/{}/lieu",
        "/brouillons/{}/fichiers/{}",
        "/brouillons/{}/abandonner",
        "/compte",
        "/compte/profil",
        "/compte/changer-mot-de-passe",
    ] {
        let path = path.replace("{}", id);
        let response = portal.get(&path).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{path}");
        let location = response.headers().get("location").unwrap().to_str().unwrap();
        assert!(location.starts_with("/compte/connexion?retour=/"), "{path}: {location}");
    }
    for path in [
        "/demarches/rien/commencer",
        "/brouillons/{}/deposer",
        "/brouillons/{}/lieu/direct",
        "/brouillons/{}/fichiers/{}/retirer",
        "/dossiers/{}/messages",
        "/dossiers/{}/completer",
        "/dossiers/{}/retirer",
        "/compte/profil",
        "/compte/deconnexion",
    ] {
        let path = path.replace("{}", id);
        let response = portal.post(&path, "x=1").await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn answers_posted_without_a_session_are_kept_in_the_page_that_asks_to_sign_in() {
    let portal = portal().await;
    let path = "/brouillons/0199a8c4-7c00-7000-8000-000000000000/lieu";
    let response = portal.post(path, "f.rue=12+rue+%22des%22+Tilleuls&f.jour=a&f.jour=b&autre=x").await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let page = text(response).await;
    assert!(page.contains("Vos réponses sont gardées"));
    assert!(page.contains("name=\"f.rue\" value=\"12 rue &#34;des&#34; Tilleuls\""), "{page}");
    assert_eq!(page.matches("name=\"f.jour\"").count(), 2);
    assert!(page.contains(&format!("name=\"_reprise\" value=\"{path}\"")) && !page.contains("name=\"autre\""));
}

#[tokio::test]
async fn a_wrong_password_is_said_at_the_top_and_beside_the_input() {
    let portal = portal().await;
    let form = portal.page("/compte/connexion").await;
    let body = format!("_jeton={}&email=alix%40exemple.fr&mot-de-passe=une+phrase+assez+longue", token(&form));
    let response = portal.post("/compte/connexion", &body).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(response).await;
    assert!(page.contains("<title>Erreur\u{a0}: ") || page.contains("<title>Erreur : "), "{page}");
    assert!(page.contains("href=\"#email\"") && page.contains("value=\"alix@exemple.fr\""));
    assert!(!page.contains("une phrase assez longue"));
}

#[tokio::test]
async fn an_unknown_number_and_a_wrong_code_look_the_same() {
    let portal = portal().await;
    let form = portal.page("/suivi").await;
    let body = format!("_jeton={}&numero=ODP-2026-000001&code=ABCD-EFGH", token(&form));
    let response = portal.post("/suivi", &body).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(response).await.contains("numéro"));
}
