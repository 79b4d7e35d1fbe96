//! A dossier in words: its state, its history, its answers, who handles it, its term.

use std::collections::{BTreeMap, BTreeSet};

use parvis_contract::{Definition, Outcome, Sensitivity, Silence};
use parvis_domain::{
    dossier::{Channel, Dossier},
    french,
    ids::AgentId,
    journey::{Entry, INTERNAL_SECTION, Line, filed_sections},
    lifecycle,
    rules::{ActorKind, Effect, Event, RulingOutcome},
    value::{Answers, Target},
};
use parvis_store::{events, piece_requests::PieceRequest};

use super::{
    contact, function,
    load::Loaded,
    view::{
        AnswerLine, AnswerSection, Handler, HistoryLine, PieceRequestView, SectionLine, StateView, TermView, WantedLine,
    },
    wanted::Wanted,
};
use crate::{
    decision::{
        record::{Happened, Record},
        terms,
    },
    notifications,
    parvis::Town,
};

/// For whom words are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The citizen: plain words, nothing internal.
    Usager,
    /// An agent.
    Agent,
}

/// Where a dossier stands.
pub(crate) fn state(definition: &Definition, head: &Dossier, reader: Reader) -> StateView {
    let declared = lifecycle::state(definition, &head.state);
    let label = declared.map_or(head.state.as_str(), |state| match reader {
        Reader::Usager => state.usager_label.as_str(),
        Reader::Agent => state.label.as_str(),
    });
    StateView {
        id: head.state.clone(),
        label: label.to_owned(),
        next: declared.map_or_else(String::new, |state| state.usager_next.clone()),
        phase: head.phase,
        waits_for: head.waits_for,
        outcome: head.outcome,
        origin: head.origin,
    }
}

/// Answers page by page; `conceals` hides sensitive ones.
pub(crate) fn answers(loaded: &Loaded, history: &[events::Event], conceals: bool) -> Vec<AnswerSection> {
    let corrected: BTreeSet<Target> = history
        .iter()
        .filter_map(|event| Record::read(event.payload.as_deref()))
        .filter_map(|record| match record.happened {
            Happened::Rules(Event::Corrected(answers)) => Some(answers),
            _ => None,
        })
        .flat_map(|answers| answers.iter().map(|(at, _)| at.clone()).collect::<Vec<_>>())
        .collect();
    let line = |entry: Entry| {
        let concealed = conceals && entry.sensitivity == Sensitivity::Sensitive;
        AnswerLine {
            corrected: corrected.contains(&entry.at),
            text: entry.text.filter(|_| !concealed),
            pieces: if concealed { Vec::new() } else { entry.pieces },
            at: entry.at,
            label: entry.label,
            missing: false,
            concealed,
        }
    };
    let sections = filed_sections(&loaded.definition, &loaded.answers, &loaded.settings);
    let shown = sections.into_iter().map(|section| AnswerSection {
        page: section.page,
        title: section.title,
        lines: section
            .lines
            .into_iter()
            .map(|found| match found {
                Line::Answer(entry) => SectionLine::Answer(line(entry)),
                Line::Block { at, label, rows } => SectionLine::Block {
                    field: at.field,
                    label,
                    rows: rows.into_iter().map(|(name, row)| (name, row.into_iter().map(line).collect())).collect(),
                },
            })
            .collect(),
    });
    shown.collect()
}

/// The same for the citizen: of what the démarche and agents hold, only what it tells her.
pub(crate) fn answers_told(loaded: &Loaded, history: &[events::Event], conceals: bool) -> Vec<AnswerSection> {
    let internal = |at: &Target| loaded.definition.internal_fields.iter().find(|field| field.id == at.field);
    let told = |line: &SectionLine| match line {
        SectionLine::Answer(answer) => internal(&answer.at).is_none_or(|field| field.told),
        SectionLine::Block { field, .. } => internal(&Target::field(field)).is_none_or(|field| field.told),
    };
    let mut sections = answers(loaded, history, conceals);
    for section in &mut sections {
        section.lines.retain(told);
    }
    sections.retain(|section| !section.lines.is_empty());
    for section in sections.iter_mut().filter(|section| section.page == INTERNAL_SECTION) {
        "Calculé d’après ces réponses".clone_into(&mut section.title);
    }
    sections
}

