//! Commands that work on the data of a deployment, beside a running process or without one.

use std::{
    io::{self, BufRead},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, Result};
use parvis_domain::ports::{Mail, MailError, Mailer};
use parvis_usecases::{
    agents,
    collectivites::{self, Applied, Extra},
    doctor,
    parvis::Parvis,
    passwords::Password,
};

use crate::{
    args::{Agent, Deployment, Tenant},
    config, demo, plugins, serve, terminal,
};

/// The product of a deployment, and where its components are.
async fn open(deployment: &Deployment) -> Result<(Arc<Parvis>, std::path::PathBuf)> {
    if let Some(data) = &deployment.demo {
        let data = data.canonicalize().with_context(|| format!("no demonstration at {}", data.display()))?;
        let components = data.join("components");
        return Ok((demo::open(&data, 0).await?.0, components));
    }
    let config = config::read(&deployment.config)?;
    Ok((serve::open(&config, Arc::new(NoMail)).await?, config.components))
}

/// Commands send nothing: what they write to the outbox leaves with the server, so they need no password of its relay.
struct NoMail;

impl Mailer for NoMail {
    fn send(&self, _: &Mail) -> Result<(), MailError> {
        Err(MailError::Unavailable("commands send no mail".to_owned()))
    }
}

pub(crate) async fn tenant(command: Tenant) -> Result<ExitCode> {
    match command {
        Tenant::Apply { folder, prune, deployment } => {
            let (parvis, components) = open(&deployment).await?;
            let extra = if prune { Extra::Prune } else { Extra::Keep };
            let applied = collectivites::apply(&parvis, &folder, &plugins::read_all(&components)?, extra).await?;
            show(&applied);
            parvis.store.close().await?;
        }
        Tenant::List { deployment } => {
            let (parvis, _) = open(&deployment).await?;
            for tenant in collectivites::list(&parvis).await? {
                terminal::line(format_args!("{}\t{}\t{}", tenant.slug, tenant.name, tenant.hosts.join(" ")));
            }
            parvis.store.close().await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn agent(command: Agent) -> Result<ExitCode> {
    let Agent::Create { email, given_name, family_name, phone, siret, deployment } = command;
    let (parvis, _) = open(&deployment).await?;
    let mut password = String::new();
    terminal::progress("Password, on one line:");
    io::stdin().lock().read_line(&mut password).context("no password on standard input")?;
    let new = agents::NewAgent {
        email: email.clone(),
        given_name,
        family_name,
        phone,
        siret,
        kind: agents::Kind::Person,
        password: Some(Password::new(password.trim_end_matches(['\r', '\n']))),
    };
    let id = agents::create(&parvis, new).await?;
    terminal::line(format_args!("agent {id} created; she enrols her second factor at first sign-in"));
    let granted = give_rights(&parvis, &email).await?;
    if granted.is_empty() {
        terminal::line(format_args!("  no collectivité names her yet: give her a role in tenant.toml, then apply it"));
    }
    for slug in granted {
        terminal::line(format_args!("  has her rights in {slug}"));
    }
    parvis.store.close().await?;
    Ok(ExitCode::SUCCESS)
}

/// The rights that waited for an agent: folders were applied before she was made known. Says where she has some.
async fn give_rights(parvis: &Arc<Parvis>, email: &str) -> Result<Vec<String>> {
    let mut granted = Vec::new();
    for listed in collectivites::list(parvis).await? {
        let Some(host) = listed.hosts.first() else { continue };
        let town = parvis.town(host).await?;
        if town.profile.grants.iter().any(|grant| grant.email.eq_ignore_ascii_case(email.trim())) {
            agents::sync_grants(&town).await?;
            granted.push(listed.slug);
        }
    }
    Ok(granted)
}

pub(crate) async fn doctor(deployment: Deployment) -> Result<ExitCode> {
    let (parvis, _) = open(&deployment).await?;
    let report = doctor::examine(&parvis).await?;
    for line in report.lines() {
        terminal::line(line);
    }
    parvis.store.close().await?;
    Ok(if report.is_healthy() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What was applied, and what differs from the files.
fn show(applied: &Applied) {
    terminal::line(format_args!("{} applied", applied.slug));
    for setting in &applied.changed {
        terminal::line(format_args!("  changed: {setting}"));
    }
    for setting in &applied.owned_by_console {
        terminal::line(format_args!("  kept, the console owns it: {setting}"));
    }
    for demarche in &applied.extra_demarches {
        terminal::line(format_args!("  offered and not in the folder: {demarche} (--prune withdraws it)"));
    }
    for agent in &applied.extra_agents {
        terminal::line(format_args!(
            "  holds rights that the folder does not give: agent {agent} (--prune takes them back)"
        ));
    }
    for address in &applied.without_agent {
        terminal::line(format_args!("  waits for an agent: {address} (parvis agent create)"));
    }
}
