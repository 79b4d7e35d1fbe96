//! What a definition must be before its component serves anyone. Every flaw is told at once, each by its place, since
//! an author reads them all.
//!
//! Order of the checks: identity and texts (here), then `form` (pages, fields, conditions, settings), `workflow` (states,
//! actions, functions), `legal` (the card that the law asks, AC-04 and AC-05 of the acceptance list).

mod conditions;
mod fields;
mod form;
mod imports;
mod legal;
mod workflow;

use std::collections::HashSet;

use parvis_contract::{CONTRACT_VERSION, Definition};

pub(crate) use imports::imports;

/// Contracts that this host serves.
const SERVED: [&str; 1] = [CONTRACT_VERSION];

/// What is wrong, each flaw with its place ("page `lieu`, field `rue`: its label is empty").
#[derive(Debug, Default)]
pub(crate) struct Flaws(Vec<String>);

impl Flaws {
    fn add(&mut self, place: &str, what: impl AsRef<str>) {
        self.0.push(format!("{place}: {}", what.as_ref()));
    }

    fn require(&mut self, place: &str, holds: bool, what: &str) {
        if !holds {
            self.add(place, what);
        }
    }

    fn filled(&mut self, place: &str, name: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(place, format!("its {name} is empty"));
        }
    }

    /// An identifier: a lower-case letter, then letters, digits, hyphens or underscores.
    fn id(&mut self, place: &str, id: &str) {
        let mut letters = id.chars();
        let starts = letters.next().is_some_and(|first| first.is_ascii_lowercase());
        let goes_on = letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
        if !(starts && goes_on && id.len() <= 64) {
            self.add(place, "its id must be lower-case letters, digits and hyphens, 64 at most, a letter first");
        }
    }

    fn unique<'a>(&mut self, place: &str, ids: impl Iterator<Item = &'a str>) {
        let mut seen = HashSet::new();
        for id in ids.filter(|id| !seen.insert(*id)) {
            self.add(place, format!("the id `{id}` stands twice"));
        }
    }
}

/// Everything that is wrong with a definition; nothing when it may serve.
pub fn check(definition: &Definition) -> Vec<String> {
    let mut flaws = Flaws::default();
    identity(definition, &mut flaws);
    privacy(definition, &mut flaws);
    templates(definition, &mut flaws);
    form::check(definition, &mut flaws);
    workflow::check(definition, &mut flaws);
    legal::check(&definition.legal, &mut flaws);
    flaws.0
}

fn identity(definition: &Definition, flaws: &mut Flaws) {
    let place = "definition";
    if !SERVED.contains(&definition.contract.as_str()) {
        let (asked, served) = (&definition.contract, SERVED.join(", "));
        flaws.add(place, format!("the contract `{asked}` is not served, this host serves {served}"));
    }
    flaws.id(place, &definition.id);
    flaws.require(place, is_version(&definition.version), "its version must be three numbers, like `1.2.0`");
    flaws.filled(place, "title", &definition.title);
    flaws.filled(place, "summary", &definition.summary);
    let prefix = &definition.number_prefix;
    let is_prefix = (2..=4).contains(&prefix.len()) && prefix.chars().all(|c| c.is_ascii_uppercase());
    flaws.require(place, is_prefix, "its number_prefix must be two to four capital letters");
    flaws.require(place, !definition.presentation.paragraphs.is_empty(), "its presentation has no paragraph");
    for connector in &definition.connectors {
        flaws.add(place, format!("the connector `{connector}` is not served by this platform yet"));
    }
}

fn is_version(version: &str) -> bool {
    let parts: Vec<&str> = version.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| part.parse::<u32>().is_ok())
}

fn privacy(definition: &Definition, flaws: &mut Flaws) {
    let (place, privacy) = ("privacy", &definition.privacy);
    flaws.filled(place, "purpose", &privacy.purpose);
    flaws.filled(place, "basis", &privacy.basis);
    flaws.filled(place, "retention_class", &privacy.retention_class);
    flaws.require(place, !privacy.recipients.is_empty(), "it names no recipient");
    flaws.require(place, privacy.retention_months > 0, "its retention_months must be at least 1");
}

fn templates(definition: &Definition, flaws: &mut Flaws) {
    for notice in &definition.notices {
        let place = format!("notice `{}`", notice.id);
        flaws.id(&place, &notice.id);
        flaws.filled(&place, "subject", &notice.subject);
        flaws.filled(&place, "body", &notice.body);
    }
    for document in &definition.documents {
        let place = format!("document `{}`", document.id);
        flaws.id(&place, &document.id);
        flaws.filled(&place, "title", &document.title);
        flaws.filled(&place, "source", &document.source);
        if let Some(register) = &document.register {
            flaws.filled(&place, "register", register);
        }
    }
    flaws.unique("notices", definition.notices.iter().map(|notice| notice.id.as_str()));
    flaws.unique("documents", definition.documents.iter().map(|document| document.id.as_str()));
}

#[cfg(test)]
mod tests;
