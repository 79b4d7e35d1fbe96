//! Files that a page sends: a stream, never whole in memory.
//!
//! What is over the bounds is read to its end and thrown away, within a larger bound, before the answer: a browser that
//! is still sending would otherwise show a broken connection instead of the page.

use std::time::Duration;

use futures_util::{Stream, StreamExt as _};
use poem::{
    Body, FromRequest, Request, RequestBody,
    http::header,
    web::{Field, Multipart},
};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::{WebError, csrf, visit::Visit};

/// Most octets of a file.
pub const FILE_LIMIT: u64 = 20 * 1024 * 1024;
/// Most octets of a request: several files, and what surrounds them.
const REQUEST_LIMIT: u64 = 10 * FILE_LIMIT + 1024 * 1024;
/// Most octets that are read to be thrown away.
const DRAIN_LIMIT: u64 = 1024 * 1024 * 1024;
/// Longest time spent on it.
const DRAIN_TIME: Duration = Duration::from_mins(2);

/// Files of a page, one after the other, once the token that comes first was accepted.
pub struct Upload {
    multipart: Multipart,
}

/// A file as it comes.
pub struct Incoming {
    /// Name given by the browser, without folders.
    pub name: String,
    field: Field,
}

impl Incoming {
    /// Its octets.
    pub fn into_reader(self) -> impl AsyncRead + Send + Unpin + 'static {
        Box::pin(self.field.into_async_read())
    }
}

impl Upload {
    /// The next file; parts without a file are passed over, such as an input left empty.
    pub async fn next(&mut self) -> Result<Option<Incoming>, WebError> {
        loop {
            let Some(field) = self.multipart.next_field().await.map_err(|_| BROKEN)? else { return Ok(None) };
            let name = field.file_name().map(base_name).unwrap_or_default();
            if !name.is_empty() {
                return Ok(Some(Incoming { name, field }));
            }
        }
    }

    /// Reads what is left, within bounds, so that the browser sees the answer.
    pub async fn drain(mut self) {
        let throwing_away = async {
            let mut left = DRAIN_LIMIT;
            while let Ok(Some(field)) = self.multipart.next_field().await {
                left = left.saturating_sub(throw_away(field.into_async_read(), left).await);
                if left == 0 {
                    break;
                }
            }
        };
        let _ = tokio::time::timeout(DRAIN_TIME, throwing_away).await;
    }
}

const BROKEN: WebError = WebError::Unreadable("the files did not come whole");

impl<'a> FromRequest<'a> for Upload {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let visit = request.extensions().get::<Visit>().cloned().ok_or(WebError::NotFound)?;
        let announced = request.header(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
        if announced.is_some_and(|length| length > REQUEST_LIMIT) {
            if let Ok(body) = body.take() {
                drain_body(body, announced.unwrap_or(u64::MAX)).await;
            }
            return Err(WebError::TooLarge.into());
        }
        let mut multipart =
            Multipart::from_request(request, body).await.map_err(|_| WebError::Unreadable("not a form of files"))?;
        let first = multipart.next_field().await.map_err(|_| BROKEN)?.ok_or(BROKEN)?;
        let is_token = first.name() == Some(csrf::INPUT);
        let token = if is_token { short_text(first).await } else { String::new() };
        if visit.accepts(&token) {
            return Ok(Self { multipart });
        }
        Self { multipart }.drain().await;
        Err(WebError::CrossSite.into())
    }
}

/// A short text; the rest of a long one is left.
async fn short_text(field: Field) -> String {
    let mut octets = Vec::new();
    let _ = Box::pin(field.into_async_read()).take(256).read_to_end(&mut octets).await;
    String::from_utf8_lossy(&octets).into_owned()
}

async fn drain_body(body: Body, announced: u64) {
    if announced > DRAIN_LIMIT {
        return;
    }
    let _ = tokio::time::timeout(DRAIN_TIME, count(body.into_bytes_stream(), DRAIN_LIMIT)).await;
}

async fn count<E>(stream: impl Stream<Item = Result<bytes::Bytes, E>>, limit: u64) -> u64 {
    let mut stream = Box::pin(stream);
    let mut read = 0_u64;
    while let Some(Ok(chunk)) = stream.next().await {
        read = read.saturating_add(chunk.len() as u64);
        if read >= limit {
            break;
        }
    }
    read
}

/// Reads and forgets, up to a limit; the octets read.
pub async fn throw_away(reader: impl AsyncRead + Send, limit: u64) -> u64 {
    let mut reader = Box::pin(reader.take(limit));
    tokio::io::copy(&mut reader, &mut tokio::io::sink()).await.unwrap_or(limit)
}

/// The last piece of a path, whichever system wrote it.
fn base_name(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_holds_a_folder() {
        assert_eq!(base_name("C:\\Users\\moi\\plan.pdf"), "plan.pdf");
        assert_eq!(base_name("../../etc/passwd"), "passwd");
    }
}
