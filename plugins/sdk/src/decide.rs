//! What a démarche answers: decisions effect by effect, problems, offers, refusals.

use serde::Serialize;

use crate::{
    Answer, Assignment, Audience, Decision, Document, Effect, FormState, Level, Notice, Offer, PieceRequest, Problem,
    Refusal, Ruling, Target, Task, Timer, Value, Wanted, answers::answer, calendar::start_of,
};
use jiff::civil::Date;

impl Decision {
    /// A decision that keeps a memory and does nothing yet.
    pub fn remembering(memory: &impl Serialize) -> Self {
        Self {
            memory: json(memory),
            answers: Vec::new(),
            effects: Vec::new(),
            trace: Vec::new(),
            extra: "{}".to_owned(),
        }
    }

    /// Adds an effect.
    #[must_use]
    pub fn then(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }

    /// Sets an answer that is computed or filled by agents.
    #[must_use]
    pub fn answering(mut self, field: &str, value: Value) -> Self {
        self.answers.push(answer(field, value));
        self
    }

    /// Sets several answers that are computed or filled by agents.
    #[must_use]
    pub fn answering_all(mut self, answers: Vec<Answer>) -> Self {
        self.answers.extend(answers);
        self
    }

    /// Goes to a state.
    #[must_use]
    pub fn enter(self, state: &str) -> Self {
        self.then(Effect::Enter(state.to_owned()))
    }

    /// Fires a timer at the start of a day; one of the same key is replaced.
    #[must_use]
    pub fn schedule(self, key: &str, day: Date) -> Self {
        self.then(Effect::Schedule(Timer { key: key.to_owned(), at: start_of(day) }))
    }

    /// Forgets timers.
    #[must_use]
    pub fn cancel(self, keys: &[&str]) -> Self {
        keys.iter().fold(self, |decision, key| decision.then(Effect::Cancel((*key).to_owned())))
    }

    /// Gives an internal task to a function.
    #[must_use]
    pub fn assign(self, key: &str, function: &str, title: &str, due: Option<Date>) -> Self {
        self.then(Effect::Assign(Task {
            key: key.to_owned(),
            function: function.to_owned(),
            title: title.to_owned(),
            due: due.map(start_of),
        }))
    }

    /// Gives the dossier to a service.
    #[must_use]
    pub fn route(self, service: &str, reason: &str) -> Self {
        self.then(Effect::Route(Assignment {
            service: Some(service.to_owned()),
            agent: None,
            reason: reason.to_owned(),
        }))
    }

    /// Marks the dossier in lists.
    #[must_use]
    pub fn mark(self, mark: &str) -> Self {
        self.then(Effect::Mark(mark.to_owned()))
    }

    /// Writes an internal note.
    #[must_use]
    pub fn note(self, text: impl Into<String>) -> Self {
        self.then(Effect::Note(text.into()))
    }

    /// Asks the usager for supporting documents.
    #[must_use]
    pub fn ask_pieces(self, items: Vec<Wanted>, reason: &str, days: u16) -> Self {
        self.then(Effect::AskPieces(PieceRequest { items, reason: reason.to_owned(), days }))
    }

    /// Decides on the merits.
    #[must_use]
    pub fn rule(self, ruling: Ruling) -> Self {
        self.then(Effect::Rule(ruling))
    }

    /// Sends a mail, which waits for the documents that it attaches. The template is its key.
    #[must_use]
    pub fn notify(self, template: &str, to: &str, variables: &impl Serialize, attach: &[&str]) -> Self {
        self.then(Effect::Notify(Notice {
            key: template.to_owned(),
            template: template.to_owned(),
            to: to.to_owned(),
            variables: json(variables),
            attach: attach.iter().map(|key| (*key).to_owned()).collect(),
        }))
    }

    /// Makes a document.
    #[must_use]
    pub fn produce(self, key: &str, template: &str, audience: Audience, variables: &impl Serialize) -> Self {
        self.then(Effect::Produce(Document {
            key: key.to_owned(),
            template: template.to_owned(),
            audience,
            variables: json(variables),
        }))
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("memory and variables have only text keys, so that they are always JSON")
}

impl Default for FormState {
    fn default() -> Self {
        Self {
            hidden: Vec::new(),
            required: Vec::new(),
            locked: Vec::new(),
            computed: Vec::new(),
            options: Vec::new(),
            problems: Vec::new(),
            lookups: Vec::new(),
            trace: Vec::new(),
            extra: "{}".to_owned(),
        }
    }
}

impl FormState {
    /// Sets a computed answer.
    pub fn compute(&mut self, field: &str, value: Value) {
        self.computed.push(answer(field, value));
    }

    /// Hides a field or a page.
    pub fn hide(&mut self, field: &str) {
        self.hidden.push(target(field));
    }

    /// Requires a field.
    pub fn require(&mut self, field: &str) {
        self.required.push(target(field));
    }

    /// Filing is not possible: says what to do.
    pub fn block(&mut self, field: &str, code: &str, message: impl Into<String>) {
        self.problems.push(problem(field, Level::Blocks, code, message));
    }

    /// Filing is possible: says what to expect.
    pub fn warn(&mut self, field: &str, code: &str, message: impl Into<String>) {
        self.problems.push(problem(field, Level::Warns, code, message));
    }
}

/// Something wrong with the answer of a field.
pub fn problem(field: &str, level: Level, code: &str, message: impl Into<String>) -> Problem {
    Problem { at: Some(target(field)), level, code: code.to_owned(), message: message.into() }
}

/// An action that makes sense now.
pub fn offer(action: &str) -> Offer {
    Offer { action: action.to_owned(), refused_because: None }
}

/// An action that is shown with the reason why it cannot be done now.
pub fn refused_offer(action: &str, because: impl Into<String>) -> Offer {
    Offer { action: action.to_owned(), refused_because: Some(because.into()) }
}

/// Refuses an action for one of its inputs.
pub fn invalid(field: &str, code: &str, message: impl Into<String>) -> Refusal {
    Refusal::Invalid(vec![problem(field, Level::Blocks, code, message)])
}

fn target(field: &str) -> Target {
    Target { field: field.to_owned(), row: None }
}
