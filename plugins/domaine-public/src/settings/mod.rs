//! The tenant's settings, in strict types: an unknown or a missing setting is an error that names it.
//!
//! Texts borrow from the context, so that an estimate allocates only its tables. Amounts stay text until a row is used;
//! [`Settings::check`] reads them all, once, when settings are tested or an act is prepared.

mod tables;

use std::{borrow::Cow, collections::BTreeSet};

use jiff::civil::Date;
use parvis_sdk::{Context, SettingsError, date, settings};
use rust_decimal::Decimal;
use serde::Deserialize;

pub use tables::{
    Adviser, Competence, Delegation, Exemption, Manager, OpinionRule, Period, Proration, Rate, Street, Unit, Version,
    Zone,
};

type Text<'a> = Cow<'a, str>;

/// All settings of the démarche in a tenant.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings<'a> {
    /// "commune de Valbrune", after an article or a preposition.
    #[serde(borrow)]
    pub collectivite: Text<'a>,
    /// "Valbrune", where acts are made.
    #[serde(borrow)]
    pub ville: Text<'a>,
    /// "Le maire de Valbrune".
    #[serde(borrow)]
    pub executif_qualite: Text<'a>,
    /// "Pour le maire et par délégation".
    #[serde(borrow)]
    pub executif_delegation: Text<'a>,
    /// Sign-in address of the executive, who signs without a délégation.
    #[serde(borrow)]
    pub executif_email: Text<'a>,
    /// Given name of the executive.
    #[serde(borrow)]
    pub executif_prenom: Text<'a>,
    /// Family name of the executive.
    #[serde(borrow)]
    pub executif_nom: Text<'a>,
    /// The police power was transferred to the EPCI (article L5211-9-2 du CGCT): visa of its acts.
    #[serde(borrow, default)]
    pub visa_transfert: Option<Text<'a>>,
    /// Visa of the règlement de voirie.
    #[serde(borrow, default)]
    pub visa_reglement: Option<Text<'a>>,
    /// "tribunal administratif de …, adresse".
    #[serde(borrow)]
    pub tribunal: Text<'a>,
    /// Phone given to whoever asks late.
    #[serde(borrow)]
    pub telephone: Text<'a>,
    /// Who collects: "le service de gestion comptable de …".
    #[serde(borrow)]
    pub comptable: Text<'a>,
    /// Worked days wanted before the first day.
    pub preavis_jours_ouvres: u16,
    /// Days before the first day above which the request is early.
    pub anticipation_jours: u16,
    /// Days during which the act is displayed on site before the first day.
    pub affichage_jours: u16,
    /// Days given to answer a request for documents, when the agent does not say.
    pub pieces_jours: u16,
    /// Days before the end of that delay when the usager is reminded.
    pub relance_jours: u16,
    /// Zone of an address that no street of the table names.
    #[serde(borrow)]
    pub zone_defaut: Text<'a>,
    /// First day of the season, "04-01".
    #[serde(borrow, default)]
    pub saison_debut: Option<Text<'a>>,
    /// Last day of the season, "10-31".
    #[serde(borrow, default)]
    pub saison_fin: Option<Text<'a>>,
    /// Zones of the tariff.
    #[serde(borrow)]
    pub zones: Vec<Zone<'a>>,
    /// Versions of the tariff.
    #[serde(borrow)]
    pub versions: Vec<Version<'a>>,
    /// Rows of the tariff.
    #[serde(borrow)]
    pub tarifs: Vec<Rate<'a>>,
    /// Exemptions.
    #[serde(borrow, default)]
    pub exonerations: Vec<Exemption<'a>>,
    /// Other road managers.
    #[serde(borrow, default)]
    pub gestionnaires: Vec<Manager<'a>>,
    /// Streets.
    #[serde(borrow, default)]
    pub voies: Vec<Street<'a>>,
    /// Délégations de signature.
    #[serde(borrow, default)]
    pub delegations: Vec<Delegation<'a>>,
    /// Opinions asked inside the town.
    #[serde(default)]
    pub avis: Vec<OpinionRule>,
}

impl<'a> Settings<'a> {
    /// The settings of a context.
    pub fn of(context: &'a Context) -> Result<Self, SettingsError> {
        settings(context)
    }

