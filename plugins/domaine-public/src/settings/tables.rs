//! Rows of the tables of the settings.

use serde::Deserialize;

use super::Text;
use crate::request::{Applicant, Nature};

/// A zone of the tariff.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone<'a> {
    /// Code named by rows and streets.
    #[serde(borrow)]
    pub code: Text<'a>,
    /// "Zone 1 : centre ancien".
    #[serde(borrow)]
    pub libelle: Text<'a>,
}

/// A version of the tariff: the one in force on the first day applies.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version<'a> {
    /// Code named by rows.
    #[serde(borrow)]
    pub code: Text<'a>,
    /// Number of the délibération.
    #[serde(borrow)]
    pub deliberation: Text<'a>,
    /// Date of the délibération.
    #[serde(borrow)]
    pub date: Text<'a>,
    /// Date of effect.
    #[serde(borrow)]
    pub effet: Text<'a>,
    /// Frais de dossier.
    #[serde(borrow, default)]
    pub frais_dossier: Option<Text<'a>>,
    /// Least amount of the droits, when some are due.
    #[serde(borrow, default)]
    pub minimum: Option<Text<'a>>,
}

/// What a price is by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Square metre of ground.
    M2,
    /// Metre along the street.
    Ml,
    /// Parking place.
    Place,
    /// Item: a benne, a machine.
    Piece,
    /// Lump sum.
    Forfait,
}

/// What a price is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    /// Half a day.
    DemiJournee,
    /// A day.
    Jour,
    /// Seven days.
    Semaine,
    /// A forfait of `jours` days.
    ForfaitJours,
    /// A month, date to date.
    Mois,
    /// The season of the settings.
    Saison,
    /// A year, date to date.
    Annee,
    /// A civil year.
    AnneeCivile,
    /// The whole occupation.
    Unique,
}

/// How a period that is not whole is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proration {
    /// Toute période commencée est due.
    #[default]
    Commencee,
    /// Prorata of the days.
    Prorata,
}

/// A row of the tariff. Rows that match add up: bands are rows with bounds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate<'a> {
    /// Version it belongs to.
    #[serde(borrow)]
    pub version: Text<'a>,
    /// Kind of occupation; all when absent.
    #[serde(default)]
    pub nature: Option<Nature>,
    /// Zone; all when absent.
    #[serde(borrow, default)]
    pub zone: Option<Text<'a>>,
    /// What the line says.
    #[serde(borrow)]
    pub libelle: Text<'a>,
    /// Unit.
    pub unite: Unit,
    /// Period.
    pub periode: Period,
    /// Days of a forfait.
    #[serde(default)]
    pub jours: Option<u16>,
    /// Price in euros, "1.20".
    #[serde(borrow)]
    pub prix: Text<'a>,
    /// How a period that is not whole is due.
    #[serde(default)]
    pub proration: Proration,
    /// First day of the occupation that the row prices, from 1.
    #[serde(default)]
    pub jour_de: Option<u16>,
    /// Last day that it prices.
    #[serde(default)]
    pub jour_a: Option<u16>,
    /// Quantity above which it prices.
    #[serde(borrow, default)]
    pub quantite_de: Option<Text<'a>>,
    /// Quantity up to which it prices.
    #[serde(borrow, default)]
    pub quantite_a: Option<Text<'a>>,
    /// First days that are free.
    #[serde(default)]
    pub jours_gratuits: Option<u16>,
    /// Least amount of the line, when it is due.
    #[serde(borrow, default)]
    pub minimum: Option<Text<'a>>,
    /// A unit that is begun counts for one.
    #[serde(default)]
    pub unite_entiere: bool,
}

/// An exemption, with its ground (article L2125-1 du CG3P).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exemption<'a> {
    /// Code.
    #[serde(borrow)]
    pub code: Text<'a>,
    /// What the usager reads.
    #[serde(borrow)]
    pub libelle: Text<'a>,
    /// Ground printed on the act.
    #[serde(borrow)]
    pub fondement: Text<'a>,
    /// Only for this kind of occupation.
    #[serde(default)]
    pub nature: Option<Nature>,
    /// Only for this kind of applicant.
    #[serde(default)]
    pub demandeur: Option<Applicant>,
}

/// What another road manager decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Competence {
    /// It gives an opinion.
    Avis,
    /// It gives the permission de voirie when the ground is touched; the rest stays here.
    Permission,
    /// It decides on everything.
    Tout,
}

/// Another road manager.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manager<'a> {
    /// Code named by streets.
    #[serde(borrow)]
    pub code: Text<'a>,
    /// "la communauté de communes Val et Elme".
    #[serde(borrow)]
    pub nom: Text<'a>,
    /// Its phone.
    #[serde(borrow)]
    pub telephone: Text<'a>,
    /// What it decides.
    pub competence: Competence,
}

/// A street.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Street<'a> {
    /// Name.
    #[serde(borrow)]
    pub nom: Text<'a>,
    /// Zone.
    #[serde(borrow)]
    pub zone: Text<'a>,
    /// Road manager; the tenant when absent.
    #[serde(borrow, default)]
    pub gestionnaire: Option<Text<'a>>,
}

/// A délégation de signature.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delegation<'a> {
    /// Sign-in address of the agent.
    #[serde(borrow)]
    pub email: Text<'a>,
    /// "L’adjointe à la voirie".
    #[serde(borrow)]
    pub qualite: Text<'a>,
    /// It covers permis de stationnement.
    #[serde(default)]
    pub stationnement: bool,
    /// It covers permissions de voirie.
    #[serde(default)]
    pub voirie: bool,
    /// It covers the police of traffic.
    #[serde(default)]
    pub circulation: bool,
    /// Number of the arrêté.
    #[serde(borrow)]
    pub numero: Text<'a>,
    /// Its date.
    #[serde(borrow)]
    pub date: Text<'a>,
    /// When it was published.
    #[serde(borrow)]
    pub publiee_le: Text<'a>,
    /// First day.
    #[serde(borrow)]
    pub debut: Text<'a>,
    /// Last day.
    #[serde(borrow, default)]
    pub fin: Option<Text<'a>>,
}

/// A function that gives opinions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Adviser {
    /// Voirie.
    Voirie,
    /// Police municipale.
    PoliceMunicipale,
}

/// Who is asked for an opinion.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpinionRule {
    /// Kind of occupation; all when absent.
    #[serde(default)]
    pub nature: Option<Nature>,
    /// Who is asked.
    pub fonction: Adviser,
    /// Days given.
    pub jours: u16,
}
