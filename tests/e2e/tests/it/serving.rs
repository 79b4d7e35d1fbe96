//! Production, from its configuration file to its last mail: the relay fails, comes back, refuses an address.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use reqwest::StatusCode;

use crate::{
    demo::{Demo, Page, Visitor},
    deployment::Deployment,
    filing::{APPLICANT, DATES, Filed, PLACE, REMOVAL},
    pdf,
    smtp::{Mood, Relay},
};

/// Files a removal, to be answered at an address.
async fn files(deployment: &Deployment, email: &str) -> Result<Filed> {
    let citizen = deployment.visitor()?;
    let first = citizen.start().await?;
    let mut applicant = [&APPLICANT[..], &[("f.telephone", "01 99 00 11 22")]].concat();
    applicant.retain(|(name, _)| *name != "f.courriel");
    applicant.push(("f.courriel", email));
    let place = citizen.answer(&first, &applicant).await?;
    let occupation = citizen.answer(&place, &PLACE).await?;
    let pieces = citizen.answer(&occupation, &[&REMOVAL[..], &DATES].concat()).await?;
    let check = citizen.answer(&pieces, &[]).await?;
    let confirmed = citizen.submit(&check, "/deposer", &[]).await?;
    assert_eq!(confirmed.status, StatusCode::OK, "{}", confirmed.text());
    Filed::from(&confirmed)
}

/// A page, once it says what is awaited.
async fn until(visitor: &Visitor, path: &str, words: &str) -> Result<Page> {
    let said = async {
        loop {
            let page = visitor.get(path).await?;
            if page.body.contains(words) {
                return anyhow::Ok(page);
            }
        }
    };
    tokio::time::timeout(Duration::from_mins(1), said)
        .await
        .with_context(|| format!("{path} never says « {words} »"))?
}

/// Until an address got its mail.
async fn reaches(relay: &Relay, address: &str) -> Result<()> {
    let reached = async {
        while relay.count(address) == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), reached).await.with_context(|| format!("nothing for {address}"))
}

#[tokio::test]
async fn mails_wait_for_the_relay_and_a_refused_address_is_told_to_the_agent() -> Result<()> {
    let relay = Relay::start(Mood::OutOfOrder).await?;
    let mut deployment = Deployment::install(relay.address).await?;
    deployment.serve().await?;
    let visitor = deployment.visitor()?;
    assert_eq!(visitor.get("/healthz").await?.body, "ok\n");

    let held = files(&deployment, "lea@exemple.example").await?;
    until(&visitor, "/readyz", "the mail server does not answer").await?;
    assert!(relay.taken().is_empty());
    let followed = visitor.track(&held).await?;
    assert!(followed.text().contains("Demande reçue"), "what was filed is kept: {}", followed.text());

    relay.set(Mood::Works);
    files(&deployment, "zoe@exemple.example").await?;
    reaches(&relay, "zoe@exemple.example").await?;
    reaches(&relay, "lea@exemple.example").await?;
    assert_eq!((relay.count("lea@exemple.example"), relay.count("zoe@exemple.example")), (1, 1), "once each");
    let mail = relay.taken().into_iter().find(|mail| mail.to == "lea@exemple.example").context("her mail")?;
    let id = held.dossier.rsplit('/').next().context("id")?;
    assert!(mail.text.contains(&format!("Message-ID: <{id}.")), "named after its dossier:\n{}", mail.text);
    assert_eq!(visitor.get("/readyz").await?.body, "ok\n");

    let unknown = files(&deployment, "inconnue@exemple.example").await?;
    let agent = deployment.agent("instructrice").await?;
    let task = "Prévenir l’usager par téléphone ou par courrier";
    let dossier = until(&agent, &unknown.at_work(), task).await?;
    assert!(dossier.text().contains("n’est pas parti"), "{}", dossier.text());
    assert!(dossier.text().contains("No such user here"), "why is said: {}", dossier.text());
    let receipt = agent.bytes(&format!("{}/recepisse", unknown.at_work())).await?;
    assert!(pdf::text_of(&receipt)?.contains(&unknown.number), "the agent prints what did not leave");
    assert!(!agent.get(&held.at_work()).await?.text().contains(task), "a relay that failed is no fault of hers");
    Ok(())
}

