//! Droits de voirie: the version in force on the first day, the rows that match, exact to the centime.
//!
//! A line is price × quantity × periods, rounded once. Bands are rows with bounds: on the days of the occupation, or on
//! the quantity. Nothing here is negative, and no rate that is due by begun periods costs less when one stays longer.

mod periods;
#[cfg(test)]
mod tests;

use parvis_sdk::SettingsError;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::{
    french,
    request::{Measures, Nature, Request, Stay},
    settings::{Exemption, Period, Rate, Settings, Unit, Version, amount, on},
};
use periods::{Counting, Periods, count, nth_day};

/// What an occupation costs.
#[derive(Debug, Clone)]
pub struct Estimate<'s> {
    /// Version of the tariff.
    pub version: &'s Version<'s>,
    /// Lines that are due.
    pub lines: Vec<Line<'s>>,
    /// Frais de dossier.
    pub fee: Decimal,
    /// Droits before any exemption, the minimum included.
    pub rights: Decimal,
    /// Exemption that applies.
    pub exemption: Option<&'s Exemption<'s>>,
    /// What is due.
    pub total: Decimal,
}

/// A line of the estimate.
#[derive(Debug, Clone)]
pub struct Line<'s> {
    /// Row of the tariff.
    pub rate: &'s Rate<'s>,
    /// Quantity priced.
    pub quantity: Decimal,
    /// Periods priced.
    pub periods: Periods,
    /// Price of the row.
    pub price: Decimal,
    /// Amount.
    pub amount: Decimal,
}

/// What is priced.
#[derive(Debug, Clone, Copy)]
pub struct Occupation<'a> {
    /// Kind.
    pub nature: Nature,
    /// Zone of the tariff.
    pub zone: &'a str,
    /// Dates.
    pub stay: Stay,
    /// Measures.
    pub measures: Measures,
}

/// What a request costs in its zone; `None` while its kind or its dates are missing, or before the first tariff.
pub fn estimate_request<'s>(
    settings: &'s Settings<'s>,
    request: &Request<'_>,
    zone: &str,
) -> Result<Option<Estimate<'s>>, SettingsError> {
    let Some((nature, stay)) = request.nature.zip(request.stay) else { return Ok(None) };
    let occupation = Occupation { nature, zone, stay, measures: request.measures };
    estimate(settings, occupation, exemption_of(settings, request))
}

/// What an occupation costs; `None` when no version of the tariff is in force on its first day.
pub fn estimate<'s>(
    settings: &'s Settings<'s>,
    occupation: Occupation<'_>,
    exemption: Option<&'s Exemption<'s>>,
) -> Result<Option<Estimate<'s>>, SettingsError> {
    let Some(version) = version_in_force(settings, occupation)? else { return Ok(None) };
    let mut lines = Vec::new();
    for rate in settings.tarifs.iter().filter(|rate| applies(rate, version, occupation)) {
        lines.extend(line(settings, rate, occupation)?);
    }
    let sum: Decimal = lines.iter().map(|line| line.amount).sum();
    let rights = at_least(sum, version.minimum.as_deref())?;
    let fee = version.frais_dossier.as_deref().map_or(Ok(Decimal::ZERO), |fee| amount("frais_dossier", fee))?;
    let total = if exemption.is_some() { Decimal::ZERO } else { centimes(rights + fee) };
    Ok(Some(Estimate { version, lines, fee, rights, exemption, total }))
}

/// The exemption that a request may have: the agent's choice, else the one that the usager asks for.
pub fn exemption_of<'s>(settings: &'s Settings<'s>, request: &Request<'_>) -> Option<&'s Exemption<'s>> {
    let answers = request.answers;
    let code = answers.text("exoneration_retenue").or_else(|| answers.text("exoneration"))?;
    settings
        .exonerations
        .iter()
        .find(|exemption| exemption.code == code)
        .filter(|exemption| exemption.nature.is_none_or(|nature| Some(nature) == request.nature))
        .filter(|exemption| exemption.demandeur.is_none_or(|applicant| Some(applicant) == request.applicant))
}

fn version_in_force<'s>(
    settings: &'s Settings<'s>,
    occupation: Occupation<'_>,
) -> Result<Option<&'s Version<'s>>, SettingsError> {
    let mut in_force = None;
    for version in &settings.versions {
        let effect = on("versions.effet", &version.effet)?;
        if effect <= occupation.stay.first && in_force.is_none_or(|(latest, _)| effect > latest) {
            in_force = Some((effect, version));
        }
    }
    Ok(in_force.map(|(_, version)| version))
}

fn applies(rate: &Rate<'_>, version: &Version<'_>, occupation: Occupation<'_>) -> bool {
    rate.version == version.code
        && rate.nature.is_none_or(|nature| nature == occupation.nature)
        && rate.zone.as_deref().is_none_or(|zone| zone == occupation.zone)
}

