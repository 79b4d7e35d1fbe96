//! From the filing to the draft: what instructeurs, advisers and the usager do.

use parvis_sdk::{
    Answers, Context, Decision, Refusal, Reply, Value, Wanted, answer, calendar::plus_days, date, decide::invalid,
};
use serde_json::json;

use super::{Case, decision::draft, memory::Memory, timer, wrong_settings};
use crate::{
    acte::File,
    evaluate::{computed, is_asked_of, is_urgent, summary},
    form::{CORRECTION, SANS_SUITE, TRANSMISE},
    french,
    settings::{Adviser, Competence},
    states,
};

/// Mark of a request that came late.
const URGENT: &str = "urgent";
/// Mark of a request for a street of another manager.
const ELSEWHERE: &str = "autre gestionnaire";

/// Task of the opinion of the voirie.
const OPINION_VOIRIE: &str = "avis-voirie";
/// Task of the opinion of the police municipale.
const OPINION_POLICE: &str = "avis-police";

impl Case<'_> {
    pub(super) fn filed(&self) -> Result<Decision, Refusal> {
        self.settings.check().map_err(wrong_settings)?;
        let file = self.file()?;
        let mut decision = self
            .unchanged()
            .enter(states::A_VERIFIER)
            .answering_all(computed(self.settings, &file.request, &file.place))
            .answering_all(estimated(&file))
            .answering_all(due(&file));
        if let Some(stay) = file.request.stay {
            decision = scheduled(decision, &file);
            if is_urgent(self.settings, stay.first, self.calendar) {
                decision = decision.mark(URGENT);
            }
        }
        if let Some(manager) = file.place.manager {
            let (name, phone) = (&manager.nom, &manager.telephone);
            decision = match manager.competence {
                Competence::Tout => decision.mark(ELSEWHERE).note(elsewhere(name)),
                Competence::Permission => decision.note(format!(
                    "La voie est gérée par {name} ({phone}) : demandez son avis (article L2213-6 du CGCT). La permission de \
                     voirie, si le sol est touché, lui revient."
                )),
                Competence::Avis => {
                    decision.note(format!("La voie est gérée par {name} ({phone}) : demandez son avis (article L2213-6 du CGCT)."))
                }
            };
        }
        Ok(decision)
    }

    pub(super) fn completed(mut self) -> Decision {
        if self.state() != states::A_COMPLETER {
            return self.unchanged();
        }
        let back = self.memory.back_to.take().unwrap_or_else(|| states::A_VERIFIER.to_owned());
        self.memory.pieces_until = None;
        self.unchanged().cancel(&[timer::REMIND, timer::EXPIRE]).enter(&back).assign(
            "pieces-recues",
            states::INSTRUCTEUR,
            "Vérifier les documents reçus",
            None,
        )
    }

    pub(super) fn corrected(mut self) -> Result<Decision, Refusal> {
        if !self.is_open() {
            return Err(Refusal::Unexpected(
                "La demande est décidée : elle ne se corrige plus. Une modification passe par une nouvelle demande."
                    .to_owned(),
            ));
        }
        let agent = self.context.actor.id.clone();
        self.memory.instructed_by(&agent);
        let file = self.file()?;
        if file.request.nature.is_none() || file.request.stay.is_none() {
            return Err(invalid(
                "date_fin",
                "dates",
                "Vérifiez les dates : le dernier jour ne peut pas être avant le premier.",
            ));
        }
        let before =
            Answers::new(&self.dossier.answers).decimal("montant").map_or("aucun montant".to_owned(), french::euros);
        let mut decision = self
            .unchanged()
            .answering_all(computed(self.settings, &file.request, &file.place))
            .answering_all(due(&file))
            .note(format!("Correction : {}. Droits de voirie : {before}, puis {}.", summary(&file.request), file.due()))
            .notify(CORRECTION, "usager", &json!({ "objet": summary(&file.request), "montant": file.due() }), &[]);
        decision = scheduled(decision, &file);
        // A draft tells the dates and the amount: it is made again with the new ones.
        if self.state() == states::PROJET_ARRETE { draft(decision, &file) } else { Ok(decision) }
    }

    pub(super) fn take_in_charge(mut self) -> Decision {
        let nature = self.request().nature;
        let rules = self.settings.avis.iter().filter(|rule| rule.nature.is_none() || rule.nature == nature);
        let mut asked: Vec<(&str, &str, &str, u16)> = Vec::new();
        for rule in rules {
            let (key, function, title) = match rule.fonction {
                Adviser::Voirie => (OPINION_VOIRIE, states::VOIRIE, "Donner l’avis de la voirie"),
                Adviser::PoliceMunicipale => {
                    (OPINION_POLICE, states::POLICE_MUNICIPALE, "Donner l’avis de la police municipale")
                }
            };
            if asked.iter().all(|(known, ..)| *known != key) {
                asked.push((key, function, title, rule.jours));
            }
        }
        self.memory.awaited = asked.iter().map(|(key, ..)| (*key).to_owned()).collect();
        let today = self.calendar.today();
        asked.into_iter().fold(
            self.unchanged().enter(states::EN_INSTRUCTION),
            |decision, (key, function, title, days)| {
                decision.assign(key, function, title, Some(plus_days(today, i64::from(days))))
            },
        )
    }

    pub(super) fn opinion(mut self, reply: &Reply) -> Decision {
        let field = match reply.key.as_str() {
            OPINION_VOIRIE => "avis_voirie",
            OPINION_POLICE => "avis_police",
            _ => return self.unchanged(),
        };
        let was_awaited = !self.memory.awaited.is_empty();
        self.memory.awaited.retain(|key| *key != reply.key);
        let complete = was_awaited && self.memory.awaited.is_empty() && self.state() == states::EN_INSTRUCTION;
        let decision = self.unchanged().answering(field, Value::of_text(opinion_in_words(&reply.content)));
        if complete {
            return decision.assign(
                "avis-rendus",
                states::INSTRUCTEUR,
                "Tous les avis sont rendus : préparer la décision",
                None,
            );
        }
        decision
    }

    pub(super) fn ask_pieces(mut self, inputs: Answers<'_>) -> Result<Decision, Refusal> {
        let asked = inputs.choices("pieces_demandees");
        let nature = self.request().nature;
        if asked.is_empty() {
            return Err(invalid("pieces_demandees", "aucune-piece", "Choisissez au moins un document."));
        }
        if asked.iter().any(|piece| !is_asked_of(piece, nature)) {
            return Err(invalid(
                "pieces_demandees",
                "piece-sans-objet",
                "Ce document n’est pas dans le formulaire de cette demande. Choisissez « Autre document » et précisez.",
            ));
        }
        let Some(reason) = inputs.text("pieces_motif") else {
            return Err(invalid("pieces_motif", "motif-vide", "Dites pourquoi ces documents sont demandés."));
        };
        let days = inputs.integer("pieces_delai").and_then(|days| u16::try_from(days).ok()).filter(|days| *days > 0);
        let days = days.unwrap_or(self.settings.pieces_jours.max(1));
        let essential = inputs.yes("pieces_indispensables");
        let items = asked
            .iter()
            .map(|field| Wanted {
                field: field.clone(),
                essential,
                basis: "article L113-2 du code de la voirie routière et règlement de voirie".to_owned(),
            })
            .collect();
        if !essential {
            // A document that is only missing does not stop the instruction (article L114-5-1 du CRPA).
            return Ok(self.unchanged().ask_pieces(items, reason, days));
        }
        let until = plus_days(self.calendar.today(), i64::from(days));
        self.memory.back_to = Some(self.state().to_owned());
        self.memory.pieces_until = Some(until.to_string());
        let remind = plus_days(until, -i64::from(self.settings.relance_jours));
        let mut decision = self
            .unchanged()
            .ask_pieces(items, reason, days)
            .enter(states::A_COMPLETER)
            .schedule(timer::EXPIRE, plus_days(until, 1));
        if remind > self.calendar.today() {
            decision = decision.schedule(timer::REMIND, remind);
        }
        Ok(decision)
    }

    pub(super) fn close_without_answer(self) -> Result<Decision, Refusal> {
        if let Some(because) = not_expired(&self.memory, self.context) {
            return Err(Refusal::Unexpected(because));
        }
        let object = summary(&self.request());
        Ok(self.unchanged().cancel(&timer::ALL).enter(states::SANS_SUITE).notify(
            SANS_SUITE,
            "usager",
            &json!({ "objet": object }),
            &[],
        ))
    }

    pub(super) fn transfer(self, inputs: Answers<'_>) -> Result<Decision, Refusal> {
        let Some(to) = inputs.text("destinataire") else {
            return Err(invalid("destinataire", "destinataire-vide", "Indiquez l’autorité compétente."));
        };
        let object = summary(&self.request());
        Ok(self
            .unchanged()
            .cancel(&timer::ALL)
            .enter(states::TRANSMIS)
            .note(format!("Demande transmise à {to} (article L114-2 du CRPA)."))
            .notify(TRANSMISE, "usager", &json!({ "objet": object, "destinataire": to }), &[]))
    }
}

