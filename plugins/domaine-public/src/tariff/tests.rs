use jiff::civil::date;
use parvis_sdk::calendar::plus_days;
use proptest::prelude::*;

use super::*;
use crate::{
    fixture::{SAINT_ELME, VAL_ET_ELME, VALBRUNE, town},
    request::Slot,
    settings::Proration,
};

fn stay(first: (i16, i8, i8), last: (i16, i8, i8), slot: Slot) -> Stay {
    Stay::new(date(first.0, first.1, first.2), date(last.0, last.1, last.2), slot).unwrap()
}

fn measured(length: i64, width: i64, places: i64, items: i64) -> Measures {
    let centi = |n| Decimal::new(n, 2);
    Measures { length: centi(length), width: centi(width), places: Decimal::from(places), items: Decimal::from(items) }
}

fn total(settings: &str, nature: Nature, zone: &str, stay: Stay, measures: Measures) -> String {
    let settings: Settings<'_> = serde_json::from_str(settings).unwrap();
    let occupation = Occupation { nature, zone, stay, measures };
    let estimate = estimate(&settings, occupation, None).unwrap().unwrap();
    format!("{:.2}", estimate.total)
}

#[test]
fn the_version_in_force_on_the_first_day_applies_to_the_whole() {
    let settings = town(VALBRUNE);
    let measures = measured(600, 150, 0, 1);
    // 11 € a day in 2025's tariff, 12 € in 2027's, plus the frais de dossier of each.
    let before = stay((2026, 12, 31), (2027, 1, 1), Slot::Day);
    assert_eq!(total(&settings, Nature::Benne, "2", before, measures), "34.00");
    let after = stay((2027, 1, 1), (2027, 1, 2), Slot::Day);
    assert_eq!(total(&settings, Nature::Benne, "2", after, measures), "38.00");
}

#[test]
fn before_the_first_tariff_there_is_no_estimate() {
    let settings = town(VALBRUNE);
    let settings: Settings<'_> = serde_json::from_str(&settings).unwrap();
    let occupation = Occupation {
        nature: Nature::Benne,
        zone: "1",
        stay: stay((2020, 1, 1), (2020, 1, 2), Slot::Day),
        measures: Measures::default(),
    };
    assert!(estimate(&settings, occupation, None).unwrap().is_none());
}

#[test]
fn half_a_day_of_places_is_half_the_price_of_a_day() {
    let settings = town(VALBRUNE);
    let day = (2026, 12, 1);
    let measures = measured(1000, 0, 2, 1);
    assert_eq!(total(&settings, Nature::Demenagement, "1", stay(day, day, Slot::Half), measures), "24.00");
    assert_eq!(total(&settings, Nature::Demenagement, "1", stay(day, day, Slot::Day), measures), "36.00");
}

#[test]
fn bands_of_days_price_each_part_by_its_own_rate() {
    let settings = town(VALBRUNE);
    // 6 m × 1,50 m = 9 m²; 30 days = 5 weeks begun at 1,20 €, then 10 days = 2 weeks begun at 1,80 €; 12 € of fee.
    let long = stay((2026, 1, 1), (2026, 2, 9), Slot::Day);
    assert_eq!(total(&settings, Nature::Echafaudage, "1", long, measured(600, 150, 0, 1)), "98.40");
}

#[test]
fn the_minimum_of_a_line_is_due_when_the_line_is() {
    let settings = town(VALBRUNE);
    let day = (2026, 1, 5);
    // 9 m² × 1 week × 1,20 € = 10,80 €, raised to 20 €; 12 € of fee.
    assert_eq!(
        total(&settings, Nature::Echafaudage, "1", stay(day, day, Slot::Day), measured(600, 150, 0, 1)),
        "32.00"
    );
}

#[test]
fn free_days_are_not_priced_and_the_minimum_does_not_bring_them_back() {
    let settings = town(SAINT_ELME);
    let free = stay((2026, 6, 1), (2026, 6, 7), Slot::Day);
    assert_eq!(total(&settings, Nature::Echafaudage, "bourg", free, measured(600, 100, 0, 1)), "0.00");
    // Three days after the free week, prorata of a week: 6 m × 3/7 × 1 €.
    let paid = stay((2026, 6, 1), (2026, 6, 10), Slot::Day);
    assert_eq!(total(&settings, Nature::Echafaudage, "bourg", paid, measured(600, 100, 0, 1)), "2.57");
}

