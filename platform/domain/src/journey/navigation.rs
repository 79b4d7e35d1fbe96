//! Which page may be visited, where "Retour" and "Continuer" lead.

use super::{Status, Walk, WalkedField, WalkedPage};

/// Gives each page its status: those before the first incomplete one are complete, those after it wait.
pub(super) fn settle(pages: &mut [WalkedPage<'_>]) {
    let mut open = true;
    for page in pages {
        page.status = match (open, is_done(page)) {
            (true, true) => Status::Complete,
            (true, false) => Status::Incomplete,
            (false, _) => Status::NotYet,
        };
        open &= page.status == Status::Complete;
    }
}

/// Every question of the page was asked, and nothing prevents going on.
fn is_done(page: &WalkedPage<'_>) -> bool {
    !page.is_blocked() && page.fields.iter().all(was_asked)
}

fn was_asked(field: &WalkedField<'_>) -> bool {
    (field.asked || !field.is_asked_on_page()) && field.rows.iter().flatten().all(was_asked)
}

impl<'a> Walk<'a> {
    /// The page of an id, when it is shown.
    pub fn page(&self, id: &str) -> Option<&WalkedPage<'a>> {
        self.pages.iter().find(|page| page.page.id == id)
    }

    /// The first page that is not complete; `None` when the check page can be visited.
    pub fn first_incomplete(&self) -> Option<&WalkedPage<'a>> {
        self.pages.iter().find(|page| page.status != Status::Complete)
    }

    /// Whether a page can be visited: shown, and nothing is missing before it.
    pub fn may_visit(&self, id: &str) -> bool {
        self.page(id).is_some_and(|page| page.status != Status::NotYet)
    }

    /// Where "Retour" leads from a page; `None` on the first one and on a page that is not shown.
    pub fn back_from(&self, id: &str) -> Option<&WalkedPage<'a>> {
        let position = self.position(id)?;
        self.pages.get(position.checked_sub(1)?)
    }

    /// Where "Continuer" leads from a page: the next one; `None` for the check page.
    pub fn next_after(&self, id: &str) -> Option<&WalkedPage<'a>> {
        self.pages.get(self.position(id)? + 1)
    }

    /// The last page that is shown: where "Retour" leads from the check page.
    pub fn last_page(&self) -> Option<&WalkedPage<'a>> {
        self.pages.last()
    }

    /// Place of a page among those shown, from 0.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.pages.iter().position(|page| page.page.id == id)
    }

    /// The page where a field is asked.
    pub fn page_of(&self, field: &str) -> Option<&WalkedPage<'a>> {
        let asks = |walked: &WalkedField<'_>| {
            walked.field.id == field || walked.rows.iter().flatten().any(|inner| inner.field.id == field)
        };
        self.pages.iter().find(|page| page.fields.iter().any(asks))
    }
}

impl<'a> WalkedPage<'a> {
    /// A question of the page, or of a row of one of its blocks.
    pub fn field(&self, id: &str, row: Option<u32>) -> Option<&WalkedField<'a>> {
        let everywhere = self.fields.iter().chain(self.fields.iter().flat_map(|field| field.rows.iter().flatten()));
        everywhere.into_iter().find(|walked| walked.field.id == id && walked.at.row == row)
    }
}
