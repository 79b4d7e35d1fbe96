//! A page of the form, posted: read question by question, kept as typed even when wrong, then judged.

use std::collections::BTreeSet;

use parvis_domain::{
    ids::DraftId,
    input::{Raw, Reading, read},
    journey::{Status, add_row, remove_row},
    policy::Actor,
    value::Target,
};
use parvis_store::drafts::{self, Draft};

use super::{
    access,
    evaluation::{self, Sheet},
    page,
    view::{After, SaveOutcome, Step},
};
use crate::{failure::Failure, formulaire::Inputs, parvis::Town};

/// Name of the buttons that add or remove a row: `add:<block>`, `remove:<block>:<row>`.
pub const ROW_BUTTON: &str = "rangee";

/// How many times a page is saved again when someone saved another one meanwhile.
const ATTEMPTS: u32 = 3;

/// Saves a page. What was typed is kept, wrong or not; the outcome says where to go, or shows the page again.
pub async fn save_page(
    town: &Town,
    actor: &Actor,
    id: DraftId,
    page: &str,
    after: After,
    inputs: &Inputs,
) -> Result<SaveOutcome, Failure> {
    for _ in 0..ATTEMPTS {
        if let Some(outcome) = attempt(town, actor, id, page, after, inputs).await? {
            return Ok(outcome);
        }
    }
    Err(Failure::Conflict)
}

async fn attempt(
    town: &Town,
    actor: &Actor,
    id: DraftId,
    page: &str,
    after: After,
    inputs: &Inputs,
) -> Result<Option<SaveOutcome>, Failure> {
    let mut draft = access::open(town, actor, id).await?;
    if let Some(dossier) = draft.dossier {
        return Ok(Some(SaveOutcome::Filed(dossier)));
    }
    let mut sheet = Sheet::of(town, &draft)?;
    sheet.evaluate(town, actor, &draft, Some(page)).await?;
    if sheet.walk().page(page).is_none_or(|walked| walked.status == Status::NotYet) {
        return Ok(Some(SaveOutcome::Go(evaluation::first_step(&sheet.walk()))));
    }
    absorb(&mut sheet, page, inputs);
    let row_changed = change_rows(&mut sheet, page, inputs);
    sheet.evaluate(town, actor, &draft, Some(page)).await?;

    let expected = draft.revision;
    draft.revision += 1;
    draft.component = sheet.component;
    draft.answers = sheet.answers.clone();
    draft.kept = access::kept(&sheet.raw);
    draft.page = Some(page.to_owned());
    draft.updated_at = town.now();
    draft.expires_at = access::expiry(town);
    if !keep(town, &draft, expected).await? {
        return Ok(None);
    }
    Ok(Some(outcome(&draft, &sheet, page, after, row_changed)))
}

/// Puts what was posted in place of what was kept. A choice that was just changed may show other questions of the same
/// page: those that the browser posted too are read, the others wait to be asked.
fn absorb(sheet: &mut Sheet, page: &str, inputs: &Inputs) {
    let (mut answers, mut raw) = (sheet.answers.clone(), sheet.raw.clone());
    let mut known = BTreeSet::new();
    for pass in 0..3 {
        let Some((reading, shown)) = reading_of(sheet, page, inputs) else { return };
        let appeared = |at: &Target| pass == 0 || (!known.contains(at) && Raw::posted(inputs, at).is_some());
        let reading = Reading {
            answers: reading.answers.iter().filter(|(at, _)| appeared(at)).map(owned).collect(),
            raw: reading.raw.iter().filter(|(at, _)| appeared(at)).map(owned).collect(),
            errors: Vec::new(),
        };
        known.extend(shown);
        reading.apply(&mut answers, &mut raw);
        sheet.answers = answers.clone();
        sheet.raw = raw.clone();
    }
}

fn reading_of(sheet: &Sheet, page: &str, inputs: &Inputs) -> Option<(Reading, Vec<Target>)> {
    let walk = sheet.walk();
    let walked = walk.page(page)?;
    let rows = walked.fields.iter().flat_map(|field| field.rows.iter().flatten());
    let shown = walked.fields.iter().chain(rows).map(|field| field.at.clone()).collect();
    Some((read(&walked.fields, inputs), shown))
}

fn owned<T: Clone>((at, held): (&Target, &T)) -> (Target, T) {
    (at.clone(), held.clone())
}

/// Adds or removes the row that a button asks; says whether one did.
fn change_rows(sheet: &mut Sheet, page: &str, inputs: &Inputs) -> bool {
    let Some(button) = inputs.get(ROW_BUTTON).and_then(|values| values.first()) else { return false };
    let (mut answers, mut raw) = (sheet.answers.clone(), sheet.raw.clone());
    let walk = sheet.walk();
    let block = |id: &str| walk.page(page).and_then(|walked| walked.field(id, None)).filter(|found| found.is_block());
    let shown = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
    let changed = match button.split(':').collect::<Vec<_>>().as_slice() {
        ["add", id] => block(id).is_some_and(|found| {
            add_row(found.field, shown(found.rows.len()), &mut answers);
            true
        }),
        ["remove", id, row] => match (block(id), row.parse()) {
            (Some(found), Ok(row)) => {
                remove_row(found.field, row, shown(found.rows.len()), &mut answers, &mut raw);
                true
            }
            _ => false,
        },
        _ => false,
    };
    drop(walk);
    (sheet.answers, sheet.raw) = (answers, raw);
    changed
}

async fn keep(town: &Town, draft: &Draft, expected: u32) -> Result<bool, Failure> {
    let unit = town.db.write().await?;
    let kept = drafts::save_if_revision(&unit, draft, expected).await?;
    if kept {
        unit.commit().await?;
    }
    Ok(kept)
}

fn outcome(draft: &Draft, sheet: &Sheet, page: &str, after: After, row_changed: bool) -> SaveOutcome {
    let walk = sheet.walk();
    let right = walk.page(page).is_some_and(|walked| walked.status == Status::Complete);
    if row_changed || !right {
        return match page::view(draft, sheet, page, after) {
            Some(mut view) if row_changed => {
                view.form.mistakes.clear();
                SaveOutcome::Changed(Box::new(view))
            }
            Some(view) => SaveOutcome::Invalid(Box::new(view)),
            None => SaveOutcome::Go(evaluation::first_step(&walk)),
        };
    }
    match after {
        After::Check => SaveOutcome::Go(evaluation::first_step(&walk)),
        After::Next => {
            SaveOutcome::Go(walk.next_after(page).map_or(Step::Check, |next| Step::Page(next.page.id.clone())))
        }
    }
}
