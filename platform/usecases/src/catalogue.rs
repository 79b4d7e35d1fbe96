//! The démarches that a town offers: listed, searched, presented. Read from memory: a town that is resolved holds its
//! catalogue, so that the pages most asked for touch no database.
//!
//! Never knows a démarche by its name: everything comes from definitions.

use std::{collections::BTreeMap, sync::Arc};

use parvis_contract::{Category, Definition, LegalCard, Nature, Silence, Term};
use parvis_domain::{
    digest::Sha256,
    policy::{Actor, Permission},
    settings::Settings,
};

use crate::{
    parvis::Town,
    policy::Denied,
    profile::{Profile, Service},
};

/// A démarche offered by a town: the version that new drafts follow, and the town's settings.
#[derive(Debug, Clone)]
pub struct Offered {
    /// Id of the démarche.
    pub id: String,
    /// Component.
    pub component: Sha256,
    /// What it declares.
    pub definition: Arc<Definition>,
    /// Settings of the town.
    pub settings: Arc<Settings>,
    /// Their digest.
    pub settings_digest: Sha256,
    /// Service in charge.
    pub service: String,
    /// Folded words that a search looks at, the title's apart.
    words: (String, String),
}

/// What a town offers, in the order of its folder.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    offered: Vec<Arc<Offered>>,
}

/// A theme of the catalogue and its démarches.
#[derive(Debug, Clone)]
pub struct Theme {
    /// Theme.
    pub category: Category,
    /// Its démarches, by title.
    pub demarches: Vec<Arc<Offered>>,
}

/// What the page of a démarche shows.
#[derive(Debug, Clone)]
pub struct Presented {
    /// The démarche.
    pub offered: Arc<Offered>,
    /// Service in charge.
    pub service: Service,
    /// Its phone, or the town's.
    pub phone: String,
    /// Its e-mail address, or the town's.
    pub email: String,
    /// Its hours, or the town's.
    pub hours: Vec<String>,
    /// What silence means, in one or two sentences.
    pub silence: String,
}

/// Why a page of the catalogue is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// The policy refuses.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The town does not offer it.
    #[error("this démarche is not offered here")]
    NotOffered,
}

impl Offered {
    /// A démarche with the settings of a town.
    pub fn new(
        component: Sha256,
        definition: Arc<Definition>,
        settings: (Sha256, Arc<Settings>),
        service: String,
    ) -> Self {
        let title = parvis_domain::fold::fold(&definition.title);
        let rest = parvis_domain::fold::fold(&format!("{} {}", definition.summary, definition.keywords.join(" ")));
        Self {
            id: definition.id.clone(),
            component,
            definition,
            settings: settings.1,
            settings_digest: settings.0,
            service,
            words: (title, rest),
        }
    }

    /// How well it answers a folded query: 0 when a word is missing, more when the title has them.
    fn rank(&self, query: &str) -> usize {
        let mut rank = 0;
        for word in query.split_whitespace() {
            if self.words.0.contains(word) {
                rank += 2;
            } else if self.words.1.contains(word) {
                rank += 1;
            } else {
                return 0;
            }
        }
        rank
    }
}

impl Catalogue {
    /// From démarches, in the order shown.
    pub fn new(offered: Vec<Offered>) -> Self {
        Self { offered: offered.into_iter().map(Arc::new).collect() }
    }

