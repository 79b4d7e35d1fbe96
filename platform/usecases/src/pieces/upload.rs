//! A document joined to a form: it streams into the vault, its content says its type, and a file that is refused costs
//! nothing else.

use parvis_contract::{Accept, Definition, Field, Kind};
use parvis_domain::{
    file_type::{FileType, clean_name, recognise},
    french,
    ids::{DossierId, DraftId, PieceId},
    policy::Actor,
    rules::Audience,
    value::{PieceRef, Target, Value},
};
use parvis_store::{
    drafts,
    pieces::{self, Piece, PieceKind},
};
use parvis_vault::VaultError;
use tokio::io::AsyncRead;

use crate::{
    brouillons::{access, evaluation::Sheet},
    dossiers::view::{PieceLine, PieceSource},
    failure::Failure,
    parvis::Town,
};

/// How many times a draft is written again when someone saved it meanwhile.
const ATTEMPTS: u32 = 3;

/// Why a file is refused; displayed, it is the sentence for the page.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// No file was chosen, or it holds nothing.
    #[error("Choisissez un fichier qui n’est pas vide.")]
    Empty,
    /// It is over the size limit.
    #[error("Choisissez un fichier de {} Mo au plus.", limit / 1_048_576)]
    TooLarge {
        /// Limit in octets.
        limit: u64,
    },
    /// Its content is of no accepted type, whatever its name.
    #[error("Choisissez un fichier de type {accepted}.")]
    WrongType {
        /// Accepted types, in words.
        accepted: String,
    },
    /// The question has all the files it may have.
    #[error("Vous avez déjà joint {max} fichiers : retirez-en un pour en joindre un autre.")]
    TooMany {
        /// Most files.
        max: u32,
    },
    /// The file did not arrive whole.
    #[error("Le fichier n’est pas arrivé en entier. Envoyez-le de nouveau.")]
    Interrupted,
    /// Something else; nothing was kept.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Joins a file to a question of a draft.
pub async fn upload(
    town: &Town,
    actor: &Actor,
    id: DraftId,
    field: &Target,
    name: &str,
    content: impl AsyncRead + Send,
) -> Result<PieceLine, UploadError> {
    let draft = access::open(town, actor, id).await?;
    if draft.dossier.is_some() {
        return Err(Failure::Refused("Ce formulaire est déjà déposé.".to_owned()).into());
    }
    let sheet = Sheet::of(town, &draft)?;
    let wanted = asked(&sheet.definition, field).ok_or(Failure::NotFound)?;
    let given = of_draft(town, id).await?;
    wanted.has_room(given.iter().filter(|piece| piece.field.as_ref() == Some(field)).count())?;
    let limit = town.parvis.config.limits.pieces;
    if given.len() >= usize::try_from(limit).unwrap_or(usize::MAX) {
        return Err(UploadError::TooMany { max: limit });
    }
    let piece = store(town, &wanted, Place::Draft(id), field, name, content).await?;
    keep_in_draft(town, actor, id, &piece).await?;
    Ok(line(&piece))
}

/// Takes a file back from a draft; its object is deleted afterwards.
pub async fn remove(town: &Town, actor: &Actor, id: DraftId, piece: PieceId) -> Result<(), Failure> {
    for _ in 0..ATTEMPTS {
        let mut draft = access::open(town, actor, id).await?;
        let given = of_draft(town, id).await?;
        let Some(found) = given.into_iter().find(|found| found.id == piece) else { return Ok(()) };
        let at = found.field.ok_or(Failure::NotFound)?;
        let mut list = held(&draft.answers, &at);
        list.retain(|reference| reference.id != piece);
        draft.answers.set(at, if list.is_empty() { Value::Empty } else { Value::Pieces(list) });
        let unit = town.db.write().await?;
        if save(town, &unit, &mut draft).await? {
            pieces::mark_removed(&unit, piece, town.now()).await?;
            return Ok(unit.commit().await?);
        }
    }
    Err(Failure::Conflict)
}

/// Where a file goes.
pub(crate) enum Place {
    /// To a form being filled.
    Draft(DraftId),
    /// To a dossier, to complete it: nothing refers to it until it is sent.
    Completion(DossierId),
}

/// A question that asks for documents.
pub(crate) struct Wanted {
    accept: Vec<Accept>,
    max: u32,
}

impl Wanted {
    /// Whether one more file may be joined.
    pub(crate) fn has_room(&self, given: usize) -> Result<(), UploadError> {
        let full = given >= usize::try_from(self.max).unwrap_or(usize::MAX);
        if full { Err(UploadError::TooMany { max: self.max }) } else { Ok(()) }
    }
}

