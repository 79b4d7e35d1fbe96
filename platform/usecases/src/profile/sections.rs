//! The sections of `tenant.toml`.

use parvis_domain::policy::Role;
use serde::{Deserialize, Serialize};

use super::Colour;

/// Kind of collectivité.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TenantKind {
    /// Commune.
    Commune,
    /// Établissement public de coopération intercommunale.
    Epci,
}

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PostalAddress {
    /// Street lines.
    pub lines: Vec<String>,
    /// Postal code.
    pub postal_code: String,
    /// Town.
    pub town: String,
}

/// How the collectivité is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Contact {
    /// Address.
    pub address: PostalAddress,
    /// Phone.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// Opening hours, one line each.
    pub hours: Vec<String>,
}

/// A service of the collectivité; what it leaves out is the collectivité's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Service {
    /// Stable id: lower-case letters, digits and hyphens.
    pub id: String,
    /// Name.
    pub name: String,
    /// Phone.
    #[serde(default)]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Address.
    #[serde(default)]
    pub address: Option<PostalAddress>,
    /// Opening hours, one line each.
    #[serde(default)]
    pub hours: Vec<String>,
}

/// Who mails come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sender {
    /// Address that sends.
    pub from: String,
    /// Name shown.
    pub from_name: String,
    /// Where answers go.
    #[serde(default)]
    pub reply_to: Option<String>,
}

/// What the law wants said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Legal {
    /// Directeur de la publication ("Le maire, Camille Ferrand").
    pub publisher: String,
    /// Who hosts the service: name and address, on one line.
    pub hosting: String,
    /// Délégué à la protection des données.
    pub dpo: Dpo,
    /// Competent tribunal administratif.
    pub tribunal: Tribunal,
    /// Territorial mediator, when there is one.
    #[serde(default)]
    pub mediator: Option<Mediator>,
    /// Accessibility.
    pub accessibility: Accessibility,
}

/// Délégué à la protection des données.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Dpo {
    /// Name or organisation.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Postal address, on one line.
    pub address: String,
}

/// Tribunal administratif.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tribunal {
    /// Name.
    pub name: String,
    /// Postal address, on one line.
    pub address: String,
    /// Where it is reached on line.
    #[serde(default = "telerecours")]
    pub telerecours: String,
}

fn telerecours() -> String {
    "www.telerecours.fr".to_owned()
}

/// Territorial mediator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Mediator {
    /// Name.
    pub name: String,
    /// How to reach her.
    pub contact: String,
}

/// Accessibility statement (article 47 of the law of 11 February 2005).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Accessibility {
    /// Conformity.
    pub conformity: Conformity,
    /// Who to tell.
    pub email: String,
    /// Date of the statement.
    pub stated_on: jiff::civil::Date,
}

/// How far the portal conforms to the RGAA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conformity {
    /// All criteria hold.
    Totale,
    /// Half of the criteria hold at least.
    Partielle,
    /// Fewer, or no audit.
    NonConforme,
}

/// Colours, checked so that text on them is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Theme {
    /// Links, buttons, header: at least 4.5:1 with white.
    pub primary: Colour,
    /// The same when hovered or pressed: at least 4.5:1 with white.
    pub primary_strong: Colour,
    /// Background of quiet blocks: the primary colour reads on it at 4.5:1 at least.
    pub tint: Colour,
    /// File of the logo in the folder, when there is one.
    #[serde(default)]
    pub logo: Option<String>,
}

/// Who may work in the collectivité (D13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AgentsSection {
    /// SIRETs of the employers whose agents may enter.
    pub sirets: Vec<String>,
    /// Roles that they may hold.
    pub roles: Vec<Role>,
}

/// A right of an agent, by her address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct GrantLine {
    /// Address of the agent.
    pub email: String,
    /// Role.
    pub role: Role,
    /// Services where it holds; empty for all.
    #[serde(default)]
    pub services: Vec<String>,
    /// Functions held in démarches besides the one of the role's name.
    #[serde(default)]
    pub functions: Vec<String>,
}

/// A démarche that the collectivité offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DemarcheLine {
    /// Id of the démarche; its settings are in `demarches/<id>.toml`.
    pub id: String,
    /// Service in charge.
    pub service: String,
}
