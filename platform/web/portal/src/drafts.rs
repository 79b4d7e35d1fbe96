//! A form being filled by a citizen: who holds the draft, then the pages of `parvis_ui::journey`.

use parvis_domain::{
    dossier::Channel,
    ids::{DraftId, PieceId},
    policy::Actor,
};
use parvis_ui::{
    WebError,
    components::{Back, Button, ButtonStyle, FormPage},
    cookies::{self, Cookie},
    journey::{self, Filling},
    page::see,
    posted::{Opening, Posted, Stale},
    session::{Citizen, sign_in_path},
    upload::Upload,
};
use parvis_usecases::brouillons::{self, view::Step};
use poem::{
    Response, handler,
    web::{Path, Query},
};
use serde::Deserialize;

use crate::{depot::confirmation_path, resumption};

/// The drafts' cookie lasts as long as a draft without news is kept.
const KEPT_DAYS: u64 = 30;

#[derive(Deserialize)]
pub(crate) struct Return {
    retour: Option<String>,
}

/// An id that is none leads nowhere.
pub(crate) fn id_of<T: std::str::FromStr>(text: &str) -> Result<T, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

/// Who the citizen is for this draft: the holder of its key, else her account.
pub(crate) async fn holder(citizen: &Citizen, draft: DraftId) -> Result<Option<Actor>, WebError> {
    let keys = citizen.visit.cookies.get(Cookie::Drafts);
    if let Some(key) = cookies::key_to(keys, &draft.to_string())
        && brouillons::holder(&citizen.visit.town, key).await? == Some(draft)
    {
        return Ok(Some(Actor::DraftHolder(draft)));
    }
    Ok(citizen.signed_in.as_ref().map(|signed_in| signed_in.actor.clone()))
}

/// The same; whoever is nobody signs in and comes back.
async fn known_holder(citizen: &Citizen, draft: DraftId, back: &str) -> Result<Actor, WebError> {
    let actor = holder(citizen, draft).await?;
    actor.ok_or_else(|| WebError::SignIn(sign_in_path("/compte/connexion", back)))
}

/// The draft's pages under the portal's addresses.
pub(crate) fn filling<'a>(citizen: &'a Citizen, actor: &'a Actor, draft: DraftId) -> Filling<'a> {
    let later =
        if citizen.signed_in.is_some() { "/compte".to_owned() } else { format!("/brouillons/{draft}/abandonner") };
    Filling {
        visit: &citizen.visit,
        actor,
        draft,
        base: format!("/brouillons/{draft}"),
        later,
        confirmed: confirmation_path,
        page: citizen.page(""),
    }
}

#[handler]
pub(crate) async fn start(citizen: Citizen, Path(demarche): Path<String>, _: Opening) -> Result<Response, WebError> {
    let visit = &citizen.visit;
    let started =
        brouillons::start(&visit.town, &citizen.actor(), &demarche, Channel::Web, visit.client_address()).await?;
    let mut response = see(match started.first {
        Step::Page(page) => format!("/brouillons/{}/{page}", started.draft),
        Step::Check => format!("/brouillons/{}/verifier", started.draft),
    });
    if let Some(token) = started.token {
        let keys = cookies::with_key(visit.cookies.get(Cookie::Drafts), &token);
        cookies::set(&mut response, visit.transport(), Cookie::Drafts, &keys, Some(KEPT_DAYS * 24 * 3600));
    }
    Ok(response)
}

#[handler]
pub(crate) async fn resume(citizen: Citizen, Path(draft): Path<String>) -> Result<Response, WebError> {
    let id = id_of(&draft)?;
    let actor = known_holder(&citizen, id, &citizen.visit.path).await?;
    filling(&citizen, &actor, id).resume().await
}

#[handler]
pub(crate) async fn show(
    citizen: Citizen,
    Path((draft, page)): Path<(String, String)>,
    query: Query<Return>,
) -> Result<Response, WebError> {
    let id = id_of(&draft)?;
    let actor = known_holder(&citizen, id, &citizen.visit.path).await?;
    filling(&citizen, &actor, id).show(&page, journey::after(query.retour.as_deref())).await
}

#[handler]
pub(crate) async fn save(
    citizen: Citizen,
    Path((draft, page)): Path<(String, String)>,
    query: Query<Return>,
    posted: Stale,
) -> Result<Response, WebError> {
    let id = id_of(&draft)?;
    let Some(actor) = holder(&citizen, id).await? else {
        return resumption::ask_sign_in(&citizen, &posted.fields);
    };
    if !posted.trusted {
        return resumption::ask_confirmation(&citizen, &posted.fields);
    }
    filling(&citizen, &actor, id).save(&page, journey::after(query.retour.as_deref()), posted.inputs()).await
}

