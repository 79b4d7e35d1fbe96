//! What the pages of a form show: complete and ready to render.

use parvis_domain::{
    dossier::Channel,
    ids::{DossierId, DraftId},
    time::Instant,
};

use crate::{
    dossiers::view::{AnswerSection, Filed},
    formulaire::{FormView, Mistake},
};

/// A draft that has just begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// Draft.
    pub draft: DraftId,
    /// What opens the draft again, for the visitor's cookie; `None` for an account or an agent, who need none.
    pub token: Option<String>,
    /// First page.
    pub first: Step,
}

/// A step of the journey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A page of the form, by its id.
    Page(String),
    /// Check your answers.
    Check,
}

/// Where "Continuer" leads once the page is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// To the next page.
    Next,
    /// Back to the check page, after any page that became needed.
    Check,
}

/// What stands at the head of each page of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftHead {
    /// Draft.
    pub id: DraftId,
    /// Id of the démarche.
    pub demarche: String,
    /// Title of the démarche.
    pub title: String,
    /// How the request reaches the town.
    pub channel: Channel,
    /// Answers were last saved then.
    pub saved_at: Instant,
    /// The draft is kept until then.
    pub kept_until: Instant,
    /// The form changed since the draft was begun: a notice tells it.
    pub form_changed: bool,
}

/// A value that the démarche computes from the answers, such as an estimate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computed {
    /// Id of the computed field.
    pub field: String,
    /// Its label, "Estimation des droits de voirie".
    pub label: String,
    /// Its value in words, "128,40 €".
    pub text: String,
}

/// A page of the form.
#[derive(Debug, Clone, PartialEq)]
pub struct PageView {
    /// Head.
    pub head: DraftHead,
    /// Id of the page.
    pub page: String,
    /// Title.
    pub title: String,
    /// Text under the title.
    pub intro: Option<String>,
    /// Where "Retour" leads; `None` on the first page.
    pub back: Option<Step>,
    /// Number of this page among those shown now, from 1.
    pub position: u32,
    /// Pages shown now.
    pub pages: u32,
    /// Questions, with what was typed and what is wrong.
    pub form: FormView,
    /// What the démarche computes from the answers so far.
    pub computed: Vec<Computed>,
    /// Where "Continuer" leads.
    pub after: After,
}

/// What asking for a page gives.
#[derive(Debug, Clone, PartialEq)]
pub enum PageOutcome {
    /// The page.
    Page(Box<PageView>),
    /// This page cannot be visited yet, or is not shown: go there.
    Elsewhere(Step),
    /// The draft was filed: its dossier.
    Filed(DossierId),
}

/// What saving a page gives.
#[derive(Debug, Clone, PartialEq)]
pub enum SaveOutcome {
    /// Saved and right: go there.
    Go(Step),
    /// Saved as typed; a row was added or removed, or what was typed is wrong: show the page again.
    Invalid(Box<PageView>),
    /// A row was added or removed: show the page again, at the anchor.
    Changed(Box<PageView>),
    /// The draft was filed: its dossier.
    Filed(DossierId),
}

/// The check page.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckView {
    /// Head.
    pub head: DraftHead,
    /// Where "Retour" leads.
    pub back: Option<Step>,
    /// Pages shown, with their answers; "Modifier" leads to the page with [`After::Check`].
    pub sections: Vec<AnswerSection>,
    /// What the démarche computes.
    pub computed: Vec<Computed>,
    /// What prevents filing, with the page where it stands.
    pub problems: Vec<(Step, Mistake)>,
    /// What is worth knowing and prevents nothing (article L112-8 du CRPA).
    pub warnings: Vec<Mistake>,
    /// Why the démarche is not for this person, when it is not.
    pub ineligible: Vec<String>,
    /// Everything is right: the dossier can be filed.
    pub fileable: bool,
    /// Address to which the accusé de réception will go.
    pub receipt_to: Option<String>,
    /// The notice of article 13 of the RGPD: purpose, basis, recipients.
    pub privacy: parvis_contract::Privacy,
}

/// What asking for the check page gives.
#[derive(Debug, Clone, PartialEq)]
pub enum CheckOutcome {
    /// The page.
    Check(Box<CheckView>),
    /// A page before it has no right answer yet: go there.
    Elsewhere(Step),
    /// The draft was filed: its dossier.
    Filed(DossierId),
}

/// What filing gives.
#[derive(Debug, Clone, PartialEq)]
pub enum FileOutcome {
    /// Filed, now or before: the same dossier each time.
    Filed(Filed),
    /// Something is wrong: the check page tells what.
    Invalid(Box<CheckView>),
    /// A page has no right answer yet: go there.
    Elsewhere(Step),
}

/// A draft in the list of an account or of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLine {
    /// Draft.
    pub id: DraftId,
    /// Id of the démarche.
    pub demarche: String,
    /// Title of the démarche.
    pub title: String,
    /// Name of who asks, as far as it was typed.
    pub applicant: String,
    /// How the request reaches the town.
    pub channel: Channel,
    /// Last save.
    pub saved_at: Instant,
    /// Kept until then.
    pub kept_until: Instant,
}