#[tokio::test]
async fn a_deployment_stops_and_starts_again_with_all_it_had() -> Result<()> {
    let relay = Relay::start(Mood::Works).await?;
    let mut deployment = Deployment::install(relay.address).await?;
    deployment.serve().await?;
    let filed = files(&deployment, "lea@exemple.example").await?;
    reaches(&relay, "lea@exemple.example").await?;
    deployment.stop().await?;
    // It succeeds only when all is well.
    deployment.parvis(&["doctor"], "").await?;
    let listed = deployment.parvis(&["tenant", "list"], "").await?;
    assert!(listed.contains("valbrune") && listed.contains("localhost"), "{listed}");
    deployment.serve().await?;
    let followed = deployment.visitor()?.track(&filed).await?;
    assert!(followed.text().contains("Demande reçue"), "{}", followed.text());
    Ok(())
}

#[tokio::test]
async fn production_refuses_to_start_without_its_key() -> Result<()> {
    let relay = Relay::start(Mood::Works).await?;
    let mut deployment = Deployment::install(relay.address).await?;
    let key = deployment.folder().join("master.key");
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    let open = deployment.serve().await.expect_err("others can read the key").to_string();
    assert!(open.contains("chmod 600"), "{open}");
    std::fs::remove_file(&key)?;
    let missing = deployment.serve().await.expect_err("there is no key").to_string();
    assert!(missing.contains("cannot read the master key"), "{missing}");
    Ok(())
}

#[tokio::test]
async fn production_refuses_the_data_of_a_demonstration() -> Result<()> {
    let relay = Relay::start(Mood::Works).await?;
    let mut deployment = Deployment::install(relay.address).await?;
    let mut demo = Demo::start().await?;
    demo.kill().await?;
    let own = deployment.folder().to_owned();
    std::fs::copy(demo.data().join("demo.key"), own.join("master.key"))?;
    let config = std::fs::read_to_string(own.join("parvis.toml"))?;
    let data = own.join("data").display().to_string();
    ensure!(config.contains(&data), "{config}");
    std::fs::write(own.join("parvis.toml"), config.replace(&data, &demo.data().display().to_string()))?;
    let refused = deployment.serve().await.expect_err("anyone knows these passwords").to_string();
    assert!(refused.contains("demonstration accounts"), "{refused}");
    Ok(())
}

#[tokio::test]
async fn data_are_served_by_one_process() -> Result<()> {
    let relay = Relay::start(Mood::Works).await?;
    let mut deployment = Deployment::install(relay.address).await?;
    deployment.serve().await?;
    let second = deployment.serve().await.expect_err("the first one serves").to_string();
    assert!(second.contains("another process serves"), "{second}");
    // Commands still work on the same data.
    deployment.parvis(&["tenant", "apply", "valbrune"], "").await?;
    deployment.stop().await?;
    deployment.serve().await
}

#[tokio::test]
async fn only_what_sends_mail_needs_the_password_of_the_relay() -> Result<()> {
    let relay = Relay::start(Mood::Works).await?;
    let mut deployment = Deployment::install(relay.address).await?;
    let path = deployment.folder().join("parvis.toml");
    let config = std::fs::read_to_string(&path)?;
    std::fs::write(&path, config + "username = 'parvis'\n")?;
    assert!(deployment.parvis(&["tenant", "list"], "").await?.contains("valbrune"));
    let refused = deployment.serve().await.expect_err("it would send nothing").to_string();
    assert!(refused.contains("PARVIS_SMTP_PASSWORD"), "{refused}");
    Ok(())
}
