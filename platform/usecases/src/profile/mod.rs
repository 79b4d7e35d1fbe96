//! What a collectivité's folder declares in `tenant.toml`: who it is, how it is reached, its services, its theme, the
//! démarches it offers, who may work there.
//!
//! Parsed at the edge, trusted inside: [`Profile::parse`] refuses what does not hold, and says where. This module never
//! knows where the file comes from.

mod check;
mod colour;
mod sections;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

pub use parvis_domain::calendar::Region as HolidayRegion;

pub use check::ProfileError;
pub use colour::{Colour, NotAColour};
pub use sections::{
    Accessibility, AgentsSection, Conformity, Contact, DemarcheLine, Dpo, GrantLine, Legal, Mediator, PostalAddress,
    Sender, Service, TenantKind, Theme, Tribunal,
};

/// A collectivité, as its folder declares it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Profile {
    /// Stable name: lower-case letters, digits and hyphens.
    pub slug: String,
    /// "Commune de Valbrune".
    pub name: String,
    /// Short name, as the header of the portal shows it; the name when absent.
    #[serde(default)]
    pub short_name: Option<String>,
    /// Commune or EPCI.
    pub kind: TenantKind,
    /// SIREN.
    pub siren: String,
    /// Code of the commune (INSEE); none for an EPCI.
    #[serde(default)]
    pub insee: Option<String>,
    /// Hosts it answers at; the first one is written in links.
    pub hosts: Vec<String>,
    /// IANA name of its zone.
    pub zone: String,
    /// Public holidays that it observes.
    #[serde(default)]
    pub holidays: HolidayRegion,
    /// How it is reached.
    pub contact: Contact,
    /// Its services, in the order shown.
    pub services: Vec<Service>,
    /// Who its mails come from.
    pub sender: Sender,
    /// What the law wants said.
    pub legal: Legal,
    /// Colours.
    pub theme: Theme,
    /// Who may work there.
    pub agents: AgentsSection,
    /// Rights of agents.
    #[serde(default)]
    pub grants: Vec<GrantLine>,
    /// Démarches that it offers.
    #[serde(default)]
    pub demarches: Vec<DemarcheLine>,
}

impl Profile {
    /// Parses and checks a `tenant.toml`.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let profile: Self = toml::from_str(text).map_err(|error| ProfileError::Syntax(error.to_string()))?;
        check::check(&profile)?;
        Ok(profile)
    }

    /// The name shown where room is short.
    pub fn short_name(&self) -> &str {
        self.short_name.as_deref().unwrap_or(&self.name)
    }

    /// The zone, which was checked when parsed.
    pub fn time_zone(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }

    /// A service by its id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }

    /// The host written in links.
    pub fn host(&self) -> &str {
        self.hosts.first().map_or("", String::as_str)
    }
}

impl Service {
    /// Phone of the service, or of the collectivité.
    pub fn phone_or<'a>(&'a self, profile: &'a Profile) -> &'a str {
        self.phone.as_deref().unwrap_or(&profile.contact.phone)
    }

    /// Address of the service, or of the collectivité.
    pub fn email_or<'a>(&'a self, profile: &'a Profile) -> &'a str {
        self.email.as_deref().unwrap_or(&profile.contact.email)
    }

    /// Hours of the service, or of the collectivité.
    pub fn hours_or<'a>(&'a self, profile: &'a Profile) -> &'a [String] {
        if self.hours.is_empty() { &profile.contact.hours } else { &self.hours }
    }

    /// Postal address of the service, or of the collectivité.
    pub fn address_or<'a>(&'a self, profile: &'a Profile) -> &'a PostalAddress {
        self.address.as_ref().unwrap_or(&profile.contact.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALBRUNE: &str = include_str!("../../../../tenants/valbrune/tenant.toml");

    #[test]
    fn every_demonstration_town_is_accepted() {
        for text in [
            VALBRUNE,
            include_str!("../../../../tenants/saint-elme-les-bois/tenant.toml"),
            include_str!("../../../../tenants/cc-val-et-elme/tenant.toml"),
        ] {
            let profile = Profile::parse(text).unwrap();
            for service in ["accueil", "voirie", "police-municipale"] {
                assert!(profile.service(service).is_some(), "{}: {service}", profile.slug);
            }
        }
    }

    #[test]
    fn a_profile_survives_its_storage() {
        let profile = Profile::parse(VALBRUNE).unwrap();
        let stored = serde_json::to_value(&profile).unwrap();
        assert_eq!(serde_json::from_value::<Profile>(stored).unwrap(), profile);
    }

    #[test]
    fn an_unknown_word_is_refused_by_name() {
        let error = Profile::parse(&VALBRUNE.replacen("slug =", "slugg =", 1)).unwrap_err();
        assert!(error.to_string().contains("slugg"), "{error}");
    }

    #[test]
    fn a_colour_that_cannot_be_read_on_white_is_refused() {
        let pale =
            VALBRUNE.lines().map(|line| if line.starts_with("primary =") { "primary = \"#9ec5e8\"" } else { line });
        let error = Profile::parse(&pale.collect::<Vec<_>>().join("\n")).unwrap_err();
        assert!(matches!(error, ProfileError::Contrast { .. }), "{error}");
    }

    #[test]
    fn a_postal_code_of_no_departement_is_refused() {
        let error = Profile::parse(&VALBRUNE.replacen("\"23910\"", "\"99100\"", 1)).unwrap_err();
        assert!(error.to_string().contains("99100"), "{error}");
    }

    #[test]
    fn a_grant_for_a_service_that_does_not_exist_is_refused() {
        let text = format!(
            "{VALBRUNE}\n[[grants]]\nemail = \"x@valbrune.example\"\nrole = \"instructeur\"\nservices = [\"lune\"]\n"
        );
        let error = Profile::parse(&text).unwrap_err();
        assert!(error.to_string().contains("lune"), "{error}");
    }
}
