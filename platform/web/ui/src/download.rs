//! Documents that leave: as an attachment, in a sandbox, streamed.

use poem::{
    Body, Response,
    http::{HeaderValue, StatusCode, header},
};
use tokio::io::AsyncRead;

use crate::headers::DOCUMENT_POLICY;

/// A document to keep. `size` is announced when it is known.
pub fn attachment(
    name: &str,
    media_type: &str,
    size: Option<u64>,
    reader: impl AsyncRead + Send + 'static,
) -> Response {
    document(&format!("attachment; {}", file_name(name)), media_type, size, Body::from_async_read(reader))
}

/// A document that is in memory, such as a receipt.
pub fn attachment_of(name: &str, media_type: &str, content: Vec<u8>) -> Response {
    let size = content.len() as u64;
    document(&format!("attachment; {}", file_name(name)), media_type, Some(size), Body::from_vec(content))
}

/// How long an image of a document stays in the browser that showed it: no longer than an agent's session. Its address
/// names a document whose content never changes, so that it is made once.
const SHOWN: &str = "private, max-age=43200, immutable";

/// An image that a page shows.
pub fn image(media_type: &str, content: Vec<u8>) -> Response {
    let mut response = document("inline", media_type, Some(content.len() as u64), Body::from_vec(content));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(SHOWN));
    response
}

fn document(disposition: &str, media_type: &str, size: Option<u64>, body: Body) -> Response {
    let mut response = Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, media_type)
        .header(header::CONTENT_SECURITY_POLICY, DOCUMENT_POLICY)
        .body(body);
    let headers = response.headers_mut();
    if let Ok(disposition) = HeaderValue::from_str(disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    if let Some(size) = size {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    }
    response
}

/// The name as RFC 6266 writes it: plain for old clients, then in UTF-8.
fn file_name(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\') || c == ' ' { c } else { '_' })
        .collect();
    let octet = |octet: u8| match octet {
        octet if octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_') => char::from(octet).to_string(),
        octet => format!("%{octet:02X}"),
    };
    let encoded = name.bytes().map(octet).collect::<Vec<_>>().concat();
    format!("filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(
            file_name("arrêté \"1\".pdf\r\n"),
            "filename=\"arr_t_ _1_.pdf__\"; filename*=UTF-8''arr%C3%AAt%C3%A9%20%221%22.pdf%0D%0A"
        );
    }

    #[test]
    fn an_image_is_made_once_and_kept_by_no_proxy() {
        let kept = image("image/png", vec![1]).headers().get(header::CACHE_CONTROL).cloned().unwrap();
        assert!(kept.to_str().unwrap().starts_with("private, ") && kept.to_str().unwrap().ends_with("immutable"));
    }

    #[test]
    fn a_document_is_kept_and_runs_nothing() {
        let response = attachment_of("x.pdf", "application/pdf", vec![1, 2, 3]);
        let header = |name: header::HeaderName| response.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert!(header(header::CONTENT_DISPOSITION).starts_with("attachment"));
        assert!(header(header::CONTENT_SECURITY_POLICY).starts_with("sandbox"));
    }
}
