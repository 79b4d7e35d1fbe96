//! The door: what happens to each request, whatever its public.
//!
//! 1. It takes a number, which the log and the error pages show.
//! 2. Its host gives its town, by exact match and by nothing else; no town, no page.
//! 3. A request that would change something and comes from another site is refused.
//! 4. The routes answer, or the page is the same for whoever asks and was made lately.
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
    http::{StatusCode, header},
};
use tracing::Instrument as _;

use crate::{
    WebError, assets,
    client::{self, Network},
    coding::Coding,
    components::errors,
    cookies::{Received, Transport},
    csrf, headers,
    shared::{SameForAll, SharedPages, may_share},
    visit::Visit,
};

/// The product's face: what every page needs besides its town.
pub struct Web {
    /// The product.
    pub parvis: Arc<Parvis>,
    /// Proxies that may tell the client's address.
    pub trusted_proxies: Vec<Network>,
    shared: SharedPages,
}

impl Web {
    /// The face of a product.
    pub fn new(parvis: Arc<Parvis>, trusted_proxies: Vec<Network>) -> Arc<Self> {
        Arc::new(Self { parvis, trusted_proxies, shared: SharedPages::default() })
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
        let coding = Coding::of(&request);
        let is_head = request.method() == poem::http::Method::HEAD;
        let span = tracing::info_span!(
            "request",
            id = %id,
            method = %request.method(),
            path = %request.uri().path(),
            tenant = tracing::field::Empty,
        );
        let mut response = self.answer(request, &id, coding).instrument(span.clone()).await;
        headers::protect(&mut response, self.web.transport(), &id);
        if !is_head {
            response = coding.apply(response);
        }
        span.in_scope(|| log(response.status(), started.elapsed()));
        Ok(response)
    }
}

impl<E: Endpoint> Shell<E> {
    async fn answer(&self, request: Request, id: &Arc<str>, coding: Coding) -> Response {
        let town = match self.town(&request).await {
            Ok(town) => town,
            Err(error) => {
                let asset = assets::of_program(request.uri().path());
                return asset.unwrap_or_else(|| failed_without_town(&error, id));
            }
        };
        tracing::Span::current().record("tenant", town.profile.slug.as_str());
        let cookies = Received::of(&request, self.web.transport());
        if !may_share(&request, &cookies) {
            return self.page(request, id, town, cookies).await;
        }
        let path: Arc<str> = request.uri().path().into();
        if let Some(kept) = self.web.shared.get(&town, &path, coding) {
            return kept;
        }
        let response = self.page(request, id, town.clone(), cookies).await;
        if response.status() == StatusCode::OK && response.extensions().get::<SameForAll>().is_some() {
            self.share(response, &town, &path, coding).await
        } else {
            response
        }
    }

    /// Keeps a page that is the same for whoever asks, and gives it.
    async fn share(&self, response: Response, town: &Town, path: &str, coding: Coding) -> Response {
        let (parts, body) = coding.apply(response).into_parts();
        let Ok(body) = body.into_bytes().await else {
            return StatusCode::INTERNAL_SERVER_ERROR.into();
        };
        self.web.shared.keep(town, path, coding, parts.headers.clone(), body.clone());
        Response::from_parts(parts, body.into())
    }

    async fn page(&self, mut request: Request, id: &Arc<str>, town: Town, cookies: Received) -> Response {
        let visit = Visit {
            web: Arc::clone(&self.web),
            request_id: Arc::clone(id),
            client: client::address(client::peer(&request), request.headers(), &self.web.trusted_proxies),
            cookies: Arc::new(cookies),
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
    tell(error);
    errors::page(visit, error.downcast_ref::<WebError>(), status)
}

/// Logs a failure, unless the log already has it.
pub(crate) fn tell(error: &poem::Error) {
    if error.status().is_server_error() && !matches!(error.downcast_ref(), Some(WebError::Demarche)) {
        tracing::error!(error = %error, causes = %causes(error), "a page failed");
    } else {
        tracing::debug!(error = %error, "a request was refused");
    }
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
