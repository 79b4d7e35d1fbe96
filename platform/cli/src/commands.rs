//! Commands that work on the data of a deployment, beside a running process or without one.

use std::{
    io::{self, BufRead},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, Result};
use parvis_usecases::{agents, collectivites, doctor, parvis::Parvis};

use crate::{
    args::{Agent, Deployment, Tenant},
    config, demo, plugins, serve, terminal,
};

/// The product of a deployment, and where its components are.
async fn open(deployment: &Deployment) -> Result<(Arc<Parvis>, std::path::PathBuf)> {
    match &deployment.demo {
        Some(data) => {
            let data = data.canonicalize().with_context(|| format!("no demonstration at {}", data.display()))?;
            let components = data.join("components");
            Ok((demo::open(&data, 0).await?.0, components))
        }
        None => {
            let config = config::read(&deployment.config)?;
            Ok((serve::open(&config).await?, config.components))
        }
    }
}

pub(crate) async fn tenant(command: Tenant) -> Result<ExitCode> {
    match command {
        Tenant::Apply { folder, deployment } => {
            let (parvis, components) = open(&deployment).await?;
            let applied = collectivites::apply(&parvis, &folder, &plugins::read_all(&components)?).await?;
            terminal::line(format_args!("{} answers at {}", applied.name, applied.host));
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
    let Agent::Create { email, given_name, family_name, siret, deployment } = command;
    let (parvis, _) = open(&deployment).await?;
    let mut password = String::new();
    terminal::progress("Password, on one line:");
    io::stdin().lock().read_line(&mut password).context("no password on standard input")?;
    let new = agents::NewAgent { email, given_name, family_name, siret, password: password.trim_end_matches(['\r', '\n']).to_owned() };
    let id = agents::create(&parvis, new).await?;
    terminal::line(format_args!("agent {id} created; she enrols her second factor at first sign-in"));
    parvis.store.close().await?;
    Ok(ExitCode::SUCCESS)
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
