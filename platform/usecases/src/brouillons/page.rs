//! A page of the form, asked.

use parvis_domain::{ids::DraftId, journey::Status, policy::Actor};
use parvis_store::drafts::Draft;

use super::{
    access,
    evaluation::{self, Sheet},
    view::{After, PageOutcome, PageView, Step},
};
use crate::{failure::Failure, formulaire::FormView, parvis::Town};

/// A page of the form; one that cannot be visited yet, or is not shown, leads to the one that can.
pub async fn page(town: &Town, actor: &Actor, id: DraftId, page: &str, after: After) -> Result<PageOutcome, Failure> {
    let draft = access::open(town, actor, id).await?;
    if let Some(dossier) = draft.dossier {
        return Ok(PageOutcome::Filed(dossier));
    }
    let mut sheet = Sheet::of(town, &draft)?;
    sheet.evaluate(town, actor, &draft, Some(page)).await?;
    Ok(view(&draft, &sheet, page, after).map_or_else(
        || PageOutcome::Elsewhere(evaluation::first_step(&sheet.walk())),
        |view| PageOutcome::Page(Box::new(view)),
    ))
}

/// Where a draft goes on.
pub async fn resume(town: &Town, actor: &Actor, id: DraftId) -> Result<PageOutcome, Failure> {
    let draft = access::open(town, actor, id).await?;
    if let Some(dossier) = draft.dossier {
        return Ok(PageOutcome::Filed(dossier));
    }
    let mut sheet = Sheet::of(town, &draft)?;
    sheet.evaluate(town, actor, &draft, None).await?;
    Ok(PageOutcome::Elsewhere(evaluation::first_step(&sheet.walk())))
}

/// The page, when it may be visited.
pub(super) fn view(draft: &Draft, sheet: &Sheet, page: &str, after: After) -> Option<PageView> {
    let walk = sheet.walk();
    let walked = walk.page(page).filter(|walked| walked.status != Status::NotYet)?;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let back = match after {
        After::Check => Some(Step::Check),
        After::Next => walk.back_from(page).map(|page| Step::Page(page.page.id.clone())),
    };
    Some(PageView {
        head: evaluation::head(draft, sheet),
        page: walked.page.id.clone(),
        title: walked.page.title.clone(),
        intro: walked.page.intro.clone(),
        back,
        position: count(walk.position(page)? + 1),
        pages: count(walk.pages.len()),
        form: FormView::of(&walked.fields, &walked.problems),
        computed: evaluation::computed(&walk),
        after,
    })
}
