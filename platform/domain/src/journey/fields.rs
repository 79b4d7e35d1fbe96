//! The walk over fields: what is shown, with what it holds and what is wrong there.

use parvis_contract::{Choice, Definition, Field, FilledBy, Kind, Options, Page, Required};

use super::{
    Filer, Form, Status, WalkedField, WalkedPage,
    rows::row_count,
    visibility::{Place, holds},
};
use crate::{
    input::{Asked, Cause, InputError, check, fits, parse},
    rules::{FormState, Level, Problem},
    settings::Settings,
    value::{Answers, Target, Value},
};

/// The field of a list, or of its blocks, by its id.
pub(super) fn find<'a>(list: &'a [Field], id: &str) -> Option<&'a Field> {
    list.iter().find_map(|field| match &field.kind {
        _ if field.id == id => Some(field),
        Kind::Block { fields, .. } => find(fields, id),
        _ => None,
    })
}

/// Whether an id names a page or a field of the form's pages.
pub(super) fn names(definition: &Definition, id: &str) -> bool {
    definition.pages.iter().any(|page| page.id == id || find(&page.fields, id).is_some())
}

/// Walks in form order and keeps what became visible so far.
pub(super) struct Walker<'a, 's> {
    form: Form<'a>,
    state: &'s FormState,
    visible: Answers,
}

impl<'a, 's> Walker<'a, 's> {
    pub(super) fn new(form: Form<'a>, state: &'s FormState) -> Self {
        Self { form, state, visible: Answers::default() }
    }

    pub(super) fn into_visible(self) -> Answers {
        self.visible
    }

    /// A page that is shown; `None` when a condition or `evaluate` hides it.
    pub(super) fn page(&mut self, page: &'a Page) -> Option<WalkedPage<'a>> {
        let at = Target::field(&page.id);
        let shown = page.condition.as_ref().is_none_or(|condition| holds(condition, &self.visible, None));
        if !shown || self.state.hidden.contains(&at) {
            return None;
        }
        let fields = self.list(&page.fields, None);
        Some(WalkedPage { page, status: Status::NotYet, fields, problems: self.problems_at(&at) })
    }

    /// Fields outside the pages: agents' and computed ones, whatever the filer; none is required.
    pub(super) fn internal(&mut self, list: &'a [Field]) -> Vec<WalkedField<'a>> {
        let filer = std::mem::replace(&mut self.form.filer, Filer::Agent);
        let mut walked = self.list(list, None);
        self.form.filer = filer;
        for field in &mut walked {
            field.required = false;
            field.problems.clear();
        }
        walked
    }

    pub(super) fn list(&mut self, list: &'a [Field], place: Option<Place<'a>>) -> Vec<WalkedField<'a>> {
        list.iter().filter_map(|field| self.field(field, place)).collect()
    }

    fn field(&mut self, field: &'a Field, place: Option<Place<'a>>) -> Option<WalkedField<'a>> {
        let at = Target { field: field.id.clone(), row: place.map(|place| place.row) };
        if !self.is_shown(field, &at, place) {
            return None;
        }
        let locked = says(&self.state.locked, &at);
        let required = self.is_required(field, &at);
        let options = self.options(field, &at);
        let mut walked = WalkedField {
            field,
            required,
            locked,
            asked: true,
            value: None,
            raw: None,
            options,
            problems: Vec::new(),
            rows: Vec::new(),
            at,
        };
        match &field.kind {
            Kind::Information { .. } => walked.required = false,
            Kind::Block { fields, min, max, item } => self.block(&mut walked, fields, (*min, *max), item),
            _ => self.question(&mut walked),
        }
        walked.problems.extend(self.problems_at(&walked.at));
        Some(walked)
    }

    fn is_shown(&self, field: &Field, at: &Target, place: Option<Place<'_>>) -> bool {
        let for_agents = field.filled_by == FilledBy::Agents && self.form.filer == Filer::Usager;
        !for_agents
            && !says(&self.state.hidden, at)
            && field.condition.as_ref().is_none_or(|condition| holds(condition, &self.visible, place))
    }

    fn is_required(&self, field: &Field, at: &Target) -> bool {
        let declared = match field.required {
            Required::Yes => true,
            Required::No => false,
            Required::Usager => self.form.filer == Filer::Usager,
        };
        let by_usager = field.filled_by == FilledBy::Usager || self.form.filer == Filer::Agent;
        field.filled_by != FilledBy::Computed && by_usager && (declared || says(&self.state.required, at))
    }

