//! Actions of the workflow: offered by the definition and the démarche, done under a function, signed when they sign.

use parvis_contract::Action;
use parvis_domain::{
    ids::{AgentId, DossierId},
    input::{RawAnswers, read},
    journey::{Filer, Form, walk_fields},
    lifecycle,
    policy::{Actor, Permission},
    rules::{Event, FormState, Problem},
    value::Answers,
};
use parvis_store::agents;

use super::{
    function::{self, Standing},
    load::{self, Loaded},
    view::{ActionForm, ActionView},
};
use crate::{
    calling::{self, Surroundings},
    decision::{self, Fresh, Signatory, Step},
    failure::Failure,
    formulaire::{FormView, Inputs, Mistake},
    parvis::Town,
};

/// What doing an action gives.
#[derive(Debug, Clone, PartialEq)]
pub enum ActOutcome {
    /// Done.
    Done,
    /// Its form is to be corrected.
    Invalid(Box<ActionForm>),
}

/// What an action did to one dossier among several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchLine {
    /// Dossier.
    pub dossier: DossierId,
    /// Number; empty when the dossier is not visible.
    pub number: String,
    /// Done, or the sentence that says why not.
    pub result: Result<(), String>,
}

/// The form of an action, empty.
pub async fn action_form(town: &Town, actor: &Actor, id: DossierId, action: &str) -> Result<ActionForm, Failure> {
    let fresh = allowed(town, actor, id).await?;
    let loaded = &fresh.loaded;
    let (declared, function) = may(town, actor, &fresh, action)?;
    let state = evaluated(town, actor, loaded, declared, &function, &Answers::default()).await?;
    let (answers, raw) = (Answers::default(), RawAnswers::default());
    let walk = walk_fields(&declared.form, form(loaded, &answers, &raw), &state);
    Ok(shown(loaded, declared, FormView::of(&walk.fields, &walk.problems)))
}

/// Does an action on the dossier as the agent saw it.
pub async fn act(
    town: &Town,
    actor: &Actor,
    id: DossierId,
    action: &str,
    revision: u32,
    inputs: &Inputs,
) -> Result<ActOutcome, Failure> {
    let fresh = allowed(town, actor, id).await?;
    let loaded = &fresh.loaded;
    function::still(&fresh, revision)?;
    let (declared, function) = may(town, actor, &fresh, action)?;
    let (mut answers, mut raw) = (Answers::default(), RawAnswers::default());
    let before = evaluated(town, actor, loaded, declared, &function, &answers).await?;
    let walk = walk_fields(&declared.form, form(loaded, &answers, &raw), &before);
    let reading = read(&walk.fields, inputs);
    drop(walk);
    reading.apply(&mut answers, &mut raw);
    let state = evaluated(town, actor, loaded, declared, &function, &answers).await?;
    let walk = walk_fields(&declared.form, form(loaded, &answers, &raw), &state);
    let view = FormView::of(&walk.fields, &walk.problems);
    if !walk.is_right() {
        return Ok(ActOutcome::Invalid(Box::new(shown(loaded, declared, view))));
    }
    let given = walk.visible_answers().clone();
    match done(town, actor, id, action, given, Some(revision)).await {
        Ok(()) => Ok(ActOutcome::Done),
        Err(Failure::Invalid(problems)) => {
            let view = with_mistakes(view, &problems);
            Ok(ActOutcome::Invalid(Box::new(shown(loaded, declared, view))))
        }
        Err(failure) => Err(failure),
    }
}

/// Does an action that needs no answer on several dossiers, each in a unit of work of its own.
pub async fn act_batch(
    town: &Town,
    actor: &Actor,
    action: &str,
    dossiers: &[DossierId],
) -> Result<Vec<BatchLine>, Failure> {
    town.allow(actor, Permission::DossierAct, None)?;
    let mut lines = Vec::with_capacity(dossiers.len());
    for id in dossiers {
        let number = match load::allowed(town, actor, *id, Permission::DossierAct).await {
            Ok(loaded) => loaded.head.number,
            Err(_) => String::new(),
        };
        let outcome = in_batch(town, actor, *id, action).await;
        let result = outcome.map_err(|failure| failure.to_string());
        lines.push(BatchLine { dossier: *id, number, result });
    }
    Ok(lines)
}

async fn in_batch(town: &Town, actor: &Actor, id: DossierId, action: &str) -> Result<(), Failure> {
    let loaded = load::allowed(town, actor, id, Permission::DossierAct).await?;
    let declared = lifecycle::action(&loaded.definition, action).ok_or(Failure::NotFound)?;
    if !declared.batch {
        return Err(Failure::Refused("Cette action se fait dossier par dossier.".to_owned()));
    }
    done(town, actor, id, action, Answers::default(), None).await
}

async fn done(
    town: &Town,
    actor: &Actor,
    id: DossierId,
    action: &str,
    given: Answers,
    revision: Option<u32>,
) -> Result<(), Failure> {
    let Actor::Agent { id: agent, .. } = actor else { return Err(Failure::Forbidden) };
    let identity = identity(town, *agent).await?;
    decision::happen(town, id, |fresh: &Fresh| {
        town.allow(actor, Permission::DossierAct, Some(&fresh.loaded.subject()))?;
        if let Some(seen) = revision {
            function::still(fresh, seen)?;
        }
        let (declared, function) = may(town, actor, fresh, action)?;
        let event = Event::Action { name: action.to_owned(), inputs: given.clone() };
        let mut step = Step::new(calling::rules_actor(actor, &function), event);
        step.signatory = declared.signs.then(|| signatory(&identity, &fresh.loaded, &function));
        Ok(step)
    })
    .await?;
    Ok(())
}

