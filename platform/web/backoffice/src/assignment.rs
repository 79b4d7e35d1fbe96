//! Giving a dossier to an agent, and internal notes.

use parvis_domain::policy::Actor;
use parvis_ui::{WebError, page::see, posted::Posted, session::AtWork};
use parvis_usecases::dossiers;
use poem::{Response, handler, web::Path};

use crate::{
    dossier::{Typed, dossier_id, refused},
    resumption::Written,
};

/// `POST /agents/dossiers/:id/affecter`
#[handler]
pub(crate) async fn assign(at_work: AtWork, Path(id): Path<String>, posted: Posted) -> Result<Response, WebError> {
    let id = dossier_id(&id)?;
    let actor = &at_work.signed_in.actor;
    let agent = match (posted.text("agent"), actor) {
        ("moi", Actor::Agent { id: own, .. }) => *own,
        (named, _) => named.parse().map_err(|_| WebError::NotFound)?,
    };
    match dossiers::assign(&at_work.visit.town, actor, id, Some(agent)).await {
        Ok(()) => Ok(see(format!("/agents/dossiers/{id}"))),
        Err(failure) => refused(&at_work, id, failure, Typed::default()).await,
    }
}

/// `POST /agents/dossiers/:id/notes`
#[handler]
pub(crate) async fn note(Path(id): Path<String>, written: Written) -> Result<Response, WebError> {
    let Written { at_work, fields } = written;
    let id = dossier_id(&id)?;
    let body = fields.text("note");
    match dossiers::note(&at_work.visit.town, &at_work.signed_in.actor, id, body).await {
        Ok(()) => Ok(see(format!("/agents/dossiers/{id}#notes"))),
        Err(failure) => refused(&at_work, id, failure, Typed { note: body.to_owned(), ..Typed::default() }).await,
    }
}
