//! Files that a page sends: a stream, never whole in memory.
//!
//! What is over the bounds is read to its end and thrown away, within a larger bound, before the answer: a browser that
//! is still sending would otherwise show a broken connection instead of the page.

use std::time::Duration;

use futures_util::{Stream, StreamExt as _};
use parvis_domain::value::Target;
use parvis_usecases::formulaire::Inputs;
use poem::{
    Body, FromRequest, Request, RequestBody,
    http::header,
    web::{Field, Multipart},
};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::{WebError, csrf, fields, visit::Visit};

/// Most files of a request, as big as one may be.
const FILES: u64 = 10;
/// Most octets of what surrounds the files of a request, answers included.
const SURROUNDINGS: u64 = 1024 * 1024;
/// Most octets of the answers that come with files.
const ANSWERS: u64 = 512 * 1024;
/// Most octets that are read to be thrown away.
const DRAIN_LIMIT: u64 = 1024 * 1024 * 1024;
/// Longest time spent on it.
const DRAIN_TIME: Duration = Duration::from_mins(2);

/// Files of a page, one after the other, once the token that comes first was accepted.
pub struct Upload {
    multipart: Multipart,
    answers: Inputs,
    left: u64,
}

/// A file as it comes.
pub struct Incoming {
    /// Name given by the browser, without folders.
    pub name: String,
    /// The question it answers, when the form has several inputs for files.
    pub at: Option<Target>,
    field: Field,
}

impl Incoming {
    /// Its octets.
    pub fn into_reader(self) -> impl AsyncRead + Send + Unpin + 'static {
        Box::pin(self.field.into_async_read())
    }
}

impl Upload {
    fn new(multipart: Multipart) -> Self {
        Self { multipart, answers: Inputs::default(), left: ANSWERS }
    }

    /// The next file. Answers on the way are kept for [`Self::rest`]; an input left empty is passed over.
    pub async fn next(&mut self) -> Result<Option<Incoming>, WebError> {
        loop {
            let Some(field) = self.multipart.next_field().await.map_err(|_| BROKEN)? else { return Ok(None) };
            match field.file_name().map(base_name) {
                Some(name) if name.is_empty() => {}
                Some(name) => {
                    let at = field.name().and_then(fields::target_of_input);
                    return Ok(Some(Incoming { name, at, field }));
                }
                None => self.keep(field).await,
            }
        }
    }

    /// Reads what is left, within bounds, so that the browser sees the answer: files are thrown away. Gives the answers
    /// that came with the files.
    pub async fn rest(mut self) -> Inputs {
        let reading = async {
            let mut left = DRAIN_LIMIT;
            while let Ok(Some(field)) = self.multipart.next_field().await {
                if field.file_name().is_none() {
                    self.keep(field).await;
                    continue;
                }
                left = left.saturating_sub(throw_away(field.into_async_read(), left).await);
                if left == 0 {
                    break;
                }
            }
        };
        let _ = tokio::time::timeout(DRAIN_TIME, reading).await;
        self.answers
    }

    /// Keeps an answer, as long as answers together are no longer than those of a page.
    async fn keep(&mut self, field: Field) {
        let Some(name) = field.name().map(str::to_owned) else { return };
        let text = text_of(field, self.left).await;
        self.left = self.left.saturating_sub(text.len() as u64);
        self.answers.entry(name).or_default().push(text.replace("\r\n", "\n"));
    }
}

const BROKEN: WebError = WebError::Unreadable("the files did not come whole");

impl<'a> FromRequest<'a> for Upload {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let visit = request.extensions().get::<Visit>().cloned().ok_or(WebError::NotFound)?;
        let announced = request.header(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
        let limit = FILES * visit.town.parvis.config.limits.piece_octets + SURROUNDINGS;
        if announced.is_some_and(|length| length > limit) {
            if let Ok(body) = body.take() {
                drain_body(body, announced.unwrap_or(u64::MAX)).await;
            }
            return Err(WebError::TooLarge.into());
        }
        let mut multipart =
            Multipart::from_request(request, body).await.map_err(|_| WebError::Unreadable("not a form of files"))?;
        let first = multipart.next_field().await.map_err(|_| BROKEN)?.ok_or(BROKEN)?;
        let is_token = first.name() == Some(csrf::INPUT);
        let token = if is_token { text_of(first, 256).await } else { String::new() };
        if visit.accepts(&token) {
            return Ok(Self::new(multipart));
        }
        Self::new(multipart).rest().await;
        Err(WebError::CrossSite.into())
    }
}

/// A text; the rest of one that is too long is left.
async fn text_of(field: Field, most: u64) -> String {
    let mut octets = Vec::new();
    let _ = Box::pin(field.into_async_read()).take(most).read_to_end(&mut octets).await;
    String::from_utf8_lossy(&octets).into_owned()
}

/// Reads and forgets a body, within bounds.
pub(crate) async fn drain_body(body: Body, announced: u64) {
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
