//! Answers corrected by an agent: a traced event, never a rewriting of what was filed.

use parvis_contract::{ActionStyle, Kind};
use parvis_domain::{
    ids::DossierId,
    input::{RawAnswers, read},
    journey::{Filer, Form, INTERNAL_SECTION, Walk, WalkedField, walk},
    lifecycle,
    policy::{Actor, Permission},
    rules::{Event, FormState},
    value::{Answers, Target, Value},
};

use super::{
    act::{self, ActOutcome},
    function,
    load::{self, Loaded},
    view::{ActionForm, ActionView},
};
use crate::{
    calling,
    decision::{self, Fresh, Step},
    failure::Failure,
    formulaire::{FormView, Inputs},
    parvis::Town,
};

/// The form that corrects a page, with the answers as they are; "interne" for the fields of agents.
pub async fn correction_form(town: &Town, actor: &Actor, id: DossierId, page: &str) -> Result<ActionForm, Failure> {
    let loaded = load::allowed(town, actor, id, Permission::DossierCorrect).await?;
    let state = evaluated(town, actor, &loaded, &loaded.answers).await?;
    let raw = RawAnswers::default();
    let walk = walk(&loaded.definition, form(&loaded, &loaded.answers, &raw), &state);
    let fields = of_page(&walk, page)?;
    Ok(shown(&loaded, FormView::of(&fields, &[])))
}

/// Corrects a page of the dossier as the agent saw it.
pub async fn correct(
    town: &Town,
    actor: &Actor,
    id: DossierId,
    page: &str,
    revision: u32,
    inputs: &Inputs,
) -> Result<ActOutcome, Failure> {
    let read_now = decision::fresh(town, id).await?;
    town.allow(actor, Permission::DossierCorrect, Some(&read_now.loaded.subject()))?;
    function::still(&read_now, revision)?;
    let loaded = read_now.loaded;
    let before = evaluated(town, actor, &loaded, &loaded.answers).await?;
    let (mut answers, mut raw) = (loaded.answers.clone(), RawAnswers::default());
    let reading = {
        let walk = walk(&loaded.definition, form(&loaded, &loaded.answers, &raw), &before);
        read(&of_page(&walk, page)?, inputs)
    };
    reading.apply(&mut answers, &mut raw);
    let state = evaluated(town, actor, &loaded, &answers).await?;
    let walk = walk(&loaded.definition, form(&loaded, &answers, &raw), &state);
    let fields = of_page(&walk, page)?;
    let view = FormView::of(&fields, &[]);
    if fields.iter().any(|field| field.all_problems().into_iter().any(parvis_domain::rules::Problem::prevents)) {
        return Ok(ActOutcome::Invalid(Box::new(shown(&loaded, view))));
    }
    let changed: Answers = answers
        .iter()
        .filter(|(at, value)| loaded.answers.at(at) != Some(value) && !is_nothing(&loaded, at, value))
        .map(|(at, value)| (at.clone(), value.clone()))
        .collect();
    if changed.is_empty() {
        return Err(Failure::Refused("Aucune réponse n’a changé.".to_owned()));
    }
    let outcome = decision::happen(town, id, |fresh: &Fresh| {
        town.allow(actor, Permission::DossierCorrect, Some(&fresh.loaded.subject()))?;
        function::still(fresh, revision)?;
        let function = function::any(town, actor, &fresh.loaded);
        Ok(Step::new(calling::rules_actor(actor, &function), Event::Corrected(changed.clone())))
    })
    .await;
    match outcome {
        Ok(_) => Ok(ActOutcome::Done),
        Err(Failure::Invalid(problems)) => {
            Ok(ActOutcome::Invalid(Box::new(shown(&loaded, act::with_mistakes(view, &problems)))))
        }
        Err(failure) => Err(failure),
    }
}

/// Asked, left empty or without any row, and empty before.
fn is_nothing(loaded: &Loaded, at: &Target, value: &Value) -> bool {
    let block = lifecycle::field(&loaded.definition, &at.field).map(|field| &field.kind);
    let no_row = matches!((block, value), (Some(Kind::Block { .. }), Value::Integer(0)));
    (no_row || !value.is_answer()) && loaded.answers.at(at).is_none()
}

/// What a page asks and an agent may correct: documents are the usager's.
fn of_page<'w>(walk: &Walk<'w>, page: &str) -> Result<Vec<WalkedField<'w>>, Failure> {
    let fields =
        if page == INTERNAL_SECTION { &walk.internal } else { &walk.page(page).ok_or(Failure::NotFound)?.fields };
    Ok(fields.iter().filter(|field| !matches!(field.field.kind, Kind::Pieces { .. })).cloned().collect())
}

fn form<'a>(loaded: &'a Loaded, answers: &'a Answers, raw: &'a RawAnswers) -> Form<'a> {
    Form { answers, raw, settings: &loaded.settings, filer: Filer::Agent }
}

async fn evaluated(town: &Town, actor: &Actor, loaded: &Loaded, answers: &Answers) -> Result<FormState, Failure> {
    let function = function::any(town, actor, loaded);
    let mut view = loaded.view(town);
    view.answers = answers.clone();
    calling::evaluate(town, loaded.head.component, act::context(town, actor, loaded, &function), view, None).await
}

fn shown(loaded: &Loaded, form: FormView) -> ActionForm {
    ActionForm {
        dossier: loaded.head.id,
        number: loaded.head.number.clone(),
        action: ActionView {
            id: "corriger".to_owned(),
            label: "Corriger".to_owned(),
            hint: Some(
                "La correction est tracée : ce que l’usager a déposé reste lisible dans l’historique.".to_owned(),
            ),
            style: ActionStyle::Primary,
            refused_because: None,
            has_form: true,
            signs: false,
        },
        form,
        revision: loaded.head.revision,
    }
}
