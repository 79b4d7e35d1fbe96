//! Documents: those given, and the input that adds one.

use askama::Template;
use parvis_contract::Accept;
use parvis_domain::value::PieceRef;
use parvis_usecases::{dossiers::view::PieceLine, formulaire::Question};

use super::{
    Context, FILE_INPUT, PieceRoutes, form_id,
    frame::{Attributes, Frame},
    path_of, upload_path,
};
use crate::{components::FileLine, text};

#[derive(Template)]
#[template(path = "fields/pieces.html")]
pub(super) struct PiecesField<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) files: Vec<FileLine>,
    pub(super) full: bool,
    pub(super) formats: String,
    /// Name of the input.
    pub(super) input: String,
    pub(super) accept: String,
    pub(super) attributes: Attributes,
    /// What ties the buttons to the form that they send.
    pub(super) add: Attributes,
    pub(super) remove: Attributes,
}

pub(super) fn pieces<'a>(
    question: &'a Question,
    frame: Frame<'a>,
    accept: &[Accept],
    max: usize,
    context: &Context<'_>,
) -> PiecesField<'a> {
    let routes = context.routes;
    let full = question.pieces.len() >= max || question.locked || routes.upload.is_none();
    let attributes = frame.attributes(&question.field, &["formats"]);
    let none = Attributes::default();
    let form = form_id(question);
    let (input, attributes, add, remove) = if context.mixed {
        let action = routes.upload.as_ref().map(|upload| upload_path(upload, question)).unwrap_or_default();
        let add = none.clone().with_text("formaction", &action).with_text("formenctype", "multipart/form-data");
        (format!("{FILE_INPUT}.{}", path_of(&question.at)), attributes, add, none)
    } else {
        let own = none.clone().with_text("form", &form);
        (FILE_INPUT.to_owned(), own.clone().and(attributes), own, none.with_text("form", "retirer-un-fichier"))
    };
    PiecesField {
        files: question.pieces.iter().map(|piece| given_file(piece, routes)).collect(),
        full,
        formats: formats(accept, max, routes.file_limit),
        input,
        accept: accept.iter().map(|accept| media_types(*accept)).collect::<Vec<_>>().join(","),
        attributes,
        add,
        remove,
        frame,
    }
}

/// A document given as an answer.
pub(super) fn given_file(piece: &PieceRef, routes: &PieceRoutes) -> FileLine {
    FileLine {
        name: piece.name.clone(),
        detail: detail(&piece.media_type, u64::from(piece.size)),
        href: routes.read.as_ref().map(|before| format!("{before}/{}", piece.id)),
        remove: routes.remove.as_ref().map(|(before, after)| format!("{before}/{}{after}", piece.id)),
    }
}

/// A document that an answer refers to; `read` is what stands before its id in its address.
pub fn answer_file(piece: &PieceRef, read: &str) -> FileLine {
    given_file(piece, &PieceRoutes { read: Some(read.to_owned()), ..PieceRoutes::default() })
}

/// A document of a dossier; `read` is what stands before its id in its address.
pub fn file_line(piece: &PieceLine, read: &str) -> FileLine {
    FileLine {
        name: piece.name.clone(),
        detail: detail(&piece.media_type, piece.size),
        href: Some(format!("{read}/{}", piece.id)),
        remove: None,
    }
}

/// "PDF, 240 Ko".
pub(super) fn detail(media_type: &str, size: u64) -> String {
    format!("{}, {}", text::media(media_type), text::size(size))
}

pub(super) fn formats(accept: &[Accept], max: usize, limit: u64) -> String {
    let names: Vec<&str> = accept.iter().map(|accept| format_name(*accept)).collect();
    let list = match names.as_slice() {
        [] => "tous".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} ou {last}", first.join(", ")),
    };
    let files = if max == 1 { "1 fichier" } else { &format!("{max} fichiers au plus") };
    format!("Formats acceptés : {list}. {files}, {} au plus par fichier", text::size(limit))
}

pub(super) const fn format_name(accept: Accept) -> &'static str {
    match accept {
        Accept::Pdf => "PDF",
        Accept::Jpeg => "JPEG",
        Accept::Png => "PNG",
        Accept::Heic => "HEIC",
    }
}

pub(super) const fn media_types(accept: Accept) -> &'static str {
    match accept {
        Accept::Pdf => ".pdf,application/pdf",
        Accept::Jpeg => ".jpg,.jpeg,image/jpeg",
        Accept::Png => ".png,image/png",
        Accept::Heic => ".heic,.heif,image/heic,image/heif",
    }
}