    fn question(&mut self, walked: &mut WalkedField<'a>) {
        let field = walked.field;
        let given = walked.locked || field.filled_by == FilledBy::Computed;
        let computed = given.then(|| self.state.computed.at(&walked.at)).flatten();
        let stored = self.form.answers.stored(&walked.at);
        walked.asked = given || stored.is_some();
        let mut value = computed.or(stored).filter(|value| is_given(field, value) && fits(field, value)).cloned();
        let mut error = None;
        if let Some(raw) = self.form.raw.at(&walked.at).filter(|_| !given) {
            walked.asked = true;
            match parse(field, &walked.options, raw) {
                Ok(understood) => value = Some(understood).filter(|value| is_given(field, value)),
                Err(wrong) => {
                    walked.raw = Some(raw);
                    value = None;
                    error = Some(wrong);
                }
            }
        }
        if error.is_none() && !given {
            error = match &value {
                Some(value) => check(field, &walked.options, value).err(),
                None if walked.required => Some(InputError::new(&field.label, Cause::Empty(asked(&field.kind)))),
                None => None,
            };
        }
        walked.problems.extend(error.map(|error| problem(&walked.at, &error)));
        if walked.asked {
            self.visible.set(walked.at.clone(), value.clone().unwrap_or(Value::Empty));
        }
        walked.value = value;
    }

    fn block(&mut self, walked: &mut WalkedField<'a>, fields: &'a [Field], (min, max): (u16, u16), item: &str) {
        let stored = row_count(walked.field, self.form.answers, self.form.raw);
        let fewest = min.max(u16::from(walked.required));
        let rows = stored.max(u32::from(fewest));
        walked.rows = (0..rows).map(|row| self.list(fields, Some(Place { row, block: fields }))).collect();
        walked.asked = rows > 0 || self.form.answers.stored(&walked.at).is_some();
        walked.value = i32::try_from(rows).ok().filter(|rows| *rows > 0).map(Value::Integer);
        if rows > u32::from(max) {
            let cause = Cause::TooManyRows { max, item: item.to_owned() };
            walked.problems.push(problem(&walked.at, &InputError::new(&walked.field.label, cause)));
        }
    }

    pub(super) fn options(&self, field: &Field, at: &Target) -> Vec<Choice> {
        let (Kind::Choice { options, .. } | Kind::Choices { options }) = &field.kind else {
            return Vec::new();
        };
        match options {
            Options::Fixed(choices) => choices.clone(),
            Options::Setting { block, value, label } => from_settings(self.form.settings, block, value, label),
            Options::Evaluated => {
                let offered = |exact: bool| {
                    self.state.options.iter().find(|(target, _)| {
                        target.field == at.field && if exact { target.row == at.row } else { target.row.is_none() }
                    })
                };
                offered(true).or_else(|| offered(false)).map(|(_, choices)| choices.clone()).unwrap_or_default()
            }
        }
    }

    fn problems_at(&self, at: &Target) -> Vec<Problem> {
        self.state.problems.iter().filter(|problem| problem.at.as_ref() == Some(at)).cloned().collect()
    }

    /// Problems of the whole form: without a place, or at one that the form does not have. One at a hidden field is
    /// dropped: nobody could mend it.
    pub(super) fn general_problems(&self, known: impl Fn(&str) -> bool) -> Vec<Problem> {
        let general = |problem: &&Problem| problem.at.as_ref().is_none_or(|at| !known(&at.field));
        self.state.problems.iter().filter(general).cloned().collect()
    }
}

/// A target without row names the field in every row.
fn says(targets: &[Target], at: &Target) -> bool {
    targets.iter().any(|target| target.field == at.field && (target.row.is_none() || target.row == at.row))
}

/// An unticked box is no answer.
fn is_given(field: &Field, value: &Value) -> bool {
    value.is_answer() && !matches!((&field.kind, value), (Kind::Consent, Value::Boolean(false)))
}

const fn asked(kind: &Kind) -> Asked {
    match kind {
        Kind::Boolean | Kind::Choice { .. } | Kind::Choices { .. } => Asked::Choice,
        Kind::Consent => Asked::Consent,
        Kind::Pieces { .. } => Asked::Pieces,
        Kind::Block { .. } => Asked::Rows,
        _ => Asked::Text,
    }
}

fn problem(at: &Target, error: &InputError) -> Problem {
    Problem { at: Some(at.clone()), level: Level::Blocks, code: error.code().to_owned(), message: error.to_string() }
}

/// Rows of a block of the settings, the first one of each value.
fn from_settings(settings: &Settings, block: &str, value: &str, label: &str) -> Vec<Choice> {
    let rows = settings.value().get(block).and_then(serde_json::Value::as_array).map_or(&[][..], Vec::as_slice);
    let text = |row: &serde_json::Value, field: &str| match row.get(field)? {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let mut choices: Vec<Choice> = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(value) = text(row, value) else { continue };
        if choices.iter().all(|choice| choice.value != value) {
            let label = text(row, label).unwrap_or_else(|| value.clone());
            choices.push(Choice { value, label, hint: None });
        }
    }
    choices
}
