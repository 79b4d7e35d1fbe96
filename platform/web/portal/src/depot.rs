//! From filing to following: the confirmation, the receipt, and the code that opens a dossier without an account.

use askama::Template;
use parvis_domain::{ids::DossierId, policy::Actor};
use parvis_ui::{
    Page, WebError,
    components::{FormPage, Input, Panel, PanelLine},
    cookies::{self, Cookie},
    download,
    journey::Deposit,
    page::{self, see},
    posted::{Opening, Posted},
    session::{Citizen, sign_in_path},
    text,
};
use parvis_usecases::{
    brouillons,
    catalogue::{self, silence_sentence},
    dossiers::{self, tracking, view::Confirmation as Confirmed},
    failure::Failure,
};
use poem::{
    Response, handler,
    web::{Path, Query},
};
use serde::Deserialize;

use crate::drafts::{filling, holder, id_of};

#[derive(Template)]
#[template(path = "confirmation.html")]
struct Confirmation {
    page: Page,
    panel: Panel,
    received: String,
    receipt_to: Option<String>,
    has_code: bool,
    next: String,
    receipt: String,
    follow: String,
    contact: Option<String>,
}

/// Where a filed dossier is confirmed to the citizen.
pub(crate) fn confirmation_path(dossier: DossierId) -> String {
    format!("/dossiers/{dossier}/depot")
}

#[handler]
pub(crate) async fn deposit(citizen: Citizen, Path(draft): Path<String>, _: Posted) -> Result<Response, WebError> {
    let id = id_of(&draft)?;
    let check = format!("/brouillons/{draft}/verifier");
    let actor = holder(&citizen, id).await?;
    let actor = actor.ok_or_else(|| WebError::SignIn(sign_in_path("/compte/connexion", &check)))?;
    match filling(&citizen, &actor, id).file().await? {
        Deposit::Answer(response) => Ok(response),
        Deposit::Filed(filed) => {
            let mut response = see(confirmation_path(filed.dossier));
            // Whoever files without an account follows her dossier at once.
            if let Some(tracked) = tracking::opened_by_filing(&citizen.visit.town, &filed) {
                keep_tracking(&citizen, &mut response, &tracked.token);
            }
            Ok(response)
        }
    }
}

fn keep_tracking(citizen: &Citizen, response: &mut Response, token: &str) {
    let visit = &citizen.visit;
    let keys = cookies::with_key(visit.cookies.get(Cookie::Tracking), token);
    cookies::set(response, visit.transport(), Cookie::Tracking, &keys, None);
}

/// Who the citizen is for a dossier: her account, else the holder of its code; nobody sees nothing.
pub(crate) fn reader(citizen: &Citizen, dossier: DossierId) -> Actor {
    let keys = citizen.visit.cookies.get(Cookie::Tracking);
    let tracked = cookies::key_to(keys, &dossier.to_string())
        .and_then(|token| tracking::session(&citizen.visit.town, token))
        .filter(|opened| *opened == dossier);
    match tracked {
        Some(dossier) => Actor::Tracker(dossier),
        None => citizen.actor(),
    }
}

#[handler]
pub(crate) async fn confirmation(citizen: Citizen, Path(id): Path<String>) -> Result<Response, WebError> {
    let id: DossierId = id_of(&id)?;
    let (_, confirmed) = confirmed(&citizen, id).await?;
    let Confirmed { filed, demarche, silence: term } = confirmed;
    let town = &citizen.visit.town;
    let zone = town.profile.time_zone();
    let demarche = town.catalogue.get(&demarche);
    let silence = || demarche.map(|offered| silence_sentence(&offered.definition.legal));
    let contact =
        demarche.and_then(|offered| catalogue::present(town, &Actor::Visitor, &offered.id).ok()).map(|presented| {
            format!("{}, téléphone {}, courriel {}", presented.service.name, presented.phone, presented.email)
        });
    let mut lines = vec![PanelLine { before: "Numéro de dossier :".to_owned(), code: filed.number.clone() }];
    if let Some(code) = &filed.tracking_code {
        lines.push(PanelLine { before: "Code de suivi :".to_owned(), code: code.clone() });
    }
    page::ok(&Confirmation {
        page: citizen.page("Votre demande est déposée").private(),
        panel: Panel { title: "Votre demande est déposée".to_owned(), lines },
        received: text::moment(filed.filed_at, &zone),
        receipt_to: filed.receipt_to,
        has_code: filed.tracking_code.is_some(),
        next: term.or_else(silence).unwrap_or_default(),
        receipt: format!("/dossiers/{id}/recepisse"),
        follow: format!("/dossiers/{id}"),
        contact,
    })
}

