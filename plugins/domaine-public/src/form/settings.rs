//! The settings of the tenant, as a form; `crate::settings` reads them in strict types.

use parvis_sdk::{
    contract::{Field, Kind},
    define::{FieldExt, ask, block, decimal, integer, line, list, paragraph},
};

use crate::request::{Applicant, Nature};

const PURPOSE: &str = "Paramétrer la démarche";

/// All settings.
pub(super) fn fields() -> Vec<Field> {
    let mut fields = authority();
    fields.extend(delays());
    fields.extend(tariff());
    fields.extend(streets());
    fields.push(table("delegations", "Délégations de signature", "Délégation", 50, delegation()));
    fields.push(table(
        "avis",
        "Avis demandés",
        "Avis",
        20,
        vec![
            nature(),
            one("fonction", "Qui le rend", list(&[("voirie", "Voirie"), ("police-municipale", "Police municipale")])),
            one("jours", "Jours pour le rendre", integer(1, 60, "jours")),
        ],
    ));
    fields
}

fn one(id: &str, label: &str, kind: Kind) -> Field {
    ask(id, label, PURPOSE, kind)
}

fn maybe(id: &str, label: &str, kind: Kind) -> Field {
    one(id, label, kind).optional()
}

fn table(id: &str, label: &str, item: &str, max: u16, columns: Vec<Field>) -> Field {
    maybe(id, label, block(item, 0, max, columns))
}

fn nature() -> Field {
    maybe("nature", "Seulement pour", list(&Nature::ALL.map(|(_, value, label)| (value, label))))
}

fn authority() -> Vec<Field> {
    vec![
        one("collectivite", "Collectivité, dans une phrase", line(120)).hint("Par exemple : la commune de Valbrune"),
        one("ville", "Commune où les actes sont faits", line(80)),
        one("executif_qualite", "Qualité de l’exécutif", line(120)).hint("Par exemple : Le maire de Valbrune"),
        one("executif_delegation", "Mention de délégation", line(120))
            .hint("Par exemple : Pour le maire et par délégation"),
        one("executif_email", "Adresse de connexion de l’exécutif", Kind::Email),
        one("executif_prenom", "Prénom de l’exécutif", line(80)),
        one("executif_nom", "Nom de l’exécutif", line(80)),
        maybe("visa_transfert", "Visa du transfert des pouvoirs de police", line(400)),
        maybe("visa_reglement", "Visa du règlement de voirie", line(400)),
        one("tribunal", "Tribunal administratif et son adresse", line(200)),
        one("telephone", "Téléphone pour les demandes urgentes", Kind::Phone),
        one("comptable", "Qui encaisse, dans une phrase", line(160)),
    ]
}

fn delays() -> Vec<Field> {
    vec![
        one("preavis_jours_ouvres", "Préavis", integer(0, 60, "jours ouvrés")),
        one("anticipation_jours", "Anticipation la plus longue", integer(30, 1000, "jours")),
        one("affichage_jours", "Affichage de l’arrêté avant le premier jour", integer(0, 30, "jours")),
        one("pieces_jours", "Délai pour compléter", integer(1, 90, "jours")),
        one("relance_jours", "Relance avant la fin de ce délai", integer(0, 30, "jours")),
    ]
}

