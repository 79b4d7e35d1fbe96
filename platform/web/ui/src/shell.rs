//! The door: what happens to each request, whatever its public.
//!
//! 1. It takes a number, which the log and the error pages show.
//! 2. Its host gives its town, by exact match and by nothing else; no town, no page.
//! 3. A request that would change something and comes from another site is refused.
//! 4. The routes answer.
//! 5. What failed becomes a page that says what happened to the answers; the cause is logged once, here.
//! 6. Headers protect the response, text is compressed, one line is logged.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant as Stopwatch},
};

use futures_util::FutureExt as _;
use parvis_usecases::parvis::{Mode, Parvis, Town};
use poem::{
    Endpoint, IntoEndpoint, IntoResponse as _, Request, Response,
    http::{HeaderValue, StatusCode, header},
    web::{CompressionAlgo, CompressionLevel},
};
use tracing::Instrument as _;

use crate::{
    WebError, assets,
    client::{self, Network},
    components::errors,
    cookies::{Received, Transport},
    csrf, headers,
    visit::Visit,
};

/// The product's face: what every page needs besides its town.
pub struct Web {
    /// The product.
    pub parvis: Arc<Parvis>,
    /// Proxies that may tell the client's address.
    pub trusted_proxies: Vec<Network>,
}

impl Web {
    /// The face of a product.
    pub fn new(parvis: Arc<Parvis>, trusted_proxies: Vec<Network>) -> Arc<Self> {
        Arc::new(Self { parvis, trusted_proxies })
    }

    /// How pages travel.
    pub fn transport(&self) -> Transport {
        if self.parvis.config.scheme == "https" { Transport::Https } else { Transport::Http }
    }

    /// Whether the pages of the demonstration are served.
    pub fn is_demo(&self) -> bool {
        self.parvis.config.mode == Mode::Demo
    }
}

/// Puts the door before some routes.
pub fn shell<E>(web: Arc<Web>, routes: E) -> Shell<E::Endpoint>
where
    E: IntoEndpoint,
{
    Shell { web, routes: routes.into_endpoint() }
}

/// The door and what stands behind it.
pub struct Shell<E> {
    web: Arc<Web>,
    routes: E,
}

impl<E: Endpoint> Endpoint for Shell<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let started = Stopwatch::now();
        let id = request_id(&self.web.parvis);
        let coding = coding(&request);
        let is_head = request.method() == poem::http::Method::HEAD;
        let span = tracing::info_span!(
            "request",
            id = %id,
            method = %request.method(),
            path = %request.uri().path(),
            tenant = tracing::field::Empty,
        );
        let mut response = self.answer(request, &id).instrument(span.clone()).await;
        headers::protect(&mut response, self.web.transport(), &id);
        if !is_head {
            response = compressed(response, coding);
        }
        span.in_scope(|| log(response.status(), started.elapsed()));
        Ok(response)
    }
}

impl<E: Endpoint> Shell<E> {
    async fn answer(&self, mut request: Request, id: &Arc<str>) -> Response {
        let town = match self.town(&request).await {
            Ok(town) => town,
            Err(error) => {
                let asset = assets::of_program(request.uri().path());
                return asset.unwrap_or_else(|| failed_without_town(&error, id));
            }
        };
        tracing::Span::current().record("tenant", town.profile.slug.as_str());
        let visit = Visit {
            web: Arc::clone(&self.web),
            request_id: Arc::clone(id),
            client: client::address(client::peer(&request), request.headers(), &self.web.trusted_proxies),
            cookies: Arc::new(Received::of(&request, self.web.transport())),
            path: request.uri().path().into(),
            at: self.web.parvis.clock.now(),
            town,
        };
        if !csrf::is_from_here(&request) {
            return failed(&WebError::CrossSite.into(), &visit);
        }
        request.extensions_mut().insert(visit.clone());
        match AssertUnwindSafe(self.routes.call(request)).catch_unwind().await {
            Ok(Ok(output)) => output.into_response(),
            // What an extractor answers by itself is a page already.
            Ok(Err(error)) if error.is_from_response() => error.into_response(),
            Ok(Err(error)) => failed(&error, &visit),
            Err(_) => failed(&WebError::Internal("a handler panicked".into()).into(), &visit),
        }
    }

    /// The town of the Host header, port left out.
    async fn town(&self, request: &Request) -> Result<Town, WebError> {
        let host = request
            .header(header::HOST)
            .or_else(|| request.uri().authority().map(poem::http::uri::Authority::as_str))
            .unwrap_or_default();
        let name = host
            .rsplit_once(':')
            .filter(|(_, port)| port.chars().all(|c| c.is_ascii_digit()))
            .map_or(host, |(name, _)| name);
        Ok(self.web.parvis.town(&name.to_ascii_lowercase()).await?)
    }
}

/// The page of a failure, logged once.
fn failed(error: &poem::Error, visit: &Visit) -> Response {
    if let Some(WebError::SignIn(path)) = error.downcast_ref::<WebError>() {
        return crate::page::see(path);
    }
    let status = error.status();
    if status.is_server_error() {
        tracing::error!(error = %error, causes = %causes(error), "a page failed");
    } else {
        tracing::debug!(error = %error, "a request was refused");
    }
    errors::page(visit, error.downcast_ref::<WebError>(), status)
}

fn failed_without_town(error: &WebError, id: &str) -> Response {
    if matches!(error, WebError::UnknownTown) {
        tracing::info!("no town answers at this host");
    } else {
        tracing::error!(error = %error, "the town cannot be read");
    }
    errors::page_without_town(error, id)
}

/// The chain of causes, for the log.
fn causes(error: &poem::Error) -> String {
    let first = match error.downcast_ref::<WebError>() {
        Some(WebError::Internal(inner)) => inner.source(),
        _ => std::error::Error::source(error),
    };
    let chain = std::iter::successors(first, |cause| cause.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn log(status: StatusCode, elapsed: Duration) {
    let duration_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(status = status.as_u16(), duration_ms, "answered");
}

/// Sixteen hexadecimal digits of chance.
fn request_id(parvis: &Parvis) -> Arc<str> {
    let mut octets = [0; 8];
    parvis.entropy.fill(&mut octets);
    format!("{:016x}", u64::from_be_bytes(octets)).into()
}

/// The best coding that the client reads.
fn coding(request: &Request) -> Option<CompressionAlgo> {
    let accepted = request.header(header::ACCEPT_ENCODING)?;
    let mut codings = accepted.split(',').filter_map(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        (quality.trim() != "q=0").then(|| name.trim())
    });
    let names: Vec<&str> = codings.by_ref().collect();
    [("br", CompressionAlgo::BR), ("gzip", CompressionAlgo::GZIP)]
        .into_iter()
        .find_map(|(name, algorithm)| names.contains(&name).then_some(algorithm))
}

/// Text is compressed; documents already are, and stream as they are.
fn compressed(mut response: Response, coding: Option<CompressionAlgo>) -> Response {
    let is_text = response.content_type().is_some_and(|held| {
        held.starts_with("text/html")
            || held.starts_with("text/css")
            || held.starts_with("text/javascript")
            || held.starts_with("image/svg")
            || held.starts_with("application/json")
    });
    if !is_text || response.headers().contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    match coding {
        Some(algorithm) => {
            poem::web::Compress::new(response, algorithm).with_quality(CompressionLevel::Precise(5)).into_response()
        }
        None => response,
    }
}
