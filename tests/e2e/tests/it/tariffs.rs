//! Droits de voirie: the same occupation costs what each collectivité voted, to the centime.

use anyhow::Result;

use crate::{
    demo::{Demo, Page, Visitor},
    filing::{DATES, SKIP},
};

/// A scaffold of 10 m by 1.5 m for 34 days, from 12 March to 14 April 2031.
const SCAFFOLD: [(&str, &str); 13] = [
    ("f.nature", "echafaudage"),
    ("f.ancrage", "non"),
    ("f.date_debut.day", "12"),
    ("f.date_debut.month", "3"),
    ("f.date_debut.year", "2031"),
    ("f.date_fin.day", "14"),
    ("f.date_fin.month", "4"),
    ("f.date_fin.year", "2031"),
    ("f.longueur", "10"),
    ("f.largeur", "1,5"),
    ("f.intervenant", "Toitures du Val"),
    ("f.astreinte", "01 99 00 22 33"),
    ("f.travaux_facade", "non"),
];

async fn estimated(citizen: &Visitor, answers: &[(&str, &str)]) -> Result<Page> {
    let occupation = citizen.up_to_occupation().await?;
    let pieces = citizen.answer(&occupation, answers).await?;
    assert!(pieces.path.ends_with("/pieces"), "on {}: {}", pieces.path, pieces.text());
    Ok(pieces)
}

#[tokio::test]
async fn the_same_occupation_costs_what_each_town_voted() -> Result<()> {
    let demo = Demo::start().await?;
    // Valbrune: 15 m² × 5 weeks begun × 1,30 € = 97,50 €, then 15 m² × 1 week begun × 2,00 € = 30,00 €, file fee 14,00 €.
    // Saint-Elme: the first 7 days free, then 10 m × 27 days of weeks at 1,00 € = 10 × 27/7 = 38,57 €.
    // Communauté de communes: 15 m² × 2 months begun × 3,00 € = 90,00 €, file fee 25,00 €.
    // Skip, 3 days: 3 × 12,00 € + 14,00 €; one lump of 3 days at 20,00 €; 1 week begun at 30,00 € + 25,00 €.
    for (town, scaffold, skip) in [
        ("valbrune", "141,50 €", "50,00 €"),
        ("saint-elme-les-bois", "38,57 €", "20,00 €"),
        ("cc-val-et-elme", "115,00 €", "55,00 €"),
    ] {
        let citizen = demo.visitor(&format!("{town}.localhost"))?;
        for (answers, amount) in [(SCAFFOLD.to_vec(), scaffold), ([&SKIP[..], &DATES].concat(), skip)] {
            let pieces = estimated(&citizen, &answers).await?;
            let said = pieces.text().replace('\u{a0}', " ");
            assert!(said.contains(&format!("Droits de voirie estimés {amount}")), "{town}, not {amount}: {said}");
        }
    }
    Ok(())
}
