//! A session that ended while a page was being filled: what was typed is kept and comes back after sign-in.

use anyhow::Result;
use reqwest::StatusCode;

use crate::{
    accounts::PASSWORD,
    demo::Demo,
    filing::{APPLICANT, VALBRUNE},
};

const EMAIL: &str = "lea.compte@exemple.example";

fn answers() -> Vec<(&'static str, &'static str)> {
    [&APPLICANT[..], &[("f.telephone", "01 99 00 11 22")]].concat()
}

#[tokio::test]
async fn a_page_posted_after_signing_out_is_saved_after_signing_in() -> Result<()> {
    let demo = Demo::start().await?;
    let citizen = demo.citizen_with_account(VALBRUNE, EMAIL).await?;
    let first = citizen.start().await?;
    let account = citizen.get("/compte").await?;
    citizen.submit(&account, "/compte/deconnexion", &[]).await?;

    let kept = citizen.submit(&first, &first.path, &answers()).await?;
    assert_eq!(kept.status, StatusCode::FORBIDDEN);
    assert!(kept.text().contains("Vos réponses sont gardées"), "{}", kept.text());
    let mistaken =
        citizen.submit(&kept, "/compte/connexion", &[("email", EMAIL), ("mot-de-passe", "une autre phrase")]).await?;
    assert_eq!(mistaken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(mistaken.body.contains("3 rue des Lilas"), "a wrong password loses nothing");
    let back = citizen.sign_in(&mistaken, EMAIL, PASSWORD).await?;
    assert!(back.path.ends_with("/lieu"), "she goes on where she was, not on {}: {}", back.path, back.text());
    let reread = citizen.get(&first.path).await?;
    assert!(reread.body.contains("3 rue des Lilas"), "{}: {}", reread.path, reread.body);
    Ok(())
}

#[tokio::test]
async fn a_session_ended_from_elsewhere_loses_no_answer() -> Result<()> {
    const OTHER: &str = "deux chats dorment sur le toit";
    let demo = Demo::start().await?;
    let citizen = demo.citizen_with_account(VALBRUNE, EMAIL).await?;
    let first = citizen.start().await?;

    let elsewhere = demo.visitor(VALBRUNE)?;
    let ask = elsewhere.get("/compte/connexion").await?;
    elsewhere.sign_in(&ask, EMAIL, PASSWORD).await?;
    let change = elsewhere.get("/compte/changer-mot-de-passe").await?;
    let answered = [("actuel", PASSWORD), ("nouveau", OTHER)];
    let changed = elsewhere.submit(&change, "/compte/changer-mot-de-passe", &answered).await?;
    assert_eq!(changed.path, "/compte", "{}", changed.text());

    let kept = citizen.submit(&first, &first.path, &answers()).await?;
    assert_eq!(kept.status, StatusCode::FORBIDDEN);
    let back = citizen.sign_in(&kept, EMAIL, OTHER).await?;
    assert!(back.path.ends_with("/lieu"), "on {}: {}", back.path, back.text());
    Ok(())
}

#[tokio::test]
async fn answers_of_another_account_are_not_saved_in_a_draft_that_is_not_hers() -> Result<()> {
    const OTHER: &str = "noah.compte@exemple.example";
    let demo = Demo::start().await?;
    let citizen = demo.citizen_with_account(VALBRUNE, EMAIL).await?;
    let first = citizen.start().await?;
    let account = citizen.get("/compte").await?;
    citizen.submit(&account, "/compte/deconnexion", &[]).await?;
    demo.citizen_with_account(VALBRUNE, OTHER).await?;
    let kept = citizen.submit(&first, &first.path, &answers()).await?;
    let other = citizen.sign_in(&kept, OTHER, PASSWORD).await?;
    assert_eq!(other.path, "/compte", "she enters, and nothing is saved: {}", other.text());
    assert_eq!(citizen.get(&first.path).await?.status, StatusCode::NOT_FOUND);
    Ok(())
}
