//! A tagged PDF from a template, checked against PDF/UA-1.

use parvis_domain::{ports::DocumentError, time::Instant};
use typst::{WorldExt, diag::SourceDiagnostic};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::world::{self, TemplateWorld};

pub(crate) fn typeset(
    title: String,
    source: String,
    data: &serde_json::Value,
    now: Instant,
) -> Result<Vec<u8>, DocumentError> {
    let world = TemplateWorld::new(title, source, data, now);
    let standards =
        PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| DocumentError::Process(error.message().to_string()))?;
    let options =
        PdfOptions { timestamp: world::datetime(now).map(Timestamp::new_utc), standards, ..PdfOptions::default() };
    typst::compile(&world)
        .output
        .and_then(|document| typst_pdf::pdf(&document, &options))
        .map_err(|errors| DocumentError::Template(sentence(&world, &errors)))
}

/// The first errors, one a line: where, what, and what the typesetter suggests.
fn sentence(world: &TemplateWorld, errors: &[SourceDiagnostic]) -> String {
    /// One cause often gives many errors.
    const SHOWN: usize = 5;
    let lines = errors.iter().take(SHOWN).map(|error| {
        let line = world.range(error.span).and_then(|range| world.template().lines().byte_to_line(range.start));
        let place = line.map(|line| format!("line {}: ", line + 1)).unwrap_or_default();
        let hints: Vec<&str> = error.hints.iter().map(|hint| hint.v.as_str()).collect();
        let hints = if hints.is_empty() { String::new() } else { format!(" ({})", hints.join("; ")) };
        format!("{place}{}{hints}", error.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}
