//! A dossier with all that a démarche and a page need to read it.

use std::sync::Arc;

use parvis_contract::{Definition, Sensitivity, State};
use parvis_domain::{
    digest::Sha256,
    dossier::Dossier,
    ids::DossierId,
    lifecycle,
    policy::{Actor, Permission, Subject},
    rules::DossierView,
    settings::Settings,
    value::Answers,
};
use parvis_store::{Reads, answers, dossiers, settings};

use crate::{failure::Failure, parvis::Town};

/// A dossier, read at one instant.
pub(crate) struct Loaded {
    pub(crate) head: Dossier,
    pub(crate) answers: Answers,
    pub(crate) definition: Arc<Definition>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) settings_digest: Sha256,
}

/// A dossier of the town.
pub(crate) async fn read(town: &Town, id: DossierId) -> Result<Loaded, Failure> {
    let snapshot = town.db.read().await?;
    within(town, &snapshot, id).await
}

/// A dossier that the actor may use so; any other does not exist for her, or is refused.
pub(crate) async fn allowed(
    town: &Town,
    actor: &Actor,
    id: DossierId,
    permission: Permission,
) -> Result<Loaded, Failure> {
    let loaded = read(town, id).await?;
    town.allow(actor, permission, Some(&loaded.subject()))?;
    Ok(loaded)
}

/// The same, in a transaction that reads.
pub(crate) async fn within(town: &Town, reads: &impl Reads, id: DossierId) -> Result<Loaded, Failure> {
    let head = dossiers::by_id(reads, id).await?.ok_or(Failure::NotFound)?;
    let answers = answers::current(reads, id).await?;
    let definition = town.parvis.rules.definition(head.component)?;
    let (settings_digest, settings) = if let Some(offered) = town.catalogue.get(&head.demarche) {
        (offered.settings_digest, Arc::clone(&offered.settings))
    } else {
        // No longer offered: its dossiers go on with the settings they were filed under.
        let filing = dossiers::filing(reads, id).await?.ok_or(Failure::NotFound)?;
        let content = settings::content(reads, filing.settings).await?;
        (filing.settings, Arc::new(content.map(Settings::from).unwrap_or_default()))
    };
    Ok(Loaded { head, answers, definition, settings, settings_digest })
}

impl Loaded {
    /// What the policy needs to know.
    pub(crate) fn subject(&self) -> Subject {
        subject(&self.head)
    }

    /// The dossier as its démarche sees it.
    pub(crate) fn view(&self, town: &Town) -> DossierView {
        DossierView {
            number: self.head.number.clone(),
            revision: self.head.revision,
            state: self.head.state.clone(),
            filed_at: Some(self.head.filed_at.rfc3339(&town.profile.time_zone())),
            answers: self.answers.clone(),
            memory: self.head.memory.clone(),
        }
    }

    /// The state it is in, when its version still declares it.
    pub(crate) fn state(&self) -> Option<&State> {
        lifecycle::state(&self.definition, &self.head.state)
    }

    /// Whether the answer of a field is hidden from whoever has no right to sensitive ones.
    pub(crate) fn is_sensitive(&self, field: &str) -> bool {
        lifecycle::field(&self.definition, field).is_some_and(|declared| declared.sensitivity == Sensitivity::Sensitive)
    }
}

/// What the policy needs to know of a dossier.
pub(crate) fn subject(head: &Dossier) -> Subject {
    Subject {
        dossier: head.id,
        service: head.service.clone(),
        demarche: head.demarche.clone(),
        usager: head.usager,
        restricted: head.restricted,
    }
}