#[test]
fn bands_of_quantity_and_seasons_add_up() {
    let settings = town(SAINT_ELME);
    let summer = stay((2026, 6, 1), (2026, 8, 31), Slot::Day);
    // 20 m² at 15 €, 5 m² at 9 €.
    assert_eq!(total(&settings, Nature::Terrasse, "bourg", summer, measured(500, 500, 0, 1)), "345.00");
    let winter = stay((2026, 11, 1), (2026, 12, 31), Slot::Day);
    assert_eq!(total(&settings, Nature::Terrasse, "bourg", winter, measured(500, 500, 0, 1)), "0.00");
}

#[test]
fn a_forfait_of_days_is_due_when_begun() {
    let settings = town(SAINT_ELME);
    let four_days = stay((2026, 6, 1), (2026, 6, 4), Slot::Day);
    assert_eq!(total(&settings, Nature::Benne, "bourg", four_days, measured(600, 200, 0, 2)), "80.00");
}

#[test]
fn a_lump_sum_is_due_once_and_a_civil_year_prorata_of_its_days() {
    let settings = town(VAL_ET_ELME);
    let long = stay((2026, 3, 1), (2026, 9, 30), Slot::Day);
    assert_eq!(total(&settings, Nature::Autre, "za", long, measured(600, 200, 0, 1)), "65.00");
    // 10 m² × 73/365 × 24 € = 48 €, plus 25 € of fee.
    let fifth = stay((2026, 1, 1), (2026, 3, 14), Slot::Day);
    assert_eq!(total(&settings, Nature::Terrasse, "za", fifth, measured(500, 200, 0, 1)), "73.00");
}

#[test]
fn an_exemption_says_its_ground_and_nothing_is_due() {
    let settings = town(VALBRUNE);
    let settings: Settings<'_> = serde_json::from_str(&settings).unwrap();
    let occupation = Occupation {
        nature: Nature::Chantier,
        zone: "1",
        stay: stay((2026, 6, 1), (2026, 6, 20), Slot::Day),
        measures: measured(600, 200, 0, 1),
    };
    let exempt = estimate(&settings, occupation, settings.exonerations.last()).unwrap().unwrap();
    assert!(exempt.total.is_zero());
    assert!(exempt.rights > Decimal::ZERO);
    assert!(exempt.detail().contains("L2125-1"), "{}", exempt.detail());
}

#[test]
fn an_exemption_for_others_does_not_apply() {
    let settings = town(VALBRUNE);
    let settings: Settings<'_> = serde_json::from_str(&settings).unwrap();
    let answers =
        crate::fixture::with(crate::fixture::scaffold(), vec![crate::fixture::text("exoneration", "association")]);
    let request = Request::new(parvis_sdk::Answers::new(&answers));
    assert!(exemption_of(&settings, &request).is_none());
    let answers = crate::fixture::with(answers, vec![crate::fixture::text("type_demandeur", "association")]);
    assert!(exemption_of(&settings, &Request::new(parvis_sdk::Answers::new(&answers))).is_some());
}

#[test]
fn the_detail_reads_as_a_bill() {
    let settings = town(VALBRUNE);
    let settings: Settings<'_> = serde_json::from_str(&settings).unwrap();
    let occupation = Occupation {
        nature: Nature::Echafaudage,
        zone: "1",
        stay: stay((2026, 6, 1), (2026, 6, 21), Slot::Day),
        measures: measured(600, 150, 0, 1),
    };
    let estimate = estimate(&settings, occupation, None).unwrap().unwrap();
    assert_eq!(
        estimate.detail().replace('\u{a0}', " "),
        "Échafaudage, du 1er au 30e jour : 9 m² × 3 semaines × 1,20 € = 32,40 €\nFrais de dossier : 12,00 €"
    );
}

fn rate(period: Period, proration: Proration) -> String {
    let period = match period {
        Period::DemiJournee => "demi-journee",
        Period::Jour => "jour",
        Period::Semaine => "semaine",
        Period::ForfaitJours => "forfait-jours",
        Period::Mois => "mois",
        Period::Saison => "saison",
        Period::Annee => "annee",
        Period::AnneeCivile => "annee-civile",
        Period::Unique => "unique",
    };
    let proration = if proration == Proration::Prorata { "prorata" } else { "commencee" };
    format!(
        "[[tarifs]]\nversion = \"t\"\nlibelle = \"ligne\"\nunite = \"m2\"\nperiode = \"{period}\"\njours = 5\nproration = \"{proration}\"\n"
    )
}

/// Settings with one rate, built on those of Valbrune.
fn one_rate(rate: &str, more: &str) -> String {
    let mut table: serde_json::Value = toml::from_str(VALBRUNE).unwrap();
    let lone: serde_json::Value = toml::from_str(&format!("{rate}{more}")).unwrap();
    table["tarifs"] = lone["tarifs"].clone();
    table["versions"] =
        serde_json::json!([{ "code": "t", "deliberation": "1", "date": "2019-12-01", "effet": "2020-01-01" }]);
    table["saison_debut"] = "04-01".into();
    table["saison_fin"] = "10-31".into();
    table.to_string()
}

