//! Asking a démarche: the context of a call, its bounded pool of threads, its lookups.
//!
//! Calls never stand in a transaction (D2). A call that fails is logged here, once, with the tenant and the component's
//! digest; no answer of a citizen enters the log.

use std::sync::Arc;

use parvis_domain::{
    calendar::{Calendar, Region},
    digest::Sha256,
    dossier::{Channel, DossierKind},
    policy::Actor,
    rules::{ActorKind, CallError, Context, Decision, DossierView, Event, FormState, Offer, Reply, Rules, RulesActor},
    settings::Settings,
    value::Answers,
};

use crate::{failure::Failure, parvis::Town, profile::HolidayRegion};

/// Rounds of lookups, as the contract says.
const LOOKUP_ROUNDS: u32 = 2;

/// What surrounds a call.
pub(crate) struct Surroundings<'a> {
    /// Settings of the town for the démarche.
    pub(crate) settings: &'a Arc<Settings>,
    /// How the request came.
    pub(crate) channel: Channel,
    /// Real or trial.
    pub(crate) kind: DossierKind,
    /// Language of the usager.
    pub(crate) language: &'a str,
    /// What the seed is drawn from: the same for the same event.
    pub(crate) seed: &'a str,
    /// Who acts.
    pub(crate) actor: RulesActor,
    /// Facts that the platform adds.
    pub(crate) extra: Answers,
}

/// Who acts, as a démarche sees it.
pub(crate) fn rules_actor(actor: &Actor, function: &str) -> RulesActor {
    let (kind, id) = match actor {
        Actor::Visitor => (ActorKind::Usager, String::new()),
        Actor::DraftHolder(draft) => (ActorKind::Usager, draft.to_string()),
        Actor::Tracker(dossier) => (ActorKind::Usager, dossier.to_string()),
        Actor::Usager(id) => (ActorKind::Usager, id.to_string()),
        Actor::Agent { id, .. } => (ActorKind::Agent, id.to_string()),
        Actor::Operator | Actor::System => (ActorKind::System, String::new()),
    };
    RulesActor { kind, id, function: function.to_owned() }
}

/// The context of a call, now.
pub(crate) fn context(town: &Town, around: Surroundings<'_>) -> Context {
    let zone = town.profile.time_zone();
    let now = town.now();
    let channel = match around.channel {
        Channel::Web => "web",
        Channel::Guichet => "guichet",
        Channel::Telephone => "telephone",
        Channel::Courrier => "courrier",
        Channel::Api => "api",
    };
    Context {
        now: now.rfc3339(&zone),
        zone: town.profile.zone.clone(),
        closed_days: closed_days(town, now.date(&zone)),
        language: around.language.to_owned(),
        channel: channel.to_owned(),
        trial: around.kind == DossierKind::Trial,
        seed: Sha256::of(around.seed.as_bytes()).to_string(),
        actor: around.actor,
        settings: Arc::clone(around.settings),
        replies: Vec::new(),
        extra: around.extra,
    }
}

/// Days that are not worked for 24 months, as the contract writes them.
fn closed_days(town: &Town, from: jiff::civil::Date) -> Vec<String> {
    let region = match town.profile.holidays {
        HolidayRegion::Metropole => Region::Metropole,
        HolidayRegion::AlsaceMoselle => Region::AlsaceMoselle,
        HolidayRegion::Guadeloupe => Region::Guadeloupe,
        HolidayRegion::Martinique => Region::Martinique,
        HolidayRegion::Guyane => Region::Guyane,
        HolidayRegion::Reunion => Region::Reunion,
        HolidayRegion::Mayotte => Region::Mayotte,
    };
    Calendar::new(region).closed_days(from, 24).into_iter().map(|day| day.to_string()).collect()
}

/// Asks `evaluate`; lookups are answered and it is asked again, two rounds at most. A connector that is not served is
/// unavailable, which is an answer: the citizen goes on by typing.
pub(crate) async fn evaluate(
    town: &Town,
    component: Sha256,
    mut context: Context,
    view: DossierView,
    step: Option<&str>,
) -> Result<FormState, Failure> {
    let step = step.map(str::to_owned);
    let job = move |rules: &dyn Rules| {
        let mut state = rules.evaluate(component, &context, &view, step.as_deref())?;
        for _ in 0..LOOKUP_ROUNDS {
            let known = |key: &str| context.replies.iter().any(|reply| reply.key == key);
            let wanted: Vec<Reply> = state
                .lookups
                .iter()
                .filter(|request| !known(&request.key))
                .map(|request| Reply { key: request.key.clone(), succeeded: false, content: serde_json::Value::Null })
                .collect();
            if wanted.is_empty() {
                break;
            }
            context.replies.extend(wanted);
            state = rules.evaluate(component, &context, &view, step.as_deref())?;
        }
        Ok(state)
    };
    call(town, component, job).await
}

/// Asks `offers`.
pub(crate) async fn offers(
    town: &Town,
    component: Sha256,
    context: Context,
    view: DossierView,
) -> Result<Vec<Offer>, Failure> {
    call(town, component, move |rules| rules.offers(component, &context, &view)).await
}

/// Asks `handle`.
pub(crate) async fn handle(
    town: &Town,
    component: Sha256,
    context: Context,
    view: DossierView,
    event: Event,
) -> Result<Decision, Failure> {
    call(town, component, move |rules| rules.handle(component, &context, &view, &event)).await
}

async fn call<T, F>(town: &Town, component: Sha256, job: F) -> Result<T, Failure>
where
    T: Send + 'static,
    F: FnOnce(&dyn Rules) -> Result<T, CallError> + Send + 'static,
{
    let rules = Arc::clone(&town.parvis.rules);
    let outcome = town.parvis.pools.rules.run(move || job(&*rules)).await?;
    outcome.map_err(|error| {
        if !matches!(error, CallError::Refused(_)) {
            tracing::error!(tenant = %town.id, component = %component, error = %error, "a démarche failed");
        }
        Failure::from(error)
    })
}
