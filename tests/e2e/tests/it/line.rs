//! The whole line: a citizen files a skip, agents decide it, the citizen downloads the act.

use anyhow::{Context, Result};
use reqwest::StatusCode;

use crate::{
    demo::{Demo, Page, Visitor},
    filing::{Filed, PDF, VALBRUNE},
};

#[tokio::test]
async fn a_citizen_files_and_an_agent_decides() -> Result<()> {
    let demo = Demo::start().await?;
    let citizen = demo.visitor(VALBRUNE)?;
    let found = citizen.get("/demarches?q=benne").await?;
    assert!(found.links("main a").iter().any(|link| link == "/demarches/domaine-public"), "{}", found.text());

    let filed = files_a_skip(&citizen).await?;
    acknowledged(&demo, &filed).await?;

    let elsewhere = demo.visitor(VALBRUNE)?;
    let followed = elsewhere.track(&filed).await?;
    assert!(followed.text().contains("Demande reçue"), "{}", followed.text());

    decides(&demo, &filed).await?;

    let mail = demo.mail_about("acceptée").await?;
    assert_eq!(mail["to"], "lea@exemple.example");
    assert!(mail["attachments"].as_array().is_some_and(|list| !list.is_empty()), "the act is attached");
    let followed = elsewhere.get(&filed.dossier).await?;
    assert!(followed.text().contains("Demande acceptée"), "{}", followed.text());
    let documents = followed.links("a[href*='/documents/']");
    let act = elsewhere.bytes(documents.first().context("the act is offered")?).await?;
    assert!(act.starts_with(b"%PDF-"), "the act is a PDF");
    Ok(())
}

async fn files_a_skip(citizen: &Visitor) -> Result<Filed> {
    let pieces = citizen.up_to_pieces().await?;
    assert!(pieces.text().contains("Droits de voirie estimés 50,00 €"), "{}", pieces.text());
    let without = citizen.submit(&pieces, "/pieces", &[]).await?;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY, "the insurance is asked");
    let with = citizen.upload(&pieces, "/pieces/assurance", "assurance.pdf", PDF.to_vec()).await?;
    assert!(with.text().contains("assurance.pdf (PDF"), "{}", with.text());
    let check = citizen.submit(&with, "/pieces", &[]).await?;
    assert!(check.path.ends_with("/verifier"), "{}", check.text());
    let confirmed = citizen.submit(&check, "/deposer", &[]).await?;
    assert_eq!(confirmed.status, StatusCode::OK);
    let filed = Filed::from(&confirmed)?;
    assert_eq!(filed.number.get(..4), Some("ODP-"));
    let receipt = citizen.bytes(&format!("{}/recepisse", filed.dossier)).await?;
    assert!(receipt.starts_with(b"%PDF-"), "the receipt is a PDF");
    Ok(filed)
}

/// Article R112-11-1 du CRPA: date of receipt, service with its address and phone, what silence means, remedies.
async fn acknowledged(demo: &Demo, filed: &Filed) -> Result<()> {
    let mail = demo.mail_about("Accusé de réception").await?;
    let body = mail["body"].as_str().context("body")?;
    assert_eq!(mail["to"], "lea@exemple.example");
    for part in [
        filed.number.as_str(),
        &filed.code,
        "Nous avons reçu votre demande",
        "Service voirie et domaine public",
        "1 place de la République, 23910 Valbrune",
        "voirie@valbrune.example",
        "01 99 00 14 32",
        "réputée rejetée le",
        "Voies et délais de recours",
        "Tribunal administratif de Grand-Val",
    ] {
        assert!(body.to_lowercase().contains(&part.to_lowercase()), "« {part} » is missing in:\n{body}");
    }
    assert!(!body.contains("{{"), "a variable was left as it is:\n{body}");
    Ok(())
}

async fn decides(demo: &Demo, filed: &Filed) -> Result<()> {
    let address = format!("/agents{}", filed.dossier);
    let instructrice = demo.visitor(VALBRUNE)?;
    let inbox = instructrice.sign_in_agent("instructrice").await?;
    assert!(inbox.links("main a").contains(&address), "{}", inbox.text());
    let dossier = instructrice.get(&address).await?;
    assert!(dossier.text().contains("Bennes du Val"));
    let taken = instructrice.submit(&dossier, "/affecter", &[("agent", "moi")]).await?;
    assert!(taken.text().contains("Agent Nadia Berthelin"), "{}", taken.text());
    let noted = instructrice.submit(&taken, "/notes", &[("note", "Vue sur place")]).await?;
    assert!(noted.text().contains("Vue sur place"));
    let instructed = instructrice.submit(&noted, "/actions/instruire", &[]).await?;
    assert!(instructed.text().contains("Donner l’avis de la voirie"), "{}", instructed.text());

    give_opinion(&instructrice, &instructed).await?;
    let responsable = demo.visitor(VALBRUNE)?;
    responsable.sign_in_agent("responsable").await?;
    give_opinion(&responsable, &responsable.get(&address).await?).await?;

    let form = instructrice.get(&format!("{address}/actions/preparer-arrete")).await?;
    let answers = [("f.prescriptions", "Laisser 1,40 m aux piétons.")];
    let prepared = instructrice.submit(&form, "/actions/preparer-arrete", &answers).await?;
    assert!(prepared.text().contains("Projet d’arrêté à signer"), "{}", prepared.text());
    assert!(prepared.form_to("/actions/signer").is_err(), "who instructs is not offered to sign");
    let borrowed = prepared.form_to("/actions/reprendre")?;
    let forged = instructrice.post(&format!("{address}/actions/signer"), &borrowed).await?;
    assert_eq!(forged.status, StatusCode::FORBIDDEN, "who instructs never signs");

    let signataire = demo.visitor(VALBRUNE)?;
    signataire.sign_in_agent("signataire").await?;
    let before = signataire.get(&address).await?;
    let signed = signataire.submit(&before, "/actions/signer", &[]).await?;
    assert!(signed.text().contains("Signée et notifiée"), "{}", signed.text());
    Ok(())
}

async fn give_opinion(agent: &Visitor, on: &Page) -> Result<()> {
    let html = &on.body;
    let task = html.split("/taches/").nth(1).and_then(|rest| rest.split('"').next()).context("a task of hers")?;
    let answers = [("avis", "favorable"), ("observations", "Sans remarque")];
    let given = agent.submit(on, &format!("/taches/{task}"), &answers).await?;
    assert!(given.text().contains("Sans remarque"), "{}", given.text());
    Ok(())
}
