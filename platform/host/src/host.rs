//! The host itself: installs components, keeps them ready, and calls them.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use parvis_contract::Definition;
use parvis_domain::{
    digest::Sha256,
    ids::PieceId,
    ports::{InstallError, Installed, Installer},
    rules::{CallError, Context, Decision, DossierView, Event, FormState, Offer, Refusal, Rules},
};
use wasmtime::{Engine, Store, component::Component};

use crate::{
    adapter::{self, Guest},
    call::{CallState, Failure, Sandbox},
    checks::{catalogue::Catalogue, decision, form, input},
    code_cache::CodeCache,
    compile::Compiler,
    definition,
    engine::{self, Ticker},
    limits::{Budget, LimitError, Limits},
};

/// How a deployment runs démarches.
#[derive(Debug, Clone)]
pub struct HostConfig {
    /// What a call may use.
    pub limits: Limits,
    /// Calls that run at once; further ones wait for a slot.
    pub slots: u32,
    /// Where compiled code is kept; without one, each start compiles again.
    pub cache: Option<CodeCache>,
    /// Where components are compiled.
    pub compiler: Compiler,
}

impl Default for HostConfig {
    fn default() -> Self {
        Self { limits: Limits::default(), slots: 16, cache: None, compiler: Compiler::InProcess }
    }
}

/// Why the host does not start.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// A limit is over its ceiling.
    #[error(transparent)]
    Limit(#[from] LimitError),
    /// No call could ever run.
    #[error("the host needs at least one slot")]
    NoSlot,
    /// The engine does not start on this machine.
    #[error("the engine of démarches does not start: {0}")]
    Engine(String),
    /// The thread of the wall clock does not start.
    #[error("the clock of démarches does not start: {0}")]
    Clock(#[from] std::io::Error),
}

/// A démarche ready to be called, shared by every tenant.
struct Ready {
    definition: Arc<Definition>,
    catalogue: Catalogue,
    budget: Budget,
    guest: Box<dyn Guest>,
}

/// Runs démarches. One by process: it owns the engine, the pool of slots and the compiled components.
pub struct Host {
    limits: Limits,
    cache: Option<CodeCache>,
    compiler: Compiler,
    engine: Engine,
    compatibility: Sha256,
    sandbox: Sandbox,
    ready: RwLock<HashMap<Sha256, Arc<Ready>>>,
    _ticker: Ticker,
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("limits", &self.limits).field("compiler", &self.compiler).finish_non_exhaustive()
    }
}

impl Host {
    /// Starts the engine.
    pub fn new(config: HostConfig) -> Result<Self, HostError> {
        config.limits.check()?;
        if config.slots == 0 {
            return Err(HostError::NoSlot);
        }
        let engine = engine::running(config.slots).map_err(|error| HostError::Engine(format!("{error:#}")))?;
        Ok(Self {
            compatibility: engine::compatibility(&engine),
            sandbox: Sandbox::new(engine.clone(), config.limits.clone(), config.slots),
            ready: RwLock::default(),
            _ticker: Ticker::start(&engine)?,
            limits: config.limits,
            cache: config.cache,
            compiler: config.compiler,
            engine,
        })
    }

    /// Digests of the components that are ready.
    pub fn installed(&self) -> Vec<Sha256> {
        self.ready.read().unwrap_or_else(PoisonError::into_inner).keys().copied().collect()
    }

    fn ready(&self, component: Sha256) -> Result<Arc<Ready>, CallError> {
        let ready = self.ready.read().unwrap_or_else(PoisonError::into_inner);
        ready.get(&component).cloned().ok_or(CallError::Unknown(component))
    }

    /// Compiled code of a component, from the cache or from the compiler.
    fn load(&self, digest: Sha256, bytes: &[u8]) -> Result<Component, InstallError> {
        if let Some(component) = self.cached(digest) {
            return Ok(component);
        }
        let code = self.compiler.compile(&self.engine, bytes).map_err(|error| refused(&error))?;
        if let Some(cache) = &self.cache {
            cache.store(digest, self.compatibility, &code);
        }
        load_compiled(&self.engine, &code).map_err(|error| refused(&format!("{error:#}")))
    }

    fn cached(&self, digest: Sha256) -> Option<Component> {
        let code = self.cache.as_ref()?.load(digest, self.compatibility)?;
        load_compiled(&self.engine, &code)
            .inspect_err(|error| tracing::warn!(component = %digest, %error, "compiled code does not load"))
            .ok()
    }

    fn prepare(&self, digest: Sha256, bytes: &[u8]) -> Result<Ready, InstallError> {
        let component = self.load(digest, bytes)?;
        let imports = definition::imports(&self.engine, &component);
        if !imports.is_empty() {
            let names = imports.join(", ");
            return Err(refused(&format!("a démarche imports nothing, this component imports {names}")));
        }
        let guest = adapter::adapt(&self.engine, &component).map_err(|error| refused(&error))?;
        let described = self.sandbox.run(self.limits.to_describe(), |store| guest.describe(store)).map_err(
            |error| match error {
                // Nobody's answers are there yet: the author reads what is wrong.
                CallError::Malformed(why) => InstallError::Definition(why),
                error => InstallError::Definition(error.to_string()),
            },
        )?;
        let definition: Definition =
            serde_json::from_str(&described).map_err(|error| InstallError::Definition(error.to_string()))?;
        let flaws = definition::check(&definition);
        if !flaws.is_empty() {
            return Err(InstallError::Definition(flaws.join("; ")));
        }
        let catalogue = Catalogue::of(&definition);
        let budget = self.limits.for_fields(catalogue.field_count());
        Ok(Ready { definition: Arc::new(definition), catalogue, budget, guest })
    }

