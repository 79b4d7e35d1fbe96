//! From an address to a zone of the tariff and a road manager, by the table of streets.

use crate::{
    french::folded,
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
    let address = padded(address);
    streets
        .iter()
        .filter(|street| {
            let name = padded(&street.nom);
            name.len() > 2 && address.contains(&name)
        })
        .max_by_key(|street| street.nom.len())
}

fn padded(text: &str) -> String {
    let folded = folded(text);
    let mut out = String::with_capacity(folded.len() + 2);
    out.push(' ');
    for word in folded.split(' ') {
        out.push_str(match word {
            "av" | "ave" => "avenue",
            "bd" | "bld" | "boul" => "boulevard",
            "ch" | "che" => "chemin",
            "pl" => "place",
            "r" => "rue",
            "rte" => "route",
            "st" => "saint",
            "ste" => "sainte",
            word => word,
        });
        out.push(' ');
    }
    out
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
