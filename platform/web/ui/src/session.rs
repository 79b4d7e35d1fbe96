//! Who is signed in, read from the cookie at each request: a session that was ended is gone at once.

use parvis_domain::policy::Actor;
use parvis_usecases::sessions::{self, Listed, SignedIn};
use poem::{FromRequest, Request, RequestBody, Response};

use crate::{
    WebError,
    components::{SessionLine, Sessions},
    cookies::{self, Cookie},
    page::{Nav, Page},
    text,
    visit::Visit,
};

/// A visitor of the portal, signed in or not.
#[derive(Clone)]
pub struct Citizen {
    /// Her request.
    pub visit: Visit,
    /// Her account's session.
    pub signed_in: Option<SignedIn>,
}

/// An agent who is signed in; whoever is not is led to the page that asks it.
#[derive(Clone)]
pub struct AtWork {
    /// Her request.
    pub visit: Visit,
    /// Her session.
    pub signed_in: SignedIn,
}

impl Citizen {
    /// The actor that use cases take.
    pub fn actor(&self) -> Actor {
        self.signed_in.as_ref().map_or(Actor::Visitor, |signed_in| signed_in.actor.clone())
    }

    /// The account's actor, or the way to sign in and come back.
    pub fn account(&self) -> Result<&SignedIn, WebError> {
        self.signed_in.as_ref().ok_or_else(|| WebError::SignIn(sign_in_path("/compte/connexion", &self.visit.path)))
    }

    /// A page of the portal.
    pub fn page(&self, title: &str) -> Page {
        let nav = Nav::portal(&self.visit.path);
        let nav = match &self.signed_in {
            Some(signed_in) => nav.signed_in(&signed_in.name, "/compte/deconnexion"),
            None => nav,
        };
        Page::new(&self.visit, title).with_nav(nav)
    }
}

/// Where to sign in, and where to come back.
pub fn sign_in_path(door: &str, back: &str) -> String {
    format!("{door}?retour={}", back.replace('%', "%25").replace('&', "%26").replace('+', "%2B").replace('#', "%23"))
}

/// A path of this host to go back to; anything else leads to `otherwise`.
pub fn local_path<'a>(asked: &'a str, otherwise: &'a str) -> &'a str {
    let is_local = asked.starts_with('/')
        && !asked.starts_with("//")
        && asked.chars().all(|c| !c.is_control() && c != '\\' && c != ' ');
    if is_local { asked } else { otherwise }
}

/// Keeps a session in the browser.
pub fn keep(visit: &Visit, response: &mut Response, cookie: Cookie, opened: &sessions::Opened) {
    let seconds = opened.expires_at.micros().saturating_sub(visit.at.micros()) / 1_000_000;
    let max_age = u64::try_from(seconds).unwrap_or(0);
    cookies::set(response, visit.transport(), cookie, opened.token.as_str(), Some(max_age));
}

/// Name of the input that says which session to end.
pub const CHOSEN: &str = "connexion";
/// Its value for all sessions but the one that asks.
const OTHERS: &str = "autres";

/// Her open sessions, for her account's page.
pub async fn list(visit: &Visit, signed_in: &SignedIn, action: &str, token: &str) -> Result<Sessions, WebError> {
    let zone = visit.town.profile.time_zone();
    let listed = sessions::list(&visit.town, signed_in).await.map_err(WebError::internal)?;
    let line = |session: &Listed| SessionLine {
        id: session.id.to_string(),
        opened: text::moment(session.created_at, &zone),
        used: text::moment(session.last_seen_at, &zone),
        current: session.current,
    };
    Ok(Sessions {
        lines: listed.iter().map(line).collect(),
        action: action.to_owned(),
        token: token.to_owned(),
        input: CHOSEN,
        others: OTHERS,
    })
}

/// Ends the session that she chose, or all but the one that asks.
pub async fn end(visit: &Visit, signed_in: &SignedIn, chosen: &str) -> Result<(), WebError> {
    let town = &visit.town;
    let ended = if chosen == OTHERS {
        let listed = sessions::list(town, signed_in).await.map_err(WebError::internal)?;
        listed.into_iter().filter(|session| !session.current).map(|session| session.id).collect()
    } else {
        vec![chosen.parse().map_err(|_| WebError::NotFound)?]
    };
    for id in ended {
        sessions::revoke(town, signed_in, id).await.map_err(WebError::internal)?;
    }
    Ok(())
}

async fn resolve(visit: &Visit, cookie: Cookie) -> Result<Option<SignedIn>, WebError> {
    let Some(token) = visit.cookies.get(cookie) else { return Ok(None) };
    sessions::resolve(&visit.town, token).await.map_err(WebError::internal)
}

impl<'a> FromRequest<'a> for Citizen {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let visit = Visit::from_request(request, body).await?;
        let signed_in = resolve(&visit, Cookie::Usager).await?;
        let signed_in = signed_in.filter(|signed_in| matches!(signed_in.actor, Actor::Usager(_)));
        Ok(Self { visit, signed_in })
    }
}

impl<'a> FromRequest<'a> for AtWork {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let visit = Visit::from_request(request, body).await?;
        let signed_in = resolve(&visit, Cookie::Agent).await?;
        let signed_in = signed_in.filter(|signed_in| matches!(signed_in.actor, Actor::Agent { .. }));
        if let Some(signed_in) = signed_in {
            return Ok(Self { visit, signed_in });
        }
        let back = if request.method().is_safe() { &*visit.path } else { "/agents" };
        Err(WebError::SignIn(sign_in_path("/agents/connexion", back)).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for wrong in ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "", "/a\nb"] {
            assert_eq!(local_path(wrong, "/compte"), "/compte", "{wrong}");
        }
        assert_eq!(local_path("/brouillons/1?retour=verifier", "/"), "/brouillons/1?retour=verifier");
    }
}
