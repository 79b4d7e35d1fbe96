//! A label as the subject of a sentence: "Date de fin" becomes "la date de fin".

use std::borrow::Cow;

/// Head nouns of labels. Their gender cannot be guessed: a label that begins otherwise is quoted instead.
const FEMININE: &[&str] = &[
    "adresse",
    "année",
    "association",
    "caution",
    "civilité",
    "commune",
    "copie",
    "date",
    "déclaration",
    "délibération",
    "demande",
    "description",
    "destination",
    "distance",
    "durée",
    "emprise",
    "enseigne",
    "entreprise",
    "facture",
    "fin",
    "fonction",
    "forme",
    "hauteur",
    "heure",
    "immatriculation",
    "indication",
    "largeur",
    "localisation",
    "longueur",
    "mention",
    "monnaie",
    "nationalité",
    "nature",
    "observation",
    "organisation",
    "page",
    "parcelle",
    "période",
    "personne",
    "photo",
    "pièce",
    "place",
    "plaque",
    "précision",
    "profession",
    "puissance",
    "qualité",
    "quantité",
    "question",
    "raison",
    "référence",
    "remarque",
    "réponse",
    "rue",
    "section",
    "situation",
    "société",
    "structure",
    "superficie",
    "surface",
    "taille",
    "tranche",
    "unité",
    "valeur",
    "ville",
    "voie",
    "zone",
];
const MASCULINE: &[&str] = &[
    "accord",
    "âge",
    "bâtiment",
    "camion",
    "certificat",
    "code",
    "complément",
    "commentaire",
    "contact",
    "contenu",
    "courriel",
    "demandeur",
    "département",
    "début",
    "document",
    "domaine",
    "e-mail",
    "emplacement",
    "fichier",
    "grade",
    "identifiant",
    "intitulé",
    "jour",
    "justificatif",
    "lieu",
    "lien",
    "maître",
    "marché",
    "message",
    "mois",
    "montant",
    "motif",
    "mot",
    "moyen",
    "nom",
    "nombre",
    "numéro",
    "objet",
    "organisme",
    "pays",
    "permis",
    "plan",
    "poids",
    "poste",
    "prénom",
    "prix",
    "projet",
    "quartier",
    "rôle",
    "siège",
    "signataire",
    "siren",
    "siret",
    "statut",
    "tarif",
    "taux",
    "téléphone",
    "texte",
    "titre",
    "total",
    "tronçon",
    "type",
    "usage",
    "véhicule",
    "village",
    "volume",
];
const PLURAL: &[&str] = &[
    "coordonnées",
    "dates",
    "dimensions",
    "documents",
    "horaires",
    "motifs",
    "noms",
    "observations",
    "photos",
    "pièces",
    "places",
    "plaques",
    "précisions",
    "prénoms",
    "références",
    "remarques",
    "travaux",
    "véhicules",
];
/// Words before which "le" and "la" keep their vowel.
const ASPIRATED: &[&str] = &["hauteur", "huit", "onze"];

/// A label as a subject, in lower case: "la date de fin", "l’adresse", "votre nom". `None` when its gender is unknown or
/// when it is a question: quote it.
pub fn with_article(label: &str) -> Option<String> {
    if label.ends_with(['?', '!', ':', '.']) {
        return None;
    }
    let head: String = label.split([' ', NBSP_SPLIT, '(', ',']).next()?.to_lowercase();
    let rest: Cow<'_, str> = lower_first(label, &head);
    if matches!(head.as_str(), "le" | "la" | "les" | "votre" | "vos" | "un" | "une" | "ce" | "cette")
        || head.starts_with("l’")
        || head.starts_with("l'")
    {
        return Some(rest.into_owned());
    }
    let article = if PLURAL.contains(&head.as_str()) {
        "les "
    } else if !FEMININE.contains(&head.as_str()) && !MASCULINE.contains(&head.as_str()) {
        return None;
    } else if begins_with_vowel(&head) {
        "l’"
    } else if FEMININE.contains(&head.as_str()) {
        "la "
    } else {
        "le "
    };
    Some(format!("{article}{rest}"))
}

const NBSP_SPLIT: char = super::NBSP;

/// The sentence with a capital at its head.
pub fn capitalised(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// An acronym keeps its capitals: "SIRET" stays.
fn lower_first<'a>(label: &'a str, head: &str) -> Cow<'a, str> {
    let mut characters = label.chars();
    let first = characters.next();
    let second = characters.clone().next();
    if head.chars().count() > 1 && second.is_some_and(char::is_uppercase) {
        return Cow::Borrowed(label);
    }
    first.map_or(Cow::Borrowed(label), |first| Cow::Owned(first.to_lowercase().chain(characters).collect()))
}

fn begins_with_vowel(head: &str) -> bool {
    !ASPIRATED.contains(&head)
        && head.starts_with(['a', 'à', 'â', 'e', 'é', 'è', 'ê', 'i', 'î', 'o', 'ô', 'u', 'y', 'h', 'œ'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_noun_takes_its_article() {
        assert_eq!(with_article("Date de fin").as_deref(), Some("la date de fin"));
        assert_eq!(with_article("Adresse électronique").as_deref(), Some("l’adresse électronique"));
        assert_eq!(with_article("Hauteur").as_deref(), Some("la hauteur"));
        assert_eq!(with_article("Heure de début").as_deref(), Some("l’heure de début"));
        assert_eq!(with_article("Numéro SIRET").as_deref(), Some("le numéro SIRET"));
        assert_eq!(with_article("SIRET").as_deref(), Some("le SIRET"));
        assert_eq!(with_article("Votre nom").as_deref(), Some("votre nom"));
    }

    #[test]
    fn a_question_or_an_unknown_noun_is_left_to_be_quoted() {
        assert_eq!(with_article("Qui paie ?"), None);
        assert_eq!(with_article("Échafaudage"), None);
    }

    #[test]
    fn no_noun_has_two_genders() {
        assert!(FEMININE.iter().all(|noun| !MASCULINE.contains(noun) && !PLURAL.contains(noun)));
    }
}
