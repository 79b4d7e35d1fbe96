//! The pages of a form being filled. The citizen's portal and the agent's desk serve the same ones, under their own
//! addresses and with their own surroundings.

mod pages;

use parvis_domain::{
    ids::{DossierId, DraftId, PieceId},
    input::name_of,
    policy::Actor,
    value::Target,
};
use parvis_usecases::{
    brouillons::{
        self,
        view::{After, CheckOutcome, FileOutcome, PageOutcome, PageView, SaveOutcome, Step},
    },
    dossiers::{self, view::Filed},
    formulaire::{Inputs, Mistake, Question},
    pieces::{self, UploadError},
};
use poem::{Response, error::ResponseError as _};

use crate::{
    WebError,
    components::{Banner, FormPage},
    download,
    fields::{self, ANSWER, PieceRoutes},
    page::{self, Page},
    shell,
    upload::Upload,
    visit::Visit,
};

pub use pages::retention;

/// A draft being filled by someone, somewhere.
pub struct Filling<'a> {
    /// Request.
    pub visit: &'a Visit,
    /// Who fills.
    pub actor: &'a Actor,
    /// Draft.
    pub draft: DraftId,
    /// Before the ids of pages: `/brouillons/<id>`.
    pub base: String,
    /// Where "Continuer plus tard" leads.
    pub later: String,
    /// Where a filed dossier is confirmed.
    pub confirmed: fn(DossierId) -> String,
    /// What surrounds the pages; their title is put in it.
    pub page: Page,
}

/// What posting the check page gives.
pub enum Deposit {
    /// Filed: its handler leads to the confirmation.
    Filed(Filed),
    /// Something stands before: show this.
    Answer(Response),
}

