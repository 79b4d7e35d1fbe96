//! The agent's own page: who she is here, and her sessions.

use askama::Template;
use parvis_ui::{
    Page, WebError,
    components::Sessions,
    page::{ok, see},
    posted::Posted,
    session::{self, AtWork},
};
use poem::{Response, handler};

use crate::page;

#[derive(Template)]
#[template(path = "own.html")]
struct Own {
    page: Page,
    name: String,
    email: String,
    sessions: Sessions,
}

/// `GET /agents/compte`
#[handler]
pub(crate) async fn show(at_work: AtWork) -> Result<Response, WebError> {
    let page = page(&at_work, "Mon compte d’agent");
    let signed_in = &at_work.signed_in;
    let sessions = session::list(&at_work.visit, signed_in, "/agents/compte/connexions", &page.token).await?;
    ok(&Own { page, name: signed_in.name.clone(), email: signed_in.email.clone(), sessions })
}

/// `POST /agents/compte/connexions`
#[handler]
pub(crate) async fn end(at_work: AtWork, posted: Posted) -> Result<Response, WebError> {
    session::end(&at_work.visit, &at_work.signed_in, posted.text(session::CHOSEN)).await?;
    Ok(see("/agents/compte"))
}
