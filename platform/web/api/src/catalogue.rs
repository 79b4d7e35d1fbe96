//! What the town offers: the list, and the form of one démarche as its definition declares it.

#![expect(clippy::needless_pass_by_value, reason = "extractors are given by value")]

use std::collections::BTreeMap;

use parvis_contract::{Category, Choice, LegalCard, Page, Presentation, Privacy};
use parvis_domain::policy::Actor;
use parvis_ui::Visit;
use parvis_usecases::{
    catalogue::{self, Offered},
    depot_api::options_of,
};
use poem::{Response, handler, http::StatusCode, web::Path};
use serde::Serialize;

use crate::{body::json, door::API, problem::Problem};

#[derive(Serialize)]
struct ListOut<'a> {
    demarches: Vec<LineOut<'a>>,
}

#[derive(Serialize)]
struct LineOut<'a> {
    id: &'a str,
    title: &'a str,
    summary: &'a str,
    category: Category,
    version: &'a str,
    href: String,
}

/// A démarche. `pages`, with their fields and conditions, and `legal` follow the JSON Schema of the contract.
#[derive(Serialize)]
struct DemarcheOut<'a> {
    #[serde(flatten)]
    line: LineOut<'a>,
    presentation: &'a Presentation,
    legal: &'a LegalCard,
    silence: &'a str,
    privacy: &'a Privacy,
    contact: ContactOut<'a>,
    pages: &'a [Page],
    /// Choices that come from the town's settings, by field.
    options: BTreeMap<String, Vec<Choice>>,
}

#[derive(Serialize)]
struct ContactOut<'a> {
    service: &'a str,
    phone: &'a str,
    email: &'a str,
    hours: &'a [String],
}

/// The démarches of the town.
#[handler]
pub(crate) fn list(visit: Visit) -> Result<Response, Problem> {
    let themes = catalogue::themes(&visit.town, &Actor::Visitor)?;
    let offered = themes.iter().flat_map(|theme| &theme.demarches);
    Ok(json(StatusCode::OK, &ListOut { demarches: offered.map(|offered| line(offered)).collect() }))
}

/// One démarche.
#[handler]
pub(crate) fn one(visit: Visit, Path(id): Path<String>) -> Result<Response, Problem> {
    let presented = catalogue::present(&visit.town, &Actor::Visitor, &id)?;
    let definition = &presented.offered.definition;
    Ok(json(
        StatusCode::OK,
        &DemarcheOut {
            line: line(&presented.offered),
            presentation: &definition.presentation,
            legal: &definition.legal,
            silence: &presented.silence,
            privacy: &definition.privacy,
            contact: ContactOut {
                service: &presented.service.name,
                phone: &presented.phone,
                email: &presented.email,
                hours: &presented.hours,
            },
            pages: &definition.pages,
            options: options_of(&presented.offered),
        },
    ))
}

fn line(offered: &Offered) -> LineOut<'_> {
    let definition = &offered.definition;
    LineOut {
        id: &offered.id,
        title: &definition.title,
        summary: &definition.summary,
        category: definition.category,
        version: &definition.version,
        href: format!("{API}/demarches/{}", offered.id),
    }
}
