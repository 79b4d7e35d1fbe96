//! Single inputs: a line or several of text, a number, an address, a reference.

use std::borrow::Cow;

use askama::Template;
use parvis_contract::{Kind, TextFormat};
use parvis_domain::french;
use parvis_usecases::formulaire::Question;

use super::frame::{Attributes, Frame};

#[derive(Template)]
#[template(path = "fields/text.html")]
pub(super) struct TextField<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) kind: &'static str,
    pub(super) value: Cow<'a, str>,
    pub(super) lines: u8,
    pub(super) unit: Option<&'a str>,
    pub(super) width: &'static str,
    pub(super) attributes: Attributes,
}

/// A family of single inputs: type, keyboard, width, unit, spelling help.
pub(super) fn text_field<'a>(question: &'a Question, frame: Frame<'a>) -> TextField<'a> {
    let mut lines = 1;
    let mut unit = None;
    let (kind, mode, width, spelling) = match &question.field.kind {
        Kind::Email => ("email", "", "w20", false),
        Kind::Phone => ("tel", "", "w10", false),
        Kind::Integer { min, unit: held, .. } => {
            unit = held.as_deref();
            ("text", if *min < 0 { "" } else { "numeric" }, "w4", false)
        }
        Kind::Decimal { unit: held, .. } => {
            unit = held.as_deref();
            ("text", "decimal", "w5", false)
        }
        Kind::Amount => {
            unit = Some("€");
            ("text", "decimal", "w5", false)
        }
        Kind::Siret | Kind::Siren => ("text", "numeric", "w10", false),
        Kind::Rna | Kind::Plate => ("text", "", "w10", false),
        Kind::Text { format: TextFormat::PostalCode, .. } => ("text", "numeric", "w5", false),
        Kind::Text { format: TextFormat::Name | TextFormat::Reference, .. } => ("text", "", "w20", false),
        Kind::Text { lines: held, .. } => {
            lines = *held;
            ("text", "", "", true)
        }
        _ => ("text", "", "", true),
    };
    let mut attributes = Attributes::default().with_text("inputmode", mode);
    if !spelling {
        attributes = attributes.with_text("spellcheck", "false");
    }
    if question.locked {
        attributes = attributes.with_flag("readonly");
    }
    let attributes = attributes.and(frame.attributes(&question.field, &[]));
    TextField { frame, kind, value: shown(question), lines, unit, width, attributes }
}

/// What was typed; a phone number that is kept reads as people write it.
pub(super) fn shown(question: &Question) -> Cow<'_, str> {
    let typed = question.raw.whole();
    match question.field.kind {
        Kind::Phone if typed.starts_with('+') => Cow::Owned(french::phone(typed)),
        _ => Cow::Borrowed(typed),
    }
}
