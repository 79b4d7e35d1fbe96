//! The ends that are not a grant: refused with its grounds, withdrawn, without an answer.

use anyhow::Result;
use reqwest::StatusCode;

use crate::{demo::Demo, filing::VALBRUNE, pdf};

const LAW: &str = "Article L2213-2 du code général des collectivités territoriales.";
const FACTS: &str = "Le trottoir ne laisse que 60 cm aux piétons, école en face.";

#[tokio::test]
async fn a_refusal_says_its_grounds_is_signed_and_reaches_the_usager() -> Result<()> {
    let demo = Demo::start().await?;
    let citizen = demo.visitor(VALBRUNE)?;
    let filed = citizen.file_removal().await?;
    let agent = demo.agent("instructrice").await?;
    agent.acts(&filed, "instruire", &[]).await?;

    let empty = agent.act(&filed, "preparer-refus", &[("f.motif_droit", "  "), ("f.motif_fait", FACTS)]).await?;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains("id=\"f.motif_droit-erreur\""), "the message is at its field: {}", empty.text());
    assert!(!empty.body.contains("id=\"f.motif_fait-erreur\"") && empty.body.contains(FACTS), "the rest is kept");
    assert!(agent.dossier(&filed).await?.text().contains("En instruction"), "nothing was done");

    agent.acts(&filed, "preparer-refus", &[("f.motif_droit", LAW), ("f.motif_fait", FACTS)]).await?;
    let own = agent.act(&filed, "signer-refus", &[]).await?;
    assert!(own.status.is_client_error(), "who instructs never signs: {} {}", own.status, own.text());
    let signed = demo.agent("signataire").await?.acts(&filed, "signer-refus", &[]).await?;
    assert!(signed.text().contains("Refusée"), "{}", signed.text());

    let mail = demo.mail_to("lea@exemple.example", "est refusée").await?;
    assert!(mail["attachments"].as_array().is_some_and(|list| !list.is_empty()), "the letter is attached");
    let followed = citizen.get(&filed.dossier).await?;
    assert!(followed.text().contains("Demande refusée"), "{}", followed.text());
    let letter = citizen.document(&filed.dossier, "").await?;
    let text = pdf::text_of(&letter)?;
    for part in [
        LAW.trim_end_matches('.'),
        FACTS.trim_end_matches('.'),
        "Camille Ferrand",
        "Tribunal administratif de Grand-Val",
    ] {
        assert!(text.to_lowercase().contains(&part.to_lowercase()), "« {part} » is missing in:\n{text}");
    }
    Ok(())
}

#[tokio::test]
async fn the_usager_withdraws_while_it_is_open() -> Result<()> {
    let demo = Demo::start().await?;
    let citizen = demo.visitor(VALBRUNE)?;
    let filed = citizen.file_removal().await?;
    let ask = citizen.get(&format!("{}/retirer", filed.dossier)).await?;
    let withdrawn = citizen.submit(&ask, "/retirer", &[]).await?;
    assert!(withdrawn.text().contains("Demande retirée"), "{}", withdrawn.text());
    demo.mail_to("lea@exemple.example", "est retirée").await?;
    let agent = demo.agent("instructrice").await?;
    let dossier = agent.dossier(&filed).await?;
    assert!(dossier.text().contains("Retirée"), "{}", dossier.text());
    let late = agent.act(&filed, "instruire", &[]).await?;
    assert_eq!(late.status, StatusCode::CONFLICT, "nothing is instructed any more: {}", late.text());
    let again = citizen.get(&format!("{}/retirer", filed.dossier)).await?;
    assert_eq!(again.path, filed.dossier, "it is withdrawn once");
    Ok(())
}

#[tokio::test]
async fn nothing_is_closed_for_want_of_an_answer_before_the_delay() -> Result<()> {
    let demo = Demo::start().await?;
    let filed = demo.visitor(VALBRUNE)?.file_removal().await?;
    let agent = demo.agent("instructrice").await?;
    let asked = [
        ("f.pieces_demandees", "autres_pieces"),
        ("f.pieces_motif", "Le plan manque."),
        ("f.pieces_indispensables", "oui"),
        ("f.pieces_delai", "12"),
    ];
    let seen: u32 = agent.dossier(&filed).await?.revision()?.parse()?;
    let page = agent.acts(&filed, "demander-pieces", &asked).await?;
    assert!(page.text().contains("Le classement est possible le lendemain"), "{}", page.text());
    assert!(page.form_to("/actions/classer-sans-suite").is_err(), "not offered before its time");
    for revision in seen + 1..seen + 4 {
        let forged = [page.form_to("/notes")?, vec![("revision".to_owned(), revision.to_string())]].concat();
        let early = agent.post(&format!("{}/actions/classer-sans-suite", filed.at_work()), &forged).await?;
        assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.text());
    }
    assert!(agent.dossier(&filed).await?.text().contains("À compléter"));
    Ok(())
}
