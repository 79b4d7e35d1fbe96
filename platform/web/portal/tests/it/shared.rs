//! Pages that are the same for whoever asks: made once, and never those of someone.

use std::time::Duration;

use poem::{
    Endpoint, Request, Response,
    http::{StatusCode, header},
};

use crate::{HOST, mixed::visitor, text, token};

const PAGE: &str = "/demarches/salle";

async fn get(endpoint: &impl Endpoint<Output = Response>, path: &str, with: (&'static str, &str)) -> Response {
    let request = Request::builder().uri(path.parse().unwrap()).header("host", HOST).header(with.0, with.1);
    let response = endpoint.call(request.finish()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    response
}

const NOTHING: (&str, &str) = ("accept", "*/*");

#[tokio::test]
async fn a_public_page_is_made_once_for_all_strangers_and_anew_after_a_minute() {
    let visitor = visitor().await;
    let (door, clock) = (&visitor.endpoint, &visitor.town.clock);
    let first = text(get(door, PAGE, NOTHING).await).await;
    let second = get(door, PAGE, NOTHING).await;
    assert_eq!(second.headers().get(header::CACHE_CONTROL).unwrap(), "no-store");
    assert!(second.headers().contains_key("x-request-id") && second.headers().contains_key("content-security-policy"));
    // The mask of the form's token is drawn when a page is made.
    assert_eq!(text(second).await, first);
    clock.advance(Duration::from_secs(61));
    assert_ne!(token(&text(get(door, PAGE, NOTHING).await).await), token(&first));
}

#[tokio::test]
async fn the_page_of_someone_is_never_anothers() {
    let visitor = visitor().await;
    let door = &visitor.endpoint;
    let mine = text(get(door, PAGE, ("cookie", &visitor.cookie)).await).await;
    let strangers = text(get(door, PAGE, NOTHING).await).await;
    assert_ne!(token(&mine), token(&strangers));
    let again = text(get(door, PAGE, ("cookie", &visitor.cookie)).await).await;
    assert!(token(&again) != token(&mine) && token(&again) != token(&strangers));
}

#[tokio::test]
async fn each_coding_and_each_search_has_its_own_page() {
    let visitor = visitor().await;
    let door = &visitor.endpoint;
    let plain = get(door, PAGE, ("accept-encoding", "identity")).await;
    assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
    for _ in 0..2 {
        let packed = get(door, PAGE, ("accept-encoding", "br, gzip")).await;
        assert_eq!(packed.headers().get(header::CONTENT_ENCODING).unwrap(), "br");
        assert_eq!(packed.headers().get(header::VARY).unwrap(), "accept-encoding");
        let octets = packed.into_body().into_vec().await.unwrap();
        assert!(!octets.starts_with(b"<!"), "compressed");
    }
    let all = text(get(door, "/demarches", NOTHING).await).await;
    assert!(all.contains("Emprunter une salle"));
    let none = text(get(door, "/demarches?q=benne", NOTHING).await).await;
    assert!(!none.contains("Emprunter une salle") && none.contains("Aucune démarche"));
}
