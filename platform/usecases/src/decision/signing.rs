//! Signing: the signatory's identity and the number that the act takes in its register.
//!
//! The number must stand in the document's variables, which the démarche writes before the transaction. So it is foreseen,
//! given to the démarche, then taken in the transaction: when another signature took it meanwhile, all is done again.
//! No hole, no double.

use std::collections::BTreeMap;

use parvis_contract::Definition;
use parvis_domain::{
    dossier::DossierKind,
    ids::AgentId,
    numbers::act_number,
    rules::Effect,
    value::{Answers, Target, Value},
};
use parvis_store::{UnitOfWork, acts};

use crate::{dossiers::load::Loaded, failure::Failure, parvis::Town};

/// What stands for a number on a trial dossier, which takes none.
const TRIAL: &str = "ESSAI";

/// Who signs.
#[derive(Debug, Clone)]
pub(crate) struct Signatory {
    pub(crate) agent: AgentId,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) email: String,
    pub(crate) quality: String,
}

/// The numbers that a signature would take now, by register.
#[derive(Debug, Clone, Default)]
pub(crate) struct Foreseen {
    year: u32,
    numbers: BTreeMap<String, u32>,
    trial: bool,
}

/// An act that took its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) series: String,
    pub(super) year: u32,
    pub(super) number: u32,
}

/// What a signature would take now in each register of the démarche.
pub(super) async fn foresee(town: &Town, loaded: &Loaded) -> Result<Foreseen, Failure> {
    let year = u32::from(town.now().date(&town.profile.time_zone()).year().unsigned_abs());
    let mut foreseen = Foreseen { year, numbers: BTreeMap::new(), trial: loaded.head.kind == DossierKind::Trial };
    if foreseen.trial {
        return Ok(foreseen);
    }
    let snapshot = town.db.read().await?;
    for document in &loaded.definition.documents {
        let Some(series) = &document.register else { continue };
        if !foreseen.numbers.contains_key(series) {
            let last = acts::last_number(&snapshot, series, year).await?;
            foreseen.numbers.insert(series.clone(), last + 1);
        }
    }
    Ok(foreseen)
}

/// Who signs or would sign, as the démarche receives it.
pub(crate) fn of_signatory(who: &Signatory) -> Answers {
    let text = |name: &str, text: &str| (Target::field(name), Value::Text(text.to_owned()));
    [
        text("signataire.nom", &who.family_name),
        text("signataire.prenom", &who.given_name),
        text("signataire.email", &who.email),
        text("signataire.qualite", &who.quality),
    ]
    .into_iter()
    .collect()
}

/// The facts that the démarche receives.
pub(super) fn facts(town: &Town, who: &Signatory, foreseen: &Foreseen) -> Answers {
    let mut facts = of_signatory(who);
    facts.set(Target::field("date_acte"), Value::Date(town.now().date(&town.profile.time_zone())));
    let mut number = |name: String, written: String| facts.set(Target::field(&name), Value::Text(written));
    if foreseen.trial {
        number("numero_acte".to_owned(), TRIAL.to_owned());
    }
    for (index, (series, next)) in foreseen.numbers.iter().enumerate() {
        if index == 0 {
            number("numero_acte".to_owned(), act_number(foreseen.year, *next));
        }
        number(format!("numero_acte.{series}"), act_number(foreseen.year, *next));
    }
    facts
}

/// Takes the numbers of the documents that a decision makes; `None` when another signature took one meanwhile.
pub(super) async fn take(
    unit: &UnitOfWork,
    definition: &Definition,
    foreseen: &Foreseen,
    effects: &[Effect],
) -> Result<Option<BTreeMap<String, Taken>>, Failure> {
    let mut taken = BTreeMap::new();
    for effect in effects {
        let Effect::Produce { key, template, .. } = effect else { continue };
        let Some(series) = register(definition, template) else { continue };
        let Some(expected) = foreseen.numbers.get(series) else { continue };
        if taken.values().any(|act: &Taken| act.series == series) {
            return Err(Failure::Decision(format!("deux actes du registre « {series} » en une signature")));
        }
        let number = acts::take_number(unit, series, foreseen.year).await?;
        if number != *expected {
            return Ok(None);
        }
        taken.insert(key.clone(), Taken { series: series.to_owned(), year: foreseen.year, number });
    }
    Ok(Some(taken))
}

/// The register in which a document takes its number.
pub(super) fn register<'a>(definition: &'a Definition, template: &str) -> Option<&'a str> {
    definition.documents.iter().find(|document| document.id == template)?.register.as_deref()
}
