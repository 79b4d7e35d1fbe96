//! A citizen who asks for the street in front of her house on the day she moves: what she answers, and the whole path
//! over HTTP as a browser without script walks it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use parvis_domain::time::Clock;

use crate::{
    product::{DEMARCHE, Served},
    system::SystemClock,
    timing::Samples,
    wire::{Connection, Reply, get},
};

/// What one page is answered: names of inputs, and what is typed.
pub(crate) type Answers = Vec<(String, String)>;

/// What a citizen types on a page of the form; her number makes her unlike any other.
pub(crate) fn answers(page: &str, citizen: u32) -> Answers {
    let typed: Vec<(&str, String)> = match page {
        "demandeur" => vec![
            ("f.type_demandeur", "particulier".to_owned()),
            ("f.prenom", "Camille".to_owned()),
            ("f.nom", "Lemoine".to_owned()),
            ("f.adresse.street", "4 rue des Lilas".to_owned()),
            ("f.adresse.postal_code", "38990".to_owned()),
            ("f.adresse.town", "Valbrune".to_owned()),
            ("f.courriel", format!("camille.{citizen}@usagers.example")),
            ("f.telephone", "01 99 00 12 34".to_owned()),
            ("f.payeur_autre", "non".to_owned()),
        ],
        "lieu" => vec![
            ("f.adresse_occupation.street", "12 bis rue Pasteur".to_owned()),
            ("f.adresse_occupation.postal_code", "38990".to_owned()),
            ("f.adresse_occupation.town", "Valbrune".to_owned()),
            ("f.emplacement", "Devant le n° 12, côté pair, sur deux places".to_owned()),
        ],
        "occupation" => occupation(),
        _ => Vec::new(),
    };
    typed.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn occupation() -> Vec<(&'static str, String)> {
    let today = SystemClock.now().date(&jiff::tz::TimeZone::UTC);
    let day = today.saturating_add(jiff::Span::new().days(45));
    let mut typed = vec![
        ("f.nature", "demenagement".to_owned()),
        ("f.creneau", "journee".to_owned()),
        ("f.longueur", "12,5".to_owned()),
        ("f.places", "2".to_owned()),
        ("f.fermetures", "place".to_owned()),
    ];
    for field in [
        ["f.date_debut.day", "f.date_debut.month", "f.date_debut.year"],
        ["f.date_fin.day", "f.date_fin.month", "f.date_fin.year"],
    ] {
        let parts = [day.day().to_string(), day.month().to_string(), day.year().to_string()];
        typed.extend(field.into_iter().zip(parts));
    }
    typed
}

/// A browser without script: one connection, cookies, one town.
pub(crate) struct Browser {
    connection: Connection,
    host: String,
    client: String,
    cookies: Vec<(String, String)>,
    /// How long each request took, in order.
    pub(crate) taken: Samples,
}

impl Browser {
    /// For a citizen at an address of her own, behind a proxy.
    pub(crate) async fn open(served: &Served, host: &str, citizen: u32) -> Result<Self> {
        let connection = Connection::open(served.address).await?;
        Ok(Self::on(connection, host, citizen))
    }

    /// On a connection that is open.
    pub(crate) fn on(connection: Connection, host: &str, citizen: u32) -> Self {
        let [_, a, b, c] = citizen.to_be_bytes();
        let client = format!("10.{a}.{b}.{c}");
        Self { connection, host: host.to_owned(), client, cookies: Vec::new(), taken: Samples::default() }
    }

    /// The whole path: the page of the démarche, each page of the form read and posted, check, file, confirmation.
    /// Gives the address of the confirmation.
    pub(crate) async fn file(&mut self, citizen: u32) -> Result<String> {
        let presented = self.get(&format!("/demarches/{DEMARCHE}")).await?;
        let start = format!("/demarches/{DEMARCHE}/commencer");
        let mut at = self.post(&start, presented, &Answers::new()).await?;
        for _ in 0..12 {
            let page = self.get(&at).await?;
            let step = at.rsplit('/').next().unwrap_or_default().to_owned();
            at = match step.as_str() {
                "verifier" => {
                    let deposit = format!("{}deposer", at.trim_end_matches("verifier"));
                    self.post(&deposit, page, &Answers::new()).await?
                }
                "depot" => return Ok(at),
                step => self.post(&at, page, &answers(step, citizen)).await?,
            };
        }
        bail!("the form leads nowhere: {at}")
    }

    async fn get(&mut self, path: &str) -> Result<Reply> {
        let reply = self.timed("GET", path, "").await?;
        ensure!(reply.status == 200, "GET {path} answers {}", reply.status);
        Ok(reply)
    }

    /// Posts a form of a page; gives where the server leads. An answer may show other questions of the same page, which
    /// are then answered too.
    async fn post(&mut self, path: &str, mut page: Reply, answers: &Answers) -> Result<String> {
        for _ in 0..3 {
            let text = page.text()?;
            let token = token(text).with_context(|| format!("no form to post to {path}"))?;
            let asked = answers.iter().filter(|(name, _)| text.contains(&format!("name=\"{name}\"")));
            let token = ("_jeton".to_owned(), token.to_owned());
            let fields = std::iter::once(&token).chain(asked);
            let body = fields.map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&");
            let reply = self.timed("POST", path, &body).await?;
            match (reply.status, reply.header("location")) {
                (303, Some(leads)) => return Ok(leads.to_owned()),
                (200 | 422, _) => page = reply,
                (status, _) => bail!("POST {path} answers {status}: {}", mistakes(reply.text()?)),
            }
        }
        bail!("POST {path} leads nowhere: {}", mistakes(page.text()?))
    }

    async fn timed(&mut self, method: &str, path: &str, body: &str) -> Result<Reply> {
        let request = self.request(method, path, body);
        let started = Instant::now();
        let reply = self.connection.send(request.as_bytes()).await?;
        self.taken.push(started.elapsed());
        for (_, cookie) in reply.headers().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")) {
            let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) else { continue };
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        Ok(reply)
    }

    fn request(&self, method: &str, path: &str, body: &str) -> String {
        let host = &self.host;
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let cookies = if cookies.is_empty() { String::new() } else { format!("Cookie: {cookies}\r\n") };
        let posted = if method == "POST" {
            let length = body.len();
            format!(
                "Origin: http://{host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n"
            )
        } else {
            String::new()
        };
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nX-Forwarded-For: {}\r\n{cookies}{posted}\r\n\
             {body}",
            self.client
        )
    }
}

/// The token of the forms of a page.
fn token(page: &str) -> Option<&str> {
    page.split("name=\"_jeton\" value=\"").nth(1)?.split('"').next()
}

/// Percent-encodes all that is neither a letter nor a digit.
fn escaped(value: &str) -> String {
    let escape = |octet: u8| {
        if octet.is_ascii_alphanumeric() { char::from(octet).to_string() } else { format!("%{octet:02X}") }
    };
    value.bytes().map(escape).collect()
}

/// What a page says is wrong, without its tags.
fn mistakes(page: &str) -> String {
    let summary = page.split("<main").nth(1).unwrap_or(page);
    let words = summary.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text.trim());
    words.filter(|text| !text.is_empty()).take(24).collect::<Vec<_>>().join(" ")
}

/// A page, read once outside any measure.
pub(crate) async fn look(served: &Served, host: &str, path: &str, encodings: &str) -> Result<(Reply, Duration)> {
    let mut connection = Connection::open(served.address).await?;
    let started = Instant::now();
    let reply = connection.send(&get(host, path, encodings)).await?;
    let taken = started.elapsed();
    ensure!(reply.status == 200, "GET {path} answers {}", reply.status);
    Ok((reply, taken))
}
