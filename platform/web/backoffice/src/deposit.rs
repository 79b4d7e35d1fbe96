//! Filing for someone at the desk, on the phone or by post: the same form, with the channel recorded.

use std::sync::Arc;

use askama::Template;
use parvis_domain::dossier::Channel;
use parvis_ui::{
    Page, WebError,
    page::{ok, see, unprocessable},
    posted::Posted,
    session::AtWork,
};
use parvis_usecases::{
    brouillons,
    catalogue::{self, Offered},
};
use poem::{Response, handler};

use crate::page;

#[derive(Template)]
#[template(path = "deposit.html")]
struct Shown {
    page: Page,
    mistake: Option<&'static str>,
    demarches: Vec<Arc<Offered>>,
}

/// `GET /agents/deposer`
#[handler]
#[expect(clippy::needless_pass_by_value, reason = "a handler owns what it extracts")]
pub(crate) fn show(at_work: AtWork) -> Result<Response, WebError> {
    ok(&shown(&at_work, None)?)
}

/// `POST /agents/deposer`
#[handler]
pub(crate) async fn start(at_work: AtWork, posted: Posted) -> Result<Response, WebError> {
    let channel = match posted.text("canal") {
        "guichet" => Some(Channel::Guichet),
        "telephone" => Some(Channel::Telephone),
        "courrier" => Some(Channel::Courrier),
        _ => None,
    };
    let (Some(channel), false) = (channel, posted.text("demarche").is_empty()) else {
        let mut shown = shown(&at_work, Some("Choisissez la démarche et la façon dont la demande arrive"))?;
        shown.page.failed = true;
        return unprocessable(&shown);
    };
    let town = &at_work.visit.town;
    let started = brouillons::start(town, &at_work.signed_in.actor, posted.text("demarche"), channel, at_work.visit.client_address()).await?;
    Ok(see(format!("/brouillons/{}", started.draft)))
}

fn shown(at_work: &AtWork, mistake: Option<&'static str>) -> Result<Shown, WebError> {
    let town = &at_work.visit.town;
    let actor = &at_work.signed_in.actor;
    Ok(Shown {
        page: page(at_work, "Déposer pour une personne"),
        mistake,
        demarches: catalogue::search(town, actor, "")?,
    })
}