/// Told to who would decide on a street of another authority.
pub(super) fn elsewhere(authority: &str) -> String {
    format!(
        "La voie dépend de {authority}, qui délivre l’autorisation. Vérifiez l’adresse, puis transmettez la demande (article \
         L114-2 du CRPA)."
    )
}

/// Timers of the dates: the first day, the day after it, the day after the last.
fn scheduled(decision: Decision, file: &File<'_>) -> Decision {
    let Some(stay) = file.request.stay else { return decision };
    decision
        .schedule(timer::START, stay.first)
        .schedule(timer::MISSED, plus_days(stay.first, 1))
        .schedule(timer::END, plus_days(stay.last, 1))
}

/// Why a request that awaits documents cannot be closed yet.
pub(super) fn not_expired(memory: &Memory, context: &Context) -> Option<String> {
    let until = memory.pieces_until.as_deref().and_then(date)?;
    let today = date(&context.now)?;
    (today <= until).then(|| {
        format!("L’usager a jusqu’au {} pour répondre. Le classement est possible le lendemain.", french::day(until))
    })
}

/// What is estimated when filing, kept as the usager saw it.
fn estimated(file: &File<'_>) -> Vec<parvis_sdk::Answer> {
    let Some(estimate) = &file.estimate else { return Vec::new() };
    vec![
        answer("montant_estime", Value::of_decimal(estimate.total)),
        answer("detail_estime", Value::of_text(estimate.detail())),
    ]
}

/// What is due.
fn due(file: &File<'_>) -> Vec<parvis_sdk::Answer> {
    let Some(estimate) = &file.estimate else {
        return vec![answer("montant", Value::Empty), answer("detail_montant", Value::Empty)];
    };
    vec![
        answer("montant", Value::of_decimal(estimate.total)),
        answer("detail_montant", Value::of_text(estimate.detail())),
    ]
}

/// An opinion in words, as whoever gave it wrote it.
fn opinion_in_words(content: &str) -> String {
    let Ok(value) = serde_json::from_str::<serde_json::Value>(content) else { return content.to_owned() };
    let words = value.get("texte").and_then(serde_json::Value::as_str).or(value.as_str()).unwrap_or_default().trim();
    if words.is_empty() { "Avis rendu".to_owned() } else { words.to_owned() }
}