fn periods() -> impl Strategy<Value = Period> {
    prop_oneof![
        Just(Period::DemiJournee),
        Just(Period::Jour),
        Just(Period::Semaine),
        Just(Period::ForfaitJours),
        Just(Period::Mois),
        Just(Period::Saison),
        Just(Period::Annee),
        Just(Period::AnneeCivile),
        Just(Period::Unique),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// One day more never costs less when begun periods are due, whatever the free days, the bands and the minimum.
    #[test]
    fn staying_longer_never_costs_less_by_begun_periods(
        period in periods(), start in 0_i64..1500, days in 1_i64..500, price in 0_i64..20_000,
        free in 0_u16..20, minimum in 0_i64..5_000, band in 1_u16..60,
    ) {
        let more = format!(
            "prix = \"{}\"\njours_gratuits = {free}\nminimum = \"{}\"\njour_de = {band}\n",
            Decimal::new(price, 2), Decimal::new(minimum, 2),
        );
        let settings = one_rate(&rate(period, Proration::Commencee), &more);
        let first = plus_days(date(2024, 1, 1), start);
        let measures = measured(350, 210, 0, 1);
        let cost = |days| {
            let stay = Stay::new(first, plus_days(first, days - 1), Slot::Day).unwrap();
            total(&settings, Nature::Autre, "1", stay, measures).parse::<Decimal>().unwrap()
        };
        prop_assert!(cost(days) <= cost(days + 1));
    }

    /// Prorata never costs more than begun periods, never less than nothing, and is exact to the centime.
    #[test]
    fn prorata_is_at_most_the_begun_periods(
        period in periods(), start in 0_i64..1500, days in 1_i64..900, price in 0_i64..20_000,
        length in 0_i64..5_000, width in 0_i64..2_000,
    ) {
        let price = format!("prix = \"{}\"\n", Decimal::new(price, 2));
        let first = plus_days(date(2024, 1, 1), start);
        let stay = Stay::new(first, plus_days(first, days - 1), Slot::Day).unwrap();
        let cost = |proration| {
            let settings = one_rate(&rate(period, proration), &price);
            total(&settings, Nature::Autre, "1", stay, measured(length, width, 0, 1)).parse::<Decimal>().unwrap()
        };
        let (prorata, begun) = (cost(Proration::Prorata), cost(Proration::Commencee));
        prop_assert!(prorata >= Decimal::ZERO);
        prop_assert!(prorata <= begun, "{prorata} > {begun}");
        prop_assert_eq!(prorata.round_dp(2), prorata);
    }

    /// Two bands of quantity at one price cost what one rate without band costs, to a centime of rounding each.
    #[test]
    fn bands_of_quantity_cut_without_loss(price in 1_i64..10_000, cut in 0_i64..3_000, length in 1_i64..5_000) {
        let price = format!("prix = \"{}\"\n", Decimal::new(price, 2));
        let cut = Decimal::new(cut, 2);
        let base = rate(Period::Unique, Proration::Commencee).replace("m2", "ml");
        let whole = one_rate(&base, &price);
        let banded = one_rate(
            &base,
            &format!("{price}quantite_a = \"{cut}\"\n{base}{price}quantite_de = \"{cut}\"\n"),
        );
        let day = stay((2026, 1, 1), (2026, 1, 1), Slot::Day);
        let cost = |settings: &str| {
            total(settings, Nature::Autre, "1", day, measured(length, 0, 0, 1)).parse::<Decimal>().unwrap()
        };
        prop_assert!((cost(&whole) - cost(&banded)).abs() <= Decimal::new(1, 2));
    }

    /// Bands of days at one price by the day cost what one rate costs.
    #[test]
    fn bands_of_days_cut_without_loss(cut in 1_u16..60, days in 1_i64..90, free in 0_u16..30) {
        let base = rate(Period::Jour, Proration::Commencee);
        let price = format!("prix = \"1.37\"\njours_gratuits = {free}\n");
        let whole = one_rate(&base, &price);
        let banded =
            one_rate(&base, &format!("{price}jour_a = {cut}\n{base}{price}jour_de = {}\n", cut + 1));
        let first = date(2026, 1, 1);
        let stay = Stay::new(first, plus_days(first, days - 1), Slot::Day).unwrap();
        let cost = |settings: &str| total(settings, Nature::Autre, "1", stay, measured(100, 100, 0, 1));
        prop_assert_eq!(cost(&whole), cost(&banded));
    }
}
