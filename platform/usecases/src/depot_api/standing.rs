//! Where a dossier stands, for whoever gives its number and its code.
//!
//! The code opens it as on the portal, with the same limits. A program that asks reads no message: those that wait for
//! the citizen still wait.

use parvis_contract::Phase;
use parvis_domain::policy::{Actor, Permission};
use parvis_store::piece_requests;

use super::DepositError;
use crate::{
    dossiers::{
        lines::{self, Reader},
        load, track,
        view::{PieceRequestView, StateView, TermView},
    },
    failure::Failure,
    parvis::Town,
    throttle::ClientAddress,
};

/// Where a dossier stands, in plain words.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Number.
    pub number: String,
    /// Id of the démarche.
    pub demarche: String,
    /// Title of the démarche.
    pub title: String,
    /// Where it stands.
    pub state: StateView,
    /// When it was filed, RFC 3339 in the town's zone like the other dates.
    pub filed_at: String,
    /// Last event.
    pub updated_at: String,
    /// When it ended.
    pub closed_at: Option<String>,
    /// When silence will have a meaning.
    pub term: Option<TermView>,
    /// Last day of that delay.
    pub term_day: Option<jiff::civil::Date>,
    /// What is asked of the citizen.
    pub request: Option<PieceRequestView>,
}

/// Where a dossier stands. `from` is where they ask from; a wrong number and a wrong code look the same.
pub async fn standing(town: &Town, number: &str, code: &str, from: ClientAddress) -> Result<Standing, DepositError> {
    let tracked = track(town, number, code, from).await.map_err(|failure| match failure {
        Failure::Refused(_) | Failure::Forbidden => DepositError::Failure(Failure::NotFound),
        other => DepositError::Failure(other),
    })?;
    let id = tracked.dossier;
    let loaded = load::allowed(town, &Actor::Tracker(id), id, Permission::DossierRead).await?;
    let requests = {
        let snapshot = town.db.read().await?;
        piece_requests::of_dossier(&snapshot, id).await?
    };
    let zone = town.profile.time_zone();
    let head = &loaded.head;
    let term = lines::term(town, &loaded, &requests);
    Ok(Standing {
        number: head.number.clone(),
        demarche: head.demarche.clone(),
        title: loaded.definition.title.clone(),
        state: lines::state(&loaded.definition, head, Reader::Usager),
        filed_at: head.filed_at.rfc3339(&zone),
        updated_at: head.updated_at.rfc3339(&zone),
        closed_at: head.closed_at.map(|at| at.rfc3339(&zone)),
        term_day: crate::decision::terms::day(town, head.term_at),
        term,
        request: lines::request(&loaded, &requests).filter(|_| head.phase != Phase::Termine),
    })
}
