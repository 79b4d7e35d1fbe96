//! Bad days: each wrong input gets a clear message and loses nothing.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use anyhow::{Context, Result, ensure};
use reqwest::StatusCode;

use crate::{
    demo::{Content, Demo},
    filing::{APPLICANT, DATES, Filed, VALBRUNE},
};

#[tokio::test]
async fn wrong_answers_are_kept_and_told() -> Result<()> {
    let demo = Demo::start().await?;
    let citizen = demo.visitor(VALBRUNE)?;
    let first = citizen.start().await?;
    let long = "a".repeat(5000);
    let mut answers = APPLICANT.to_vec();
    answers.retain(|(name, _)| *name != "f.nom");
    answers.push(("f.nom", &long));
    let refused = citizen.submit(&first, &first.path, &answers).await?;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Le nom doit compter 80 caractères au plus"), "{}", refused.text());
    assert!(refused.body.contains(&long), "the text is kept");
    assert!(refused.body.contains("3 rue des Lilas"), "other answers are kept");

    let draft = first.path.strip_suffix("/demandeur").context("the first page")?;
    let ahead = citizen.get(&format!("{draft}/pieces")).await?;
    assert!(ahead.path.ends_with("/demandeur"), "a page out of order leads back, not to {}", ahead.path);
    let unknown = citizen.get(&format!("{draft}/nulle-part")).await?;
    assert!(unknown.status == StatusCode::NOT_FOUND || unknown.path.ends_with("/demandeur"), "{}", unknown.path);

    let other = demo.visitor(VALBRUNE)?;
    let occupation = other.up_to_occupation().await?;
    let mut dates = DATES.to_vec();
    dates.push(("f.nature", "demenagement"));
    dates.retain(|(name, _)| *name != "f.date_fin.day");
    dates.push(("f.date_fin.day", "1"));
    let reversed = other.answer(&occupation, &dates).await?;
    assert_eq!(reversed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        reversed.text().contains("Dernier jour Erreur") || reversed.text().contains("Il y a"),
        "{}",
        reversed.text()
    );
    Ok(())
}

#[tokio::test]
async fn files_that_cannot_be_taken_cost_nothing_else() -> Result<()> {
    let demo = Demo::start().await?;
    let citizen = demo.visitor(VALBRUNE)?;
    let pieces = citizen.up_to_pieces().await?;
    let mut program = b"MZ\x90\0".to_vec();
    program.resize(4096, 0);
    let refused = citizen.upload(&pieces, "/pieces/assurance", "assurance.pdf", program).await?;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("PDF, JPEG, PNG ou HEIC"), "{}", refused.text());

    let huge = demo.data().join("enorme.pdf");
    std::fs::File::create(&huge)?.set_len(300 * 1024 * 1024)?;
    let before = demo.memory()?;
    let refused = citizen.upload(&pieces, "/pieces/assurance", "enorme.pdf", Content::of_file(&huge).await?).await?;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(refused.text().contains("20 Mo"), "{}", refused.text());
    let grown = demo.memory()?.saturating_sub(before);
    assert!(grown < 48 * 1024 * 1024, "memory grew by {grown} octets");

    let again = citizen.get(&pieces.path).await?;
    assert!(again.path.ends_with("/pieces"), "the draft is where it was");
    Ok(())
}

#[tokio::test]
async fn strangers_get_nothing_and_a_double_click_files_once() -> Result<()> {
    let demo = Demo::start().await?;
    let nowhere = demo.visitor("nulle-part.localhost")?.get("/").await?;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);

    let citizen = demo.visitor(VALBRUNE)?;
    let check = citizen.up_to_check().await?;
    let draft = check.path.strip_suffix("/verifier").context("the check page")?;
    let fields = check.form_to("/deposer")?;
    let evil =
        citizen.client.post(citizen.absolute(&format!("{draft}/deposer"))).header("origin", "https://evil.example");
    assert_eq!(evil.form(&fields).send().await?.status(), StatusCode::FORBIDDEN);

    let action = format!("{draft}/deposer");
    let (one, two) = tokio::join!(citizen.post(&action, &fields), citizen.post(&action, &fields));
    let (one, two) = (one?, two?);
    assert_eq!((one.status, two.status), (StatusCode::OK, StatusCode::OK));
    assert_eq!(one.path, two.path, "a double click files once");
    let later = citizen.post(&action, &fields).await?;
    assert_eq!(later.path, one.path, "filing again leads to the same dossier");
    let back = citizen.get(&check.path).await?;
    assert_eq!(back.path, one.path, "the back button leads to the confirmation");

    let filed = Filed::from(&one)?;
    assert_eq!(demo.visitor(VALBRUNE)?.get(&filed.dossier).await?.status, StatusCode::NOT_FOUND);
    let neighbour = demo.visitor("saint-elme-les-bois.localhost")?;
    assert_eq!(neighbour.get(&filed.dossier).await?.status, StatusCode::NOT_FOUND);
    let wrong = Filed { code: "AAAA-AAAA".to_owned(), ..filed.clone() };
    assert_eq!(citizen.track(&wrong).await?.status, StatusCode::UNPROCESSABLE_ENTITY);

    let reader = demo.visitor(VALBRUNE)?;
    let followed = reader.track(&filed).await?;
    assert_eq!(followed.status, StatusCode::OK);
    let withdraw = reader.get(&format!("{}/retirer", filed.dossier)).await?;
    let withdrawn = reader.submit(&withdraw, "/retirer", &[]).await?;
    assert!(withdrawn.text().contains("Demande retirée"), "{}", withdrawn.text());
    Ok(())
}

#[tokio::test]
async fn every_acknowledged_dossier_survives_kill_9() -> Result<()> {
    let mut demo = Demo::start().await?;
    let (acknowledged, tried) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
    let mut citizens = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let citizen = demo.visitor(VALBRUNE)?;
        let (acknowledged, tried) = (Arc::clone(&acknowledged), Arc::clone(&tried));
        citizens.spawn(async move {
            while tried.fetch_add(1, Ordering::Relaxed) < 60 {
                let Ok(filed) = citizen.file_removal().await else { return };
                acknowledged.lock().expect("nobody panics with it").push(filed);
            }
        });
    }
    while acknowledged.lock().expect("nobody panics with it").len() < 6 && !citizens.is_empty() {
        tokio::task::yield_now().await;
        while citizens.try_join_next().is_some() {}
    }
    demo.kill_and_restart().await?;
    while citizens.join_next().await.is_some() {}
    let acknowledged = std::mem::take(&mut *acknowledged.lock().expect("nobody panics with it"));
    ensure!(acknowledged.len() >= 6, "only {} were filed", acknowledged.len());
    let agent = demo.visitor(VALBRUNE)?;
    agent.sign_in_agent("instructrice").await?;
    for filed in &acknowledged {
        let dossier = agent.get(&format!("/agents{}", filed.dossier)).await?;
        assert_eq!(dossier.status, StatusCode::OK, "{} is lost", filed.number);
        assert!(dossier.text().contains(&filed.number) && dossier.text().contains("3 rue des Lilas"));
    }
    demo.kill().await?;
    let (healthy, report) = demo.run(&["doctor"]).await?;
    assert!(healthy, "{report}");
    Ok(())
}
