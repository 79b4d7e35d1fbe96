//! Fields that the démarche computes, or that agents fill.

use parvis_sdk::{
    contract::{Field, Kind},
    define::{FieldExt, by_agents, computed, line, list_of_setting, paragraph},
};

/// All internal fields.
pub(super) fn fields() -> Vec<Field> {
    let price = "Annoncer puis arrêter les droits de voirie";
    let lists = "Reconnaître la demande dans les listes";
    let instruct = "Instruire la demande";
    let mut resume = computed("resume", "Résumé", lists, line(300));
    resume.column = true;
    vec![
        computed("montant_estime", "Droits de voirie estimés", price, Kind::Amount).told(),
        computed("detail_estime", "Détail de l’estimation", price, paragraph(4000, 6)).told(),
        computed("montant", "Droits de voirie", price, Kind::Amount),
        computed("detail_montant", "Détail des droits de voirie", price, paragraph(4000, 6)),
        computed("zone", "Zone du tarif", price, line(120)),
        computed("gestionnaire", "Gestionnaire de la voie", instruct, line(200)),
        computed("echeance_travail", "Arrêté à afficher au plus tard le", instruct, Kind::Date),
        resume,
        computed("nom_contact", "Demandeur", lists, line(200)),
        by_agents("avis_voirie", "Avis de la voirie", instruct, paragraph(2000, 4)),
        by_agents("avis_police", "Avis de la police municipale", instruct, paragraph(2000, 4)),
        by_agents("zone_retenue", "Zone retenue", price, list_of_setting("zones", "code", "libelle")),
        by_agents(
            "exoneration_retenue",
            "Exonération retenue",
            price,
            list_of_setting("exonerations", "code", "libelle"),
        ),
    ]
}
