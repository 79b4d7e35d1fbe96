//! Erasing answers: nothing of them stays, and the chain of the dossier still holds.

use parvis_domain::{policy::Role, value::Target};
use parvis_store::{answers, events, pieces, verification};
use parvis_usecases::{
    brouillons::view::FileOutcome,
    dossiers::{self, ActOutcome},
    pieces::upload,
};

use crate::{
    filing::{begun, club, filled, head, save},
    tennis::posted,
};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

#[tokio::test]
async fn what_is_redacted_leaves_the_answers_the_documents_and_every_payload() {
    let tested = club().await;
    let town = &tested.town;
    let (visitor, draft) = begun(town).await;
    filled(town, &visitor, draft, "noah@example.org").await;
    let player = posted(&[("nom", "Noah"), ("courriel", "noah@example.org"), ("telephone", "06 12 34 56 78")]);
    save(town, &visitor, draft, "joueur", &player).await;
    save(town, &visitor, draft, "inscription", &posted(&[("formule", "adulte"), ("sante", "Asthme")])).await;
    upload(town, &visitor, draft, &Target::field("certificat"), "certificat.pdf", PDF).await.unwrap();
    let FileOutcome::Filed(filed) = dossiers::file(town, &visitor, draft).await.unwrap() else { panic!() };
    let id = filed.dossier;
    let agent = tested.agent(Role::Instructeur, &["voirie"]).await;
    let revision = head(town, id).await.revision;
    let better = posted(&[("formule", "adulte"), ("sante", "Asthme léger")]);
    let corrected = dossiers::correct(town, &agent, id, "inscription", revision, &better).await.unwrap();
    assert_eq!(corrected, ActOutcome::Done);
    assert_eq!(head(town, id).await.contact.phone.as_deref(), Some("+33612345678"));

    let revision = head(town, id).await.revision;
    dossiers::act(town, &agent, id, "oublier", revision, &posted(&[])).await.unwrap();

    let after = head(town, id).await;
    assert_eq!((after.contact.phone, after.contact.email.as_deref()), (None, Some("noah@example.org")));
    let snapshot = town.db.read().await.unwrap();
    let kept = answers::versions(&snapshot, id).await.unwrap();
    assert!(kept.iter().all(|answer| answer.at.field != "sante" && answer.at.field != "telephone"), "{kept:?}");
    assert!(kept.iter().any(|answer| answer.at.field == "nom"), "the rest stays");
    assert!(pieces::of_dossier(&snapshot, id).await.unwrap().is_empty());
    let history = events::history(&snapshot, id).await.unwrap();
    let erased: Vec<_> = history.iter().map(|event| (event.kind.as_str(), event.payload.is_none())).collect();
    assert_eq!(erased, [("filed", true), ("corrected", true), ("action:oublier", false)]);
    for payload in history.iter().filter_map(|event| event.payload.as_deref()) {
        let text = String::from_utf8_lossy(payload);
        assert!(!text.contains("Asthme") && !text.contains("+33612345678"), "{text}");
    }
    let found = verification::verify_all(&snapshot).await.unwrap();
    assert_eq!((found.broken, found.erased), (vec![], vec![(id, 1), (id, 2)]));
    drop(snapshot);
    let seen = dossiers::agent_view(town, &agent, id).await.unwrap();
    assert_eq!(seen.history.last().unwrap().text, "Étape effacée");
}