/// Who to speak to.
pub(crate) fn handler(town: &Town, loaded: &Loaded, names: &BTreeMap<AgentId, String>) -> Handler {
    let service = notifications::service_in_charge(town, &loaded.head.service);
    let hours = town.profile.service(&loaded.head.service).map(|service| service.hours_or(&town.profile));
    Handler {
        agent: loaded.head.assignee.and_then(|id| names.get(&id).cloned()),
        quality: None,
        service: service.name,
        phone: Some(service.phone),
        email: service.email,
        address: service.address,
        hours: Some(hours.unwrap_or(&town.profile.contact.hours).join(" ; ")),
    }
}

/// The law's term, with what silence means then.
pub(crate) fn term(town: &Town, loaded: &Loaded, requests: &[PieceRequest]) -> Option<TermView> {
    let at = loaded.head.term_at?;
    let day = french::date(terms::day(town, Some(at))?);
    let meaning = match loaded.definition.legal.silence {
        Silence::Acceptation => format!("Sans réponse de notre part le {day}, votre demande sera réputée acceptée."),
        Silence::Rejet => format!("Sans réponse de notre part le {day}, votre demande sera réputée rejetée."),
        Silence::SansEffet => return None,
    };
    Some(TermView { at, sentence: meaning, suspended: terms::suspended(town, loaded, requests) })
}

/// The documents that the usager is asked for now.
pub(crate) fn request(loaded: &Loaded, requests: &[PieceRequest]) -> Option<PieceRequestView> {
    Wanted::of(requests).map(|asked| wanted(loaded, &asked))
}

/// What is asked, in words.
pub(crate) fn wanted(loaded: &Loaded, wanted: &Wanted) -> PieceRequestView {
    let items = wanted.items.iter().map(|item| WantedLine {
        field: item.field.clone(),
        label: label_of(&loaded.definition, &item.field),
        essential: item.essential,
        basis: item.basis.clone(),
    });
    PieceRequestView {
        reason: wanted.reason.clone(),
        asked_at: wanted.asked_at,
        until: wanted.until,
        items: items.collect(),
        mention: notifications::suspension_mention(&loaded.definition, wanted.essential),
    }
}

fn label_of(definition: &Definition, field: &str) -> String {
    lifecycle::field(definition, field).map_or_else(|| field.to_owned(), |declared| declared.label.clone())
}

/// What happened, most recent first.
pub(crate) fn history(
    town: &Town,
    loaded: &Loaded,
    events: &[events::Event],
    names: &BTreeMap<AgentId, String>,
    reader: Reader,
) -> Vec<HistoryLine> {
    let words = Words { town, loaded, names, reader };
    events.iter().rev().filter_map(|event| words.line(event)).collect()
}

/// Agents whose names a history needs.
pub(crate) fn agents_in(events: &[events::Event]) -> Vec<AgentId> {
    let mut ids: Vec<AgentId> = events
        .iter()
        .filter(|event| event.actor.kind == ActorKind::Agent)
        .filter_map(|event| event.actor.id.parse().ok())
        .collect();
    ids.extend(events.iter().filter_map(|event| match Record::read(event.payload.as_deref())?.happened {
        Happened::Assigned { to } => to,
        _ => None,
    }));
    ids.sort_unstable();
    ids.dedup();
    ids
}

struct Words<'a> {
    town: &'a Town,
    loaded: &'a Loaded,
    names: &'a BTreeMap<AgentId, String>,
    reader: Reader,
}

