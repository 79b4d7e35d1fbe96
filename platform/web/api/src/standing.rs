//! Where a dossier stands.

use parvis_contract::{Outcome, Phase, WaitsFor};
use parvis_domain::dossier::Origin;
use parvis_ui::Visit;
use parvis_usecases::{
    depot_api::{self, Standing},
    dossiers::view::WantedLine,
};
use poem::{Request, Response, handler, http::StatusCode, web::Path};
use serde::Serialize;

use crate::{
    body::json,
    problem::{Problem, ProblemCode},
};

const CODE: &str = "tracking-code";

#[derive(Serialize)]
struct DossierOut<'a> {
    number: &'a str,
    demarche: &'a str,
    title: &'a str,
    phase: Phase,
    waits_for: WaitsFor,
    outcome: Option<Outcome>,
    origin: Option<Origin>,
    state: StateOut<'a>,
    received_at: &'a str,
    updated_at: &'a str,
    closed_at: Option<&'a str>,
    silence: Option<SilenceOut<'a>>,
    request: Option<RequestOut<'a>>,
}

#[derive(Serialize)]
struct StateOut<'a> {
    id: &'a str,
    label: &'a str,
    next: &'a str,
}

#[derive(Serialize)]
struct SilenceOut<'a> {
    sentence: &'a str,
    /// Last day of the delay.
    term: Option<String>,
    suspended: bool,
}

/// What the town asks of the citizen; she answers it on the site.
#[derive(Serialize)]
struct RequestOut<'a> {
    reason: &'a str,
    asked_at: String,
    until: String,
    items: Vec<ItemOut<'a>>,
}

#[derive(Serialize)]
struct ItemOut<'a> {
    field: &'a str,
    label: &'a str,
    essential: bool,
    basis: &'a str,
}

/// Where a dossier stands.
#[handler]
pub(crate) async fn one(request: &Request, visit: Visit, Path(number): Path<String>) -> Result<Response, Problem> {
    let code = request.header(CODE).map(str::trim).filter(|code| !code.is_empty());
    let code = code.ok_or_else(|| Problem::new(ProblemCode::TrackingCodeRequired))?;
    let standing = depot_api::standing(&visit.town, &number, code, visit.client_address()).await?;
    Ok(json(StatusCode::OK, &out(&visit, &standing)))
}

fn out<'a>(visit: &Visit, standing: &'a Standing) -> DossierOut<'a> {
    let zone = visit.town.profile.time_zone();
    let state = &standing.state;
    DossierOut {
        number: &standing.number,
        demarche: &standing.demarche,
        title: &standing.title,
        phase: state.phase,
        waits_for: state.waits_for,
        outcome: state.outcome,
        origin: state.origin,
        state: StateOut { id: &state.id, label: &state.label, next: &state.next },
        received_at: &standing.filed_at,
        updated_at: &standing.updated_at,
        closed_at: standing.closed_at.as_deref(),
        silence: standing.term.as_ref().map(|term| SilenceOut {
            sentence: &term.sentence,
            term: standing.term_day.map(|day| day.to_string()),
            suspended: term.suspended,
        }),
        request: standing.request.as_ref().map(|request| RequestOut {
            reason: &request.reason,
            asked_at: request.asked_at.rfc3339(&zone),
            until: request.until.rfc3339(&zone),
            items: request.items.iter().map(item).collect(),
        }),
    }
}

fn item(wanted: &WantedLine) -> ItemOut<'_> {
    ItemOut { field: &wanted.field, label: &wanted.label, essential: wanted.essential, basis: &wanted.basis }
}
