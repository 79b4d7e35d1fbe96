//! Following a dossier without an account: its number and its code open a short session on it, and on nothing else.

use std::time::Duration;

use parvis_domain::{
    digest::Sha256,
    ids::DossierId,
    numbers::TrackingCode,
    time::{Entropy, Instant},
};
use parvis_store::dossiers;

use super::view::Filed;
use crate::{
    failure::Failure,
    parvis::Town,
    throttle::{ClientAddress, Guess},
};

/// How long a session on one dossier lasts.
const SESSION: Duration = Duration::from_hours(2);
/// A session on one dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracked {
    /// Dossier.
    pub dossier: DossierId,
    /// What opens it again until `until`, for a cookie.
    pub token: String,
    /// Until when.
    pub until: Instant,
}

/// Opens a session on a dossier by its number and its code; wrong codes cost more and more. `from` is where they ask
/// from. A wrong number and a wrong code look the same.
pub async fn track(town: &Town, number: &str, code: &str, from: ClientAddress) -> Result<Tracked, Failure> {
    let now = town.now();
    let number = number.trim().to_uppercase();
    let by_number = Guess::at("tracking", &number);
    let by_address = Guess::from("tracking", from);
    let unit = town.db.write().await?;
    by_number.check(&unit, now).await?;
    by_address.check(&unit, now).await?;
    let found = match (dossiers::by_number(&unit, &number).await?, TrackingCode::read(code)) {
        (Some(head), Some(code)) => {
            let filing = dossiers::filing(&unit, head.id).await?;
            let expected = filing.and_then(|filing| filing.tracking_hash);
            expected.filter(|hash| same(hash, &digest(head.id, &code))).map(|_| head.id)
        }
        _ => None,
    };
    if found.is_some() {
        by_number.right(&unit).await?;
    } else {
        by_number.wrong(&unit, now).await?;
        by_address.wrong(&unit, now).await?;
    }
    unit.commit().await?;
    let dossier = found.ok_or_else(|| {
        Failure::Refused(
            "Ce numéro et ce code ne vont pas ensemble. Vérifiez-les dans votre accusé de réception.".to_owned(),
        )
    })?;
    Ok(session_on(town, dossier))
}

/// A session for whoever has just filed without an account: she need not type the code that she is being shown.
pub fn opened_by_filing(town: &Town, filed: &Filed) -> Option<Tracked> {
    filed.tracking_code.as_ref().map(|_| session_on(town, filed.dossier))
}

fn session_on(town: &Town, dossier: DossierId) -> Tracked {
    let until = town.now().plus(SESSION);
    let token = format!("{dossier}.{}.{}", until.micros(), seal(town, dossier, until));
    Tracked { dossier, token, until }
}

/// The dossier that a session opens, for `Actor::Tracker`; `None` when it ended or was not given by this deployment.
pub fn session(town: &Town, token: &str) -> Option<DossierId> {
    let mut parts = token.split('.');
    let dossier: DossierId = parts.next()?.parse().ok()?;
    let until = Instant::from_micros(parts.next()?.parse().ok()?);
    let given: Sha256 = parts.next()?.parse().ok()?;
    let right = parts.next().is_none() && town.now() < until && same(&given, &seal(town, dossier, until));
    right.then_some(dossier)
}

fn seal(town: &Town, dossier: DossierId, until: Instant) -> Sha256 {
    let (tenant, dossier, until) = (town.id.uuid(), dossier.uuid(), until.micros().to_be_bytes());
    town.parvis.config.key.mac("tracker", &[tenant.as_bytes(), dossier.as_bytes(), &until])
}

/// The code of a dossier: drawn from the deployment's key, so that the confirmation shows it again after a refresh.
pub(crate) fn code(town: &Town, dossier: DossierId) -> TrackingCode {
    let (tenant, dossier) = (town.id.uuid(), dossier.uuid());
    let parts: [&[u8]; 2] = [tenant.as_bytes(), dossier.as_bytes()];
    TrackingCode::new(&Drawn(town.parvis.config.key.mac("tracking-code", &parts)))
}

/// What the database holds of a code.
pub(crate) fn digest(dossier: DossierId, code: &TrackingCode) -> Sha256 {
    Sha256::of_parts(&[b"parvis tracking\n", dossier.uuid().as_bytes(), code.as_bytes()])
}

/// Compares without telling by its time where two digests differ.
fn same(one: &Sha256, other: &Sha256) -> bool {
    let differences = one.as_bytes().iter().zip(other.as_bytes()).fold(0, |found, (one, other)| found | (one ^ other));
    differences == 0
}

/// Chance drawn from a key: the same for the same dossier.
struct Drawn(Sha256);

impl Entropy for Drawn {
    fn fill(&self, buffer: &mut [u8]) {
        for (octet, drawn) in buffer.iter_mut().zip(self.0.as_bytes().iter().cycle()) {
            *octet = *drawn;
        }
    }
}
