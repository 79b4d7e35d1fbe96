//! The request, read from its answers into types.

use jiff::civil::Date;
use parvis_sdk::{Answers, answers::Address, calendar::days_between};
use rust_decimal::Decimal;
use serde::Deserialize;

/// Kind of occupation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nature {
    /// Removal.
    Demenagement,
    /// Skip.
    Benne,
    /// Scaffolding.
    Echafaudage,
    /// Terrace.
    Terrasse,
    /// Ground taken by works.
    Chantier,
    /// Anything else.
    Autre,
}

impl Nature {
    /// All kinds, with what is stored and what is shown.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Demenagement, "demenagement", "Un déménagement ou un emménagement"),
        (Self::Benne, "benne", "Une benne"),
        (Self::Echafaudage, "echafaudage", "Un échafaudage"),
        (Self::Terrasse, "terrasse", "Une terrasse de café ou de restaurant"),
        (Self::Chantier, "chantier", "Une emprise de chantier (palissade, dépôt, engin)"),
        (Self::Autre, "autre", "Autre chose"),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, value, _)| *value == name).map(|(nature, ..)| nature)
    }

    /// With its article, inside a sentence.
    pub const fn in_sentence(self) -> &'static str {
        match self {
            Self::Demenagement => "un déménagement",
            Self::Benne => "une benne",
            Self::Echafaudage => "un échafaudage",
            Self::Terrasse => "une terrasse",
            Self::Chantier => "une emprise de chantier",
            Self::Autre => "une occupation du domaine public",
        }
    }

    /// At the start of a line.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Demenagement => "Déménagement",
            Self::Benne => "Benne",
            Self::Echafaudage => "Échafaudage",
            Self::Terrasse => "Terrasse",
            Self::Chantier => "Emprise de chantier",
            Self::Autre => "Occupation",
        }
    }
}

/// Kind of applicant or of payer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicant {
    /// A person.
    Particulier,
    /// An undertaking.
    Entreprise,
    /// An association.
    Association,
}

impl Applicant {
    /// All kinds, with what is stored and what is shown.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Particulier, "particulier", "Un particulier"),
        (Self::Entreprise, "entreprise", "Une entreprise"),
        (Self::Association, "association", "Une association"),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, value, _)| *value == name).map(|(applicant, ..)| applicant)
    }
}

/// Part of a single day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// The whole day.
    Day,
    /// Half of it.
    Half,
}

/// The dates of an occupation: both days are occupied, and the last is never before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
    /// Part of the day, when there is only one.
    pub slot: Slot,
}

impl Stay {
    /// Dates in order; `None` when the end is before the start.
    pub fn new(first: Date, last: Date, slot: Slot) -> Option<Self> {
        let slot = if first == last { slot } else { Slot::Day };
        (first <= last).then_some(Self { first, last, slot })
    }

    /// How many days, both ends included.
    pub fn days(self) -> u32 {
        u32::try_from(days_between(self.first, self.last) + 1).unwrap_or(0)
    }
}

/// What is measured; a measure that was not asked is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measures {
    /// Length along the street, in metres.
    pub length: Decimal,
    /// Width, in metres.
    pub width: Decimal,
    /// Parking places.
    pub places: Decimal,
    /// Items.
    pub items: Decimal,
}

impl Measures {
    /// Ground, in square metres.
    pub fn ground(self) -> Decimal {
        (self.length * self.width).normalize()
    }
}

/// No measure of a street is larger: a wrong one is told at its field, and its price is not worth computing.
const MOST: Decimal = Decimal::from_parts(100_000, 0, 0, false, 0);

/// The longest temporary occupation: three years.
pub const LONGEST_DAYS: u32 = 3 * 366;

/// A request, as far as it is filled.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Its answers.
    pub answers: Answers<'a>,
    /// Kind of applicant.
    pub applicant: Option<Applicant>,
    /// Kind of occupation.
    pub nature: Option<Nature>,
    /// Dates, when both are given and in order.
    pub stay: Option<Stay>,
    /// Measures.
    pub measures: Measures,
}

impl<'a> Request<'a> {
    /// Reads a request.
    pub fn new(answers: Answers<'a>) -> Self {
        let measure = |field| answers.decimal(field).unwrap_or_default().clamp(Decimal::ZERO, MOST);
        let slot = match answers.text("creneau") {
            Some("matin" | "apres-midi") => Slot::Half,
            _ => Slot::Day,
        };
        Self {
            answers,
            applicant: answers.text("type_demandeur").and_then(Applicant::named),
            nature: answers.text("nature").and_then(Nature::named),
            stay: answers
                .date("date_debut")
                .zip(answers.date("date_fin"))
                .and_then(|(first, last)| Stay::new(first, last, slot))
                .filter(|stay| stay.days() <= LONGEST_DAYS),
            measures: Measures {
                length: measure("longueur"),
                width: measure("largeur"),
                places: measure("places"),
                items: answers.decimal("nombre").map_or(Decimal::ONE, |_| measure("nombre")),
            },
        }
    }

    /// Where it takes place.
    pub fn place(&self) -> Option<Address<'a>> {
        self.answers.address("adresse_occupation")
    }

    /// Whether something is closed or taken.
    pub fn closes(&self, what: &str) -> bool {
        self.answers.choices("fermetures").iter().any(|closed| closed == what)
    }

    /// Whether the act also rules traffic or parking.
    pub fn rules_traffic(&self) -> bool {
        !self.answers.choices("fermetures").is_empty()
    }

    /// Whether the ground is touched, which calls for a permission de voirie.
    pub fn is_anchored(&self) -> bool {
        self.answers.yes("ancrage")
    }

    /// Name of the applicant: the undertaking's, the association's, or the person's.
    pub fn applicant_name(&self) -> String {
        let answers = self.answers;
        let named = match self.applicant {
            Some(Applicant::Entreprise) => answers.text("raison_sociale"),
            Some(Applicant::Association) => answers.text("nom_association"),
            _ => None,
        };
        named.map_or_else(|| self.person_name(), str::to_owned)
    }

    /// Name of the person who asks.
    pub fn person_name(&self) -> String {
        let parts = [self.answers.text("prenom"), self.answers.text("nom")];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// Name of who pays.
    pub fn payer_name(&self) -> String {
        if !self.answers.yes("payeur_autre") {
            return self.applicant_name();
        }
        self.answers.text("payeur_nom").map_or_else(|| self.applicant_name(), str::to_owned)
    }

    /// Address of who pays, on one line.
    pub fn payer_address(&self) -> String {
        let field = if self.answers.yes("payeur_autre") { "payeur_adresse" } else { "adresse" };
        self.answers.address(field).map(|address| address.line()).unwrap_or_default()
    }
}
