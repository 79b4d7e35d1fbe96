//! Signing in: password, then the code of the second factor; leaving.

use askama::Template;
use parvis_ui::{
    Page, Visit, WebError,
    components::{ErrorSummary, FormPage, Input},
    cookies::{self, Cookie},
    page::{ok, see, unprocessable},
    posted::{Opening, Posted},
    session::{AtWork, keep, local_path, sign_in_path},
};
use parvis_usecases::{
    agents::{self, AgentError, Enrolment, Step},
    passwords::Password,
    sessions,
    throttle::ClientAddress,
};
use poem::{
    Response, handler,
    web::{Path, Query},
};
use qrcode::{QrCode, render::svg};
use serde::Deserialize;

/// Where to go once signed in.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    retour: String,
}

#[derive(Template)]
#[template(path = "second.html")]
struct Second<'a> {
    page: Page,
    summary: ErrorSummary,
    enrolment: Option<Shown>,
    code: Input,
    to: &'a str,
}

/// What an authenticator needs, as a page shows it.
struct Shown {
    secret: String,
    svg: String,
}

fn sign_in_form(visit: &Visit, to: &str) -> FormPage {
    FormPage::new(bare(visit, "Espace des agents"), "/agents/connexion", "Continuer")
        .with_lead(&visit.town.profile.name)
        .with_hidden("vers", to)
        .with_input(Input::email("email", "Adresse électronique professionnelle").with_autocomplete("username"))
        .with_input(Input::password("password", "Mot de passe", "current-password"))
}

/// `GET /agents/connexion`
#[handler]
#[expect(clippy::needless_pass_by_value, reason = "a handler owns what it extracts")]
pub(crate) fn show(visit: Visit, Query(back): Query<Back>) -> Result<Response, WebError> {
    sign_in_form(&visit, &back.retour).answer()
}

/// `POST /agents/connexion`
#[handler]
pub(crate) async fn password(visit: Visit, posted: Opening) -> Result<Response, WebError> {
    let (email, to) = (posted.text("email"), posted.text("vers"));
    let typed = Password::new(posted.raw("password"));
    match agents::sign_in(&visit.town, from(&visit), email, typed).await {
        Ok(Step::Opened(opened)) => {
            let mut response = see(local_path(to, "/agents/"));
            keep(&visit, &mut response, Cookie::Agent, &opened);
            Ok(response)
        }
        Ok(Step::Code { ticket } | Step::Enrol { ticket, .. }) => {
            let mut response = see(sign_in_path("/agents/code", to));
            cookies::set(&mut response, visit.transport(), Cookie::Ticket, ticket.as_str(), Some(600));
            Ok(response)
        }
        Err(error) => {
            let sentence = sentence(error)?;
            sign_in_form(&visit, to).with_typed(&posted).with_mistake("email", &sentence).answer()
        }
    }
}

/// `GET /agents/code`
#[handler]
pub(crate) async fn second(visit: Visit, Query(back): Query<Back>) -> Result<Response, WebError> {
    match agents::pending(&visit.town, ticket(&visit)).await {
        Ok(enrolment) => ok(&second_page(&visit, enrolment, &back.retour, None)?),
        Err(_) => Ok(see(sign_in_path("/agents/connexion", &back.retour))),
    }
}

/// `POST /agents/code`
#[handler]
pub(crate) async fn code(visit: Visit, posted: Opening) -> Result<Response, WebError> {
    let to = posted.text("vers");
    match agents::second_factor(&visit.town, from(&visit), ticket(&visit), posted.text("code")).await {
        Ok(opened) => {
            let mut response = see(local_path(to, "/agents/"));
            cookies::forget(&mut response, visit.transport(), Cookie::Ticket);
            keep(&visit, &mut response, Cookie::Agent, &opened);
            Ok(response)
        }
        Err(error) => {
            let sentence = sentence(error)?;
            let Ok(enrolment) = agents::pending(&visit.town, ticket(&visit)).await else {
                return Ok(see(sign_in_path("/agents/connexion", to)));
            };
            unprocessable(&second_page(&visit, enrolment, to, Some(sentence))?)
        }
    }
}

