//! Writing a definition: fields, conditions, pages, states and actions in few words.
//!
//! The types are those of the contract; what stands here only spares their usual defaults.

use parvis_contract::{
    Accept, Action, ActionStyle, Choice, ChoiceStyle, Condition, Field, FilledBy, Kind, Literal, NoticeTemplate,
    Options, Outcome, Page, Phase, Prefill, Required, Sensitivity, State, TextFormat, WaitsFor,
};

/// A required question to the usager, about no one. Refine it with [`FieldExt`].
pub fn ask(id: &str, label: &str, purpose: &str, kind: Kind) -> Field {
    Field {
        id: id.to_owned(),
        label: label.to_owned(),
        hint: None,
        kind,
        required: Required::Yes,
        purpose: purpose.to_owned(),
        sensitivity: Sensitivity::None,
        prefill: None,
        column: false,
        autocomplete: None,
        condition: None,
        filled_by: FilledBy::Usager,
        key: false,
        told: false,
    }
}

/// A text between questions.
pub fn information(id: &str, text: &str) -> Field {
    ask(id, "", "", Kind::Information { text: text.to_owned() }).optional()
}

/// A value that the démarche computes.
pub fn computed(id: &str, label: &str, purpose: &str, kind: Kind) -> Field {
    let mut field = ask(id, label, purpose, kind).optional();
    field.filled_by = FilledBy::Computed;
    field
}

/// A value that only agents give.
pub fn by_agents(id: &str, label: &str, purpose: &str, kind: Kind) -> Field {
    let mut field = ask(id, label, purpose, kind).optional();
    field.filled_by = FilledBy::Agents;
    field
}

/// What a field may say besides its kind.
pub trait FieldExt: Sized {
    /// One short sentence under the label.
    #[must_use]
    fn hint(self, text: &str) -> Self;
    /// Nobody must answer.
    #[must_use]
    fn optional(self) -> Self;
    /// The usager must answer; an agent who files for someone may not.
    #[must_use]
    fn required_of_usager(self) -> Self;
    /// A personal datum.
    #[must_use]
    fn personal(self) -> Self;
    /// A first value comes from the account.
    #[must_use]
    fn prefilled(self, from: Prefill) -> Self;
    /// Token of the `autocomplete` attribute.
    #[must_use]
    fn autocomplete(self, token: &str) -> Self;
    /// Shown only when the condition holds.
    #[must_use]
    fn when(self, condition: Condition) -> Self;
    /// A column of agents' lists.
    #[must_use]
    fn column(self) -> Self;
    /// Dossiers are counted and found by it.
    #[must_use]
    fn key(self) -> Self;
    /// A computed value that is told to whoever fills the form.
    #[must_use]
    fn told(self) -> Self;
}

impl FieldExt for Field {
    fn hint(mut self, text: &str) -> Self {
        self.hint = Some(text.to_owned());
        self
    }

    fn optional(mut self) -> Self {
        self.required = Required::No;
        self
    }

    fn required_of_usager(mut self) -> Self {
        self.required = Required::Usager;
        self
    }

    fn personal(mut self) -> Self {
        self.sensitivity = Sensitivity::Personal;
        self
    }

    fn prefilled(mut self, from: Prefill) -> Self {
        self.prefill = Some(from);
        self
    }

    fn autocomplete(mut self, token: &str) -> Self {
        self.autocomplete = Some(token.to_owned());
        self
    }

    fn when(mut self, condition: Condition) -> Self {
        self.condition = Some(condition);
        self
    }

    fn column(mut self) -> Self {
        self.column = true;
        self
    }

    fn key(mut self) -> Self {
        self.key = true;
        self
    }

    fn told(mut self) -> Self {
        self.told = true;
        self
    }
}

/// One line of text.
pub const fn line(max_length: u16) -> Kind {
    Kind::Text { format: TextFormat::Free, max_length, lines: 1 }
}

/// One line of a given format.
pub const fn formatted(format: TextFormat, max_length: u16) -> Kind {
    Kind::Text { format, max_length, lines: 1 }
}

/// Several lines of text.
pub const fn paragraph(max_length: u16, lines: u8) -> Kind {
    Kind::Text { format: TextFormat::Free, max_length, lines }
}

/// A whole number.
pub fn integer(min: i32, max: i32, unit: &str) -> Kind {
    Kind::Integer { min, max, unit: Some(unit.to_owned()).filter(|unit| !unit.is_empty()) }
}

/// An exact decimal with two digits after the comma.
pub fn decimal(min: &str, max: &str, unit: &str) -> Kind {
    Kind::Decimal {
        min: min.to_owned(),
        max: max.to_owned(),
        places: 2,
        unit: Some(unit.to_owned()).filter(|unit| !unit.is_empty()),
    }
}

/// One among several, by radio buttons.
pub fn radios(options: &[(&str, &str)]) -> Kind {
    Kind::Choice { options: fixed(options), style: ChoiceStyle::Radio }
}

/// One among several, by a list to open.
pub fn list(options: &[(&str, &str)]) -> Kind {
    Kind::Choice { options: fixed(options), style: ChoiceStyle::List }
}

/// One among the rows of a block of the settings.
pub fn list_of_setting(block: &str, value: &str, label: &str) -> Kind {
    Kind::Choice {
        options: Options::Setting { block: block.to_owned(), value: value.to_owned(), label: label.to_owned() },
        style: ChoiceStyle::List,
    }
}

