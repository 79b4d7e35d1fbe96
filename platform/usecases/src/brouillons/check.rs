//! The check page: everything before filing.

use parvis_domain::{
    ids::DraftId,
    journey::{Line, Section, Walk},
    policy::Actor,
    rules::Level,
};
use parvis_store::drafts::Draft;

use super::{
    access,
    evaluation::{self, Sheet},
    view::{CheckOutcome, CheckView, Step},
};
use crate::{
    dossiers::{
        contact,
        view::{AnswerLine, AnswerSection, SectionLine},
    },
    failure::Failure,
    formulaire::Mistake,
    parvis::Town,
};

/// The check page, when every page before it is right.
pub async fn check(town: &Town, actor: &Actor, id: DraftId) -> Result<CheckOutcome, Failure> {
    let draft = access::open(town, actor, id).await?;
    if let Some(dossier) = draft.dossier {
        return Ok(CheckOutcome::Filed(dossier));
    }
    let mut sheet = Sheet::of(town, &draft)?;
    sheet.evaluate(town, actor, &draft, None).await?;
    Ok(match view(&draft, &sheet) {
        Ok(view) => CheckOutcome::Check(Box::new(view)),
        Err(step) => CheckOutcome::Elsewhere(step),
    })
}

/// The check page of a sheet evaluated on the whole, or the page to go to before.
pub(crate) fn view(draft: &Draft, sheet: &Sheet) -> Result<CheckView, Step> {
    let walk = sheet.walk();
    if let Step::Page(page) = evaluation::first_step(&walk) {
        return Err(Step::Page(page));
    }
    let step = |page: Option<&str>| page.map_or(Step::Check, |page| Step::Page(page.to_owned()));
    let of = |level: Level| walk.all_problems().filter(move |(_, problem)| problem.level == level);
    Ok(CheckView {
        head: evaluation::head(draft, sheet),
        back: walk.last_page().map(|page| Step::Page(page.page.id.clone())),
        sections: walk.summary().into_iter().map(section).collect(),
        computed: evaluation::computed(&walk),
        problems: of(Level::Blocks).map(|(page, problem)| (step(page), Mistake::of(problem))).collect(),
        warnings: of(Level::Warns).map(|(_, problem)| Mistake::of(problem)).collect(),
        ineligible: of(Level::Ineligible).map(|(_, problem)| problem.message.clone()).collect(),
        fileable: walk.is_complete(),
        receipt_to: receipt_to(sheet, &walk),
        privacy: sheet.definition.privacy.clone(),
    })
}

fn receipt_to(sheet: &Sheet, walk: &Walk<'_>) -> Option<String> {
    contact::of_answers(&sheet.definition, walk.visible_answers()).email
}

/// A section of the walk, as pages show it: an applicant reads all that is hers.
pub(crate) fn section(section: Section) -> AnswerSection {
    let entry = |entry: parvis_domain::journey::Entry| AnswerLine {
        at: entry.at,
        label: entry.label,
        text: entry.text,
        pieces: entry.pieces,
        missing: entry.missing,
        concealed: false,
        corrected: false,
    };
    let lines = section.lines.into_iter().map(|line| match line {
        Line::Answer(found) => SectionLine::Answer(entry(found)),
        Line::Block { at, label, rows } => SectionLine::Block {
            field: at.field,
            label,
            rows: rows.into_iter().map(|(name, entries)| (name, entries.into_iter().map(entry).collect())).collect(),
        },
    });
    AnswerSection { page: section.page, title: section.title, lines: lines.collect() }
}
