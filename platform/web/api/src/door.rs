//! What keeps pages away from programs: behind the shell, errors and panics of the routes become problems; before it,
//! so do the few pages that the shell makes by itself (an unknown host, a request from another site).

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use parvis_ui::Visit;
use poem::{
    Endpoint, IntoResponse as _, Request, Response,
    error::MethodNotAllowedError,
    http::{HeaderName, HeaderValue, StatusCode, header},
};

use crate::problem::{MEDIA_TYPE, Problem, ProblemCode};

/// Where the API stands on the host of a town.
pub const API: &str = "/api/v1";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Turns errors and panics of the routes into problems.
pub(crate) struct Problems<E>(pub(crate) E);

impl<E: Endpoint> Endpoint for Problems<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let number = request.extensions().get::<Visit>().map(|visit| std::sync::Arc::clone(&visit.request_id));
        let problem = match AssertUnwindSafe(self.0.call(request)).catch_unwind().await {
            Ok(Ok(output)) => return Ok(output.into_response()),
            Ok(Err(error)) => Problem::of(error),
            Err(_) => Problem::new(ProblemCode::Internal).because("a handler panicked"),
        };
        problem.log();
        Ok(problem.response(number.as_deref()))
    }
}

/// Names the methods of an address when another one is asked.
pub(crate) struct Methods<E> {
    allow: &'static str,
    routes: E,
}

impl<E> Methods<E> {
    pub(crate) const fn new(allow: &'static str, routes: E) -> Self {
        Self { allow, routes }
    }
}

impl<E: Endpoint> Endpoint for Methods<E> {
    type Output = E::Output;

    async fn call(&self, request: Request) -> poem::Result<E::Output> {
        self.routes.call(request).await.map_err(|error| {
            if error.is::<MethodNotAllowedError>() { Problem::method(self.allow).into() } else { error }
        })
    }
}

/// Puts this before the shell: under `/api/v1` its pages become problems, with its headers and its log untouched.
pub const fn never_html<E: Endpoint<Output = Response>>(shell: E) -> NeverHtml<E> {
    NeverHtml(shell)
}

/// A shell that speaks to programs too.
pub struct NeverHtml<E>(E);

impl<E: Endpoint<Output = Response>> Endpoint for NeverHtml<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let path = request.uri().path();
        let is_ours = path.strip_prefix(API).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let response = self.0.call(request).await?;
        let is_page = response.content_type().is_some_and(|held| held.starts_with("text/html"));
        Ok(if is_ours && is_page { problem_of(response) } else { response })
    }
}

/// The problem that a page of the shell tells, under the page's headers.
fn problem_of(mut page: Response) -> Response {
    let code = match page.status() {
        StatusCode::NOT_FOUND => ProblemCode::NotFound,
        StatusCode::FORBIDDEN => ProblemCode::CrossSite,
        StatusCode::SERVICE_UNAVAILABLE => ProblemCode::Unavailable,
        _ => ProblemCode::Internal,
    };
    let number = page.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let problem = Problem::new(code).response(number.as_deref());
    let headers = page.headers_mut();
    headers.remove(header::CONTENT_ENCODING);
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    page.set_status(problem.status());
    page.set_body(problem.into_body());
    page
}
