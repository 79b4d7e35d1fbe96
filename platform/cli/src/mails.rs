//! The demonstration's mailbox on a page: what citizens and agents would receive. `serve` has none.

use std::{fmt::Write, sync::Arc};

use parvis_domain::{french, time::Instant};
use parvis_gateways::{DemoMail, DemoMailbox};
use parvis_ui::assets;
use poem::{
    Request, Response,
    http::{HeaderValue, StatusCode, header},
};

/// Mails shown on the first page.
const SHOWN: usize = 100;

/// The mailbox, at its own host.
pub(crate) struct Mailbox(pub(crate) Arc<DemoMailbox>);

impl Mailbox {
    /// Whether a Host header names the mailbox.
    pub(crate) fn answers_at(host: &str) -> bool {
        host.split(':').next() == Some("mails.localhost")
    }

    /// The list, a mail, or an attachment (`/3`, `/3/0`).
    pub(crate) async fn answer(&self, request: &Request) -> Response {
        let mailbox = Arc::clone(&self.0);
        if let Some(asset) = assets::of_program(request.uri().path()) {
            return asset;
        }
        let path = request.uri().path().trim_matches('/').to_owned();
        let answered = tokio::task::spawn_blocking(move || page_of(&mailbox, &path)).await;
        match answered {
            Ok(Ok(Some(response))) => response,
            Ok(Ok(None)) => html(StatusCode::NOT_FOUND, "Courriel introuvable", "<p>Ce courriel n’est plus gardé.</p>"),
            Ok(Err(_)) | Err(_) => {
                html(StatusCode::INTERNAL_SERVER_ERROR, "Boîte illisible", "<p>La boîte aux lettres ne se lit pas.</p>")
            }
        }
    }
}

fn page_of(mailbox: &DemoMailbox, path: &str) -> std::io::Result<Option<Response>> {
    if path.is_empty() {
        return Ok(Some(list(&mailbox.list(SHOWN)?)));
    }
    let (number, attachment) = match path.split_once('/') {
        Some((number, attachment)) => (number, attachment.parse::<usize>().ok()),
        None => (path, None),
    };
    let Some(found) = number.parse().ok().map(|number| mailbox.find(number)).transpose()?.flatten() else {
        return Ok(None);
    };
    match attachment {
        None => Ok(Some(shown(&found))),
        Some(index) => Ok(found.mail.attachments.into_iter().nth(index).map(|file| {
            let mut response = Response::builder().content_type(file.media_type).body(file.content);
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
            response
        })),
    }
}

fn list(mails: &[DemoMail]) -> Response {
    let mut body = String::from(
        "<p>Les courriels de la démonstration arrivent ici, les plus récents d’abord.</p><ul class=\"files\">",
    );
    for DemoMail { number, received_at, mail } in mails {
        let (to, subject) = (escaped(&mail.to), escaped(&mail.subject));
        let _ = write!(
            body,
            "<li><div><a href=\"/{number}\">{subject}</a><br><span class=\"muted\">à {to}</span></div>{}</li>",
            time(*received_at)
        );
    }
    if mails.is_empty() {
        body.push_str("<li>Aucun courriel pour le moment.</li>");
    }
    body.push_str("</ul>");
    html(StatusCode::OK, "Courriels de la démonstration", &body)
}

fn shown(DemoMail { number, received_at, mail }: &DemoMail) -> Response {
    let mut body = format!(
        "<p>De {} &lt;{}&gt;<br>À {}<br>{}</p><div class=\"message\"><p>{}</p></div>",
        escaped(&mail.from_name),
        escaped(&mail.from),
        escaped(&mail.to),
        time(*received_at),
        linked(&mail.body)
    );
    for (index, file) in mail.attachments.iter().enumerate() {
        let _ = write!(body, "<p><a href=\"/{number}/{index}\">{}</a></p>", escaped(&file.name));
    }
    body.push_str("<p><a class=\"back\" href=\"/\">Tous les courriels</a></p>");
    html(StatusCode::OK, &mail.subject, &body)
}

/// A moment, in the only zone that all towns share.
fn time(at: Instant) -> String {
    let utc = jiff::tz::TimeZone::UTC;
    format!("<time class=\"small muted\" datetime=\"{at}\">{} (UTC)</time>", french::moment(at, &utc))
}

fn html(status: StatusCode, title: &str, body: &str) -> Response {
    let title = escaped(title);
    let sheet = assets::sheet();
    let mut response = Response::builder().status(status).content_type("text/html; charset=utf-8").body(format!(
        "<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title}</title><link rel=\"stylesheet\" href=\"{sheet}\"></head>\
         <body><main><div class=\"wrap\"><h1>{title}</h1>{body}</div></main></body></html>"
    ));
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'self'; base-uri 'none'"),
    );
    response
}

/// The text with its addresses as links.
fn linked(text: &str) -> String {
    text.split_inclusive(char::is_whitespace).fold(String::new(), |mut page, word| {
        let address = word.trim();
        if address.starts_with("http://") || address.starts_with("https://") {
            let (address, space) = (escaped(address), escaped(word.trim_start_matches(address)));
            let _ = write!(page, "<a href=\"{address}\">{address}</a>{space}");
        } else {
            page.push_str(&escaped(word));
        }
        page
    })
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
        out
    })
}
