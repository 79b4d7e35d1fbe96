//! The root of what a démarche declares.

use serde::{Deserialize, Serialize};

use crate::{Action, Condition, Field, Function, LegalCard, State};

/// All that a démarche declares, read once when its component is installed, then diffed between versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Version of the contract, "0.1.0".
    pub contract: String,
    /// Stable name of the démarche: lower-case letters, digits and hyphens, "domaine-public".
    pub id: String,
    /// Version of the démarche (semver).
    pub version: String,
    /// Title shown to everyone.
    pub title: String,
    /// One sentence for the catalogue.
    pub summary: String,
    /// Theme of the catalogue.
    pub category: Category,
    /// Words that a citizen may type to find it.
    pub keywords: Vec<String>,
    /// Prefix of the dossier numbers, two to four capital letters.
    pub number_prefix: String,
    /// What the page of the démarche tells before the form.
    pub presentation: Presentation,
    /// The law's clock and mentions.
    pub legal: LegalCard,
    /// The notice of article 13 of the RGPD.
    pub privacy: Privacy,
    /// Functions that a role may hold in this démarche.
    pub functions: Vec<Function>,
    /// The form, in order. The check page is the platform's.
    pub pages: Vec<Page>,
    /// Fields filled by agents or computed, outside the form's pages.
    #[serde(default)]
    pub internal_fields: Vec<Field>,
    /// States of the workflow.
    pub states: Vec<State>,
    /// State of a dossier that has just been filed, before `handle(filed)` moves it.
    pub initial_state: String,
    /// What agents can do, by state.
    pub actions: Vec<Action>,
    /// Settings of the tenant, as fields: a table is a repeatable block.
    #[serde(default)]
    pub settings: Vec<Field>,
    /// Mails that effects may send.
    pub notices: Vec<NoticeTemplate>,
    /// Documents that effects may produce.
    pub documents: Vec<DocumentTemplate>,
    /// Connectors it may ask.
    #[serde(default)]
    pub connectors: Vec<String>,
}

/// Theme of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Voirie, travaux, domaine public.
    Voirie,
    /// Logement et urbanisme.
    Urbanisme,
    /// Enfance, école, jeunesse.
    Enfance,
    /// Vie associative, sport et culture.
    Associations,
    /// Papiers et citoyenneté.
    Citoyennete,
    /// Environnement et déchets.
    Environnement,
    /// Aides et solidarité.
    Solidarite,
    /// Contacter la collectivité.
    Contact,
}

/// What a citizen reads before starting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Presentation {
    /// What it is and for whom, one paragraph each.
    pub paragraphs: Vec<String>,
    /// What to have at hand, one line each.
    pub needed: Vec<String>,
    /// Time to fill the form, in minutes.
    pub minutes: u16,
    /// What it costs, in one sentence.
    #[serde(default)]
    pub cost: Option<String>,
}

/// The notice of article 13 of the RGPD, completed by the tenant's own contacts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Privacy {
    /// Why the data are processed.
    pub purpose: String,
    /// Base légale (article 6).
    pub basis: String,
    /// Who receives them.
    pub recipients: Vec<String>,
    /// Retention class, key of the tenant's table of DUA.
    pub retention_class: String,
    /// Durée d'utilité administrative, in months, counted from the end of the dossier.
    pub retention_months: u16,
}

/// A page of the form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Stable id, part of the page's address; `abandonner`, `deposer`, `fichiers` and `verifier` are taken by the platform.
    pub id: String,
    /// Title, unique in the démarche.
    pub title: String,
    /// Text under the title.
    #[serde(default)]
    pub intro: Option<String>,
    /// Shown only when this holds; it may name fields of earlier pages only.
    #[serde(default)]
    pub condition: Option<Condition>,
    /// Fields, in order.
    pub fields: Vec<Field>,
}

/// A mail that a `notify` effect may send. `{{ name }}` is replaced by a variable, escaped as text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NoticeTemplate {
    /// Stable id, named by the effect.
    pub id: String,
    /// Subject.
    pub subject: String,
    /// Body, plain text.
    pub body: String,
    /// Variables that the effect gives, besides those of the platform.
    #[serde(default)]
    pub variables: Vec<String>,
}

/// A document that a `produce` effect may make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DocumentTemplate {
    /// Stable id, named by the effect.
    pub id: String,
    /// Title, also the file's name.
    pub title: String,
    /// Typst source; the variables of the effect are `json("data.json")`.
    pub source: String,
    /// Series of the register in which the document takes its number when it is signed.
    #[serde(default)]
    pub register: Option<String>,
}
