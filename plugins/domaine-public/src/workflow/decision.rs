//! Drafts and signatures. Who instructs never signs; who signs by délégation holds one for these matters, that day.

use parvis_sdk::{Answers, Audience, Decision, Refusal, Ruling, RulingOutcome, decide::invalid};
use serde_json::json;

use super::{Case, Grounds, instruction::elsewhere, timer, wrong_settings};
use crate::{
    acte::{File, Signing},
    evaluate::summary,
    form::{ARRETE, FAVORABLE, PROJET, REFUS, REFUSEE},
    french,
    settings::Competence,
    signature::{Power, Signatory, power},
    states,
};

/// Told to an instructeur who would sign.
pub(super) const INSTRUCTED: &str = "Vous avez instruit cette demande : une autre personne la signe.";

const LAW: &str = "articles L2122-1 et L2125-1 du code général de la propriété des personnes publiques, article L2213-6 du code \
                   général des collectivités territoriales, article L113-2 du code de la voirie routière";

impl Case<'_> {
    pub(super) fn prepare_grant(mut self, inputs: Answers<'_>) -> Result<Decision, Refusal> {
        self.memory.prescriptions = inputs.text("prescriptions").map(str::to_owned);
        self.memory.grounds = None;
        let file = self.file()?;
        if let Some(manager) = file.place.manager.filter(|manager| manager.competence == Competence::Tout) {
            return Err(Refusal::Unexpected(elsewhere(&manager.nom)));
        }
        if file.request.stay.is_none() {
            return Err(Refusal::Unexpected(
                "Les dates ne sont pas complètes : corrigez-les avant de préparer l’arrêté.".to_owned(),
            ));
        }
        draft(self.unchanged().enter(states::PROJET_ARRETE), &file)
    }

    pub(super) fn prepare_refusal(mut self, inputs: Answers<'_>) -> Result<Decision, Refusal> {
        let Some(law) = inputs.text("motif_droit") else {
            return Err(invalid("motif_droit", "motif-vide", "Indiquez les textes qui conduisent au refus."));
        };
        let Some(facts) = inputs.text("motif_fait") else {
            return Err(invalid("motif_fait", "motif-vide", "Indiquez ce qui, dans cette demande, conduit au refus."));
        };
        let grounds = Grounds { law: law.to_owned(), facts: facts.to_owned() };
        self.memory.grounds = Some(grounds.clone());
        let act = self.file()?.refuse(&grounds, Signing::Draft).map_err(wrong_settings)?;
        Ok(self.unchanged().enter(states::PROJET_REFUS).produce(PROJET, PROJET, Audience::Agents, &act))
    }

    pub(super) fn sign_grant(self) -> Result<Decision, Refusal> {
        let file = self.file()?;
        let Some(stay) = file.request.stay else {
            return Err(Refusal::Unexpected(
                "Les dates ne sont pas complètes : renvoyez la demande à l’instruction.".to_owned(),
            ));
        };
        let signatory = Signatory::of(self.context)?;
        let power = self.power(&signatory, &file)?;
        let act = file.grant(Signing::By(&signatory, power)).map_err(wrong_settings)?;
        let payment = match &file.estimate {
            Some(estimate) if !estimate.total.is_zero() => {
                format!("{} envoie la demande de paiement à {}.", self.settings.comptable, file.request.payer_name())
            }
            _ => String::new(),
        };
        let variables = json!({
            "objet": summary(&file.request),
            "affichage": file.display_by().map_or_else(String::new, french::long_day),
            "montant": file.due(),
            "paiement": capitalised(&payment),
        });
        // The first day may be today: the timer then fires at once, and the occupation is going on.
        let start = stay.first.max(self.calendar.today());
        Ok(self
            .unchanged()
            .cancel(&[timer::MISSED, timer::REMIND, timer::EXPIRE])
            .rule(Ruling {
                outcome: RulingOutcome::Favourable,
                law: LAW.to_owned(),
                facts: summary(&file.request),
                conditions: self.memory.prescriptions.clone(),
            })
            .produce(ARRETE, ARRETE, Audience::Usager, &act)
            .enter(states::SIGNE)
            .schedule(timer::START, start)
            .notify(FAVORABLE, "usager", &variables, &[ARRETE]))
    }

    pub(super) fn sign_refusal(self) -> Result<Decision, Refusal> {
        let grounds = self.memory.grounds.clone().ok_or_else(|| {
            Refusal::Unexpected("Les motifs du refus manquent : renvoyez la demande à l’instruction.".to_owned())
        })?;
        let file = self.file()?;
        let signatory = Signatory::of(self.context)?;
        let power = self.power(&signatory, &file)?;
        let act = file.refuse(&grounds, Signing::By(&signatory, power)).map_err(wrong_settings)?;
        let variables = json!({ "objet": summary(&file.request), "telephone": self.settings.telephone });
        Ok(self
            .unchanged()
            .cancel(&timer::ALL)
            .rule(Ruling {
                outcome: RulingOutcome::Unfavourable,
                law: grounds.law,
                facts: grounds.facts,
                conditions: None,
            })
            .produce(REFUS, REFUS, Audience::Usager, &act)
            .enter(states::REFUSE)
            .notify(REFUSEE, "usager", &variables, &[REFUS]))
    }

    fn power<'s>(&'s self, signatory: &Signatory<'_>, file: &File<'_>) -> Result<Power<'s>, Refusal> {
        if self.memory.instructors.contains(&self.context.actor.id) {
            return Err(Refusal::Forbidden(INSTRUCTED.to_owned()));
        }
        power(self.settings, signatory.email, file.matters(), signatory.day)
            .map_err(wrong_settings)?
            .map_err(Refusal::Forbidden)
    }

    pub(super) fn send_back(self, inputs: Answers<'_>) -> Result<Decision, Refusal> {
        let Some(reason) = inputs.text("renvoi_motif") else {
            return Err(invalid("renvoi_motif", "motif-vide", "Dites ce qui est à revoir."));
        };
        Ok(self.unchanged().enter(states::EN_INSTRUCTION).note(format!("Renvoyé à l’instruction : {reason}")).assign(
            "a-revoir",
            states::INSTRUCTEUR,
            "Revoir le projet renvoyé par le signataire",
            None,
        ))
    }
}

/// Makes the draft, in place of any earlier one.
pub(super) fn draft(decision: Decision, file: &File<'_>) -> Result<Decision, Refusal> {
    let act = file.grant(Signing::Draft).map_err(wrong_settings)?;
    Ok(decision.produce(PROJET, PROJET, Audience::Agents, &act))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
