//! Signatures: in a batch, with numbers that follow one another; never by who instructs, nor beyond a délégation.

use anyhow::{Context, Result, ensure};
use reqwest::StatusCode;

use crate::{
    demo::{Demo, Page, Visitor},
    filing::{Filed, VALBRUNE},
    pdf,
};

/// The number after "N°" on an act: its year and its place in the register.
async fn number_of(agent: &Visitor, filed: &Filed) -> Result<(String, u32)> {
    let act = agent.document(&filed.at_work(), "Arrêté").await?;
    let text = pdf::text_of(&act)?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let number = words.iter().find_map(|word| {
        let (year, place) = word.trim_matches(|c: char| !c.is_ascii_digit()).rsplit_once('-')?;
        Some((year.to_owned(), place.parse().ok()?))
    });
    number.with_context(|| format!("no number in: {text}"))
}

fn chosen(inbox: &Page, dossiers: &[&Filed]) -> Result<Vec<(String, String)>> {
    let mut fields = inbox.form_to("/agents/lot")?;
    for filed in dossiers {
        let id = filed.dossier.rsplit('/').next().context("id")?;
        fields.push(("dossier".to_owned(), id.to_owned()));
    }
    fields.push(("action".to_owned(), "signer".to_owned()));
    Ok(fields)
}

#[tokio::test]
async fn a_batch_signs_each_act_under_the_next_number() -> Result<()> {
    let demo = Demo::start().await?;
    let citizen = demo.visitor(VALBRUNE)?;
    let instructrice = demo.agent("instructrice").await?;
    let (one, two, early) =
        (citizen.file_removal().await?, citizen.file_removal().await?, citizen.file_removal().await?);
    for filed in [&one, &two] {
        instructrice.prepares(filed).await?;
    }

    let signataire = demo.agent("signataire").await?;
    let inbox = signataire.get("/agents/?etat=projet-arrete").await?;
    assert!(inbox.text().contains("Signer l’arrêté les dossiers choisis") || inbox.body.contains("value=\"signer\""));
    let done = signataire.post("/agents/lot", &chosen(&inbox, &[&one, &two, &early])?).await?;
    ensure!(done.status == StatusCode::OK, "{}: {}", done.status, done.text());
    assert!(done.text().contains("2 sur 3"), "{}", done.text());

    let (first, second) = (number_of(&signataire, &one).await?, number_of(&signataire, &two).await?);
    assert_eq!(first.0, second.0);
    assert_eq!(second.1, first.1 + 1, "one number each, without hole: {first:?} {second:?}");
    for filed in [&one, &two] {
        assert!(signataire.dossier(filed).await?.text().contains("Signée et notifiée"));
    }
    assert!(signataire.dossier(&early).await?.text().contains("À vérifier"), "what is not ready is left alone");
    Ok(())
}

#[tokio::test]
async fn who_instructs_signs_neither_one_nor_a_batch() -> Result<()> {
    let demo = Demo::start().await?;
    let filed = demo.visitor(VALBRUNE)?.file_removal().await?;
    let instructrice = demo.agent("instructrice").await?;
    let prepared = instructrice.prepares(&filed).await?;
    assert!(prepared.form_to("/actions/signer").is_err());
    let borrowed = prepared.form_to("/actions/reprendre")?;
    let one = instructrice.post(&format!("{}/actions/signer", filed.at_work()), &borrowed).await?;
    assert_eq!(one.status, StatusCode::FORBIDDEN);
    let id = filed.dossier.rsplit('/').next().context("id")?;
    let batch = [borrowed, vec![("dossier".to_owned(), id.to_owned()), ("action".to_owned(), "signer".to_owned())]];
    let batch = instructrice.post("/agents/lot", &batch.concat()).await?;
    assert!(batch.text().contains("0 sur 1") || batch.status == StatusCode::FORBIDDEN, "{}", batch.text());
    assert!(instructrice.dossier(&filed).await?.text().contains("Projet d’arrêté à signer"));
    Ok(())
}

/// Closes the street, so that the act rules traffic.
const STREET: [(&str, &str); 1] = [("f.fermetures", "rue")];

#[tokio::test]
async fn a_delegation_signs_its_matters_and_no_other() -> Result<()> {
    const TOWN: &str = "saint-elme-les-bois";
    let demo = Demo::start().await?;
    let citizen = demo.visitor("saint-elme-les-bois.localhost")?;
    let (plain, closed) = (citizen.file_removal().await?, citizen.file_removal_with(&STREET).await?);
    let instructrice = demo.agent_of(TOWN, "instructrice").await?;
    instructrice.prepares(&plain).await?;
    let prepared = instructrice.prepares(&closed).await?;
    let adjoint = demo.agent_of(TOWN, "adjoint").await?;

    let shown = adjoint.dossier(&closed).await?;
    assert!(shown.text().contains("ne couvre pas la police de la circulation"), "{}", shown.text());
    assert!(shown.form_to("/actions/signer").is_err(), "not offered");
    let inbox = adjoint.get("/agents/?etat=projet-arrete").await?;
    let batch = adjoint.post("/agents/lot", &chosen(&inbox, &[&plain, &closed])?).await?;
    assert!(batch.text().contains("1 sur 2"), "{}", batch.text());
    assert!(batch.text().contains("ne couvre pas la police de la circulation"), "{}", batch.text());
    let forged = [inbox.form_to("/agents/lot")?, vec![("revision".to_owned(), prepared.revision()?)]].concat();
    let forged = adjoint.post(&format!("{}/actions/signer", closed.at_work()), &forged).await?;
    assert!(forged.status.is_client_error(), "{}", forged.status);

    let act = adjoint.document(&plain.at_work(), "Arrêté").await?;
    let text = pdf::text_of(&act)?;
    for part in ["Pour le maire et par délégation", "n° 2026-12", "publié le", "Hélène Vasseur"] {
        assert!(text.to_lowercase().contains(&part.to_lowercase()), "« {part} » is missing in:\n{text}");
    }
    let maire = demo.agent_of(TOWN, "signataire").await?;
    let signed = maire.acts(&closed, "signer", &[]).await?;
    assert!(signed.text().contains("Signée et notifiée"), "{}", signed.text());
    Ok(())
}

#[tokio::test]
async fn a_delegation_that_ended_signs_nothing() -> Result<()> {
    let demo = Demo::with_setting("valbrune", "debut = \"2026-04-09\"", "debut = \"2026-04-09\"\nfin = \"2026-04-10\"")
        .await?;
    let filed = demo.visitor(VALBRUNE)?.file_removal().await?;
    demo.agent("instructrice").await?.prepares(&filed).await?;
    let adjoint = demo.agent("adjoint").await?;
    let shown = adjoint.dossier(&filed).await?;
    assert!(shown.text().contains("Votre délégation n° 2026-087 n’est pas en vigueur le"), "{}", shown.text());
    assert!(shown.form_to("/actions/signer").is_err(), "not offered");
    let inbox = adjoint.get("/agents/?etat=projet-arrete").await?;
    let batch = adjoint.post("/agents/lot", &chosen(&inbox, &[&filed])?).await?;
    assert!(batch.text().contains("0 sur 1") && batch.text().contains("n’est pas en vigueur"), "{}", batch.text());
    Ok(())
}
