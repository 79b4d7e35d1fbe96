//! Headers that protect each response.

use poem::{
    Response,
    http::{HeaderName, HeaderValue, header},
};

use crate::cookies::Transport;

/// What a page may load and where its forms may go: this host, nothing inline. Images made by the page itself
/// (`data:`) serve the QR code of an agent's second factor.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                           font-src 'none'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
                           object-src 'none'; frame-ancestors 'none'";

/// What a document given by someone may do: nothing.
pub(crate) const DOCUMENT_POLICY: &str =
    "sandbox; default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

/// Name of the header that carries the request's number.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Adds what is missing. A response that says nothing of caches is personal: it is kept nowhere.
pub(crate) fn protect(response: &mut Response, transport: Transport, request_id: &str) {
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(PAGE_POLICY));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    );
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    if transport == Transport::Https {
        headers
            .insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, id);
    }
}