impl Words<'_> {
    fn line(&self, event: &events::Event) -> Option<HistoryLine> {
        let record = Record::read(event.payload.as_deref());
        let (text, details) = match (&record, self.reader) {
            (None, Reader::Agent) => ("Étape effacée".to_owned(), Vec::new()),
            (None, Reader::Usager) => return None,
            (Some(record), Reader::Agent) => (self.for_agent(record), self.details(record)),
            (Some(record), Reader::Usager) => (self.for_usager(record)?, Vec::new()),
        };
        Some(HistoryLine { number: event.seq, at: event.at, text, author: self.author(event), details })
    }

    fn author(&self, event: &events::Event) -> String {
        let town = self.town.profile.short_name();
        match (event.actor.kind, self.reader) {
            (ActorKind::Usager | ActorKind::Representative, Reader::Usager) => "Vous".to_owned(),
            (ActorKind::Usager | ActorKind::Representative, Reader::Agent) => "L’usager".to_owned(),
            (ActorKind::Agent | ActorKind::Expert, reader) => {
                let name = event.actor.id.parse().ok().and_then(|id: AgentId| self.names.get(&id).cloned());
                let name = name.unwrap_or_else(|| town.to_owned());
                match event.actor.function.as_str() {
                    "" => name,
                    _ if reader == Reader::Usager => name,
                    function => format!("{name}, {}", function::label(self.loaded, function).to_lowercase()),
                }
            }
            (ActorKind::System, _) => town.to_owned(),
        }
    }

    fn for_agent(&self, record: &Record) -> String {
        match &record.happened {
            Happened::Rules(event) => match event {
                Event::Filed => format!("Demande déposée {}", channel(self.loaded.head.channel)),
                Event::Completed(_) => "Dossier complété".to_owned(),
                Event::Corrected(_) => "Réponses corrigées".to_owned(),
                Event::Action { name, .. } => lifecycle::action(&self.loaded.definition, name)
                    .map_or_else(|| format!("Action « {name} »"), |action| action.label.clone()),
                Event::Timer(_) => "Échéance".to_owned(),
                Event::Reply(_) => "Réponse d’un service extérieur".to_owned(),
                Event::Produced(_) => "Document établi".to_owned(),
                Event::Message => "Message de l’usager".to_owned(),
                Event::Opinion(_) => "Avis rendu".to_owned(),
                Event::Lapsed => "Délai légal écoulé sans décision expresse".to_owned(),
                Event::Withdrawn => "Demande retirée par l’usager".to_owned(),
            },
            Happened::Assigned { to: Some(agent) } => {
                format!("Dossier confié à {}", self.names.get(agent).map_or("un collègue", String::as_str))
            }
            Happened::Assigned { to: None } => "Dossier remis à la file du service".to_owned(),
            Happened::Noted { .. } => "Note interne".to_owned(),
            Happened::Wrote { .. } => "Message à l’usager".to_owned(),
            Happened::Unreachable { subject } => format!("L’adresse de l’usager a refusé le courriel « {subject} »"),
            Happened::Withheld { subject } => {
                format!("Courriel « {subject} » non envoyé : trop d’envois à cette adresse dans la journée")
            }
        }
    }

    fn for_usager(&self, record: &Record) -> Option<String> {
        let entered = record.decided.as_ref().and_then(|decided| {
            decided.effects.iter().rev().find_map(|effect| match effect {
                Effect::Enter(id) => lifecycle::state(&self.loaded.definition, id),
                _ => None,
            })
        });
        let asked = record
            .decided
            .as_ref()
            .is_some_and(|decided| decided.effects.iter().any(|effect| matches!(effect, Effect::AskPieces { .. })));
        match &record.happened {
            Happened::Rules(Event::Filed) => Some("Vous avez déposé votre demande.".to_owned()),
            Happened::Rules(Event::Completed(_)) => Some("Vous avez complété votre dossier.".to_owned()),
            Happened::Rules(Event::Corrected(_)) => {
                Some("Le service a corrigé des réponses de votre dossier.".to_owned())
            }
            Happened::Rules(Event::Message) => Some("Vous avez écrit au service.".to_owned()),
            Happened::Rules(Event::Withdrawn) => Some("Vous avez retiré votre demande.".to_owned()),
            Happened::Rules(Event::Lapsed) => Some("Le délai de réponse est écoulé.".to_owned()),
            Happened::Rules(_) if asked => Some("Le service vous demande des pièces.".to_owned()),
            Happened::Rules(_) => entered.map(|state| state.usager_label.clone()),
            Happened::Wrote { .. } => Some("Le service vous a écrit.".to_owned()),
            Happened::Assigned { .. }
            | Happened::Noted { .. }
            | Happened::Unreachable { .. }
            | Happened::Withheld { .. } => None,
        }
    }

    fn details(&self, record: &Record) -> Vec<String> {
        let mut details = Vec::new();
        match &record.happened {
            Happened::Rules(Event::Corrected(answers) | Event::Completed(answers)) => {
                details.extend(self.answers(answers));
            }
            Happened::Rules(Event::Action { name, inputs }) => {
                let form = lifecycle::action(&self.loaded.definition, name).map_or(&[][..], |action| &action.form);
                for (at, value) in inputs.iter() {
                    let Some(field) = form.iter().find(|field| field.id == at.field) else { continue };
                    if let Some(text) = contact::in_words(field, value) {
                        details.push(format!("{} : {text}", field.label));
                    }
                }
            }
            Happened::Noted { body } => details.push(body.clone()),
            _ => {}
        }
        let effects = record.decided.iter().flat_map(|decided| &decided.effects);
        details.extend(effects.filter_map(|effect| self.effect(effect)));
        details
    }

    fn answers(&self, answers: &Answers) -> Vec<String> {
        let line = |at: &Target, value: &parvis_domain::value::Value| {
            let field = lifecycle::field(&self.loaded.definition, &at.field)?;
            if field.sensitivity == Sensitivity::Sensitive {
                return Some(format!("{} : modifié", field.label));
            }
            let text = contact::in_words(field, value).unwrap_or_else(|| "effacé".to_owned());
            Some(format!("{} : {text}", field.label))
        };
        answers.iter().filter_map(|(at, value)| line(at, value)).collect()
    }

    fn effect(&self, effect: &Effect) -> Option<String> {
        let definition = &self.loaded.definition;
        Some(match effect {
            Effect::Enter(id) => {
                let state = lifecycle::state(definition, id);
                format!("État : {}", state.map_or(id.as_str(), |state| state.label.as_str()))
            }
            Effect::Schedule { at, .. } => format!("Rappel prévu le {}", french::date_time(*at)),
            Effect::Assign { title, function, .. } => {
                format!("Tâche pour {} : {title}", function::label(self.loaded, function).to_lowercase())
            }
            Effect::Route { reason, .. } => format!("Réorientation : {reason}"),
            Effect::Mark(mark) => format!("Marque : {mark}"),
            Effect::AskPieces { items, reason, days } => {
                let labels: Vec<String> = items.iter().map(|item| label_of(definition, &item.field)).collect();
                format!("Pièces demandées : {} – {reason} – {days} jours", labels.join(", "))
            }
            Effect::Rule(ruling) => {
                let outcome = match ruling.outcome {
                    RulingOutcome::Favourable => outcome(Outcome::Favorable),
                    RulingOutcome::Partly => outcome(Outcome::Partiel),
                    RulingOutcome::Unfavourable => outcome(Outcome::Defavorable),
                    RulingOutcome::NoAction => outcome(Outcome::SansSuite),
                };
                format!("Décision : {outcome}. En droit : {}. En fait : {}", ruling.law, ruling.facts)
            }
            Effect::Note(note) => note.clone(),
            Effect::Redact(targets) => format!("Réponses effacées : {}", targets.len()),
            Effect::Notify { template, to, .. } => {
                let declared = definition.notices.iter().find(|notice| notice.id == *template);
                let subject = declared.map_or(template.as_str(), |notice| notice.subject.as_str());
                let what = subject.replace("{{ numero }}", &self.loaded.head.number);
                let to = if to == "usager" { "à l’usager" } else { "aux agents" };
                format!("Courriel {to} : {what}")
            }
            Effect::Produce { template, .. } => {
                let declared = definition.documents.iter().find(|document| document.id == *template);
                format!("Document : {}", declared.map_or(template.as_str(), |document| document.title.as_str()))
            }
            Effect::Cancel(_) => return None,
        })
    }
}

const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Web => "en ligne",
        Channel::Guichet => "au guichet",
        Channel::Telephone => "par téléphone",
        Channel::Courrier => "par courrier",
        Channel::Api => "par un service connecté",
    }
}

/// How a dossier ended, in a word.
pub(crate) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Favorable => "favorable",
        Outcome::Partiel => "partiellement favorable",
        Outcome::Defavorable => "défavorable",
        Outcome::Traite => "traité",
        Outcome::SansSuite => "sans suite",
        Outcome::Retire => "retiré",
        Outcome::Transmis => "transmis",
    }
}
