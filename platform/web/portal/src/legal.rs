//! What the law wants said, from what the town's folder declares.

use askama::Template;
use parvis_domain::policy::Actor;
use parvis_ui::{Page, WebError, components::Trail, cookies::Cookie, page, session::Citizen, text};
use parvis_usecases::{
    catalogue,
    profile::{Conformity, Profile},
};
use poem::{Response, Route, get, handler};

use crate::demarches::one_line;

/// The routes of the legal pages.
pub(crate) fn routes(route: Route) -> Route {
    route
        .at("/accessibilite", get(accessibility))
        .at("/mentions-legales", get(notices))
        .at("/donnees-personnelles", get(personal_data))
        .at("/cookies", get(cookies))
        .at("/modalites", get(terms))
        .at("/plan-du-site", get(site_map))
}

/// What every legal page may name.
struct Town {
    name: String,
    address: String,
    phone: String,
    email: String,
    hours: Vec<String>,
    siren: String,
}

fn town(profile: &Profile) -> Town {
    Town {
        name: profile.name.clone(),
        address: one_line(&profile.contact.address),
        phone: profile.contact.phone.clone(),
        email: profile.contact.email.clone(),
        hours: profile.contact.hours.clone(),
        siren: profile.siren.clone(),
    }
}

/// A démarche, as legal pages list it.
struct Line {
    href: String,
    title: String,
    service: String,
}

fn lines(citizen: &Citizen) -> Result<Vec<Line>, WebError> {
    let town = &citizen.visit.town;
    let themes = catalogue::themes(town, &Actor::Visitor)?;
    let offered = themes.into_iter().flat_map(|theme| theme.demarches);
    Ok(offered
        .map(|offered| Line {
            href: format!("/demarches/{}", offered.id),
            title: offered.definition.title.clone(),
            service: town.profile.service(&offered.service).map(|service| service.name.clone()).unwrap_or_default(),
        })
        .collect())
}

#[derive(Template)]
#[template(path = "legal/accessibilite.html")]
struct Accessibility {
    page: Page,
    trail: Trail,
    town: Town,
    state: &'static str,
    stated_on: String,
    contact: String,
    outdated: bool,
}

#[handler]
fn accessibility(citizen: Citizen) -> Result<Response, WebError> {
    let profile = &citizen.visit.town.profile;
    let held = &profile.legal.accessibility;
    let today = citizen.visit.at.date(&profile.time_zone());
    let age = today.year() - held.stated_on.year();
    let over_three_years =
        age > 3 || (age == 3 && (today.month(), today.day()) > (held.stated_on.month(), held.stated_on.day()));
    page::for_all(&Accessibility {
        page: citizen.page("Accessibilité"),
        trail: Trail::under_home(&[], "Accessibilité"),
        town: town(profile),
        state: match held.conformity {
            Conformity::Totale => "totalement conforme",
            Conformity::Partielle => "partiellement conforme",
            Conformity::NonConforme => "non conforme",
        },
        stated_on: text::date(held.stated_on),
        contact: held.email.clone(),
        outdated: over_three_years,
    })
}

#[derive(Template)]
#[template(path = "legal/mentions.html")]
struct Notices {
    page: Page,
    trail: Trail,
    town: Town,
    publisher: String,
    hosting: String,
    mediator: Option<String>,
    tribunal: String,
}

#[handler]
fn notices(citizen: Citizen) -> Result<Response, WebError> {
    let profile = &citizen.visit.town.profile;
    let legal = &profile.legal;
    page::for_all(&Notices {
        page: citizen.page("Mentions légales"),
        trail: Trail::under_home(&[], "Mentions légales"),
        town: town(profile),
        publisher: legal.publisher.clone(),
        hosting: legal.hosting.clone(),
        mediator: legal.mediator.as_ref().map(|mediator| format!("{}, {}", mediator.name, mediator.contact)),
        tribunal: format!("{}, {}, {}", legal.tribunal.name, legal.tribunal.address, legal.tribunal.telerecours),
    })
}

#[derive(Template)]
#[template(path = "legal/donnees.html")]
struct PersonalData {
    page: Page,
    trail: Trail,
    town: Town,
    dpo: String,
    dpo_email: String,
    dpo_address: String,
    demarches: Vec<Line>,
}

#[handler]
fn personal_data(citizen: Citizen) -> Result<Response, WebError> {
    let profile = &citizen.visit.town.profile;
    let dpo = &profile.legal.dpo;
    page::for_all(&PersonalData {
        page: citizen.page("Données personnelles"),
        trail: Trail::under_home(&[], "Données personnelles"),
        town: town(profile),
        dpo: dpo.name.clone(),
        dpo_email: dpo.email.clone(),
        dpo_address: dpo.address.clone(),
        demarches: lines(&citizen)?,
    })
}

#[derive(Template)]
#[template(path = "legal/cookies.html")]
struct Cookies {
    page: Page,
    trail: Trail,
    lines: Vec<CookieLine>,
}

struct CookieLine {
    name: String,
    purpose: &'static str,
    lasts: &'static str,
}

#[handler]
fn cookies(citizen: Citizen) -> Result<Response, WebError> {
    let transport = citizen.visit.transport();
    let line = |cookie: Cookie| {
        let (purpose, lasts) = match cookie {
            Cookie::Usager => ("Vous garder connecté à votre compte", "30 jours au plus, ou jusqu’à la déconnexion"),
            Cookie::Agent => ("Garder un agent connecté à son espace", "12 heures au plus"),
            Cookie::Drafts => ("Retrouver une demande commencée sans compte", "30 jours"),
            Cookie::Ticket => ("Enchaîner les étapes de la connexion d’un agent", "Quelques minutes"),
            Cookie::Tracking => ("Suivre un dossier ouvert avec son code", "Jusqu’à la fermeture du navigateur"),
        };
        CookieLine { name: transport.cookie_name(cookie), purpose, lasts }
    };
    page::for_all(&Cookies {
        page: citizen.page("Cookies"),
        trail: Trail::under_home(&[], "Cookies"),
        lines: Cookie::ALL.map(line).into(),
    })
}

#[derive(Template)]
#[template(path = "legal/modalites.html")]
struct Terms {
    page: Page,
    trail: Trail,
    town: Town,
    sender: String,
    file_limit: String,
    demarches: Vec<Line>,
}

#[handler]
fn terms(citizen: Citizen) -> Result<Response, WebError> {
    let profile = &citizen.visit.town.profile;
    page::for_all(&Terms {
        page: citizen.page("Écrire à l’administration par voie électronique"),
        trail: Trail::under_home(&[], "Écrire par voie électronique"),
        town: town(profile),
        sender: profile.sender.from.clone(),
        file_limit: text::size(citizen.visit.town.parvis.config.limits.piece_octets),
        demarches: lines(&citizen)?,
    })
}

#[derive(Template)]
#[template(path = "legal/plan.html")]
struct SiteMap {
    page: Page,
    trail: Trail,
    demarches: Vec<Line>,
}

#[handler]
fn site_map(citizen: Citizen) -> Result<Response, WebError> {
    page::for_all(&SiteMap {
        page: citizen.page("Plan du site"),
        trail: Trail::under_home(&[], "Plan du site"),
        demarches: lines(&citizen)?,
    })
}