fn line<'s>(
    settings: &Settings<'_>,
    rate: &'s Rate<'s>,
    occupation: Occupation<'_>,
) -> Result<Option<Line<'s>>, SettingsError> {
    let periods = periods_of(settings, rate, occupation.stay);
    let quantity = quantity_of(rate, occupation.measures)?;
    if periods.is_none() || quantity.is_zero() {
        return Ok(None);
    }
    let price = amount("tarifs.prix", &rate.prix)?;
    // One division, at the end: the quotient is rounded once.
    let exact = price * quantity * Decimal::from(periods.count) / Decimal::from(periods.parts);
    let amount = at_least(centimes(exact), rate.minimum.as_deref())?;
    Ok((!amount.is_zero()).then_some(Line { rate, quantity, periods, price, amount }))
}

/// Periods of the days that the row prices: its band, without the free days.
fn periods_of(settings: &Settings<'_>, rate: &Rate<'_>, stay: Stay) -> Periods {
    let days = stay.days();
    let free = u32::from(rate.jours_gratuits.unwrap_or(0));
    let from = u32::from(rate.jour_de.unwrap_or(1)).max(free + 1);
    let to = rate.jour_a.map_or(days, u32::from).min(days);
    let season = if rate.periode == Period::Saison { settings.season() } else { None };
    let counting =
        Counting { period: rate.periode, package: rate.jours.unwrap_or(1), proration: rate.proration, season };
    count(counting, nth_day(stay.first, from), nth_day(stay.first, to), stay.slot)
}

fn quantity_of(rate: &Rate<'_>, measures: Measures) -> Result<Decimal, SettingsError> {
    let quantity = match rate.unite {
        Unit::M2 => measures.ground(),
        Unit::Ml => measures.length,
        Unit::Place => measures.places,
        Unit::Piece => measures.items,
        Unit::Forfait => Decimal::ONE,
    };
    let quantity = if rate.unite_entiere { quantity.ceil() } else { quantity };
    let bound = |text: Option<&str>, otherwise| text.map_or(Ok(otherwise), |text| amount("tarifs.quantite", text));
    let from = bound(rate.quantite_de.as_deref(), Decimal::ZERO)?;
    let to = bound(rate.quantite_a.as_deref(), quantity)?;
    Ok((quantity.min(to) - from).max(Decimal::ZERO))
}

/// What is due is at least the minimum; what is not due stays nothing.
fn at_least(due: Decimal, minimum: Option<&str>) -> Result<Decimal, SettingsError> {
    match minimum {
        Some(minimum) if !due.is_zero() => Ok(due.max(amount("minimum", minimum)?)),
        _ => Ok(due),
    }
}

fn centimes(exact: Decimal) -> Decimal {
    exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

impl Estimate<'_> {
    /// The estimate in words, one line each.
    pub fn detail(&self) -> String {
        let mut lines: Vec<String> = self.lines.iter().map(Line::sentence).collect();
        let sum: Decimal = self.lines.iter().map(|line| line.amount).sum();
        if self.rights > sum {
            lines.push(format!("Minimum de perception : {}", french::euros(self.rights)));
        }
        if !self.fee.is_zero() {
            lines.push(format!("Frais de dossier : {}", french::euros(self.fee)));
        }
        match self.exemption {
            Some(exemption) => lines.push(format!("Exonération : {} ({})", exemption.libelle, exemption.fondement)),
            None if lines.is_empty() => lines.push("Aucun droit n’est dû.".to_owned()),
            None => {}
        }
        lines.join("\n")
    }
}

impl Line<'_> {
    /// "Emprise : 12 m² × 3 semaines × 1,20 € = 43,20 €".
    fn sentence(&self) -> String {
        let mut factors = Vec::new();
        let quantity = french::number(self.quantity);
        match self.rate.unite {
            Unit::M2 => factors.push(format!("{quantity}\u{a0}m²")),
            Unit::Ml => factors.push(format!("{quantity}\u{a0}m")),
            Unit::Place => factors.push(counted(&quantity, self.quantity > Decimal::ONE, "place")),
            Unit::Piece if self.quantity > Decimal::ONE => factors.push(quantity),
            Unit::Piece | Unit::Forfait => {}
        }
        factors.extend(self.periods_in_words());
        factors.push(french::euros(self.price));
        let product = factors.join(" × ");
        format!("{}\u{a0}: {product} = {}", self.rate.libelle, french::euros(self.amount))
    }

    fn periods_in_words(&self) -> Option<String> {
        let Periods { count, parts } = self.periods;
        let number = if count % parts == 0 { (count / parts).to_string() } else { format!("{count}/{parts}") };
        let several = count > parts;
        let word = match self.rate.periode {
            Period::Unique => return None,
            Period::Mois => return Some(format!("{number}\u{a0}mois")),
            Period::ForfaitJours => {
                let days = self.rate.jours.unwrap_or(1);
                return Some(format!("{}\u{a0}de {days} jours", counted(&number, several, "forfait")));
            }
            Period::DemiJournee => "demi-journée",
            Period::Jour => "jour",
            Period::Semaine => "semaine",
            Period::Saison => "saison",
            Period::Annee | Period::AnneeCivile => "an",
        };
        Some(counted(&number, several, word))
    }
}

fn counted(number: &str, several: bool, word: &str) -> String {
    format!("{number}\u{a0}{word}{}", if several { "s" } else { "" })
}