impl Filling<'_> {
    /// Goes on where the draft is.
    pub async fn resume(self) -> Result<Response, WebError> {
        let outcome = brouillons::resume(&self.visit.town, self.actor, self.draft).await?;
        self.outcome(outcome, After::Next)
    }

    /// A page of the form.
    pub async fn show(self, page: &str, after: After) -> Result<Response, WebError> {
        let outcome = brouillons::page(&self.visit.town, self.actor, self.draft, page, after).await?;
        self.outcome(outcome, after)
    }

    /// A page that was posted.
    pub async fn save(self, page: &str, after: After, inputs: &Inputs) -> Result<Response, WebError> {
        let saved = brouillons::save_page(&self.visit.town, self.actor, self.draft, page, after, inputs).await;
        let saved = match saved.map_err(WebError::from) {
            Ok(saved) => saved,
            Err(failure) if failure.status().is_server_error() => return self.try_again(failure, inputs),
            Err(refused) => return Err(refused),
        };
        match saved {
            SaveOutcome::Go(step) => Ok(page::see(self.path(&step, after))),
            // Nothing is wrong: answers made other questions appear.
            SaveOutcome::Invalid(view) if view.form.mistakes.is_empty() && view.form.ineligible.is_empty() => {
                let mut question = self.question(&view, after);
                question.notices.push(Banner::info(
                    "Encore une étape sur cette page",
                    "Vos réponses sont enregistrées. D’autres questions en découlent\u{a0}: répondez-y, puis continuez.",
                ));
                page::ok(&question)
            }
            SaveOutcome::Invalid(view) => page::unprocessable(&self.with_mistakes().question(&view, after)),
            SaveOutcome::Changed(view) => page::ok(&self.question(&unjudged(*view), after)),
            SaveOutcome::Filed(dossier) => Ok(page::see((self.confirmed)(dossier))),
        }
    }

    /// The answers that something of ours keeps from being saved: they wait in the page, to be sent again.
    fn try_again(self, failure: WebError, inputs: &Inputs) -> Result<Response, WebError> {
        let status = failure.status();
        shell::tell(&failure.into());
        let mut page = self.page;
        "Vos réponses ne sont pas encore enregistrées".clone_into(&mut page.title);
        let form = FormPage::new(page, &self.visit.path, "Réessayer")
            .with_lead(
                "Un problème technique nous empêche de les enregistrer. Elles sont gardées dans cette page : laissez-la \
                 ouverte et réessayez dans un instant.",
            )
            .with_answers(inputs);
        page::html(status, &form)
    }

    /// Answers saved while the page is being filled: the questions that follow from them, none judged yet.
    pub async fn update(self, page: &str, inputs: &Inputs) -> Result<Response, WebError> {
        let town = &self.visit.town;
        brouillons::save_page(town, self.actor, self.draft, page, After::Next, inputs).await?;
        match brouillons::page(town, self.actor, self.draft, page, After::Next).await? {
            PageOutcome::Page(view) => page::ok(&self.live(unjudged(*view))),
            _ => Err(WebError::Conflict),
        }
    }

    /// Files added to a question, with the answers of the page when they come together; then the page again.
    pub async fn add(self, page: &str, at: &str, mut files: Upload) -> Result<Response, WebError> {
        let at = fields::target_of(at);
        let mut refused = None;
        let mut any = false;
        while let Some(file) = files.next().await? {
            any = true;
            let (name, at) = (file.name.clone(), file.at.clone().unwrap_or_else(|| at.clone()));
            let town = &self.visit.town;
            let added = pieces::upload(town, self.actor, self.draft, &at, &name, file.into_reader()).await;
            if let Err(error) = added {
                refused = Some((at, name, error));
                break;
            }
        }
        self.keep(page, &files.rest().await).await?;
        let (at, name, error) = match (refused, any) {
            (None, true) => return Ok(page::see(format!("{}/{page}#{}", self.base, name_of(&at)))),
            (None, false) => (at, String::new(), UploadError::Empty),
            (Some((_, _, UploadError::Failure(failure))), _) => return Err(failure.into()),
            (Some(refused), _) => refused,
        };
        self.refuse_file(page, &at, (name, error)).await
    }

    /// Keeps the answers that came with a file or with its removal.
    async fn keep(&self, page: &str, inputs: &Inputs) -> Result<(), WebError> {
        if inputs.keys().any(|name| name.starts_with(ANSWER)) {
            brouillons::save_page(&self.visit.town, self.actor, self.draft, page, After::Next, inputs).await?;
        }
        Ok(())
    }

    /// The page again, with the sentence that says why a file is refused.
    async fn refuse_file(
        self,
        page: &str,
        at: &Target,
        (name, error): (String, UploadError),
    ) -> Result<Response, WebError> {
        let PageOutcome::Page(view) =
            brouillons::page(&self.visit.town, self.actor, self.draft, page, After::Next).await?
        else {
            return Ok(page::see(&self.base));
        };
        let mut view = unjudged(*view);
        let sentence = if name.is_empty() { error.to_string() } else { format!("{name} : {error}") };
        for question in view.form.questions.iter_mut().filter(|question| question.at == *at) {
            question.errors.push(sentence.clone());
        }
        view.form.mistakes.push(Mistake { anchor: Some(name_of(at)), at: Some(at.clone()), message: sentence });
        let status = match error {
            UploadError::TooLarge { .. } => poem::http::StatusCode::PAYLOAD_TOO_LARGE,
            _ => poem::http::StatusCode::UNPROCESSABLE_ENTITY,
        };
        page::html(status, &self.with_mistakes().question(&view, After::Next))
    }

    /// A file taken back; then the page it was on, as the form named it, with the answers that came along.
    pub async fn remove(self, page: &str, piece: PieceId, inputs: &Inputs) -> Result<Response, WebError> {
        pieces::remove(&self.visit.town, self.actor, self.draft, piece).await?;
        self.keep(page, inputs).await?;
        let is_id = !page.is_empty() && page.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        Ok(page::see(if is_id { format!("{}/{page}", self.base) } else { self.base }))
    }

    /// A file that was given.
    pub async fn read(self, piece: PieceId) -> Result<Response, WebError> {
        let file = pieces::download_of_draft(&self.visit.town, self.actor, self.draft, piece).await?;
        Ok(download::attachment(&file.name, &file.media_type, Some(file.size), file.content))
    }

    /// The check page.
    pub async fn check(self) -> Result<Response, WebError> {
        match brouillons::check(&self.visit.town, self.actor, self.draft).await? {
            CheckOutcome::Check(view) => page::ok(&self.checking(*view)),
            CheckOutcome::Elsewhere(step) => Ok(page::see(self.path(&step, After::Check))),
            CheckOutcome::Filed(dossier) => Ok(page::see((self.confirmed)(dossier))),
        }
    }

    /// Files the draft; twice gives the same dossier.
    pub async fn file(self) -> Result<Deposit, WebError> {
        Ok(match dossiers::file(&self.visit.town, self.actor, self.draft).await? {
            FileOutcome::Filed(filed) => Deposit::Filed(filed),
            FileOutcome::Invalid(view) => Deposit::Answer(page::unprocessable(&self.with_mistakes().checking(*view))?),
            FileOutcome::Elsewhere(step) => Deposit::Answer(page::see(self.path(&step, After::Check))),
        })
    }

    fn with_mistakes(mut self) -> Self {
        self.page.failed = true;
        self
    }

    fn outcome(self, outcome: PageOutcome, after: After) -> Result<Response, WebError> {
        match outcome {
            PageOutcome::Page(view) => {
                let failed = !view.form.mistakes.is_empty();
                let filling = if failed { self.with_mistakes() } else { self };
                page::ok(&filling.question(&view, after))
            }
            PageOutcome::Elsewhere(step) => Ok(page::see(self.path(&step, after))),
            PageOutcome::Filed(dossier) => Ok(page::see((self.confirmed)(dossier))),
        }
    }

    fn path(&self, step: &Step, after: After) -> String {
        match step {
            Step::Page(page) => format!("{}/{page}{}", self.base, query(after)),
            Step::Check => format!("{}/verifier", self.base),
        }
    }

    fn piece_routes(&self, page: &str) -> PieceRoutes {
        PieceRoutes {
            upload: Some(format!("{}/{page}/pieces", self.base)),
            remove: Some((format!("{}/fichiers", self.base), "/retirer".to_owned())),
            read: Some(format!("{}/fichiers", self.base)),
            file_limit: self.visit.town.parvis.config.limits.piece_octets,
        }
    }
}

/// Where "Continuer" leads, as the query of a page says it.
pub fn after(back: Option<&str>) -> After {
    if back == Some("verifier") { After::Check } else { After::Next }
}

const fn query(after: After) -> &'static str {
    match after {
        After::Next => "",
        After::Check => "?retour=verifier",
    }
}

/// The page before anything is said of its answers.
fn unjudged(mut view: PageView) -> PageView {
    view.form.mistakes.clear();
    forget_errors(&mut view.form.questions);
    view
}

fn forget_errors(questions: &mut [Question]) {
    for question in questions {
        question.errors.clear();
        for row in &mut question.rows {
            forget_errors(row);
        }
    }
}