    /// The démarche of that id, when the town offers it.
    pub fn get(&self, id: &str) -> Option<&Arc<Offered>> {
        self.offered.iter().find(|offered| offered.id == id)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Offered>> {
        self.offered.iter()
    }
}

/// What the town offers, theme by theme.
pub fn themes(town: &Town, actor: &Actor) -> Result<Vec<Theme>, CatalogueError> {
    town.allow(actor, Permission::CatalogueRead, None)?;
    let mut themes: BTreeMap<Category, Vec<Arc<Offered>>> = BTreeMap::new();
    for offered in town.catalogue.iter() {
        themes.entry(offered.definition.category).or_default().push(Arc::clone(offered));
    }
    Ok(themes
        .into_iter()
        .map(|(category, mut demarches)| {
            demarches.sort_by(|one, other| one.words.0.cmp(&other.words.0));
            Theme { category, demarches }
        })
        .collect())
}

/// The démarches that have every word of the query, best first. An empty query finds nothing.
pub fn search(town: &Town, actor: &Actor, query: &str) -> Result<Vec<Arc<Offered>>, CatalogueError> {
    town.allow(actor, Permission::CatalogueRead, None)?;
    let query = parvis_domain::fold::fold(query);
    let mut found: Vec<(usize, &Arc<Offered>)> =
        town.catalogue.iter().map(|offered| (offered.rank(&query), offered)).filter(|(rank, _)| *rank > 0).collect();
    found.sort_by(|(one, first), (other, second)| other.cmp(one).then_with(|| first.words.0.cmp(&second.words.0)));
    Ok(found.into_iter().map(|(_, offered)| Arc::clone(offered)).collect())
}

/// The démarches that an agent may file for someone, by title: those of the services where she may.
pub fn for_someone(town: &Town, actor: &Actor) -> Result<Vec<Arc<Offered>>, Denied> {
    town.allow(actor, Permission::DossierFileFor, None)?;
    let scope = town.scope(actor, Permission::DossierFileFor);
    let covers = |service: &String| scope.services.as_ref().is_none_or(|services| services.contains(service));
    let mut offered: Vec<_> = town.catalogue.iter().filter(|offered| covers(&offered.service)).cloned().collect();
    offered.sort_by(|one, other| one.words.0.cmp(&other.words.0));
    Ok(offered)
}

/// What the page of a démarche shows.
pub fn present(town: &Town, actor: &Actor, id: &str) -> Result<Presented, CatalogueError> {
    town.allow(actor, Permission::CatalogueRead, None)?;
    let offered = town.catalogue.get(id).ok_or(CatalogueError::NotOffered)?;
    let profile = &town.profile;
    let service = service_in_charge(profile, &offered.service).ok_or(CatalogueError::NotOffered)?;
    Ok(Presented {
        phone: service.phone_or(profile).to_owned(),
        email: service.email_or(profile).to_owned(),
        hours: service.hours_or(profile).to_vec(),
        silence: silence_sentence(&offered.definition.legal),
        service: service.clone(),
        offered: Arc::clone(offered),
    })
}

fn service_in_charge<'a>(profile: &'a Profile, id: &str) -> Option<&'a Service> {
    profile.service(id).or_else(|| profile.services.first())
}

/// The name of a theme, as citizens read it.
pub const fn category_label(category: Category) -> &'static str {
    match category {
        Category::Voirie => "Voirie, travaux et espace public",
        Category::Urbanisme => "Logement et urbanisme",
        Category::Enfance => "Enfance, école et jeunesse",
        Category::Associations => "Associations, sport et culture",
        Category::Citoyennete => "Papiers et citoyenneté",
        Category::Environnement => "Environnement et déchets",
        Category::Solidarite => "Aides et solidarité",
        Category::Contact => "Contacter la collectivité",
    }
}

/// What silence means, for the citizen who has not filed yet (articles L231-1 and L231-4 du CRPA).
pub fn silence_sentence(legal: &LegalCard) -> String {
    let Some(term) = legal.term.filter(|_| !matches!(legal.nature, Nature::Information)) else {
        return "L’absence de réponse ne vaut ni accord ni refus.".to_owned();
    };
    let delay = match term {
        Term::Months(1) => "d’un mois".to_owned(),
        Term::Months(months) => format!("de {} mois", in_words(u16::from(months))),
        Term::Days(days) => format!("de {} jours", in_words(days)),
    };
    let meaning = match legal.silence {
        Silence::Acceptation => "votre demande est acceptée",
        Silence::Rejet => "votre demande est refusée",
        Silence::SansEffet => return "L’absence de réponse ne vaut ni accord ni refus.".to_owned(),
    };
    format!(
        "Si vous n’avez pas de réponse dans un délai {delay} après le dépôt d’un dossier complet, {meaning}. Ce délai \
         est suspendu si des pièces indispensables vous sont demandées."
    )
}

fn in_words(number: u16) -> String {
    match number {
        2 => "deux".to_owned(),
        3 => "trois".to_owned(),
        4 => "quatre".to_owned(),
        6 => "six".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(silence: Silence, term: Option<Term>) -> LegalCard {
        LegalCard {
            nature: Nature::Demande,
            silence,
            term,
            silence_basis: String::new(),
            texts: Vec::new(),
            remedies: String::new(),
            algorithmic: None,
        }
    }

    #[test]
    fn silence_is_said_in_plain_words() {
        let refusal = silence_sentence(&card(Silence::Rejet, Some(Term::Months(2))));
        assert!(refusal.starts_with("Si vous n’avez pas de réponse dans un délai de deux mois"), "{refusal}");
        assert!(refusal.contains("votre demande est refusée"), "{refusal}");
        let nothing = silence_sentence(&card(Silence::SansEffet, None));
        assert_eq!(nothing, "L’absence de réponse ne vaut ni accord ni refus.");
    }
}
