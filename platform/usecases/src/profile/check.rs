//! What must hold in a `tenant.toml` beyond its shape. One sentence per refusal, which names the value.

use std::collections::BTreeSet;

use parvis_domain::{identifiers, policy::Role};

use super::{Colour, Profile};

/// Why a `tenant.toml` is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProfileError {
    /// Its text or its shape.
    #[error("tenant.toml: {0}")]
    Syntax(String),
    /// A value is wrong.
    #[error("tenant.toml: {key} = {value:?}: {expected}")]
    Value {
        /// Where.
        key: String,
        /// What it holds.
        value: String,
        /// What is expected.
        expected: &'static str,
    },
    /// A value is given twice.
    #[error("tenant.toml: {key} {value:?} is given twice")]
    Twice {
        /// Where.
        key: &'static str,
        /// The value.
        value: String,
    },
    /// Text in a colour of the theme could not be read.
    #[error("tenant.toml: theme.{key}: the contrast is {ratio:.2}:1, and 4.5:1 is the least")]
    Contrast {
        /// Where.
        key: &'static str,
        /// Contrast found.
        ratio: f64,
    },
}

/// The least contrast of a text (WCAG 2.2, 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

/// Lower-case letters, digits and inner hyphens, 63 at most, as a DNS label.
fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 63
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Whether a value is written as the domain writes it.
fn is_written<E>(text: &str, read: fn(&str) -> Result<String, E>) -> bool {
    read(text).is_ok_and(|written| written == text)
}

fn is_email(text: &str) -> bool {
    is_written(text, identifiers::email)
}

fn is_siret(text: &str) -> bool {
    is_written(text, identifiers::siret)
}

fn is_siren(text: &str) -> bool {
    is_written(text, identifiers::siren)
}

fn is_postal_code(text: &str) -> bool {
    is_written(text, identifiers::postal_code)
}

fn is_host(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_slug)
}

pub(super) fn check(profile: &Profile) -> Result<(), ProfileError> {
    identity(profile)?;
    contacts(profile)?;
    services(profile)?;
    theme(profile)?;
    agents(profile)?;
    demarches(profile)
}

fn identity(profile: &Profile) -> Result<(), ProfileError> {
    expect("slug", &profile.slug, is_slug, "lower-case letters, digits and hyphens")?;
    expect("siren", &profile.siren, is_siren, "nine digits whose key is right")?;
    if let Some(insee) = &profile.insee {
        expect("insee", insee, |code| code.len() == 5, "five characters")?;
    }
    expect("zone", &profile.zone, |zone| jiff::tz::TimeZone::get(zone).is_ok(), "the IANA name of a time zone")?;
    if profile.hosts.is_empty() {
        return Err(ProfileError::Value {
            key: "hosts".to_owned(),
            value: String::new(),
            expected: "one host at least",
        });
    }
    for host in &profile.hosts {
        expect("hosts", host, is_host, "a host in lower case, without port")?;
    }
    once("hosts", profile.hosts.iter())
}

fn contacts(profile: &Profile) -> Result<(), ProfileError> {
    let addresses = [
        ("contact.email", &profile.contact.email),
        ("sender.from", &profile.sender.from),
        ("legal.dpo.email", &profile.legal.dpo.email),
        ("legal.accessibility.email", &profile.legal.accessibility.email),
    ];
    for (key, address) in addresses {
        expect(key, address, is_email, "an e-mail address")?;
    }
    if let Some(reply_to) = &profile.sender.reply_to {
        expect("sender.reply-to", reply_to, is_email, "an e-mail address")?;
    }
    let of_services = profile.services.iter().filter_map(|service| service.address.as_ref());
    for address in of_services.chain([&profile.contact.address]) {
        expect("address.postal-code", &address.postal_code, is_postal_code, "five digits of a département")?;
    }
    Ok(())
}

fn services(profile: &Profile) -> Result<(), ProfileError> {
    for service in &profile.services {
        expect("services.id", &service.id, is_slug, "lower-case letters, digits and hyphens")?;
        if let Some(email) = &service.email {
            expect("services.email", email, is_email, "an e-mail address")?;
        }
    }
    once("service", profile.services.iter().map(|service| &service.id))
}

fn theme(profile: &Profile) -> Result<(), ProfileError> {
    let theme = &profile.theme;
    let pairs = [
        ("primary", theme.primary, Colour::WHITE),
        ("primary-strong", theme.primary_strong, Colour::WHITE),
        ("tint", theme.tint, theme.primary),
    ];
    for (key, one, other) in pairs {
        let ratio = one.contrast(other);
        if ratio < LEAST_CONTRAST {
            return Err(ProfileError::Contrast { key, ratio });
        }
    }
    Ok(())
}

fn agents(profile: &Profile) -> Result<(), ProfileError> {
    for siret in &profile.agents.sirets {
        expect("agents.sirets", siret, is_siret, "fourteen digits whose key is right")?;
    }
    for role in &profile.agents.roles {
        if matches!(role, Role::Usager | Role::Operator) {
            return Err(wrong("agents.roles", role.name(), "a role of agents"));
        }
    }
    for grant in &profile.grants {
        expect("grants.email", &grant.email, is_email, "an e-mail address")?;
        if !profile.agents.roles.contains(&grant.role) {
            return Err(wrong("grants.role", grant.role.name(), "one of agents.roles"));
        }
        for service in &grant.services {
            expect("grants.services", service, |id| profile.service(id).is_some(), "the id of a service")?;
        }
        for function in &grant.functions {
            expect("grants.functions", function, is_slug, "lower-case letters, digits and hyphens")?;
        }
    }
    Ok(())
}

fn demarches(profile: &Profile) -> Result<(), ProfileError> {
    for demarche in &profile.demarches {
        expect("demarches.id", &demarche.id, is_slug, "lower-case letters, digits and hyphens")?;
        expect("demarches.service", &demarche.service, |id| profile.service(id).is_some(), "the id of a service")?;
    }
    once("démarche", profile.demarches.iter().map(|demarche| &demarche.id))
}

fn expect(key: &str, value: &str, holds: impl Fn(&str) -> bool, expected: &'static str) -> Result<(), ProfileError> {
    if holds(value) { Ok(()) } else { Err(wrong(key, value, expected)) }
}

fn wrong(key: &str, value: &str, expected: &'static str) -> ProfileError {
    ProfileError::Value { key: key.to_owned(), value: value.to_owned(), expected }
}

fn once<'a>(key: &'static str, values: impl Iterator<Item = &'a String>) -> Result<(), ProfileError> {
    let mut seen = BTreeSet::new();
    for value in values {
        if !seen.insert(value) {
            return Err(ProfileError::Twice { key, value: value.clone() });
        }
    }
    Ok(())
}
