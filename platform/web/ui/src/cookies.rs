//! Cookies: strictly necessary ones only, listed on the page `/cookies`.
//!
//! Over https their names carry `__Host-`: browsers then refuse one that another host or a clear connection set.

use poem::{
    Request, Response,
    http::{HeaderValue, header},
};

/// A cookie of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// Session of a citizen's account.
    Usager,
    /// Session of an agent.
    Agent,
    /// What opens the drafts begun without an account.
    Drafts,
    /// What opens the dossiers followed without an account.
    Tracking,
    /// What an agent holds between her password and her second factor.
    Ticket,
}

impl Cookie {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Usager, Self::Agent, Self::Drafts, Self::Tracking, Self::Ticket];

    /// Name without prefix.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usager => "session",
            Self::Agent => "agent",
            Self::Drafts => "brouillons",
            Self::Tracking => "suivi",
            Self::Ticket => "second-facteur",
        }
    }
}

/// How pages travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Encrypted: the only one that `serve` accepts.
    Https,
    /// In clear, on the machine of the demo.
    Http,
}

impl Transport {
    /// Name of a cookie.
    pub fn cookie_name(self, cookie: Cookie) -> String {
        match self {
            Self::Https => format!("__Host-{}", cookie.name()),
            Self::Http => cookie.name().to_owned(),
        }
    }

    /// The scheme of addresses.
    pub const fn scheme(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Http => "http",
        }
    }

    fn attributes(self) -> &'static str {
        match self {
            Self::Https => "Path=/; Secure; HttpOnly; SameSite=Lax",
            Self::Http => "Path=/; HttpOnly; SameSite=Lax",
        }
    }
}

/// The cookies that came with a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received(Vec<(Cookie, String)>);

impl Received {
    /// Reads the product's own cookies; the rest is ignored.
    pub fn of(request: &Request, transport: Transport) -> Self {
        let mut received = Vec::new();
        for line in request.headers().get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            for (name, value) in line.split(';').filter_map(|pair| pair.trim().split_once('=')) {
                for cookie in Cookie::ALL {
                    if transport.cookie_name(cookie) == name && !value.is_empty() {
                        received.push((cookie, value.to_owned()));
                    }
                }
            }
        }
        Self(received)
    }

    /// Whether none came.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Value of a cookie.
    pub fn get(&self, cookie: Cookie) -> Option<&str> {
        self.0.iter().find(|(held, _)| *held == cookie).map(|(_, value)| value.as_str())
    }
}

/// Adds a cookie to a response. `max_age` in seconds; `None` ends with the browser's session.
pub fn set(response: &mut Response, transport: Transport, cookie: Cookie, value: &str, max_age: Option<u64>) {
    let lifetime = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let line = format!("{}={value}; {}{lifetime}", transport.cookie_name(cookie), transport.attributes());
    if let Ok(line) = HeaderValue::from_str(&line) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
}

/// Removes a cookie from the browser.
pub fn forget(response: &mut Response, transport: Transport, cookie: Cookie) {
    set(response, transport, cookie, "", Some(0));
}

/// Keys to several things in one cookie, each "id.secret", most recent first.
pub fn keys(value: Option<&str>) -> impl Iterator<Item = &str> {
    value.unwrap_or_default().split('~').filter(|key| !key.is_empty())
}

/// The key to one thing.
pub fn key_to<'a>(value: Option<&'a str>, id: &str) -> Option<&'a str> {
    keys(value).find(|key| id_of(key) == id)
}

/// The same keys with one more; beyond five the oldest is dropped.
pub fn with_key(value: Option<&str>, key: &str) -> String {
    let older = keys(value).filter(|other| id_of(other) != id_of(key));
    std::iter::once(key).chain(older).take(5).collect::<Vec<_>>().join("~")
}

/// The same keys without one.
pub fn without_key(value: Option<&str>, id: &str) -> String {
    keys(value).filter(|key| id_of(key) != id).collect::<Vec<_>>().join("~")
}

fn id_of(key: &str) -> &str {
    key.split_once('.').map_or(key, |(id, _)| id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_https_a_cookie_belongs_to_its_host_alone() {
        let mut response = Response::default();
        set(&mut response, Transport::Https, Cookie::Usager, "abc", Some(60));
        let line = response.headers().get(header::SET_COOKIE).unwrap().to_str().unwrap().to_owned();
        assert_eq!(line, "__Host-session=abc; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60");
    }

    #[test]
    fn a_cookie_without_its_prefix_is_not_read_over_https() {
        let request = Request::builder().header("cookie", "session=forged; __Host-session=mine").finish();
        assert_eq!(Received::of(&request, Transport::Https).get(Cookie::Usager), Some("mine"));
    }

    #[test]
    fn one_cookie_holds_the_keys_of_five_drafts() {
        let mut value = String::new();
        for key in ["a.1", "b.1", "c.1", "d.1", "e.1", "f.1", "c.2"] {
            value = with_key(Some(&value), key);
        }
        assert_eq!(value, "c.2~f.1~e.1~d.1~b.1");
        assert_eq!(key_to(Some(&value), "c"), Some("c.2"));
        assert_eq!(keys(Some(&without_key(Some(&value), "c"))).count(), 4);
    }
}
