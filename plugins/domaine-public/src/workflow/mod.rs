//! What the démarche decides on each event.
//!
//! filed → à vérifier → (à compléter ↔) en instruction → projet → signé et notifié → en cours → terminée. The platform
//! owns the law's clock and its mails; what happens here is the town's own work. An event that comes too late (a timer of
//! a decided dossier, a second opinion) changes nothing and is not an error.

mod clock;
mod decision;
mod instruction;
mod memory;

#[cfg(test)]
mod tests;

use parvis_sdk::{
    ActionInput, Answers, Context, Decision, Dossier, Event, Offer, Refusal, SettingsError,
    calendar::Calendar,
    decide::{offer, refused_offer},
};

use crate::{
    acte::File,
    place::place_of,
    request::Request,
    settings::{Competence, Settings},
    signature::power,
    states::{self, Step},
    tariff::estimate_request,
};
use memory::Memory;

pub(crate) use memory::Grounds;

/// Timers.
mod timer {
    pub(super) const START: &str = "debut";
    pub(super) const MISSED: &str = "debut-passe";
    pub(super) const END: &str = "fin";
    pub(super) const REMIND: &str = "relance-pieces";
    pub(super) const EXPIRE: &str = "expiration-pieces";
    pub(super) const ALL: [&str; 5] = [START, MISSED, END, REMIND, EXPIRE];
}

/// A call, with all that a decision reads.
struct Case<'a> {
    context: &'a Context,
    dossier: &'a Dossier,
    settings: &'a Settings<'a>,
    calendar: Calendar<'a>,
    memory: Memory,
}

/// Decides.
pub fn handle(context: &Context, dossier: &Dossier, event: &Event) -> Result<Decision, Refusal> {
    let settings = Settings::of(context).map_err(wrong_settings)?;
    let calendar = Calendar::new(context)
        .ok_or_else(|| Refusal::Unexpected("L’instant du contexte n’est pas une date.".to_owned()))?;
    let case = Case { context, dossier, settings: &settings, calendar, memory: Memory::of(dossier)? };
    match event {
        Event::Filed => case.filed(),
        Event::Completed(_) => Ok(case.completed()),
        Event::Corrected(_) => case.corrected(),
        Event::Action(action) => case.act(action),
        Event::Timer(key) => Ok(case.timer(key)),
        Event::Opinion(reply) => Ok(case.opinion(reply)),
        Event::Withdrawn => case.withdrawn(),
        Event::Lapsed => Ok(case.lapsed()),
        _ => Ok(case.unchanged()),
    }
}

/// Which actions make sense now.
pub fn offers(context: &Context, dossier: &Dossier) -> Vec<Offer> {
    let possible = states::STEPS.iter().filter(|step| {
        step.states.contains(&dossier.state.as_str())
            && (context.actor.function.is_empty() || context.actor.function == step.function)
    });
    possible.map(|step| offered(context, dossier, step)).collect()
}

fn offered(context: &Context, dossier: &Dossier, step: &Step) -> Offer {
    let refused = Memory::of(dossier).ok().and_then(|memory| match step.action {
        "classer-sans-suite" => instruction::not_expired(&memory, context),
        "preparer-arrete" => of_another_authority(context, dossier),
        "signer" | "signer-refus" => cannot_sign(context, dossier, &memory),
        _ => None,
    });
    refused.map_or_else(|| offer(step.action), |because| refused_offer(step.action, because))
}

/// Why the act is not this town's to make.
fn of_another_authority(context: &Context, dossier: &Dossier) -> Option<String> {
    let settings = Settings::of(context).ok()?;
    let manager = place_of(&settings, &Request::new(Answers::new(&dossier.answers))).manager?;
    (manager.competence == Competence::Tout).then(|| instruction::elsewhere(&manager.nom))
}

/// Why this agent cannot sign, as far as the context tells who she is.
fn cannot_sign(context: &Context, dossier: &Dossier, memory: &Memory) -> Option<String> {
    if memory.instructors.contains(&context.actor.id) {
        return Some(decision::INSTRUCTED.to_owned());
    }
    let email = Answers::new(&context.extra).text("signataire.email")?;
    let settings = Settings::of(context).ok()?;
    let calendar = Calendar::new(context)?;
    let request = Request::new(Answers::new(&dossier.answers));
    let file = File {
        settings: &settings,
        dossier,
        place: place_of(&settings, &request),
        request,
        estimate: None,
        prescriptions: "",
    };
    power(&settings, email, file.matters(), calendar.today()).ok()?.err()
}

impl<'a> Case<'a> {
    fn state(&self) -> &str {
        &self.dossier.state
    }

    fn is_open(&self) -> bool {
        states::OPEN.contains(&self.state())
    }

    fn request(&self) -> Request<'a> {
        Request::new(Answers::new(&self.dossier.answers))
    }

    /// The file of an act, priced by the tariff in force on its first day.
    fn file(&'a self) -> Result<File<'a>, Refusal> {
        let request = self.request();
        let place = place_of(self.settings, &request);
        let estimate = estimate_request(self.settings, &request, place.zone).map_err(wrong_settings)?;
        let prescriptions = self.memory.prescriptions.as_deref().unwrap_or_default();
        Ok(File { settings: self.settings, dossier: self.dossier, request, place, estimate, prescriptions })
    }

    /// A decision that changes nothing but the memory.
    fn unchanged(&self) -> Decision {
        Decision::remembering(&self.memory)
    }

    fn act(mut self, action: &ActionInput) -> Result<Decision, Refusal> {
        let step = states::STEPS.iter().find(|step| step.action == action.name);
        let Some(step) = step else {
            return Err(Refusal::Unexpected(format!("L’action « {} » n’existe pas.", action.name)));
        };
        if !step.states.contains(&self.state()) {
            return Err(Refusal::Unexpected(
                "Cette action n’est plus possible : la demande a changé d’état. Rechargez la page.".to_owned(),
            ));
        }
        if self.context.actor.function != step.function {
            return Err(Refusal::Forbidden("Cette action revient à une autre fonction.".to_owned()));
        }
        if step.function == states::INSTRUCTEUR {
            let agent = self.context.actor.id.clone();
            self.memory.instructed_by(&agent);
        }
        let inputs = Answers::new(&action.inputs);
        match step.action {
            "instruire" => Ok(self.take_in_charge()),
            "demander-pieces" => self.ask_pieces(inputs),
            "preparer-arrete" => self.prepare_grant(inputs),
            "preparer-refus" => self.prepare_refusal(inputs),
            "reprendre" => Ok(self.unchanged().enter(states::EN_INSTRUCTION)),
            "transmettre" => self.transfer(inputs),
            "classer-sans-suite" => self.close_without_answer(),
            "signer" => self.sign_grant(),
            "signer-refus" => self.sign_refusal(),
            _ => self.send_back(inputs),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "given to map_err")]
fn wrong_settings(error: SettingsError) -> Refusal {
    Refusal::Unexpected(error.to_string())
}
