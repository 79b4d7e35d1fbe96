//! A form that an agent fills for someone: the pages of `parvis_ui::journey` under her own session and addresses.
//!
//! Whose draft it is, the use case decides: a draft that is not hers does not exist.

use parvis_domain::ids::DraftId;
use parvis_ui::{
    Visit, WebError,
    journey::{self, Deposit, Filling},
    page::see,
    posted::{Posted, Stale},
    session::{AtWork, sign_in_path},
    upload::Upload,
};
use parvis_usecases::brouillons;
use poem::{
    Response, handler,
    web::{Path, Query},
};
use serde::Deserialize;

use crate::{filed::confirmation_path, page, resumption};

#[derive(Deserialize)]
pub(crate) struct Return {
    retour: Option<String>,
}

/// Before the ids of a draft's pages.
pub(crate) fn base(draft: DraftId) -> String {
    format!("/agents/brouillons/{draft}")
}

/// An id that is none leads nowhere.
fn id_of<T: std::str::FromStr>(text: &str) -> Result<T, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

fn filling(at_work: &AtWork, draft: DraftId) -> Filling<'_> {
    Filling {
        visit: &at_work.visit,
        actor: &at_work.signed_in.actor,
        draft,
        base: base(draft),
        later: "/agents/deposer".to_owned(),
        confirmed: confirmation_path,
        page: page(at_work, ""),
    }
}

/// `GET /agents/brouillons/:draft`
#[handler]
pub(crate) async fn resume(at_work: AtWork, Path(draft): Path<String>) -> Result<Response, WebError> {
    filling(&at_work, id_of(&draft)?).resume().await
}

/// `GET /agents/brouillons/:draft/:page`
#[handler]
pub(crate) async fn show(
    at_work: AtWork,
    Path((draft, page)): Path<(String, String)>,
    Query(query): Query<Return>,
) -> Result<Response, WebError> {
    filling(&at_work, id_of(&draft)?).show(&page, journey::after(query.retour.as_deref())).await
}

/// `POST /agents/brouillons/:draft/:page`
#[handler]
pub(crate) async fn save(
    visit: Visit,
    at_work: poem::Result<AtWork>,
    Path((draft, page)): Path<(String, String)>,
    Query(query): Query<Return>,
    posted: Stale,
) -> Result<Response, WebError> {
    let id = id_of(&draft)?;
    let Ok(at_work) = at_work else { return resumption::ask_sign_in(&visit, &posted.fields) };
    if !posted.trusted {
        return resumption::ask_confirmation(&at_work, &posted.fields);
    }
    filling(&at_work, id).save(&page, journey::after(query.retour.as_deref()), posted.inputs()).await
}

/// `POST /agents/brouillons/:draft/:page/direct`
#[handler]
pub(crate) async fn update(
    at_work: AtWork,
    Path((draft, page)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    filling(&at_work, id_of(&draft)?).update(&page, posted.inputs()).await
}

/// `POST /agents/brouillons/:draft/:page/pieces/:field`
#[handler]
pub(crate) async fn add_pieces(
    at_work: poem::Result<AtWork>,
    Path((draft, page, field)): Path<(String, String, String)>,
    files: Upload,
) -> Result<Response, WebError> {
    let id = id_of(&draft)?;
    let Ok(at_work) = at_work else {
        files.rest().await;
        return Err(WebError::SignIn(sign_in_path("/agents/connexion", &format!("{}/{page}", base(id)))));
    };
    filling(&at_work, id).add(&page, &field, files).await
}

/// `GET /agents/brouillons/:draft/:page/pieces/:field`: reloading the page of a refused file leads back to its question.
#[handler]
pub(crate) fn back_to_page(
    _at_work: AtWork,
    Path((draft, page, _)): Path<(String, String, String)>,
) -> Result<Response, WebError> {
    Ok(see(format!("{}/{page}", base(id_of(&draft)?))))
}

/// `POST /agents/brouillons/:draft/fichiers/:piece/retirer`
#[handler]
pub(crate) async fn remove_piece(
    at_work: AtWork,
    Path((draft, piece)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    filling(&at_work, id_of(&draft)?).remove(posted.text("page"), id_of(&piece)?, posted.inputs()).await
}

/// `GET /agents/brouillons/:draft/fichiers/:piece`
#[handler]
pub(crate) async fn read_piece(
    at_work: AtWork,
    Path((draft, piece)): Path<(String, String)>,
) -> Result<Response, WebError> {
    filling(&at_work, id_of(&draft)?).read(id_of(&piece)?).await
}

/// `GET /agents/brouillons/:draft/verifier`
#[handler]
pub(crate) async fn check(at_work: AtWork, Path(draft): Path<String>) -> Result<Response, WebError> {
    filling(&at_work, id_of(&draft)?).check().await
}

/// `GET /agents/brouillons/:draft/deposer`: reloading the page that files leads to the check page, or to the confirmation.
#[handler]
pub(crate) fn check_again(_at_work: AtWork, Path(draft): Path<String>) -> Result<Response, WebError> {
    Ok(see(format!("{}/verifier", base(id_of(&draft)?))))
}

/// `POST /agents/brouillons/:draft/deposer`
#[handler]
pub(crate) async fn file(at_work: AtWork, Path(draft): Path<String>, _: Posted) -> Result<Response, WebError> {
    match filling(&at_work, id_of(&draft)?).file().await? {
        Deposit::Answer(response) => Ok(response),
        Deposit::Filed(filed) => Ok(see(confirmation_path(filed.dossier))),
    }
}

/// `POST /agents/brouillons/:draft/abandonner`
#[handler]
pub(crate) async fn discard(at_work: AtWork, Path(draft): Path<String>, _: Posted) -> Result<Response, WebError> {
    brouillons::discard(&at_work.visit.town, &at_work.signed_in.actor, id_of(&draft)?).await?;
    Ok(see("/agents/deposer"))
}
