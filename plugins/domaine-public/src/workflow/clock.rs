//! What time does: timers of the démarche, the law's term raised by the platform, and the usager who withdraws.

use parvis_sdk::{Decision, Refusal, date};
use serde_json::json;

use super::{Case, timer};
use crate::{
    evaluate::summary,
    form::{RELANCE, SANS_OBJET},
    french, states,
};

/// Mark of a request whose documents did not come.
const UNANSWERED: &str = "pièces non reçues";

impl Case<'_> {
    pub(super) fn timer(self, key: &str) -> Decision {
        match (key, self.state()) {
            (timer::START, states::SIGNE) => self.unchanged().enter(states::EN_COURS),
            (timer::END, states::SIGNE | states::EN_COURS) => self.unchanged().enter(states::TERMINEE),
            (timer::MISSED, _) if self.is_open() => self.missed(),
            (timer::REMIND, states::A_COMPLETER) => self.remind(),
            (timer::EXPIRE, states::A_COMPLETER) => self.expired(),
            _ => self.unchanged(),
        }
    }

    /// The first day is past and nothing was decided.
    fn missed(self) -> Decision {
        let variables = json!({ "objet": summary(&self.request()), "telephone": self.settings.telephone });
        self.unchanged().cancel(&timer::ALL).enter(states::SANS_OBJET).notify(SANS_OBJET, "usager", &variables, &[])
    }

    fn remind(self) -> Decision {
        let until = self.memory.pieces_until.as_deref().and_then(date).map_or_else(String::new, french::long_day);
        let variables = json!({ "objet": summary(&self.request()), "echeance": until });
        self.unchanged().notify(RELANCE, "usager", &variables, &[])
    }

    /// The delay is over: the law's clock runs again, and an agent decides whether to close.
    fn expired(self) -> Decision {
        self.unchanged().mark(UNANSWERED).note("Les documents demandés n’ont pas été reçus dans le délai.").assign(
            "pieces-non-recues",
            states::INSTRUCTEUR,
            "Documents non reçus : classer sans suite, ou décider en l’état",
            None,
        )
    }

    /// Silence: the platform tells the usager, what is left here is the state.
    pub(super) fn lapsed(self) -> Decision {
        if !self.is_open() {
            return self.unchanged();
        }
        self.unchanged().cancel(&timer::ALL).enter(states::REJET_IMPLICITE)
    }

    pub(super) fn withdrawn(self) -> Result<Decision, Refusal> {
        if !self.is_open() {
            return Err(Refusal::Unexpected(
                "La demande est décidée : elle ne se retire plus. Appelez le service.".to_owned(),
            ));
        }
        Ok(self.unchanged().cancel(&timer::ALL).enter(states::RETIRE))
    }
}
