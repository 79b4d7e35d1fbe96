//! The catalogue: home page, list, search, presentation of a démarche.

use std::sync::Arc;

use askama::Template;
use parvis_domain::policy::Actor;
use parvis_ui::{
    Page, WebError,
    components::{Empty, Link, ServiceCard, Trail},
    journey, page,
    session::Citizen,
};
use parvis_usecases::{
    catalogue::{self, Offered, Presented, category_label},
    profile::{PostalAddress, Profile, Service},
};
use poem::{
    Response, handler,
    web::{Path, Query},
};
use serde::Deserialize;

/// A démarche as a card.
struct Card {
    href: String,
    title: String,
    summary: String,
    minutes: u16,
    cost: Option<String>,
}

/// A theme and its cards.
struct ThemeCards {
    title: &'static str,
    cards: Vec<Card>,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    page: Page,
    themes: Vec<ThemeCards>,
    contact: ServiceCard,
}

#[derive(Template)]
#[template(path = "demarches.html")]
struct List {
    page: Page,
    trail: Trail,
    query: String,
    heading: String,
    themes: Vec<ThemeCards>,
    empty: Option<Empty>,
}

#[derive(Template)]
#[template(path = "demarche.html")]
struct Demarche {
    page: Page,
    trail: Trail,
    start: String,
    sign_in: Option<String>,
    presented: Presented,
    service: ServiceCard,
    controller: String,
    dpo: String,
    retention: String,
    recipients: String,
}

#[derive(Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
}

#[handler]
pub(crate) fn home(citizen: Citizen) -> Result<Response, WebError> {
    let town = &citizen.visit.town;
    let themes = themes(&citizen)?;
    let profile = &town.profile;
    page::for_all(&Home {
        page: citizen.page("Vos démarches en ligne"),
        themes,
        contact: ServiceCard {
            id: "contact".to_owned(),
            title: "Nous joindre".to_owned(),
            service: profile.name.clone(),
            address: Some(one_line(&profile.contact.address)),
            phone: Some(profile.contact.phone.clone()),
            email: Some(profile.contact.email.clone()),
            hours: profile.contact.hours.clone(),
            ..ServiceCard::default()
        },
    })
}

#[handler]
pub(crate) fn list(citizen: Citizen, search: Query<Search>) -> Result<Response, WebError> {
    let query = search.q.trim().to_owned();
    let (heading, themes) = if query.is_empty() {
        ("Toutes les démarches".to_owned(), themes(&citizen)?)
    } else {
        let found = catalogue::search(&citizen.visit.town, &Actor::Visitor, &query)?;
        let heading = match found.len() {
            0 => format!("Aucune démarche pour «\u{a0}{query}\u{a0}»"),
            1 => format!("1\u{a0}démarche pour «\u{a0}{query}\u{a0}»"),
            several => format!("{several}\u{a0}démarches pour «\u{a0}{query}\u{a0}»"),
        };
        let cards: Vec<Card> = found.iter().map(card).collect();
        (heading, if cards.is_empty() { Vec::new() } else { vec![ThemeCards { title: "Résultats", cards }] })
    };
    let empty = themes.is_empty().then(|| Empty {
        title: "Rien à cette recherche".to_owned(),
        text: "Essayez avec un autre mot, ou parcourez toutes les démarches.".to_owned(),
        link: Some(Link::new("/demarches", "Voir toutes les démarches")),
    });
    page::for_all(&List {
        page: citizen.page(&heading),
        trail: Trail::under_home(&[], "Démarches"),
        query,
        heading,
        themes,
        empty,
    })
}

#[handler]
pub(crate) fn show(citizen: Citizen, Path(id): Path<String>) -> Result<Response, WebError> {
    let town = &citizen.visit.town;
    let presented = catalogue::present(town, &Actor::Visitor, &id)?;
    let profile = &town.profile;
    let definition = &presented.offered.definition;
    let privacy = &definition.privacy;
    page::for_all(&Demarche {
        page: citizen.page(&definition.title),
        trail: Trail::under_home(&[("/demarches", "Démarches")], &definition.title),
        start: format!("/demarches/{id}/commencer"),
        sign_in: citizen
            .signed_in
            .is_none()
            .then(|| parvis_ui::session::sign_in_path("/compte/connexion", &format!("/demarches/{id}"))),
        service: service_card(&presented, profile),
        controller: profile.name.clone(),
        dpo: format!("{}, {}", profile.legal.dpo.name, profile.legal.dpo.email),
        retention: journey::retention(privacy.retention_months),
        recipients: privacy.recipients.join(", "),
        presented,
    })
}

fn themes(citizen: &Citizen) -> Result<Vec<ThemeCards>, WebError> {
    let themes = catalogue::themes(&citizen.visit.town, &Actor::Visitor)?;
    Ok(themes
        .into_iter()
        .map(|theme| ThemeCards {
            title: category_label(theme.category),
            cards: theme.demarches.iter().map(card).collect(),
        })
        .collect())
}

fn card(offered: &Arc<Offered>) -> Card {
    let definition = &offered.definition;
    Card {
        href: format!("/demarches/{}", offered.id),
        title: definition.title.clone(),
        summary: definition.summary.clone(),
        minutes: definition.presentation.minutes,
        cost: definition.presentation.cost.clone(),
    }
}

fn service_card(presented: &Presented, profile: &Profile) -> ServiceCard {
    let service: &Service = &presented.service;
    ServiceCard {
        id: "service".to_owned(),
        title: "Service chargé de cette démarche".to_owned(),
        service: service.name.clone(),
        address: Some(one_line(service.address_or(profile))),
        phone: Some(presented.phone.clone()),
        email: Some(presented.email.clone()),
        hours: presented.hours.clone(),
        ..ServiceCard::default()
    }
}

/// "1 place de la Mairie, 00000 Exemple".
pub(crate) fn one_line(address: &PostalAddress) -> String {
    format!("{}, {} {}", address.lines.join(", "), address.postal_code, address.town)
}
