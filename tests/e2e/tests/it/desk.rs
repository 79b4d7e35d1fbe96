//! Filing at the desk: an agent fills the same form for someone, under her own session.

use anyhow::{Context, Result};
use reqwest::StatusCode;

use crate::{
    demo::{Demo, Page, Visitor},
    filing::{APPLICANT, DATES, Filed, PDF, PLACE, SKIP, VALBRUNE},
    pdf,
};

/// Someone who came without an e-mail address.
fn at_the_desk() -> Vec<(&'static str, &'static str)> {
    let mut applicant = APPLICANT.to_vec();
    applicant.retain(|(name, _)| *name != "f.courriel");
    applicant.push(("f.telephone", "01 99 00 11 22"));
    applicant
}

async fn begins(agent: &Visitor, channel: &str) -> Result<Page> {
    let ask = agent.get("/agents/deposer").await?;
    agent.submit(&ask, "/agents/deposer", &[("demarche", "domaine-public"), ("canal", channel)]).await
}

async fn fills(agent: &Visitor, first: &Page) -> Result<Page> {
    let place = agent.answer(first, &at_the_desk()).await?;
    let occupation = agent.answer(&place, &PLACE).await?;
    let pieces = agent.answer(&occupation, &[&SKIP[..], &DATES].concat()).await?;
    let with = agent.upload(&pieces, "/pieces/assurance", "assurance.pdf", PDF.to_vec()).await?;
    assert!(with.text().contains("assurance.pdf (PDF"), "{}", with.text());
    let check = agent.submit(&with, "/pieces", &[]).await?;
    assert!(check.path.ends_with("/verifier"), "on {}: {}", check.path, check.text());
    Ok(check)
}

#[tokio::test]
async fn an_agent_files_for_someone_and_prints_the_receipt() -> Result<()> {
    let demo = Demo::start().await?;
    let agent = demo.visitor(VALBRUNE)?;
    let inbox = agent.sign_in_agent("accueil").await?;
    assert!(inbox.links("main a").iter().any(|link| link == "/agents/deposer"), "{}", inbox.text());

    let ask = agent.get("/agents/deposer").await?;
    let unsaid = agent.submit(&ask, "/agents/deposer", &[("demarche", "domaine-public")]).await?;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsaid.text().contains("Choisissez la façon dont la demande arrive"), "{}", unsaid.text());

    let first = begins(&agent, "telephone").await?;
    assert!(first.path.starts_with("/agents/brouillons/"), "on {}: {}", first.path, first.text());
    assert!(first.text().contains("demande par téléphone"), "{}", first.text());
    let check = fills(&agent, &first).await?;
    assert!(check.text().contains("l’accusé de réception est à imprimer"), "{}", check.text());

    let begun = agent.get("/agents/deposer").await?;
    assert!(begun.text().contains("Léa Martin"), "what is left for later is found again: {}", begun.text());

    let confirmed = agent.submit(&check, "/deposer", &[]).await?;
    let filed = Filed::from(&confirmed)?;
    assert!(filed.dossier.starts_with("/agents/dossiers/"), "{}", filed.dossier);
    assert!(!agent.get("/agents/deposer").await?.text().contains("Léa Martin"));
    let again = agent.get(&check.path).await?;
    assert_eq!(again.path, confirmed.path, "the back button leads to the confirmation");

    printed(&agent, &filed).await?;
    let citizen = demo.visitor(VALBRUNE)?;
    let followed = citizen.track(&filed).await?;
    assert!(followed.text().contains("Demande reçue"), "the code works: {}", followed.text());

    let instructrice = demo.visitor(VALBRUNE)?;
    instructrice.sign_in_agent("instructrice").await?;
    let dossier = instructrice.get(&filed.dossier).await?;
    assert!(dossier.text().contains("par téléphone"), "the channel is kept: {}", dossier.text());
    assert!(dossier.text().contains("assurance.pdf"));
    Ok(())
}

