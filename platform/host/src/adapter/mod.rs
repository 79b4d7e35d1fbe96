//! One adapter per published contract, behind one trait. An adapter converts types and nothing else: every check of
//! rights and limits stands once, in `checks`.

mod v0_1;

use parvis_domain::rules::{Context, Decision, DossierView, Event, FormState, Offer};
use wasmtime::{Engine, Store, component::Component};

use crate::call::{CallState, Failure};

/// A démarche ready to be called, whatever the contract it was built for.
pub(crate) trait Guest: Send + Sync {
    /// What it declares, as it wrote it.
    fn describe(&self, store: &mut Store<CallState>) -> Result<String, Failure>;

    /// See [`parvis_domain::rules::Rules::evaluate`].
    fn evaluate(
        &self,
        store: &mut Store<CallState>,
        context: &Context,
        dossier: &DossierView,
        step: Option<&str>,
    ) -> Result<FormState, Failure>;

    /// See [`parvis_domain::rules::Rules::offers`].
    fn offers(
        &self,
        store: &mut Store<CallState>,
        context: &Context,
        dossier: &DossierView,
    ) -> Result<Vec<Offer>, Failure>;

    /// See [`parvis_domain::rules::Rules::handle`].
    fn handle(
        &self,
        store: &mut Store<CallState>,
        context: &Context,
        dossier: &DossierView,
        event: &Event,
    ) -> Result<Decision, Failure>;
}

/// Finds the contract of a component by what it exports. The linker is empty: a démarche imports nothing.
pub(crate) fn adapt(engine: &Engine, component: &Component) -> Result<Box<dyn Guest>, String> {
    v0_1::adapt(engine, component)
}
