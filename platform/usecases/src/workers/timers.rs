//! Timers of démarches and the law's terms: each raises one event, acknowledged in the event's own transaction.

use parvis_domain::{ids::DossierId, policy::Actor, rules::Event};
use parvis_store::outbox::Effect;

use super::{
    Outcome,
    orders::{TermOrder, TimerOrder},
};
use crate::{
    calling,
    decision::{self, Fresh, Step, terms},
    failure::Failure,
    notifications::{self, About},
    parvis::Town,
};

/// Fires a timer.
pub(super) async fn fire(town: &Town, effect: &Effect) -> Result<Outcome, Failure> {
    let Some((id, order)) = order::<TimerOrder>(effect) else { return Ok(unreadable()) };
    decision::happen(town, id, |_: &Fresh| {
        let mut step = Step::new(calling::rules_actor(&Actor::System, ""), Event::Timer(order.timer.clone()));
        step.along.raised_by = Some(effect.id);
        Ok(step)
    })
    .await?;
    Ok(Outcome::Acknowledged)
}

/// Raises the end of the legal term, unless it changed since it was scheduled.
pub(super) async fn lapse(town: &Town, effect: &Effect) -> Result<Outcome, Failure> {
    let Some((id, order)) = order::<TermOrder>(effect) else { return Ok(unreadable()) };
    decision::happen(town, id, |fresh: &Fresh| {
        let loaded = &fresh.loaded;
        if loaded.head.term_at.is_none_or(|at| at.micros() != order.at) {
            return Err(Failure::Refused("Le délai a changé.".to_owned()));
        }
        let mut step = Step::new(calling::rules_actor(&Actor::System, ""), Event::Lapsed);
        step.along.raised_by = Some(effect.id);
        if let Some(day) = terms::day(town, loaded.head.term_at) {
            let about = About { town, definition: &loaded.definition, head: &loaded.head };
            step.along.letters.push(notifications::lapsed(about, day));
        }
        Ok(step)
    })
    .await?;
    Ok(Outcome::Acknowledged)
}

fn order<T: serde::de::DeserializeOwned>(effect: &Effect) -> Option<(DossierId, T)> {
    Some((effect.dossier?, serde_json::from_value(effect.payload.clone()).ok()?))
}

fn unreadable() -> Outcome {
    Outcome::Dead("the order cannot be read".to_owned())
}