/// The confirmation, and who filed as far as cookies tell: the holder of the draft's key first, who alone is shown the
/// code, else the account or the code.
async fn confirmed(citizen: &Citizen, id: DossierId) -> Result<(Actor, Confirmed), WebError> {
    let town = &citizen.visit.town;
    for key in cookies::keys(citizen.visit.cookies.get(Cookie::Drafts)) {
        if let Some(draft) = brouillons::holder(town, key).await? {
            let actor = Actor::DraftHolder(draft);
            match dossiers::confirmation(town, &actor, id).await {
                Ok(confirmed) => return Ok((actor, confirmed)),
                Err(Failure::NotFound) => {}
                Err(failure) => return Err(failure.into()),
            }
        }
    }
    let actor = reader(citizen, id);
    let confirmed = dossiers::confirmation(town, &actor, id).await?;
    Ok((actor, confirmed))
}

#[handler]
pub(crate) async fn receipt(citizen: Citizen, Path(id): Path<String>) -> Result<Response, WebError> {
    let id: DossierId = id_of(&id)?;
    let town = &citizen.visit.town;
    let (actor, confirmed) = confirmed(&citizen, id).await?;
    let content = dossiers::receipt(town, &actor, id).await?;
    Ok(download::attachment_of(&format!("recepisse-{}.pdf", confirmed.filed.number), "application/pdf", content))
}

/// What the link of a mail knows already.
#[derive(Deserialize)]
pub(crate) struct Known {
    #[serde(default)]
    numero: String,
}

fn code_form(citizen: &Citizen, number: &str) -> FormPage {
    let form = FormPage::new(citizen.page("Suivre un dossier"), "/suivi", "Voir le dossier")
        .with_lead("Le numéro et le code sont sur la page affichée après le dépôt et dans l’accusé de réception.")
        .with_input(
            Input::text("numero", "Numéro de dossier").with_hint("Par exemple ODP-2026-000123").with_value(number),
        )
        .with_input(Input::text("code", "Code de suivi").with_hint("Les espaces et les tirets ne comptent pas"));
    if citizen.signed_in.is_some() {
        form.with_link("/compte", "Voir les dossiers de mon compte")
    } else {
        form.with_link("/compte/connexion", "J’ai un compte : me connecter")
    }
}

#[handler]
pub(crate) fn ask_code(citizen: Citizen, Query(known): Query<Known>) -> Result<Response, WebError> {
    code_form(&citizen, &known.numero).answer()
}

#[handler]
pub(crate) async fn track(citizen: Citizen, posted: Opening) -> Result<Response, WebError> {
    let (number, code) = (posted.text("numero"), posted.text("code"));
    let mut form = code_form(&citizen, number).with_typed(&posted);
    if number.is_empty() {
        form = form.with_mistake("numero", "Saisissez le numéro de dossier");
    }
    if code.is_empty() {
        form = form.with_mistake("code", "Saisissez le code de suivi");
    }
    if number.is_empty() || code.is_empty() {
        return form.answer();
    }
    let visit = &citizen.visit;
    match dossiers::track(&visit.town, number, code, visit.client_address()).await {
        Ok(tracked) => {
            let mut response = see(format!("/dossiers/{}", tracked.dossier));
            keep_tracking(&citizen, &mut response, &tracked.token);
            Ok(response)
        }
        Err(Failure::Refused(sentence)) => form.with_mistake("numero", &sentence).answer(),
        Err(failure) => Err(failure.into()),
    }
}