    /// The way of every call: look up, measure, run afresh, hold the answer to the definition, log what fails.
    fn call<T>(
        &self,
        component: Sha256,
        name: &'static str,
        given: &Given<'_>,
        run: impl FnOnce(&dyn Guest, &mut Store<CallState>) -> Result<T, Failure>,
        check: impl FnOnce(&Ready, &T) -> Result<(), CallError>,
    ) -> Result<T, CallError> {
        let outcome = self.ready(component).and_then(|ready| {
            input::check(&self.limits, given.context, given.dossier, given.event)?;
            let answer = self.sandbox.run(ready.budget, |store| run(ready.guest.as_ref(), store))?;
            check(&ready, &answer)?;
            Ok(answer)
        });
        outcome.inspect_err(|error| log(component, name, error))
    }
}

/// What a call is given.
#[derive(Clone, Copy)]
struct Given<'a> {
    context: &'a Context,
    dossier: &'a DossierView,
    event: Option<&'a Event>,
}

impl Given<'_> {
    fn pieces(&self) -> HashSet<PieceId> {
        form::pieces_of(
            [&self.dossier.answers, &self.context.extra].into_iter().chain(self.event.and_then(input::moved)),
        )
    }
}

impl Installer for Host {
    fn install(&self, component: &[u8]) -> Result<Installed, InstallError> {
        if u64::try_from(component.len()).unwrap_or(u64::MAX) > self.limits.component {
            return Err(InstallError::TooLarge { limit: self.limits.component });
        }
        let digest = Sha256::of(component);
        if let Ok(ready) = self.ready(digest) {
            return Ok(Installed { digest, definition: Arc::clone(&ready.definition) });
        }
        let prepared = self.prepare(digest, component);
        let prepared =
            prepared.inspect_err(|error| tracing::warn!(component = %digest, %error, "component refused"))?;
        let definition = Arc::clone(&prepared.definition);
        tracing::info!(component = %digest, demarche = definition.id, version = definition.version, "component ready");
        self.ready.write().unwrap_or_else(PoisonError::into_inner).insert(digest, Arc::new(prepared));
        Ok(Installed { digest, definition })
    }
}

impl Rules for Host {
    fn definition(&self, component: Sha256) -> Result<Arc<Definition>, CallError> {
        self.ready(component).map(|ready| Arc::clone(&ready.definition))
    }

    fn evaluate(
        &self,
        component: Sha256,
        context: &Context,
        dossier: &DossierView,
        step: Option<&str>,
    ) -> Result<FormState, CallError> {
        let given = Given { context, dossier, event: None };
        self.call(
            component,
            "evaluate",
            &given,
            |guest, store| guest.evaluate(store, context, dossier, step),
            |ready, answer| {
                form::check_form(&self.limits, &ready.definition, &ready.catalogue, &given.pieces(), answer)
            },
        )
    }

    fn offers(&self, component: Sha256, context: &Context, dossier: &DossierView) -> Result<Vec<Offer>, CallError> {
        self.call(
            component,
            "offers",
            &Given { context, dossier, event: None },
            |guest, store| guest.offers(store, context, dossier),
            |ready, answer| form::check_offers(&ready.catalogue, answer),
        )
    }

    fn handle(
        &self,
        component: Sha256,
        context: &Context,
        dossier: &DossierView,
        event: &Event,
    ) -> Result<Decision, CallError> {
        let given = Given { context, dossier, event: Some(event) };
        self.call(
            component,
            "handle",
            &given,
            |guest, store| guest.handle(store, context, dossier, event),
            |ready, answer| decision::check(&self.limits, &ready.catalogue, &given.pieces(), answer),
        )
    }
}

/// Tells a failed call with the digest of the component; the caller's span tells the tenant. What the démarche said may
/// quote answers: only the kind of a refusal is told, and the sentence of an error repeats nothing.
fn log(component: Sha256, call: &'static str, error: &CallError) {
    match error {
        CallError::Refused(refusal) => {
            let kind = match refusal {
                Refusal::Forbidden(_) => "forbidden",
                Refusal::Invalid(_) => "invalid",
                Refusal::Unexpected(_) => "unexpected",
            };
            tracing::info!(%component, call, kind, "the démarche refuses");
        }
        error => tracing::debug!(%component, call, %error, "the call of a démarche failed"),
    }
}

fn refused(why: &dyn fmt::Display) -> InstallError {
    InstallError::NotADemarche(why.to_string())
}

/// The one place where compiled code is trusted.
#[expect(unsafe_code, reason = "wasmtime cannot verify compiled code; see the comment of safety")]
fn load_compiled(engine: &Engine, code: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: `code` was written by wasmtime's compiler: just now, by this process or by its child, or earlier and
    // authenticated since with the deployment's key (`CodeCache::load`). wasmtime itself refuses another version or
    // other settings.
    unsafe { Component::deserialize(engine, code) }
}
