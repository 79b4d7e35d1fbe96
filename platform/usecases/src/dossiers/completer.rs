//! The usager answers a request for documents: the asked questions, and nothing else.

use parvis_contract::{Field, Kind, Required};
use parvis_domain::{
    ids::{DossierId, PieceId},
    input::{RawAnswers, read},
    journey::{Filer, Form, walk_fields},
    lifecycle,
    policy::{Actor, Permission},
    rules::{Event, FormState, WantedPiece},
    value::{Answers, PieceRef, Target, Value},
};
use parvis_store::{
    piece_requests,
    pieces::{self, Piece, PieceKind},
};
use tokio::io::AsyncRead;

use super::{
    lines,
    load::{self, Loaded},
    view::{PieceLine, PieceRequestView},
    wanted::Wanted,
};
use crate::{
    calling,
    decision::{self, Fresh, Step},
    failure::Failure,
    formulaire::{FormView, Inputs},
    parvis::Town,
    pieces::upload::{self, Place, UploadError},
};

/// The page that answers a request for documents.
#[derive(Debug, Clone, PartialEq)]
pub struct CompletionView {
    /// Dossier.
    pub dossier: DossierId,
    /// Number.
    pub number: String,
    /// Title of the démarche.
    pub title: String,
    /// What is asked, why and before when.
    pub request: PieceRequestView,
    /// The asked questions, with the documents given so far.
    pub form: FormView,
}

/// What is asked, with the documents joined since.
struct Asked {
    loaded: Loaded,
    wanted: Wanted,
    pending: Vec<Piece>,
    fields: Vec<Field>,
}

/// The page.
pub async fn completion(town: &Town, actor: &Actor, id: DossierId) -> Result<CompletionView, Failure> {
    let asked = asked(town, actor, id).await?;
    let (answers, raw) = (given(&asked), RawAnswers::default());
    let state = FormState::default();
    let walk = walk_fields(&asked.fields, form(&asked, &answers, &raw), &state);
    let mut view = FormView::of(&walk.fields, &walk.problems);
    // Nothing was sent yet: an answer that misses is no mistake.
    view.mistakes.clear();
    view.questions.iter_mut().for_each(|question| question.errors.clear());
    Ok(shown(&asked, view))
}

/// Sends the answers; gives the page back with its mistakes when something is missing or wrong.
pub async fn complete(
    town: &Town,
    actor: &Actor,
    id: DossierId,
    inputs: &Inputs,
) -> Result<Option<CompletionView>, Failure> {
    let asked = asked(town, actor, id).await?;
    let state = FormState::default();
    let (mut answers, mut raw) = (given(&asked), RawAnswers::default());
    let reading = {
        let walk = walk_fields(&asked.fields, form(&asked, &answers, &raw), &state);
        read(&walk.fields, inputs)
    };
    reading.apply(&mut answers, &mut raw);
    let walk = walk_fields(&asked.fields, form(&asked, &answers, &raw), &state);
    let view = FormView::of(&walk.fields, &walk.problems);
    if !walk.is_right() {
        return Ok(Some(shown(&asked, view)));
    }
    let new: Answers = walk
        .visible_answers()
        .iter()
        .filter(|(at, value)| value.is_answer() && asked.loaded.answers.at(at) != Some(value))
        .map(|(at, value)| (at.clone(), value.clone()))
        .collect();
    if new.is_empty() {
        return Err(Failure::Refused("Joignez les pièces demandées avant d’envoyer.".to_owned()));
    }
    decision::happen(town, id, |fresh: &Fresh| {
        let loaded = &fresh.loaded;
        town.allow(actor, Permission::DossierComplete, Some(&loaded.subject()))?;
        if fresh.requests.iter().all(|request| request.answered_at.is_some()) {
            return Err(nothing_asked());
        }
        if !asked.wanted.is_all(&fresh.requests) {
            return Err(Failure::Conflict);
        }
        let mut step = Step::new(calling::rules_actor(actor, ""), Event::Completed(new.clone()));
        step.along.answered = asked.wanted.answered_by(&new);
        Ok(step)
    })
    .await?;
    Ok(None)
}

