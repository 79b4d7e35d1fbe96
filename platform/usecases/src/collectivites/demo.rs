//! The agents of the demonstration: one account per role and town, marked so that production refuses to start with them.

use crate::{
    agents::{self, AgentError, Kind, NewAgent},
    parvis::Town,
    passwords::Password,
};

/// Password of every account of the demonstration, printed at start.
pub const DEMO_PASSWORD: &str = "parvis en demonstration";

/// An account of the demonstration, as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAgent {
    /// Address.
    pub email: String,
    /// Password.
    pub password: &'static str,
    /// What she does, in a few words.
    pub what: &'static str,
}

/// Local part of the address, what she does.
const ROLES: [(&str, &str); 6] = [
    ("instructrice", "instruit les demandes"),
    ("accueil", "dépose pour quelqu’un au guichet ou au téléphone"),
    ("signataire", "signe les arrêtés"),
    ("adjoint", "signe par délégation"),
    ("responsable", "dirige le service, attribue les dossiers"),
    ("admin", "gère les agents et les réglages, ne lit aucun dossier"),
];

/// Prénoms and noms by town, in the order of the roles; any other town has the last row.
const NAMES: [(&str, [(&str, &str); 6]); 4] = [
    (
        "valbrune",
        [
            ("Nadia", "Berthelin"),
            ("Léo", "Kermadec"),
            ("Camille", "Ferrand"),
            ("Olivier", "Santoni"),
            ("Sophie", "Delacourt"),
            ("Yann", "Abgrall"),
        ],
    ),
    (
        "saint-elme-les-bois",
        [
            ("Aïcha", "Rousselot"),
            ("Marion", "Tillier"),
            ("Baptiste", "Lorieux"),
            ("Hélène", "Vasseur"),
            ("Karim", "Oudinot"),
            ("Paul", "Mercadier"),
        ],
    ),
    (
        "cc-val-et-elme",
        [
            ("Clara", "Nogaret"),
            ("Tom", "Jaubert"),
            ("Inès", "Marchetti"),
            ("Luc", "Fontanel"),
            ("Émilie", "Charrier"),
            ("Rachid", "Belmont"),
        ],
    ),
    (
        "",
        [
            ("Alix", "Dupré"),
            ("Noé", "Lambert"),
            ("Jeanne", "Carlier"),
            ("Hugo", "Masson"),
            ("Lina", "Perrot"),
            ("Élie", "Garnier"),
        ],
    ),
];

/// Makes the accounts of the demonstration known in a town, whose folder grants them their rights. Twice changes
/// nothing.
pub async fn seed_demo_agents(town: &Town) -> Result<Vec<DemoAgent>, AgentError> {
    let slug = &town.profile.slug;
    let siret = town.profile.agents.sirets.first().cloned().unwrap_or_default();
    let names = NAMES.iter().find(|(town, _)| *town == slug.as_str()).or(NAMES.last()).map(|(_, names)| *names);
    let mut seeded = Vec::new();
    for ((local, what), (given_name, family_name)) in ROLES.into_iter().zip(names.into_iter().flatten()) {
        let email = format!("{local}@{slug}.example");
        if !agents::is_known(&town.parvis, &email).await? {
            let new = NewAgent {
                email: email.clone(),
                given_name: given_name.to_owned(),
                family_name: family_name.to_owned(),
                phone: Some(town.profile.contact.phone.clone()),
                siret: siret.clone(),
                kind: Kind::Demo,
                password: Some(Password::new(DEMO_PASSWORD)),
            };
            agents::create(&town.parvis, new).await?;
        }
        seeded.push(DemoAgent { email, password: DEMO_PASSWORD, what });
    }
    agents::sync_grants(town).await?;
    Ok(seeded)
}