/// A dossier on which the actor may act.
async fn allowed(town: &Town, actor: &Actor, id: DossierId) -> Result<Fresh, Failure> {
    let fresh = decision::fresh(town, id).await?;
    town.allow(actor, Permission::DossierAct, Some(&fresh.loaded.subject()))?;
    Ok(fresh)
}

/// The action and the function under which the actor may do it now.
fn may<'l>(town: &Town, actor: &Actor, fresh: &'l Fresh, action: &str) -> Result<(&'l Action, String), Failure> {
    let loaded = &fresh.loaded;
    let declared = lifecycle::action(&loaded.definition, action).ok_or(Failure::NotFound)?;
    if !declared.states.contains(&loaded.head.state) {
        return Err(Failure::Refused("Cette action n’est plus possible : le dossier a changé d’état.".to_owned()));
    }
    let past = function::past(fresh.actors.iter().map(|(_, actor)| actor));
    match function::standing(town, actor, loaded, declared, &past) {
        Standing::Under(function) => Ok((declared, function)),
        Standing::Excluded(why) => Err(Failure::Refused(why)),
        Standing::None => Err(Failure::Forbidden),
    }
}

fn signatory(agent: &agents::Agent, loaded: &Loaded, function: &str) -> Signatory {
    Signatory {
        agent: agent.id,
        given_name: agent.given_name.clone(),
        family_name: agent.family_name.clone(),
        email: agent.email.clone(),
        quality: function::label(loaded, function).to_owned(),
    }
}

async fn identity(town: &Town, id: AgentId) -> Result<agents::Agent, Failure> {
    agents::by_id(town.parvis.store.platform(), id).await?.ok_or(Failure::Forbidden)
}

fn form<'a>(loaded: &'a Loaded, answers: &'a Answers, raw: &'a RawAnswers) -> Form<'a> {
    Form { answers, raw, settings: &loaded.settings, filer: Filer::Agent }
}

/// What the démarche says of the form of an action; what it says of the citizen's form is left out.
async fn evaluated(
    town: &Town,
    actor: &Actor,
    loaded: &Loaded,
    action: &Action,
    function: &str,
    inputs: &Answers,
) -> Result<FormState, Failure> {
    if action.form.is_empty() {
        return Ok(FormState::default());
    }
    let context = context(town, actor, loaded, function);
    let mut view = loaded.view(town);
    view.answers.merge(inputs.clone());
    let mut state = calling::evaluate(town, loaded.head.component, context, view, Some(&action.id)).await?;
    let own = |id: &str| action.form.iter().any(|field| field.id == id);
    state.problems.retain(|problem| problem.at.as_ref().is_some_and(|at| own(&at.field)));
    Ok(state)
}

/// The context of a call about a dossier as it stands.
pub(crate) fn context(town: &Town, actor: &Actor, loaded: &Loaded, function: &str) -> parvis_domain::rules::Context {
    calling::context(
        town,
        Surroundings {
            settings: &loaded.settings,
            channel: loaded.head.channel,
            kind: loaded.head.kind,
            language: &loaded.head.language,
            seed: &format!("{}:{}", loaded.head.id, loaded.head.revision),
            actor: calling::rules_actor(actor, function),
            extra: Answers::default(),
        },
    )
}

/// Adds to a form what the démarche refused when it decided.
pub(crate) fn with_mistakes(mut view: FormView, problems: &[Problem]) -> FormView {
    for problem in problems {
        view.mistakes.push(Mistake::of(problem));
        for question in &mut view.questions {
            if Some(&question.at) == problem.at.as_ref() {
                question.errors.push(problem.message.clone());
            }
        }
    }
    view
}

fn shown(loaded: &Loaded, action: &Action, form: FormView) -> ActionForm {
    ActionForm {
        dossier: loaded.head.id,
        number: loaded.head.number.clone(),
        action: view(action, None),
        form,
        revision: loaded.head.revision,
    }
}

fn view(action: &Action, refused_because: Option<String>) -> ActionView {
    ActionView {
        id: action.id.clone(),
        label: action.label.clone(),
        hint: action.hint.clone(),
        style: action.style,
        refused_because,
        has_form: !action.form.is_empty(),
        signs: action.signs,
    }
}

/// The actions that an actor is offered on a dossier as it stands.
pub(crate) async fn offered(
    town: &Town,
    actor: &Actor,
    loaded: &Loaded,
    past: &[lifecycle::PastAct],
) -> Result<Vec<ActionView>, Failure> {
    let mut views = Vec::new();
    for action in loaded.definition.actions.iter().filter(|action| action.states.contains(&loaded.head.state)) {
        match function::standing(town, actor, loaded, action, past) {
            Standing::None => {}
            Standing::Excluded(why) => views.push(view(action, Some(why))),
            Standing::Under(_) => views.push(view(action, None)),
        }
    }
    if views.is_empty() {
        return Ok(views);
    }
    let function = function::any(town, actor, loaded);
    let mut context = context(town, actor, loaded, &function);
    if let Actor::Agent { id, .. } = actor
        && views.iter().any(|view| view.signs && view.refused_because.is_none())
    {
        // Whether her délégation covers the act is said before she tries.
        context.extra = decision::of_signatory(&signatory(&identity(town, *id).await?, loaded, &function));
    }
    match calling::offers(town, loaded.head.component, context, loaded.view(town)).await {
        Ok(offers) => {
            for offer in offers {
                if let Some(view) = views.iter_mut().find(|view| view.id == offer.action) {
                    view.refused_because = view.refused_because.take().or(offer.refused_because);
                }
            }
        }
        // The dossier stays readable; doing an action will say what is wrong.
        Err(Failure::Demarche(_)) => {}
        Err(failure) => return Err(failure),
    }
    Ok(views)
}