fn tariff() -> Vec<Field> {
    let price = || decimal("0", "100000", "€");
    let quantity = || decimal("0", "100000", "");
    let units = [
        ("m2", "Mètre carré"),
        ("ml", "Mètre linéaire"),
        ("place", "Place"),
        ("piece", "Élément"),
        ("forfait", "Forfait"),
    ];
    let periods = [
        ("demi-journee", "Demi-journée"),
        ("jour", "Jour"),
        ("semaine", "Semaine"),
        ("forfait-jours", "Forfait de plusieurs jours"),
        ("mois", "Mois"),
        ("saison", "Saison"),
        ("annee", "Année, de date à date"),
        ("annee-civile", "Année civile"),
        ("unique", "Toute l’occupation"),
    ];
    let rate = vec![
        one("version", "Version", line(20)),
        nature(),
        maybe("zone", "Seulement en zone", line(20)),
        one("libelle", "Libellé de la ligne", line(120)),
        one("unite", "Unité", list(&units)),
        one("periode", "Période", list(&periods)),
        maybe("jours", "Jours du forfait", integer(1, 366, "jours")),
        one("prix", "Prix", price()),
        maybe(
            "proration",
            "Période non entière",
            list(&[("commencee", "Toute période commencée est due"), ("prorata", "Au prorata des jours")]),
        ),
        maybe("jour_de", "Du jour", integer(1, 1000, "")),
        maybe("jour_a", "Au jour", integer(1, 1000, "")),
        maybe("quantite_de", "Au-delà de", quantity()),
        maybe("quantite_a", "Jusqu’à", quantity()),
        maybe("jours_gratuits", "Premiers jours gratuits", integer(0, 366, "jours")),
        maybe("minimum", "Minimum de la ligne", price()),
        maybe("unite_entiere", "Toute unité commencée est due", Kind::Boolean),
    ];
    let version = vec![
        one("code", "Code", line(20)),
        one("deliberation", "Numéro de la délibération", line(40)),
        one("date", "Date de la délibération", Kind::Date),
        one("effet", "Date d’effet", Kind::Date),
        maybe("frais_dossier", "Frais de dossier", price()),
        maybe("minimum", "Minimum de perception", price()),
    ];
    let exemption = vec![
        one("code", "Code", line(20)),
        one("libelle", "Libellé", line(120)),
        one("fondement", "Fondement", line(200)),
        nature(),
        maybe("demandeur", "Seulement pour", list(&Applicant::ALL.map(|(_, value, label)| (value, label)))),
    ];
    vec![
        maybe("saison_debut", "Début de la saison", line(5)).hint("Mois et jour, par exemple 04-01"),
        maybe("saison_fin", "Fin de la saison", line(5)).hint("Mois et jour, par exemple 10-31"),
        table("zones", "Zones", "Zone", 20, vec![one("code", "Code", line(20)), one("libelle", "Libellé", line(120))]),
        one("zone_defaut", "Zone d’une adresse inconnue", line(20)),
        table("versions", "Versions du tarif", "Version", 20, version),
        table("tarifs", "Tarifs", "Tarif", 200, rate),
        table("exonerations", "Exonérations", "Exonération", 20, exemption),
    ]
}

fn streets() -> Vec<Field> {
    let competence =
        [("avis", "Donne un avis"), ("permission", "Délivre la permission de voirie"), ("tout", "Décide de tout")];
    let manager = vec![
        one("code", "Code", line(20)),
        one("nom", "Nom, avec son article", line(120)),
        one("telephone", "Téléphone", Kind::Phone),
        one("competence", "Compétence", list(&competence)),
    ];
    let street = vec![
        one("nom", "Nom de la voie", line(120)),
        one("zone", "Zone", line(20)),
        maybe("gestionnaire", "Autre gestionnaire", line(20)),
    ];
    vec![
        table("gestionnaires", "Autres gestionnaires de voirie", "Gestionnaire", 20, manager),
        table("voies", "Voies", "Voie", 1000, street),
    ]
}

fn delegation() -> Vec<Field> {
    vec![
        one("email", "Adresse de connexion", Kind::Email),
        one("qualite", "Qualité", paragraph(160, 1)),
        maybe("stationnement", "Permis de stationnement", Kind::Boolean),
        maybe("voirie", "Permissions de voirie", Kind::Boolean),
        maybe("circulation", "Police de la circulation", Kind::Boolean),
        one("numero", "Numéro de l’arrêté", line(40)),
        one("date", "Date de l’arrêté", Kind::Date),
        one("publiee_le", "Publiée le", Kind::Date),
        one("debut", "Premier jour", Kind::Date),
        maybe("fin", "Dernier jour", Kind::Date),
    ]
}