    /// Reads every amount and date, and every code that a row names.
    pub fn check(&self) -> Result<(), SettingsError> {
        let zones: BTreeSet<&str> = self.zones.iter().map(|zone| &*zone.code).collect();
        let versions: BTreeSet<&str> = self.versions.iter().map(|version| &*version.code).collect();
        let managers: BTreeSet<&str> = self.gestionnaires.iter().map(|manager| &*manager.code).collect();
        known("zone_defaut", &self.zone_defaut, &zones)?;
        for version in &self.versions {
            on("versions.date", &version.date)?;
            on("versions.effet", &version.effet)?;
            amounts("versions", [version.frais_dossier.as_ref(), version.minimum.as_ref()])?;
        }
        for (index, rate) in self.tarifs.iter().enumerate() {
            let name = format!("tarifs, ligne {}", index + 1);
            known(&name, &rate.version, &versions)?;
            if let Some(zone) = &rate.zone {
                known(&name, zone, &zones)?;
            }
            amounts(&name, [Some(&rate.prix), rate.minimum.as_ref()])?;
            amounts(&name, [rate.quantite_de.as_ref(), rate.quantite_a.as_ref()])?;
            self.check_period(&name, rate)?;
        }
        for street in &self.voies {
            known(&format!("voies, {}", street.nom), &street.zone, &zones)?;
            if let Some(manager) = &street.gestionnaire {
                known(&format!("voies, {}", street.nom), manager, &managers)?;
            }
        }
        for delegation in &self.delegations {
            let dates = [&delegation.date, &delegation.publiee_le, &delegation.debut];
            for text in dates.into_iter().chain(&delegation.fin) {
                on("delegations", text)?;
            }
        }
        Ok(())
    }

    fn check_period(&self, name: &str, rate: &Rate<'_>) -> Result<(), SettingsError> {
        if rate.periode == Period::ForfaitJours && rate.jours.unwrap_or(0) == 0 {
            return Err(SettingsError::new(format!("{name} : un forfait dit son nombre de jours")));
        }
        if rate.jour_de == Some(0) || rate.jour_de.zip(rate.jour_a).is_some_and(|(from, to)| from > to) {
            return Err(SettingsError::new(format!("{name} : la tranche de jours est vide")));
        }
        if rate.periode == Period::Saison && self.season().is_none() {
            return Err(SettingsError::new(format!("{name} : saison_debut et saison_fin ne sont pas données")));
        }
        Ok(())
    }

    /// First and last day of the season, as (month, day).
    pub fn season(&self) -> Option<((i8, i8), (i8, i8))> {
        let day = |text: &Option<Text<'_>>| {
            // 2028 is a leap year: the 29th of February is a day of the season there.
            let date = date(&format!("2028-{}", text.as_deref()?))?;
            Some((date.month(), date.day()))
        };
        Some((day(&self.saison_debut)?, day(&self.saison_fin)?))
    }

    /// The label of a zone.
    pub fn zone(&self, code: &str) -> Option<&str> {
        self.zones.iter().find(|zone| zone.code == code).map(|zone| &*zone.libelle)
    }
}

/// An amount or a quantity of the settings.
pub fn amount(name: &str, text: &str) -> Result<Decimal, SettingsError> {
    text.parse::<Decimal>()
        .ok()
        .filter(|amount| !amount.is_sign_negative())
        .ok_or_else(|| SettingsError::new(format!("{name} : « {text} » n’est pas un montant, comme « 12.50 »")))
}

/// A date of the settings.
pub fn on(name: &str, text: &str) -> Result<Date, SettingsError> {
    date(text)
        .filter(|_| text.len() == 10)
        .ok_or_else(|| SettingsError::new(format!("{name} : « {text} » n’est pas une date, comme « 2026-01-31 »")))
}

fn amounts<const N: usize>(name: &str, texts: [Option<&Text<'_>>; N]) -> Result<(), SettingsError> {
    texts.into_iter().flatten().try_for_each(|text| amount(name, text).map(|_| ()))
}

fn known(name: &str, code: &str, codes: &BTreeSet<&str>) -> Result<(), SettingsError> {
    if codes.contains(code) {
        return Ok(());
    }
    Err(SettingsError::new(format!("{name} : « {code} » n’est déclaré nulle part")))
}
