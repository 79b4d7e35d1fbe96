//! The inbox: dossiers of the agent's services, oldest first, deadlines in sight.

use std::fmt::Write;

use askama::Template;
use jiff::tz::TimeZone;
use parvis_domain::policy::Permission;
use parvis_ui::{
    Page, WebError,
    components::Tag,
    dossier::state_tag,
    page::{html, ok},
    session::AtWork,
};
use parvis_usecases::dossiers::{
    self, InboxQuery,
    inbox::{AssigneeFilter, Openness},
    view::{Inbox, InboxLine},
};
use poem::{Response, handler, http::StatusCode, web::Query};
use serde::{Deserialize, Serialize};

use crate::{page, say::Say};

/// Value of the state that stands for all that is ended.
const ENDED: &str = "termines";

/// Address of the inbox.
const HOME: &str = "/agents/";

/// What the address asks.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
pub(crate) struct Asked {
    #[serde(default, rename = "q")]
    search: String,
    #[serde(default, rename = "etat")]
    state: String,
    #[serde(default)]
    demarche: String,
    #[serde(default, rename = "agent")]
    assignee: String,
    #[serde(default, rename = "apres")]
    after: String,
}

impl Asked {
    fn is_empty(&self) -> bool {
        [&self.search, &self.state, &self.demarche, &self.assignee].into_iter().all(String::is_empty)
    }
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct Shown {
    page: Page,
    zone: TimeZone,
    inbox: Inbox,
    query: Asked,
    may_file: bool,
}

/// For those whose role opens no dossier.
#[derive(Template)]
#[template(path = "closed.html")]
struct Closed {
    page: Page,
}

impl Say for Shown {
    fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

impl Shown {
    /// Address of the following page: the same question, further.
    fn following(&self, cursor: &str) -> String {
        self.address(&self.query.state, cursor)
    }

    /// Address of the same question about another state.
    fn in_state(&self, state: &str) -> String {
        self.address(state, "")
    }

    fn address(&self, state: &str, cursor: &str) -> String {
        let Asked { search, demarche, assignee, .. } = &self.query;
        let parameters =
            [("q", search.as_str()), ("etat", state), ("demarche", demarche), ("agent", assignee), ("apres", cursor)];
        let asked = parameters.into_iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> = asked.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        if pairs.is_empty() { HOME.to_owned() } else { format!("{HOME}?{}", pairs.join("&")) }
    }

    /// Where a dossier stands.
    #[expect(clippy::unused_self, reason = "templates ask it of the page")]
    fn state(&self, line: &InboxLine) -> Tag {
        state_tag(&line.state)
    }
}

/// A value in an address (RFC 3986).
pub(crate) fn encoded(value: &str) -> String {
    value.bytes().fold(String::new(), |mut out, octet| {
        if octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(octet));
        } else {
            let _ = write!(out, "%{octet:02X}");
        }
        out
    })
}

/// `GET /agents/`
#[handler]
pub(crate) async fn show(at_work: AtWork, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let town = &at_work.visit.town;
    let chosen = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    let (state, openness) = match asked.state.as_str() {
        ENDED => (None, Openness::Closed),
        state => (chosen(state), if state.is_empty() { Openness::Open } else { Openness::All }),
    };
    let query = InboxQuery {
        text: asked.search.clone(),
        state,
        demarche: chosen(&asked.demarche),
        assignee: match asked.assignee.as_str() {
            "moi" => AssigneeFilter::Mine,
            "personne" => AssigneeFilter::Nobody,
            named => named.parse().map_or(AssigneeFilter::Any, AssigneeFilter::Is),
        },
        openness,
        cursor: chosen(&asked.after),
    };
    if town.allow(&at_work.signed_in.actor, Permission::DossierList, None).is_err() {
        return html(StatusCode::FORBIDDEN, &Closed { page: page(&at_work, "Aucun dossier ne vous est ouvert") });
    }
    let inbox = dossiers::inbox(town, &at_work.signed_in.actor, &query).await?;
    let may_file = town.allow(&at_work.signed_in.actor, Permission::DossierFileFor, None).is_ok();
    ok(&Shown { page: page(&at_work, "Dossiers"), zone: town.profile.time_zone(), inbox, query: asked, may_file })
}
