//! Signing in: password, then the code of the second factor; leaving.

use askama::Template;
use parvis_ui::{
    Page, Visit, WebError,
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
#[template(path = "signin.html")]
struct SignIn<'a> {
    page: Page,
    town: &'a str,
    mistake: Option<String>,
    email: &'a str,
    to: &'a str,
}

#[derive(Template)]
#[template(path = "second.html")]
struct Second<'a> {
    page: Page,
    mistake: Option<String>,
    enrolment: Option<Shown>,
    to: &'a str,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct Invitation<'a> {
    page: Page,
    mistake: Option<String>,
    email: &'a str,
    action: &'a str,
}

/// What an authenticator needs, as a page shows it.
struct Shown {
    secret: String,
    svg: String,
}

/// `GET /agents/connexion`
#[handler]
#[expect(clippy::needless_pass_by_value, reason = "a handler owns what it extracts")]
pub(crate) fn show(visit: Visit, Query(back): Query<Back>) -> Result<Response, WebError> {
    let page = bare(&visit, "Espace des agents");
    ok(&SignIn { page, town: &visit.town.profile.name, mistake: None, email: "", to: &back.retour })
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
            let mistake = Some(sentence(error)?);
            let page = bare(&visit, "Espace des agents").with_mistakes();
            unprocessable(&SignIn { page, town: &visit.town.profile.name, mistake, email, to })
        }
    }
}

/// `GET /agents/code`
#[handler]
pub(crate) async fn second(visit: Visit, Query(back): Query<Back>) -> Result<Response, WebError> {
    match agents::pending(&visit.town, ticket(&visit)).await {
        Ok(enrolment) => {
            let page = bare(&visit, "Confirmer que c’est vous");
            ok(&Second { page, mistake: None, enrolment: shown(enrolment)?, to: &back.retour })
        }
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
            let mistake = Some(sentence(error)?);
            let Ok(enrolment) = agents::pending(&visit.town, ticket(&visit)).await else {
                return Ok(see(sign_in_path("/agents/connexion", to)));
            };
            let page = bare(&visit, "Confirmer que c’est vous").with_mistakes();
            unprocessable(&Second { page, mistake, enrolment: shown(enrolment)?, to })
        }
    }
}

/// `GET /agents/bienvenue/:link`
#[handler]
pub(crate) async fn invitation(visit: Visit, Path(link): Path<String>) -> Result<Response, WebError> {
    let email = agents::check_invitation(&visit.town, &link).await.map_err(refused)?;
    let page = bare(&visit, "Choisir votre mot de passe");
    ok(&Invitation { page, mistake: None, email: &email, action: &visit.path })
}

/// `POST /agents/bienvenue/:link`
#[handler]
pub(crate) async fn accept(visit: Visit, Path(link): Path<String>, posted: Opening) -> Result<Response, WebError> {
    let email = agents::check_invitation(&visit.town, &link).await.map_err(refused)?;
    match agents::accept_invitation(&visit.town, &link, Password::new(posted.raw("password"))).await {
        Ok(()) => Ok(see("/agents/connexion")),
        Err(error) => {
            let mistake = Some(sentence(error)?);
            let page = bare(&visit, "Choisir votre mot de passe").with_mistakes();
            unprocessable(&Invitation { page, mistake, email: &email, action: &visit.path })
        }
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
