//! The usager withdraws, while her dossier is open.

use parvis_domain::{
    ids::DossierId,
    policy::{Actor, Permission},
    rules::Event,
};

use crate::{
    calling,
    decision::{self, Fresh, Step},
    failure::Failure,
    notifications::{self, About},
    parvis::Town,
};

/// Withdraws a dossier.
pub async fn withdraw(town: &Town, actor: &Actor, id: DossierId) -> Result<(), Failure> {
    decision::happen(town, id, |fresh: &Fresh| {
        let loaded = &fresh.loaded;
        town.allow(actor, Permission::DossierWithdraw, Some(&loaded.subject()))?;
        if !loaded.state().is_some_and(|state| state.withdrawable) {
            return Err(Failure::Refused("Votre demande ne peut plus être retirée. Écrivez au service.".to_owned()));
        }
        let mut step = Step::new(calling::rules_actor(actor, ""), Event::Withdrawn);
        if loaded.head.contact.email.is_some() {
            let about = About { town, definition: &loaded.definition, head: &loaded.head };
            step.along.letters.push(notifications::withdrawn(about));
        }
        Ok(step)
    })
    .await?;
    Ok(())
}