fn second_page<'a>(
    visit: &Visit,
    enrolment: Option<Enrolment>,
    to: &'a str,
    mistake: Option<String>,
) -> Result<Second<'a>, WebError> {
    let title = if enrolment.is_some() { "Protéger votre compte" } else { "Confirmer que c’est vous" };
    let mut page = bare(visit, title);
    page.failed = mistake.is_some();
    let mut input = Input::text("code", "Code à six chiffres").with_autocomplete("one-time-code");
    (input.width, input.mode) = ("w5", "numeric");
    Ok(Second {
        page,
        summary: mistake.as_ref().map(|sentence| ErrorSummary::one("code", sentence)).unwrap_or_default(),
        enrolment: shown(enrolment)?,
        code: input.with_error(mistake),
        to,
    })
}

fn invitation_form(visit: &Visit, email: &str) -> FormPage {
    FormPage::new(bare(visit, "Choisir votre mot de passe"), &visit.path, "Enregistrer")
        .with_lead(&format!("Pour le compte {email}."))
        .with_hidden("username", email)
        .with_input(
            Input::password("password", "Nouveau mot de passe", "new-password")
                .with_hint("12 caractères ou plus ; une phrase convient, vous pouvez la coller"),
        )
}

/// `GET /agents/bienvenue/:link`
#[handler]
pub(crate) async fn invitation(visit: Visit, Path(link): Path<String>) -> Result<Response, WebError> {
    let email = agents::check_invitation(&visit.town, &link).await.map_err(refused)?;
    invitation_form(&visit, &email).answer()
}

/// `POST /agents/bienvenue/:link`
#[handler]
pub(crate) async fn accept(visit: Visit, Path(link): Path<String>, posted: Opening) -> Result<Response, WebError> {
    let email = agents::check_invitation(&visit.town, &link).await.map_err(refused)?;
    match agents::accept_invitation(&visit.town, &link, Password::new(posted.raw("password"))).await {
        Ok(()) => Ok(see("/agents/connexion")),
        Err(error) => invitation_form(&visit, &email).with_mistake("password", &sentence(error)?).answer(),
    }
}

/// `POST /agents/deconnexion`
#[handler]
pub(crate) async fn out(at_work: AtWork, _posted: Posted) -> Result<Response, WebError> {
    let visit = &at_work.visit;
    if let Some(token) = visit.cookies.get(Cookie::Agent) {
        sessions::close(&visit.town, token).await.map_err(WebError::internal)?;
    }
    let mut response = see("/agents/connexion");
    cookies::forget(&mut response, visit.transport(), Cookie::Agent);
    Ok(response)
}

/// A page before anyone is signed in.
pub(crate) fn bare(visit: &Visit, title: &str) -> Page {
    let nav =
        parvis_ui::Nav { home: "/".to_owned(), place: "Espace des agents".to_owned(), ..parvis_ui::Nav::default() };
    Page::new(visit, title).with_nav(nav).private()
}

fn ticket(visit: &Visit) -> &str {
    visit.cookies.get(Cookie::Ticket).unwrap_or_default()
}

fn shown(enrolment: Option<Enrolment>) -> Result<Option<Shown>, WebError> {
    let Some(enrolment) = enrolment else { return Ok(None) };
    let drawn = QrCode::new(enrolment.url.as_bytes()).map_err(WebError::internal)?;
    let svg = drawn
        .render::<svg::Color<'_>>()
        .min_dimensions(200, 200)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    let svg = svg.split_once("?>").map_or(svg.clone(), |(_, picture)| picture.to_owned());
    Ok(Some(Shown { secret: grouped(&enrolment.secret), svg }))
}

/// What the page says of a refusal; a failure of the product is not the agent's affair.
fn sentence(error: AgentError) -> Result<String, WebError> {
    match error {
        AgentError::Store(_) | AgentError::Vault(_) | AgentError::SecondFactor => Err(WebError::internal(error)),
        AgentError::Busy => Err(WebError::Busy(5)),
        AgentError::Denied(denied) => Err(denied.into()),
        other => Ok(other.to_string()),
    }
}

fn refused(error: AgentError) -> WebError {
    match sentence(error) {
        Ok(sentence) => WebError::Refused(sentence),
        Err(error) => error,
    }
}

/// The client's address, which throttles count by.
fn from(visit: &Visit) -> ClientAddress {
    ClientAddress::new(visit.client)
}

/// The secret in groups of four, to be typed.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