/// Article R112-11-1 du CRPA: date of receipt, service with its address and phone, what silence means, remedies.
async fn printed(agent: &Visitor, filed: &Filed) -> Result<()> {
    let receipt = agent.bytes(&format!("{}/recepisse", filed.dossier)).await?;
    let text = pdf::text_of(&receipt)?;
    for part in [
        filed.number.as_str(),
        &filed.code,
        "Reçue le",
        "Demande saisie au téléphone par un agent",
        "Service voirie et domaine public",
        "1 place de la République, 23910 Valbrune",
        "voirie@valbrune.example",
        "01 99 00 14 32",
        "réputée rejetée le",
        "voies de recours",
        "Tribunal administratif de Grand-Val",
    ] {
        assert!(text.contains(part), "« {part} » is missing in:\n{text}");
    }
    Ok(())
}

#[tokio::test]
async fn a_form_filled_at_the_desk_belongs_to_who_fills_it() -> Result<()> {
    let demo = Demo::start().await?;
    let agent = demo.visitor(VALBRUNE)?;
    agent.sign_in_agent("accueil").await?;
    let first = begins(&agent, "guichet").await?;
    let draft = first.path.strip_suffix("/demandeur").context("the first page")?.to_owned();

    let colleague = demo.visitor(VALBRUNE)?;
    colleague.sign_in_agent("instructrice").await?;
    let neighbour = demo.visitor("saint-elme-les-bois.localhost")?;
    neighbour.sign_in_agent_of("saint-elme-les-bois", "accueil").await?;
    for other in [&colleague, &neighbour] {
        assert_eq!(other.get(&first.path).await?.status, StatusCode::NOT_FOUND);
        let own = begins(other, "guichet").await?;
        let borrowed = own.form_to(&own.path)?;
        assert_eq!(other.post(&first.path, &borrowed).await?.status, StatusCode::NOT_FOUND);
        assert_eq!(other.post(&format!("{draft}/deposer"), &borrowed).await?.status, StatusCode::NOT_FOUND);
        assert_eq!(other.post(&format!("{draft}/abandonner"), &borrowed).await?.status, StatusCode::NOT_FOUND);
    }
    let portal = draft.strip_prefix("/agents").context("a page of agents")?;
    let on_the_portal = demo.visitor(VALBRUNE)?.get(&format!("{portal}/demandeur")).await?;
    assert!(on_the_portal.path.starts_with("/compte/connexion"), "on {}", on_the_portal.path);

    let signataire = demo.visitor(VALBRUNE)?;
    signataire.sign_in_agent("signataire").await?;
    assert_eq!(signataire.get("/agents/deposer").await?.status, StatusCode::FORBIDDEN);
    assert_eq!(signataire.get(&first.path).await?.status, StatusCode::FORBIDDEN);

    let check = fills(&agent, &first).await?;
    let filed = Filed::from(&agent.submit(&check, "/deposer", &[]).await?)?;
    let elsewhere = neighbour.get(&format!("{}/depot", filed.dossier)).await?;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    assert_eq!(neighbour.get(&format!("{}/recepisse", filed.dossier)).await?.status, StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn answers_typed_after_the_session_ended_are_saved_once_signed_in_again() -> Result<()> {
    let demo = Demo::start().await?;
    let agent = demo.visitor(VALBRUNE)?;
    agent.sign_in_agent("accueil").await?;
    let first = begins(&agent, "guichet").await?;
    let inbox = agent.get("/agents/").await?;
    agent.submit(&inbox, "/agents/deconnexion", &[]).await?;

    let kept = agent.submit(&first, &first.path, &at_the_desk()).await?;
    assert_eq!(kept.status, StatusCode::FORBIDDEN);
    assert!(kept.text().contains("Les réponses sont gardées"), "{}", kept.text());
    assert!(kept.body.contains("3 rue des Lilas"), "the answers are in the page");
    agent.sign_in_agent("accueil").await?;
    let confirm = agent.submit(&kept, &first.path, &[]).await?;
    assert_eq!(confirm.status, StatusCode::FORBIDDEN);
    assert!(confirm.text().contains("confirmez pour les enregistrer"), "{}", confirm.text());
    let saved = agent.submit(&confirm, &first.path, &[]).await?;
    assert!(saved.path.ends_with("/lieu"), "on {}: {}", saved.path, saved.text());
    Ok(())
}
