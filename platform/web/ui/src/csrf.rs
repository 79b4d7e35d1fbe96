//! Cross-site protection of each unsafe request (D8): where it comes from, then a token bound to the cookies it carries.
//!
//! The browser says where a request comes from (`Sec-Fetch-Site`, else `Origin`, else `Referer`): another site is
//! refused before anything is read. The token of a form is a code over the value of one of the product's cookies: it
//! opens nothing for whoever does not hold that cookie. It is masked anew on each page that is made, so that compression
//! tells nothing of it; the page of strangers is made once for many of them, and its token is bound to nobody.

use parvis_domain::time::Entropy;
use parvis_usecases::secrets::ApplicationKey;
use poem::{Request, http::header};

use crate::cookies::{Cookie, Received};

/// Name of the hidden input.
pub const INPUT: &str = "_jeton";

const USE: &str = "csrf";
const LENGTH: usize = 16;

/// Whether the request was sent by a page of this very host. A client that is not a browser says nothing, and passes:
/// it carries nobody's cookies but its own.
pub(crate) fn is_from_here(request: &Request) -> bool {
    if request.method().is_safe() {
        return true;
    }
    if let Some(site) = request.header("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(host) = request.header(header::HOST) else { return false };
    match request.header(header::ORIGIN).or_else(|| request.header(header::REFERER)) {
        Some(source) => authority(source).is_some_and(|authority| authority.eq_ignore_ascii_case(host)),
        None => true,
    }
}

fn authority(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    rest.split(['/', '?', '#']).next()
}

/// A token for the forms of a page.
pub(crate) fn token(key: &ApplicationKey, entropy: &dyn Entropy, received: &Received) -> String {
    let mut mask = [0; LENGTH];
    entropy.fill(&mut mask);
    let code = code(key, bound_to(received));
    let masked = mask.iter().zip(code).map(|(mask, octet)| mask ^ octet);
    mask.iter().copied().chain(masked).map(|octet| format!("{octet:02x}")).collect::<Vec<_>>().concat()
}

/// Whether a token was made for one of the cookies that came with it, or for nobody when none came.
pub(crate) fn holds(key: &ApplicationKey, received: &Received, token: &str) -> bool {
    let Some(code) = unmask(token) else { return false };
    let bound = Cookie::ALL.into_iter().filter_map(|cookie| received.get(cookie).map(|value| (cookie, value)));
    let mut accepted: Vec<_> = bound.map(Some).collect();
    if accepted.is_empty() {
        accepted.push(None);
    }
    accepted.into_iter().any(|bound| equal(&self::code(key, bound), &code))
}

/// Whether a token was made by this deployment for a page that nothing was bound to yet: what opening a draft or a
/// session accepts from a page that was loaded before another tab got its cookie.
pub(crate) fn is_unbound(key: &ApplicationKey, token: &str) -> bool {
    unmask(token).is_some_and(|unmasked| equal(&code(key, None), &unmasked))
}

/// The cookie to which the forms of a page are bound: the most personal one.
fn bound_to(received: &Received) -> Option<(Cookie, &str)> {
    [Cookie::Agent, Cookie::Usager, Cookie::Drafts, Cookie::Tracking]
        .into_iter()
        .find_map(|cookie| received.get(cookie).map(|value| (cookie, value)))
}

fn code(key: &ApplicationKey, bound: Option<(Cookie, &str)>) -> [u8; LENGTH] {
    let (name, value) = bound.map_or(("", ""), |(cookie, value)| (cookie.name(), value));
    let mac = key.mac(USE, &[name.as_bytes(), value.as_bytes()]);
    let mut code = [0; LENGTH];
    code.copy_from_slice(&mac.as_bytes()[..LENGTH]);
    code
}

fn unmask(token: &str) -> Option<[u8; LENGTH]> {
    let digits: Vec<u8> =
        token.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    if digits.len() != LENGTH * 4 {
        return None;
    }
    let octets: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]).collect();
    let (mask, masked) = octets.split_at(LENGTH);
    let mut code = [0; LENGTH];
    for (octet, (mask, masked)) in code.iter_mut().zip(mask.iter().zip(masked)) {
        *octet = mask ^ masked;
    }
    Some(code)
}

/// Compares without telling where two codes differ.
fn equal(one: &[u8; LENGTH], other: &[u8; LENGTH]) -> bool {
    one.iter().zip(other).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use poem::http::Method;

    use super::*;
    use crate::cookies::Transport;

    struct Counting(std::sync::atomic::AtomicU8);

    impl Entropy for Counting {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        }
    }

    fn received(cookies: &str) -> Received {
        Received::of(&Request::builder().header("cookie", cookies).finish(), Transport::Http)
    }

    fn post(headers: &[(&'static str, &str)]) -> Request {
        let mut request = Request::builder().method(Method::POST).header("host", "valbrune.localhost:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.finish()
    }

    #[test]
    fn a_token_opens_nothing_without_its_cookie() {
        let key = ApplicationKey::new([1; 32]);
        let entropy = Counting(std::sync::atomic::AtomicU8::new(1));
        let mine = token(&key, &entropy, &received("session=mine"));
        assert!(holds(&key, &received("session=mine; suivi=x"), &mine));
        assert!(!holds(&key, &received("session=other"), &mine));
        assert!(!holds(&key, &received(""), &mine));
        assert!(!holds(&ApplicationKey::new([2; 32]), &received("session=mine"), &mine));
    }

    #[test]
    fn a_token_is_never_written_twice_the_same() {
        let key = ApplicationKey::new([1; 32]);
        let entropy = Counting(std::sync::atomic::AtomicU8::new(1));
        let (one, other) = (token(&key, &entropy, &received("")), token(&key, &entropy, &received("")));
        assert_ne!(one, other);
        assert!(is_unbound(&key, &one) && is_unbound(&key, &other));
    }

    #[test]
    fn an_anonymous_token_does_not_serve_whoever_holds_a_session() {
        let key = ApplicationKey::new([1; 32]);
        let entropy = Counting(std::sync::atomic::AtomicU8::new(1));
        let anonymous = token(&key, &entropy, &received(""));
        assert!(!holds(&key, &received("session=mine"), &anonymous));
    }

    #[test]
    fn another_site_is_refused_by_what_the_browser_says() {
        assert!(!is_from_here(&post(&[("sec-fetch-site", "cross-site")])));
        assert!(!is_from_here(&post(&[("sec-fetch-site", "same-site")])));
        assert!(!is_from_here(&post(&[("origin", "https://evil.example")])));
        assert!(!is_from_here(&post(&[("origin", "null")])));
        assert!(!is_from_here(&post(&[("referer", "http://autre.localhost:8080/x")])));
        assert!(is_from_here(&post(&[("sec-fetch-site", "same-origin")])));
        assert!(is_from_here(&post(&[("origin", "http://valbrune.localhost:8080")])));
        assert!(is_from_here(&post(&[])));
    }

    #[test]
    fn garbage_is_not_a_token() {
        let key = ApplicationKey::new([1; 32]);
        for token in ["", "zz", "é", &"0".repeat(63), &"0".repeat(65)] {
            assert!(!holds(&key, &received(""), token));
        }
    }
}
