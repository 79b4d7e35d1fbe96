//! What the pages of a form show: a question page, what follows from answers being typed, the check page.
//!
//! Knows nothing of addresses beyond those that [`Filling`] gives, and decides nothing.

use askama::Template;
use parvis_contract::Privacy;
use parvis_domain::{dossier::Channel, policy::Actor};
use parvis_usecases::{
    brouillons::view::{After, CheckView, Computed, DraftHead, PageView, Step},
    formulaire::Mistake,
};

use super::{Filling, query};
use crate::{
    components::{Answers, Back, Banner, ErrorEntry, ErrorSummary},
    dossier::{self, AnswerRoutes},
    fields::{self, Rendered},
    page::Page,
    text,
};

impl Filling<'_> {
    pub(super) fn question(self, view: &PageView, after: After) -> QuestionPage {
        let mut page = self.page.clone();
        page.title = format!("{} – {}", view.title, view.head.title);
        page.live = true;
        page.private = true;
        let back = match after {
            After::Check => Some(Back::to(&format!("{}/verifier", self.base))),
            After::Next => view.back.as_ref().map(|step| Back::to(&self.path(step, After::Next))),
        };
        QuestionPage {
            page,
            back,
            summary: ErrorSummary::of_form(&view.form),
            notices: notices(
                &view.head,
                &view.form.ineligible,
                view.form.warnings.iter().filter(|warning| warning.at.is_none()),
            ),
            form: fields::render(&view.form, &view.title, &self.piece_routes(&view.page)),
            page_id: view.page.clone(),
            action: format!("{}/{}{}", self.base, view.page, query(after)),
            live: format!("{}/{}/direct", self.base, view.page),
            caption: caption(&view.head),
            title: view.title.clone(),
            intro: paragraphs(view.intro.as_deref()),
            computed: view.computed.clone(),
            saved: self.saved(view),
            later: self.later,
        }
    }

    pub(super) fn checking(self, view: CheckView) -> CheckPage {
        let mut page = self.page.clone();
        let whose = if self.for_someone() { "les" } else { "vos" };
        page.title = format!("Vérifiez {whose} réponses – {}", view.head.title);
        page.private = true;
        let entry = |(step, mistake): &(Step, Mistake)| ErrorEntry {
            href: Some(format!(
                "{}{}",
                self.path(step, After::Check),
                mistake.anchor.as_ref().map(|anchor| format!("#{anchor}")).unwrap_or_default()
            )),
            message: mistake.message.clone(),
        };
        let routes = AnswerRoutes { change: Some(self.base.clone()), read: format!("{}/fichiers", self.base) };
        page.failed = page.failed || !view.problems.is_empty();
        CheckPage {
            page,
            back: view.back.as_ref().map(|step| Back::to(&self.path(step, After::Next))),
            summary: ErrorSummary { entries: view.problems.iter().map(entry).collect() },
            notices: notices(&view.head, &view.ineligible, view.warnings.iter()),
            caption: caption(&view.head),
            sections: dossier::answers(&view.sections, &routes),
            computed: view.computed,
            basis: sentence("Base légale : ", &view.privacy.basis),
            recipients: view.privacy.recipients.join(", "),
            retention: retention(view.privacy.retention_months),
            privacy: view.privacy,
            receipt_to: view.receipt_to,
            for_someone: self.for_someone(),
            action: format!("{}/deposer", self.base),
            later: self.later,
        }
    }

    /// The questions that follow from answers being typed.
    pub(super) fn live(&self, view: PageView) -> LivePage {
        LivePage {
            form: fields::render(&view.form, &view.title, &self.piece_routes(&view.page)),
            saved: self.saved(&view),
            computed: view.computed,
        }
    }

    /// Someone at a desk answers for someone else: the sentences speak of her.
    const fn for_someone(&self) -> bool {
        matches!(self.actor, Actor::Agent { .. })
    }

    fn saved(&self, view: &PageView) -> String {
        let zone = self.visit.town.profile.time_zone();
        let day = text::day_of(view.head.kept_until, &zone);
        let whose = if self.for_someone() { "Les" } else { "Vos" };
        format!("{whose} réponses sont enregistrées à chaque étape et conservées jusqu’au {day}.")
    }
}

/// The démarche, and how the request comes when it comes to a desk.
fn caption(head: &DraftHead) -> String {
    let how = match head.channel {
        Channel::Web | Channel::Api => return head.title.clone(),
        Channel::Guichet => "demande au guichet",
        Channel::Telephone => "demande par téléphone",
        Channel::Courrier => "demande par courrier",
    };
    format!("{} – {how}", head.title)
}

/// "2 ans après la fin du dossier".
pub fn retention(months: u16) -> String {
    let length = match (months / 12, months % 12) {
        (1, 0) => "1\u{a0}an".to_owned(),
        (years, 0) if years > 0 => format!("{years}\u{a0}ans"),
        _ => format!("{months}\u{a0}mois"),
    };
    format!("{length} après la fin du dossier")
}

/// A text as a sentence of its own.
fn sentence(before: &str, text: &str) -> String {
    format!("{before}{}.", text.trim_end_matches('.'))
}

fn paragraphs(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default().split('\n').map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn notices<'w>(head: &DraftHead, ineligible: &[String], warnings: impl Iterator<Item = &'w Mistake>) -> Vec<Banner> {
    let not_for_her = ineligible.iter().map(|why| Banner::info("Cette démarche ne vous concerne pas", why).focused());
    let changed = head.form_changed.then(|| {
        Banner::info(
            "Le formulaire a changé",
            "Il a été mis à jour depuis que vous l’avez commencé. Les réponses sont conservées\u{a0}: vérifiez-les.",
        )
    });
    not_for_her.chain(changed).chain(warnings.map(|warning| Banner::warning("À savoir", &warning.message))).collect()
}

#[derive(Template)]
#[template(path = "journey/question.html")]
pub(super) struct QuestionPage {
    page: Page,
    back: Option<Back>,
    summary: ErrorSummary,
    pub(super) notices: Vec<Banner>,
    form: Rendered,
    page_id: String,
    action: String,
    live: String,
    caption: String,
    title: String,
    intro: Vec<String>,
    computed: Vec<Computed>,
    saved: String,
    later: String,
}

#[derive(Template)]
#[template(path = "journey/live.html")]
pub(super) struct LivePage {
    form: Rendered,
    computed: Vec<Computed>,
    saved: String,
}

#[derive(Template)]
#[template(path = "journey/check.html")]
pub(super) struct CheckPage {
    page: Page,
    back: Option<Back>,
    summary: ErrorSummary,
    notices: Vec<Banner>,
    caption: String,
    sections: Vec<Answers>,
    computed: Vec<Computed>,
    privacy: Privacy,
    basis: String,
    recipients: String,
    retention: String,
    receipt_to: Option<String>,
    for_someone: bool,
    action: String,
    later: String,
}
