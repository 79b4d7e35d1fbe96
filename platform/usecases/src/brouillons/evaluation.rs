//! A draft with what its démarche says of it: the one place where the walk of a citizen's form is made.

use std::sync::Arc;

use parvis_contract::Definition;
use parvis_domain::{
    digest::Sha256,
    dossier::DossierKind,
    input::RawAnswers,
    journey::{Filer, Form, Walk, visible_answers, walk},
    policy::Actor,
    rules::{DossierView, FormState},
    settings::Settings,
    value::Answers,
};
use parvis_store::drafts::Draft;

use super::{
    access,
    view::{Computed, DraftHead, Step},
};
use crate::{
    calling::{self, Surroundings},
    failure::Failure,
    parvis::Town,
};

/// A draft, understood.
pub(crate) struct Sheet {
    pub(crate) definition: Arc<Definition>,
    pub(crate) component: Sha256,
    pub(crate) settings: Arc<Settings>,
    pub(crate) settings_digest: Sha256,
    pub(crate) service: String,
    pub(crate) filer: Filer,
    pub(crate) answers: Answers,
    pub(crate) raw: RawAnswers,
    pub(crate) state: FormState,
}

impl Sheet {
    /// The draft on the version of the form that the town offers now, before its démarche is asked.
    pub(crate) fn of(town: &Town, draft: &Draft) -> Result<Self, Failure> {
        let offered = town.catalogue.get(&draft.demarche).ok_or_else(|| {
            Failure::Refused(
                "Cette démarche n’est plus proposée en ligne. Contactez la mairie pour la faire.".to_owned(),
            )
        })?;
        Ok(Self {
            definition: Arc::clone(&offered.definition),
            component: offered.component,
            settings: Arc::clone(&offered.settings),
            settings_digest: offered.settings_digest,
            service: offered.service.clone(),
            filer: if draft.agent.is_some() { Filer::Agent } else { Filer::Usager },
            answers: draft.answers.clone(),
            raw: access::typed(draft),
            state: FormState::default(),
        })
    }

    fn form(&self) -> Form<'_> {
        Form { answers: &self.answers, raw: &self.raw, settings: &self.settings, filer: self.filer }
    }

    /// The walk, with what the démarche last said.
    pub(crate) fn walk(&self) -> Walk<'_> {
        walk(&self.definition, self.form(), &self.state)
    }

    /// Asks the démarche about the answers as they are now; `step` is the page, `None` for the whole.
    pub(crate) async fn evaluate(
        &mut self,
        town: &Town,
        actor: &Actor,
        draft: &Draft,
        step: Option<&str>,
    ) -> Result<(), Failure> {
        let context = calling::context(
            town,
            Surroundings {
                settings: &self.settings,
                channel: draft.channel,
                kind: DossierKind::Real,
                language: "fr",
                seed: &draft.id.to_string(),
                actor: calling::rules_actor(actor, ""),
                extra: Answers::default(),
            },
        );
        let view = DossierView {
            number: String::new(),
            revision: draft.revision,
            state: String::new(),
            filed_at: None,
            answers: visible_answers(&self.definition, self.form()),
            memory: serde_json::Value::Null,
        };
        self.state = calling::evaluate(town, self.component, context, view, step).await?;
        Ok(())
    }
}

/// Where a draft goes on: its first page that is not complete, or the check page.
pub(super) fn first_step(walk: &Walk<'_>) -> Step {
    walk.first_incomplete().map_or(Step::Check, |page| Step::Page(page.page.id.clone()))
}

/// The head of each page.
pub(super) fn head(draft: &Draft, sheet: &Sheet) -> DraftHead {
    DraftHead {
        id: draft.id,
        demarche: draft.demarche.clone(),
        title: sheet.definition.title.clone(),
        channel: draft.channel,
        saved_at: draft.updated_at,
        kept_until: draft.expires_at,
        form_changed: draft.component != sheet.component,
    }
}

/// What the démarche computes, in words.
pub(super) fn computed(walk: &Walk<'_>) -> Vec<Computed> {
    let line = |entry: parvis_domain::journey::Entry| {
        Some(Computed { field: entry.at.field, label: entry.label, text: entry.text? })
    };
    walk.computed().into_iter().filter_map(line).collect()
}
