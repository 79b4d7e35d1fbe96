//! From an address to a zone of the tariff and a road manager, by the table of streets.

use crate::{
    french::{fold_into, folded},
    request::Request,
    settings::{Manager, Settings, Street},
};

/// Where an occupation stands.
#[derive(Debug, Clone, Copy)]
pub struct Place<'s> {
    /// Zone of the tariff.
    pub zone: &'s str,
    /// Street of the table that the address names.
    pub street: Option<&'s Street<'s>>,
    /// Road manager, when it is not the tenant.
    pub manager: Option<&'s Manager<'s>>,
}

/// The place of a request; the agent's zone wins over the table's.
pub fn place_of<'s>(settings: &'s Settings<'s>, request: &Request<'s>) -> Place<'s> {
    let street = request.place().and_then(|address| street_of(&settings.voies, &address.street));
    let zone = request
        .answers
        .text("zone_retenue")
        .or_else(|| street.map(|street| &*street.zone))
        .unwrap_or(&settings.zone_defaut);
    let code = street.and_then(|street| street.gestionnaire.as_deref());
    let manager = code.and_then(|code| settings.gestionnaires.iter().find(|manager| manager.code == code));
    Place { zone, street, manager }
}

/// The street that an address names: the longest name found in it, whole words, accents and abbreviations aside.
fn street_of<'s>(streets: &'s [Street<'s>], address: &str) -> Option<&'s Street<'s>> {
    let address = folded(address);
    let address: Vec<&str> = words(&address).collect();
    // A town has hundreds of streets, and a form is evaluated at each page: one buffer serves them all.
    let mut name = String::new();
    streets
        .iter()
        .filter(|street| {
            fold_into(&mut name, &street.nom);
            !name.is_empty() && (0..address.len()).any(|at| starts_with(&address[at..], words(&name)))
        })
        .max_by_key(|street| street.nom.len())
}

/// The words of a folded text, abbreviations written out.
fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(' ').map(|word| match word {
        "av" | "ave" => "avenue",
        "bd" | "bld" | "boul" => "boulevard",
        "ch" | "che" => "chemin",
        "pl" => "place",
        "r" => "rue",
        "rte" => "route",
        "st" => "saint",
        "ste" => "sainte",
        word => word,
    })
}

fn starts_with<'a>(address: &[&str], mut name: impl Iterator<Item = &'a str>) -> bool {
    let mut address = address.iter();
    name.all(|word| address.next() == Some(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streets() -> Vec<Street<'static>> {
        ["Rue Pasteur", "Rue Pasteur prolongée", "Avenue de Saint-Elme"]
            .map(|nom| Street { nom: nom.into(), zone: "1".into(), gestionnaire: None })
            .to_vec()
    }

    #[test]
    fn an_address_names_the_street_with_the_longest_name() {
        let streets = streets();
        let found = |address| street_of(&streets, address).map(|street| street.nom.to_string());
        assert_eq!(found("12 bis rue pasteur"), Some("Rue Pasteur".to_owned()));
        assert_eq!(found("12, RUE PASTEUR PROLONGEE"), Some("Rue Pasteur prolongée".to_owned()));
        assert_eq!(found("3 av. de St Elme"), Some("Avenue de Saint-Elme".to_owned()));
        assert_eq!(found("3 rue Pasteuriser"), None);
        assert_eq!(found(""), None);
    }
}