/// Several among several.
pub fn boxes(options: &[(&str, &str)]) -> Kind {
    Kind::Choices { options: fixed(options) }
}

fn fixed(options: &[(&str, &str)]) -> Options {
    Options::Fixed(
        options
            .iter()
            .map(|(value, label)| Choice { value: (*value).to_owned(), label: (*label).to_owned(), hint: None })
            .collect(),
    )
}

/// A supporting document without which the instruction cannot go on.
pub fn essential_piece(max_files: u8, basis: &str) -> Kind {
    Kind::Pieces { accept: ALL_TYPES.to_vec(), max_files, essential: true, basis: basis.to_owned() }
}

/// A supporting document that helps.
pub fn helpful_piece(max_files: u8, basis: &str) -> Kind {
    Kind::Pieces { accept: ALL_TYPES.to_vec(), max_files, essential: false, basis: basis.to_owned() }
}

const ALL_TYPES: [Accept; 4] = [Accept::Pdf, Accept::Jpeg, Accept::Png, Accept::Heic];

/// A set of fields that repeats.
pub fn block(item: &str, min: u16, max: u16, fields: Vec<Field>) -> Kind {
    Kind::Block { fields, min, max, item: item.to_owned() }
}

/// A page that everyone sees.
pub fn page(id: &str, title: &str, fields: Vec<Field>) -> Page {
    Page { id: id.to_owned(), title: title.to_owned(), intro: None, condition: None, fields }
}

/// The answer equals the literal.
pub fn is(field: &str, value: impl Into<Literal>) -> Condition {
    Condition::Equals { field: field.to_owned(), value: value.into() }
}

/// The choice is one of these.
pub fn one_of(field: &str, values: &[&str]) -> Condition {
    Condition::OneOf { field: field.to_owned(), values: values.iter().map(|value| (*value).to_owned()).collect() }
}

/// The choices hold this one.
pub fn includes(field: &str, value: &str) -> Condition {
    Condition::Includes { field: field.to_owned(), value: value.to_owned() }
}

/// A state in which the town works.
pub fn state(id: &str, label: &str, phase: Phase, waits_for: WaitsFor) -> State {
    State {
        id: id.to_owned(),
        label: label.to_owned(),
        usager_label: label.to_owned(),
        usager_next: String::new(),
        phase,
        waits_for,
        outcome: None,
        withdrawable: false,
        decided: false,
    }
}

/// What a state may say besides its phase.
pub trait StateExt: Sized {
    /// What the usager reads: where it stands, what happens next.
    #[must_use]
    fn told(self, label: &str, next: &str) -> Self;
    /// The usager may withdraw.
    #[must_use]
    fn withdrawable(self) -> Self;
    /// The dossier ended so, without an express decision.
    #[must_use]
    fn ended(self, outcome: Outcome) -> Self;
    /// The express decision is made.
    #[must_use]
    fn decided(self, outcome: Outcome) -> Self;
}

impl StateExt for State {
    fn told(mut self, label: &str, next: &str) -> Self {
        label.clone_into(&mut self.usager_label);
        next.clone_into(&mut self.usager_next);
        self
    }

    fn withdrawable(mut self) -> Self {
        self.withdrawable = true;
        self
    }

    fn ended(mut self, outcome: Outcome) -> Self {
        self.outcome = Some(outcome);
        self
    }

    fn decided(mut self, outcome: Outcome) -> Self {
        self.outcome = Some(outcome);
        self.decided = true;
        self
    }
}

/// What an agent can do, in these states, under these functions.
pub fn action(id: &str, label: &str, states: &[&str], functions: &[&str]) -> Action {
    let owned = |list: &[&str]| list.iter().map(|item| (*item).to_owned()).collect();
    Action {
        id: id.to_owned(),
        label: label.to_owned(),
        hint: None,
        states: owned(states),
        functions: owned(functions),
        form: Vec::new(),
        batch: false,
        signs: false,
        style: ActionStyle::Secondary,
    }
}

/// What an action may say besides its place.
pub trait ActionExt: Sized {
    /// One sentence on what happens then.
    #[must_use]
    fn hint(self, text: &str) -> Self;
    /// What it asks.
    #[must_use]
    fn asking(self, form: Vec<Field>) -> Self;
    /// Several dossiers at once.
    #[must_use]
    fn in_batch(self) -> Self;
    /// It signs: acts take their number.
    #[must_use]
    fn signing(self) -> Self;
    /// The usual next step.
    #[must_use]
    fn primary(self) -> Self;
    /// A step that ends or refuses.
    #[must_use]
    fn danger(self) -> Self;
}

impl ActionExt for Action {
    fn hint(mut self, text: &str) -> Self {
        self.hint = Some(text.to_owned());
        self
    }

    fn asking(mut self, form: Vec<Field>) -> Self {
        self.form = form;
        self
    }

    fn in_batch(mut self) -> Self {
        self.batch = true;
        self
    }

    fn signing(mut self) -> Self {
        self.signs = true;
        self
    }

    fn primary(mut self) -> Self {
        self.style = ActionStyle::Primary;
        self
    }

    fn danger(mut self) -> Self {
        self.style = ActionStyle::Danger;
        self
    }
}

/// A mail that an effect may send.
pub fn notice(id: &str, subject: &str, body: &str, variables: &[&str]) -> NoticeTemplate {
    NoticeTemplate {
        id: id.to_owned(),
        subject: subject.to_owned(),
        body: body.to_owned(),
        variables: variables.iter().map(|name| (*name).to_owned()).collect(),
    }
}
