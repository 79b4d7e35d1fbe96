//! Filing for someone at the desk, on the phone or by post: which démarche, how it comes, and what was left for later.
//!
//! The form itself is [`crate::drafts`], what follows it [`crate::filed`].

use std::sync::Arc;

use askama::Template;
use jiff::tz::TimeZone;
use parvis_domain::dossier::Channel;
use parvis_ui::{
    Page, WebError,
    components::{ErrorEntry, ErrorSummary},
    page::{html, see},
    posted::Posted,
    session::AtWork,
};
use parvis_usecases::{
    brouillons::{
        self,
        view::{DraftLine, Step},
    },
    catalogue::{self, Offered},
};
use poem::{Response, handler, http::StatusCode};

use crate::{drafts, page, say::Say};

/// How a request may reach a desk: the value posted, the channel, its words.
const CHANNELS: [(&str, Channel, &str); 3] = [
    ("guichet", Channel::Guichet, "Au guichet"),
    ("telephone", Channel::Telephone, "Par téléphone"),
    ("courrier", Channel::Courrier, "Par courrier"),
];

#[derive(Template)]
#[template(path = "deposit.html")]
struct Shown {
    page: Page,
    zone: TimeZone,
    summary: ErrorSummary,
    demarches: Vec<Arc<Offered>>,
    chosen: String,
    without_demarche: Option<&'static str>,
    channel: String,
    without_channel: Option<&'static str>,
    channels: [(&'static str, Channel, &'static str); 3],
    begun: Vec<DraftLine>,
}

impl Say for Shown {
    fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

/// `GET /agents/deposer`
#[handler]
pub(crate) async fn show(at_work: AtWork) -> Result<Response, WebError> {
    html(StatusCode::OK, &shown(&at_work).await?)
}

/// `POST /agents/deposer`
#[handler]
pub(crate) async fn start(at_work: AtWork, posted: Posted) -> Result<Response, WebError> {
    let (demarche, typed) = (posted.text("demarche"), posted.text("canal"));
    let channel = CHANNELS.into_iter().find(|(value, ..)| *value == typed).map(|(_, channel, _)| channel);
    let (Some(channel), false) = (channel, demarche.is_empty()) else {
        return incomplete(&at_work, demarche, typed).await;
    };
    let visit = &at_work.visit;
    let actor = &at_work.signed_in.actor;
    let started = brouillons::start(&visit.town, actor, demarche, channel, visit.client_address()).await?;
    let base = drafts::base(started.draft);
    Ok(see(match started.first {
        Step::Page(page) => format!("{base}/{page}"),
        Step::Check => format!("{base}/verifier"),
    }))
}

/// The page again, with what is left to choose.
async fn incomplete(at_work: &AtWork, demarche: &str, channel: &str) -> Result<Response, WebError> {
    let mut shown = shown(at_work).await?;
    shown.without_demarche = demarche.is_empty().then_some("Choisissez la démarche");
    shown.without_channel =
        CHANNELS.iter().all(|(value, ..)| *value != channel).then_some("Choisissez la façon dont la demande arrive");
    let entry = |anchor: &str, sentence: Option<&str>| {
        sentence.map(|sentence| ErrorEntry { href: Some(format!("#{anchor}")), message: sentence.to_owned() })
    };
    let entries = [entry("demarche-0", shown.without_demarche), entry("canal-0", shown.without_channel)];
    shown.summary = ErrorSummary { entries: entries.into_iter().flatten().collect() };
    demarche.clone_into(&mut shown.chosen);
    channel.clone_into(&mut shown.channel);
    shown.page.failed = true;
    html(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

async fn shown(at_work: &AtWork) -> Result<Shown, WebError> {
    let town = &at_work.visit.town;
    let actor = &at_work.signed_in.actor;
    let demarches = catalogue::for_someone(town, actor)?;
    Ok(Shown {
        page: page(at_work, "Déposer pour une personne"),
        zone: town.profile.time_zone(),
        summary: ErrorSummary::default(),
        // The only one is chosen.
        chosen: if let [only] = demarches.as_slice() { only.id.clone() } else { String::new() },
        demarches,
        without_demarche: None,
        channel: String::new(),
        without_channel: None,
        channels: CHANNELS,
        begun: brouillons::list(town, actor).await?,
    })
}
