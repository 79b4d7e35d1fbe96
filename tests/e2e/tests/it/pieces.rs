//! Documents asked of the usager: why, until when, what it does to the law's term, and her answer, by account and by code.

use anyhow::Result;
use reqwest::StatusCode;

use crate::{
    demo::{Demo, Page, Visitor},
    filing::{Filed, PDF, VALBRUNE},
};

const REASON: &str = "Le plan ne montre pas le passage laissé aux piétons.";

async fn asks(agent: &Visitor, filed: &Filed) -> Result<Page> {
    let answers = [
        ("f.pieces_demandees", "autres_pieces"),
        ("f.pieces_motif", REASON),
        ("f.pieces_indispensables", "oui"),
        ("f.pieces_delai", "12"),
    ];
    agent.acts(filed, "demander-pieces", &answers).await
}

/// The usager finds what is asked, sends it, and the instruction goes on.
async fn completes(usager: &Visitor, filed: &Filed) -> Result<()> {
    let followed = usager.get(&filed.dossier).await?;
    assert!(followed.text().contains(REASON), "{}", followed.text());
    assert!(followed.text().contains("Autre document utile (indispensable"), "{}", followed.text());
    let asked = usager.get(&format!("{}/completer", filed.dossier)).await?;
    let empty = usager.submit(&asked, "/completer", &[]).await?;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", empty.text());
    let mut program = b"MZ\x90\0".to_vec();
    program.resize(4096, 0);
    let refused = usager.upload(&asked, "/completer/pieces/autres_pieces", "plan.pdf", program).await?;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    let joined = usager.upload(&asked, "/completer/pieces/autres_pieces", "plan.pdf", PDF.to_vec()).await?;
    assert!(joined.text().contains("plan.pdf"), "{}", joined.text());
    let sent = usager.submit(&joined, "/completer", &[]).await?;
    assert!(sent.text().contains("Vos éléments sont envoyés"), "{}", sent.text());
    assert!(!sent.text().contains("Compléter mon dossier"), "nothing is asked any more: {}", sent.text());
    Ok(())
}

#[tokio::test]
async fn a_request_without_a_reason_is_refused_at_its_field() -> Result<()> {
    let demo = Demo::start().await?;
    let filed = demo.visitor(VALBRUNE)?.file_removal().await?;
    let agent = demo.agent("instructrice").await?;
    let refused = agent.act(&filed, "demander-pieces", &[("f.pieces_indispensables", "oui")]).await?;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["pieces_demandees", "pieces_motif"] {
        assert!(refused.body.contains(&format!("id=\"f.{field}-erreur\"")), "{field}: {}", refused.text());
    }
    assert!(agent.dossier(&filed).await?.text().contains("À vérifier"), "nothing was done");
    Ok(())
}

#[tokio::test]
async fn documents_asked_suspend_the_term_until_they_come() -> Result<()> {
    let demo = Demo::start().await?;
    let citizen = demo.visitor(VALBRUNE)?;
    let filed = citizen.file_removal().await?;
    let agent = demo.agent("instructrice").await?;
    let before = agent.dossier(&filed).await?;
    assert!(before.text().contains("sera réputée rejetée") && !before.text().contains("Délai suspendu"));
    let asked = asks(&agent, &filed).await?;
    assert!(asked.text().contains("À compléter") && asked.text().contains("Délai suspendu"), "{}", asked.text());

    let mail = demo.mail_to("lea@exemple.example", "Il manque des pièces").await?;
    let body = mail["body"].as_str().unwrap_or_default();
    for part in [
        filed.number.as_str(),
        "Autre document utile",
        REASON,
        "Répondez avant le",
        // Articles R112-11-4 and L114-5 du CRPA: what becomes of the term of silence.
        "réputée rejetée est suspendu jusqu’à la réception de ces pièces",
        "article L114-5",
    ] {
        assert!(body.contains(part), "« {part} » is missing in:\n{body}");
    }

    let elsewhere = demo.visitor(VALBRUNE)?;
    elsewhere.track(&filed).await?;
    completes(&elsewhere, &filed).await?;
    let resumed = agent.dossier(&filed).await?;
    assert!(resumed.text().contains("sera réputée rejetée") && !resumed.text().contains("Délai suspendu"));
    assert!(resumed.text().contains("À vérifier") && resumed.text().contains("plan.pdf"), "{}", resumed.text());
    assert!(resumed.text().contains("Vérifier les documents reçus"), "a task tells the agent: {}", resumed.text());
    Ok(())
}

#[tokio::test]
async fn an_account_answers_a_request_from_its_own_page() -> Result<()> {
    let demo = Demo::start().await?;
    let citizen = demo.citizen_with_account(VALBRUNE, "lea.compte@exemple.example").await?;
    let check = citizen.up_to_check().await?;
    let confirmed = citizen.submit(&check, "/deposer", &[]).await?;
    let filed = Filed::of_account(&confirmed)?;
    assert!(!confirmed.text().contains("Code de suivi"), "an account needs no code: {}", confirmed.text());
    let agent = demo.agent("instructrice").await?;
    agent.acts(&filed, "instruire", &[]).await?;
    asks(&agent, &filed).await?;
    let account = citizen.get("/compte").await?;
    assert!(account.links("main a").contains(&filed.dossier), "{}", account.text());
    completes(&citizen, &filed).await?;
    let resumed = agent.dossier(&filed).await?;
    assert!(resumed.text().contains("En instruction"), "back where it was: {}", resumed.text());
    Ok(())
}