/// The question of a form that asks for documents at a target.
pub(crate) fn asked(definition: &Definition, at: &Target) -> Option<Wanted> {
    fn find<'a>(fields: &'a [Field], at: &Target, row: Option<u32>) -> Option<&'a Field> {
        fields.iter().find_map(|field| match &field.kind {
            Kind::Block { fields, .. } if row.is_none() => find(fields, at, at.row),
            _ => (field.id == at.field && row == at.row).then_some(field),
        })
    }
    let fields = definition.pages.iter().find_map(|page| find(&page.fields, at, None));
    match &fields.or_else(|| find(&definition.internal_fields, at, None))?.kind {
        Kind::Pieces { accept, max_files, .. } => Some(Wanted { accept: accept.clone(), max: u32::from(*max_files) }),
        _ => None,
    }
}

/// Streams a file into the vault and judges it by its content; what is refused leaves nothing.
pub(crate) async fn store(
    town: &Town,
    wanted: &Wanted,
    place: Place,
    field: &Target,
    name: &str,
    content: impl AsyncRead + Send,
) -> Result<Piece, UploadError> {
    let limit = town.parvis.config.limits.piece_octets;
    let stored = town.vault.put(content, limit).await.map_err(|error| match error {
        VaultError::TooLarge { limit } => UploadError::TooLarge { limit },
        VaultError::Source(_) => UploadError::Interrupted,
        other => UploadError::Failure(other.into()),
    })?;
    let (Ok(kind), true) = (recognise(&stored.head, &wanted.accept), stored.size > 0) else {
        town.vault.delete(&stored.object_key).await.map_err(Failure::from)?;
        return Err(match stored.size {
            0 => UploadError::Empty,
            _ => UploadError::WrongType { accepted: accepted(&wanted.accept) },
        });
    };
    let parvis = &town.parvis;
    let (draft, dossier) = match place {
        Place::Draft(id) => (Some(id), None),
        Place::Completion(id) => (None, Some(id)),
    };
    Ok(Piece {
        id: PieceId::new(&*parvis.clock, &*parvis.entropy),
        dossier,
        draft,
        field: Some(field.clone()),
        name: clean_name(name, kind),
        media_type: kind.media_type().to_owned(),
        size: stored.size,
        sha256: stored.sha256,
        object_key: stored.object_key,
        kind: PieceKind::Piece,
        audience: Audience::Usager,
        key: None,
        created_at: town.now(),
        removed_at: None,
    })
}

/// The answer's reference to a document.
pub(crate) fn reference(piece: &Piece) -> PieceRef {
    PieceRef {
        id: piece.id,
        name: piece.name.clone(),
        media_type: piece.media_type.clone(),
        size: u32::try_from(piece.size).unwrap_or(u32::MAX),
    }
}

/// The document, as pages list it.
pub(crate) fn line(piece: &Piece) -> PieceLine {
    PieceLine {
        id: piece.id,
        name: piece.name.clone(),
        media_type: piece.media_type.clone(),
        size: piece.size,
        at: piece.created_at,
        source: if piece.kind == PieceKind::Produced { PieceSource::Produced } else { PieceSource::Given },
        previewable: matches!(piece.media_type.as_str(), "application/pdf" | "image/jpeg" | "image/png"),
        for_usager: piece.audience == Audience::Usager,
    }
}

async fn of_draft(town: &Town, id: DraftId) -> Result<Vec<Piece>, Failure> {
    let snapshot = town.db.read().await?;
    Ok(pieces::of_draft(&snapshot, id).await?)
}

async fn keep_in_draft(town: &Town, actor: &Actor, id: DraftId, piece: &Piece) -> Result<(), Failure> {
    let at = piece.field.clone().ok_or(Failure::NotFound)?;
    for _ in 0..ATTEMPTS {
        let mut draft = access::open(town, actor, id).await?;
        let mut list = held(&draft.answers, &at);
        list.push(reference(piece));
        draft.answers.set(at.clone(), Value::Pieces(list));
        let unit = town.db.write().await?;
        if save(town, &unit, &mut draft).await? {
            pieces::insert(&unit, piece).await?;
            return Ok(unit.commit().await?);
        }
    }
    town.vault.delete(&piece.object_key).await?;
    Err(Failure::Conflict)
}

async fn save(town: &Town, unit: &parvis_store::UnitOfWork, draft: &mut drafts::Draft) -> Result<bool, Failure> {
    let expected = draft.revision;
    draft.revision += 1;
    draft.updated_at = town.now();
    Ok(drafts::save_if_revision(unit, draft, expected).await?)
}

fn held(answers: &parvis_domain::value::Answers, at: &Target) -> Vec<PieceRef> {
    match answers.at(at) {
        Some(Value::Pieces(list)) => list.clone(),
        _ => Vec::new(),
    }
}

fn accepted(accept: &[Accept]) -> String {
    let labels: Vec<&str> = accept.iter().map(|accept| FileType::from(*accept).label()).collect();
    french::or_list(&labels)
}
