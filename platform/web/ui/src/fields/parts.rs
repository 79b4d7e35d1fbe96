//! Questions asked by several inputs: dates, times, addresses.

use askama::Template;
use parvis_contract::Kind;
use parvis_domain::input::{Part, parse, part_name_of};
use parvis_usecases::formulaire::Question;

use super::frame::{Attributes, Frame};

pub(super) const fn first_part(kind: &Kind) -> Option<Part> {
    match kind {
        Kind::Date | Kind::DateTime => Some(Part::Day),
        Kind::Address => Some(Part::Street),
        _ => None,
    }
}

#[derive(Template)]
#[template(path = "fields/parts.html")]
pub(super) struct PartsField<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) class: &'static str,
    pub(super) parts: Vec<PartInput<'a>>,
}

pub(super) struct PartInput<'a> {
    pub(super) id: String,
    pub(super) label: &'static str,
    pub(super) value: &'a str,
    pub(super) width: &'static str,
    pub(super) wrong: bool,
    pub(super) optional: bool,
    pub(super) attributes: Attributes,
}

/// A part of a question: label, width, keyboard, suffix of the autocomplete token.
pub(super) struct PartOf {
    pub(super) part: Part,
    pub(super) label: &'static str,
    pub(super) width: &'static str,
    pub(super) mode: &'static str,
    pub(super) token: &'static str,
}

pub(super) const fn part_of(
    part: Part,
    label: &'static str,
    width: &'static str,
    mode: &'static str,
    token: &'static str,
) -> PartOf {
    PartOf { part, label, width, mode, token }
}

pub(super) const DATE: [PartOf; 3] = [
    part_of(Part::Day, "Jour", "w2", "numeric", "-day"),
    part_of(Part::Month, "Mois", "w2", "numeric", "-month"),
    part_of(Part::Year, "Année", "w4", "numeric", "-year"),
];
pub(super) const DATE_TIME: [PartOf; 5] = [
    part_of(Part::Day, "Jour", "w2", "numeric", "-day"),
    part_of(Part::Month, "Mois", "w2", "numeric", "-month"),
    part_of(Part::Year, "Année", "w4", "numeric", "-year"),
    part_of(Part::Hour, "Heure", "w2", "numeric", ""),
    part_of(Part::Minute, "Minutes", "w2", "numeric", ""),
];
pub(super) const ADDRESS: [PartOf; 4] = [
    part_of(Part::Street, "Numéro et rue", "", "", "street-address"),
    part_of(Part::PostalCode, "Code postal", "w5", "numeric", "postal-code"),
    part_of(Part::Town, "Commune", "w20", "", "address-level2"),
    part_of(Part::Note, "Précision si l’adresse est incomplète", "", "", ""),
];

pub(super) fn parts<'a>(
    question: &'a Question,
    frame: Frame<'a>,
    list: &[PartOf],
    class: &'static str,
) -> PartsField<'a> {
    let field = &question.field;
    // The démarche says by its own token whether the answer is about the person (WCAG 1.3.5).
    let token = |part: &PartOf| match (&field.kind, field.autocomplete.as_deref()) {
        (Kind::Address, Some(_)) => part.token.to_owned(),
        (Kind::Date | Kind::DateTime, Some(token)) if token == "bday" => format!("{token}{}", part.token),
        _ => String::new(),
    };
    let failed = !frame.errors.is_empty();
    let wrong = wrong_parts(question, list);
    let inputs = list.iter().map(|part| {
        let id = part_name_of(&question.at, part.part);
        let is_wrong = failed && part.part != Part::Note && (wrong.is_empty() || wrong.contains(&part.part));
        let mut attributes =
            Attributes::default().with_text("inputmode", part.mode).with_text("autocomplete", &token(part));
        if question.locked {
            attributes = attributes.with_flag("readonly");
        }
        if is_wrong {
            attributes = attributes.with_text("aria-invalid", "true");
        }
        PartInput {
            id,
            label: part.label,
            value: question.raw.part(part.part),
            optional: part.part == Part::Note,
            width: part.width,
            wrong: is_wrong,
            attributes,
        }
    });
    PartsField { parts: inputs.collect(), frame, class }
}

/// The part that what was typed makes wrong, when one stands out.
pub(super) fn wrong_part(question: &Question) -> Option<Part> {
    parse(&question.field, &question.options, &question.raw).err()?.part()
}

/// The parts to mark: those left empty when others are filled, else the wrong one; none when none stands out.
pub(super) fn wrong_parts(question: &Question, list: &[PartOf]) -> Vec<Part> {
    let needed = list.iter().filter(|part| part.part != Part::Note);
    let empty: Vec<Part> =
        needed.clone().filter(|part| question.raw.part(part.part).trim().is_empty()).map(|part| part.part).collect();
    if empty.is_empty() || empty.len() == needed.count() { wrong_part(question).into_iter().collect() } else { empty }
}
