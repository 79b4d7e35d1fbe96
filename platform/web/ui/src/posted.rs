//! A form that a page posted: read within bounds, its token checked, its fields as typed.

use parvis_usecases::formulaire::Inputs;
use poem::{FromRequest, Request, RequestBody, error::ReadBodyError, http::header};

use crate::{WebError, csrf, upload, visit::Visit};

/// Most octets of a posted form: many times the longest page, far from hurting.
const LIMIT: usize = 512 * 1024;

/// A posted form whose token serves whoever holds the cookies that came with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Posted(Fields);

/// A posted form that opens something: a draft, a session, a dossier by its code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opening(Fields);

/// A posted form whose page may be older than the cookies: the handler decides what becomes of its answers. The request
/// comes from a page of this host all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// Fields.
    pub fields: Fields,
    /// The token serves the holder of the cookies.
    pub trusted: bool,
}

/// Names of inputs and their values, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    inputs: Inputs,
    token: String,
}

impl Fields {
    /// From the octets of an `application/x-www-form-urlencoded` body.
    pub fn decode(body: &[u8]) -> Self {
        let mut fields = Self::default();
        for (name, value) in form_pairs(body) {
            if name == csrf::INPUT {
                fields.token = value;
            } else {
                // Browsers post line breaks as CRLF; people count and compare single ones.
                fields.inputs.entry(name).or_default().push(value.replace("\r\n", "\n"));
            }
        }
        fields
    }

    /// First value under a name, without the spaces around it.
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// First value under a name, as typed: for passwords.
    pub fn raw(&self, name: &str) -> &str {
        self.inputs.get(name).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// All values under a name.
    pub fn all(&self, name: &str) -> &[String] {
        self.inputs.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether an input of that name was posted, such as the button that was pressed.
    pub fn has(&self, name: &str) -> bool {
        self.inputs.contains_key(name)
    }

    /// Everything typed, token left out.
    pub const fn inputs(&self) -> &Inputs {
        &self.inputs
    }
}

impl Posted {
    /// The fields.
    pub const fn fields(&self) -> &Fields {
        &self.0
    }
}

impl std::ops::Deref for Posted {
    type Target = Fields;

    fn deref(&self) -> &Fields {
        &self.0
    }
}

impl std::ops::Deref for Opening {
    type Target = Fields;

    fn deref(&self) -> &Fields {
        &self.0
    }
}

impl std::ops::Deref for Stale {
    type Target = Fields;

    fn deref(&self) -> &Fields {
        &self.fields
    }
}

impl<'a> FromRequest<'a> for Posted {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let (visit, fields) = read(request, body).await?;
        if visit.accepts(&fields.token) { Ok(Self(fields)) } else { Err(WebError::CrossSite.into()) }
    }
}

impl<'a> FromRequest<'a> for Opening {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let (visit, fields) = read(request, body).await?;
        if visit.accepts_to_open(&fields.token) { Ok(Self(fields)) } else { Err(WebError::CrossSite.into()) }
    }
}

impl<'a> FromRequest<'a> for Stale {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let (visit, fields) = read(request, body).await?;
        let trusted = visit.accepts(&fields.token);
        Ok(Self { fields, trusted })
    }
}

async fn read(request: &Request, body: &mut RequestBody) -> Result<(Visit, Fields), WebError> {
    let visit = request.extensions().get::<Visit>().cloned().ok_or(WebError::NotFound)?;
    let is_form = request.content_type().is_some_and(|held| {
        held.split(';').next().is_some_and(|essence| essence.trim() == "application/x-www-form-urlencoded")
    });
    if !is_form {
        return Err(WebError::Unreadable("the body is not a form"));
    }
    let body = body.take().map_err(|_| WebError::Unreadable("the body was read"))?;
    let announced = request.header(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    if let Some(announced) = announced.filter(|length| *length > LIMIT as u64) {
        upload::drain_body(body, announced).await;
        return Err(WebError::TooLong);
    }
    let octets = body.into_bytes_limit(LIMIT).await.map_err(|error| match error {
        ReadBodyError::PayloadTooLarge => WebError::TooLong,
        _ => WebError::Unreadable("the body did not come whole"),
    })?;
    Ok((visit, Fields::decode(&octets)))
}

/// Pairs of an `application/x-www-form-urlencoded` text (WHATWG URL, section 5.1).
fn form_pairs(body: &[u8]) -> impl Iterator<Item = (String, String)> {
    body.split(|octet| *octet == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
        let mut halves = pair.splitn(2, |octet| *octet == b'=');
        let mut half = || decoded(halves.next().unwrap_or_default());
        (half(), half())
    })
}

fn decoded(half: &[u8]) -> String {
    let mut octets = Vec::with_capacity(half.len());
    let mut rest = half.iter().copied();
    while let Some(octet) = rest.next() {
        match octet {
            b'+' => octets.push(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                let digit = |octet: Option<u8>| octet.and_then(|octet| char::from(octet).to_digit(16));
                match (digit(ahead.next()), digit(ahead.next())) {
                    (Some(high), Some(low)) => {
                        octets.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                        rest = ahead;
                    }
                    _ => octets.push(b'%'),
                }
            }
            other => octets.push(other),
        }
    }
    String::from_utf8_lossy(&octets).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_what_was_typed() {
        let fields =
            Fields::decode("f.kind=a&f.kind=b&nom=+%C3%89lo%C3%AFse+&_jeton=x&vide&reste=100%&l=a%0D%0Ab".as_bytes());
        assert_eq!(fields.all("f.kind"), ["a", "b"]);
        assert_eq!((fields.text("nom"), fields.raw("nom")), ("Éloïse", " Éloïse "));
        assert!(fields.has("vide") && !fields.has("_jeton"));
        assert_eq!((fields.text("reste"), fields.text("l")), ("100%", "a\nb"));
    }
}
