//! Following a dossier with its number and its code, which nobody tries.

use anyhow::Result;
use reqwest::StatusCode;

use crate::{
    demo::Demo,
    filing::{Filed, VALBRUNE},
};

#[tokio::test]
async fn a_number_and_its_code_open_the_dossier_and_tries_are_counted() -> Result<()> {
    let demo = Demo::start().await?;
    let filed = demo.visitor(VALBRUNE)?.file_removal().await?;
    let reader = demo.visitor(VALBRUNE)?;
    assert_eq!(reader.get(&filed.dossier).await?.status, StatusCode::NOT_FOUND);
    let as_typed = Filed { number: filed.number.to_lowercase(), code: filed.code.replace('-', " "), ..filed.clone() };
    let followed = reader.track(&as_typed).await?;
    assert_eq!(followed.path, filed.dossier, "{}", followed.text());

    let wrong = Filed { code: "BCDF-GHJK".to_owned(), ..filed.clone() };
    let guesser = demo.visitor(VALBRUNE)?;
    let mut last = guesser.track(&wrong).await?;
    assert_eq!(last.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(last.text().contains("ne vont pas ensemble"), "{}", last.text());
    let unknown = Filed { number: "ODP-2026-999999".to_owned(), ..wrong.clone() };
    assert!(guesser.track(&unknown).await?.text().contains("ne vont pas ensemble"), "an unknown number says the same");
    let mut tries = 0;
    while last.status == StatusCode::UNPROCESSABLE_ENTITY && tries < 50 {
        last = guesser.track(&wrong).await?;
        tries += 1;
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS, "after {tries} tries");
    let right = guesser.track(&filed).await?;
    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "the right code waits too");
    assert_eq!(reader.get(&filed.dossier).await?.status, StatusCode::OK, "who was in stays in");
    Ok(())
}
