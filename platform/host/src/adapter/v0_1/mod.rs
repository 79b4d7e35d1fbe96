//! The adapter of `parvis:demarche@0.1`.

mod given;
mod taken;

use parvis_domain::rules::{Context, Decision, DossierView, Event, FormState, Offer, Refusal};
use wasmtime::{
    Engine, Store,
    component::{Component, Linker},
};

use super::Guest;
use crate::call::{CallState, Failure};

mod bindings {
    wasmtime::component::bindgen!({
        path: "../../plugins/contract/wit",
        world: "demarche",
    });
}

use bindings::{DemarchePre, exports::parvis::demarche::rules};

struct Demarche(DemarchePre<CallState>);

pub(super) fn adapt(engine: &Engine, component: &Component) -> Result<Box<dyn Guest>, String> {
    let linked = Linker::new(engine).instantiate_pre(component).map_err(|error| format!("{error:#}"))?;
    let demarche = DemarchePre::new(linked).map_err(|error| format!("{error:#}"))?;
    Ok(Box::new(Demarche(demarche)))
}

impl Guest for Demarche {
    fn describe(&self, store: &mut Store<CallState>) -> Result<String, Failure> {
        let instance = self.0.instantiate(&mut *store)?;
        Ok(instance.parvis_demarche_definition().call_describe(store)?)
    }

    fn evaluate(
        &self,
        store: &mut Store<CallState>,
        context: &Context,
        dossier: &DossierView,
        step: Option<&str>,
    ) -> Result<FormState, Failure> {
        let (context, dossier) = (given::context(context), given::dossier(dossier));
        let instance = self.0.instantiate(&mut *store)?;
        let form = instance.parvis_demarche_rules().call_evaluate(store, &context, &dossier, step)?;
        taken::form_state(form).map_err(Failure::Malformed)
    }

    fn offers(
        &self,
        store: &mut Store<CallState>,
        context: &Context,
        dossier: &DossierView,
    ) -> Result<Vec<Offer>, Failure> {
        let (context, dossier) = (given::context(context), given::dossier(dossier));
        let instance = self.0.instantiate(&mut *store)?;
        let offers = instance.parvis_demarche_rules().call_offers(store, &context, &dossier)?;
        Ok(offers.into_iter().map(taken::offer).collect())
    }

    fn handle(
        &self,
        store: &mut Store<CallState>,
        context: &Context,
        dossier: &DossierView,
        event: &Event,
    ) -> Result<Decision, Failure> {
        let (context, dossier, event) = (given::context(context), given::dossier(dossier), given::event(event));
        let instance = self.0.instantiate(&mut *store)?;
        match instance.parvis_demarche_rules().call_handle(store, &context, &dossier, &event)? {
            Ok(decision) => taken::decision(decision).map_err(Failure::Malformed),
            Err(refusal) => Err(Failure::Refused(refused(refusal))),
        }
    }
}

fn refused(refusal: rules::Refusal) -> Refusal {
    match refusal {
        rules::Refusal::Forbidden(why) => Refusal::Forbidden(why),
        rules::Refusal::Invalid(problems) => Refusal::Invalid(problems.into_iter().map(taken::problem).collect()),
        rules::Refusal::Unexpected(why) => Refusal::Unexpected(why),
    }
}