#[handler]
pub(crate) async fn update(
    citizen: Citizen,
    Path((draft, page)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let id = id_of(&draft)?;
    let actor = holder(&citizen, id).await?.ok_or(WebError::Forbidden)?;
    filling(&citizen, &actor, id).update(&page, posted.inputs()).await
}

#[handler]
pub(crate) async fn add_pieces(
    citizen: Citizen,
    Path((draft, page, field)): Path<(String, String, String)>,
    files: Upload,
) -> Result<Response, WebError> {
    let id = id_of(&draft)?;
    let Some(actor) = holder(&citizen, id).await? else {
        files.rest().await;
        let back = format!("/brouillons/{draft}/{page}");
        return Err(WebError::SignIn(sign_in_path("/compte/connexion", &back)));
    };
    filling(&citizen, &actor, id).add(&page, &field, files).await
}

/// Reloading the page of a refused file leads back to its question.
#[handler]
pub(crate) fn back_to_page(Path((draft, page, _)): Path<(String, String, String)>) -> Response {
    see(format!("/brouillons/{draft}/{page}"))
}

#[handler]
pub(crate) async fn remove_piece(
    citizen: Citizen,
    Path((draft, piece)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let id = id_of(&draft)?;
    let piece: PieceId = id_of(&piece)?;
    let actor = known_holder(&citizen, id, &format!("/brouillons/{draft}")).await?;
    filling(&citizen, &actor, id).remove(posted.text("page"), piece, posted.inputs()).await
}

#[handler]
pub(crate) async fn read_piece(
    citizen: Citizen,
    Path((draft, piece)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let id = id_of(&draft)?;
    let actor = known_holder(&citizen, id, &citizen.visit.path).await?;
    filling(&citizen, &actor, id).read(id_of(&piece)?).await
}

#[handler]
pub(crate) async fn check(citizen: Citizen, Path(draft): Path<String>) -> Result<Response, WebError> {
    let id = id_of(&draft)?;
    let actor = known_holder(&citizen, id, &citizen.visit.path).await?;
    filling(&citizen, &actor, id).check().await
}

/// Reloading the page that files leads to the check page, or to the confirmation once filed.
#[handler]
pub(crate) fn check_again(Path(draft): Path<String>) -> Response {
    see(format!("/brouillons/{draft}/verifier"))
}

/// "Continuer plus tard", without an account: where the draft is found again, and how to forget it.
#[handler]
pub(crate) async fn ask_discard(citizen: Citizen, Path(draft): Path<String>) -> Result<Response, WebError> {
    let id: DraftId = id_of(&draft)?;
    known_holder(&citizen, id, &citizen.visit.path).await?;
    let lead = "Votre demande n’est pas déposée. Vos réponses sont enregistrées : pour reprendre, revenez sur ce site avec \
                le même navigateur, ou connectez-vous à un compte pour la retrouver partout.";
    let mut form = FormPage::new(
        citizen.page("Continuer plus tard"),
        &format!("/brouillons/{draft}/abandonner"),
        "Effacer mes réponses",
    )
    .with_back(Back::labelled(&format!("/brouillons/{draft}"), "Reprendre ma demande"))
    .with_lead(lead)
    .with_lead("Si vous renoncez, vous pouvez effacer vos réponses et vos fichiers dès maintenant.");
    form.button = Button::new(ButtonStyle::Danger, "Effacer mes réponses");
    if citizen.signed_in.is_none() {
        let href = sign_in_path("/compte/connexion", &format!("/brouillons/{draft}"));
        form = form.with_link(&href, "Se connecter et garder cette demande dans mon compte");
    }
    form.answer()
}

#[handler]
pub(crate) async fn discard(citizen: Citizen, Path(draft): Path<String>, _: Posted) -> Result<Response, WebError> {
    let id = id_of(&draft)?;
    let actor = known_holder(&citizen, id, "/compte").await?;
    brouillons::discard(&citizen.visit.town, &actor, id).await?;
    let mut response = see("/");
    let keys = cookies::without_key(citizen.visit.cookies.get(Cookie::Drafts), &draft);
    cookies::set(&mut response, citizen.visit.transport(), Cookie::Drafts, &keys, Some(KEPT_DAYS * 24 * 3600));
    Ok(response)
}