/// Joins a file to an asked question.
pub async fn upload_to_completion(
    town: &Town,
    actor: &Actor,
    id: DossierId,
    field: &Target,
    name: &str,
    content: impl AsyncRead + Send,
) -> Result<PieceLine, UploadError> {
    let asked = asked(town, actor, id).await?;
    if !asked.wanted.items.iter().any(|item| item.field == field.field) {
        return Err(Failure::NotFound.into());
    }
    let wanted = upload::asked(&asked.loaded.definition, field).ok_or(Failure::NotFound)?;
    wanted.has_room(held(&asked, field).len())?;
    let piece = upload::store(town, &wanted, Place::Completion(id), field, name, content).await?;
    let kept = async {
        let unit = town.db.write().await?;
        pieces::insert(&unit, &piece).await?;
        unit.commit().await
    };
    if let Err(error) = kept.await {
        town.vault.delete(&piece.object_key).await.map_err(Failure::from)?;
        return Err(Failure::from(error).into());
    }
    Ok(upload::line(&piece))
}

/// Takes back a file that was joined and not sent yet.
pub async fn remove_from_completion(town: &Town, actor: &Actor, id: DossierId, piece: PieceId) -> Result<(), Failure> {
    let asked = asked(town, actor, id).await?;
    if asked.pending.iter().any(|pending| pending.id == piece) {
        let unit = town.db.write().await?;
        pieces::mark_removed(&unit, piece, town.now()).await?;
        unit.commit().await?;
    }
    Ok(())
}

async fn asked(town: &Town, actor: &Actor, id: DossierId) -> Result<Asked, Failure> {
    let loaded = load::allowed(town, actor, id, Permission::DossierComplete).await?;
    let snapshot = town.db.read().await?;
    let wanted = Wanted::of(&piece_requests::of_dossier(&snapshot, id).await?).ok_or_else(nothing_asked)?;
    let pending = pieces::of_dossier(&snapshot, id).await?;
    drop(snapshot);
    let pending = pending.into_iter().filter(|piece| is_pending(&loaded.answers, piece)).collect();
    let fields = wanted.items.iter().filter_map(|item| field(&loaded, item)).collect();
    Ok(Asked { loaded, wanted, pending, fields })
}

/// An asked question: shown whatever its condition, and needed when the instruction cannot go on without it.
fn field(loaded: &Loaded, item: &WantedPiece) -> Option<Field> {
    let mut field = lifecycle::field(&loaded.definition, &item.field)?.clone();
    field.condition = None;
    field.required = if item.essential { Required::Yes } else { Required::No };
    if let Kind::Pieces { essential, basis, .. } = &mut field.kind {
        *essential = item.essential;
        basis.clone_from(&item.basis);
    }
    Some(field)
}

/// A document that no answer refers to yet.
fn is_pending(answers: &Answers, piece: &Piece) -> bool {
    let referred = |value: &Value| match value {
        Value::Pieces(list) => list.iter().any(|reference| reference.id == piece.id),
        _ => false,
    };
    piece.kind == PieceKind::Piece && piece.field.is_some() && !answers.iter().any(|(_, value)| referred(value))
}

fn held(asked: &Asked, at: &Target) -> Vec<PieceRef> {
    let mut list = match asked.loaded.answers.at(at) {
        Some(Value::Pieces(list)) => list.clone(),
        _ => Vec::new(),
    };
    list.extend(asked.pending.iter().filter(|piece| piece.field.as_ref() == Some(at)).map(upload::reference));
    list
}

/// The answers to what is asked, as they are with the documents joined since.
fn given(asked: &Asked) -> Answers {
    let mut answers = Answers::default();
    for field in &asked.fields {
        let at = Target::field(&field.id);
        if matches!(field.kind, Kind::Pieces { .. }) {
            let list = held(asked, &at);
            if !list.is_empty() {
                answers.set(at, Value::Pieces(list));
            }
        } else if let Some(value) = asked.loaded.answers.at(&at) {
            answers.set(at, value.clone());
        }
    }
    answers
}

fn form<'a>(asked: &'a Asked, answers: &'a Answers, raw: &'a RawAnswers) -> Form<'a> {
    Form { answers, raw, settings: &asked.loaded.settings, filer: Filer::Usager }
}

fn shown(asked: &Asked, form: FormView) -> CompletionView {
    CompletionView {
        dossier: asked.loaded.head.id,
        number: asked.loaded.head.number.clone(),
        title: asked.loaded.definition.title.clone(),
        request: lines::wanted(&asked.loaded, &asked.wanted),
        form,
    }
}

fn nothing_asked() -> Failure {
    Failure::Refused("Aucune pièce ne vous est demandée en ce moment.".to_owned())
}
