//! `parvis demo`: three invented collectivités on this machine, on embedded defaults.

use std::{
    fs,
    io::Write as _,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, Result};
use parvis_domain::{digest::Sha256, time::Entropy};
use parvis_gateways::DemoMailbox;
use parvis_ui::Web;
use parvis_usecases::{
    collectivites::{self, Extra},
    parvis::{Mode, Parvis},
};

use crate::{
    assemble::{Foundations, assemble, tenant_folders},
    config::LogFormat,
    logs,
    mails::Mailbox,
    plugins, server,
    system::{SystemClock, SystemEntropy},
    terminal,
};

/// What `demo` was asked.
pub(crate) struct Demo {
    pub(crate) data: PathBuf,
    pub(crate) port: u16,
    pub(crate) tenants: PathBuf,
    pub(crate) plugins: PathBuf,
}

pub(crate) async fn run(demo: Demo) -> Result<ExitCode> {
    logs::start(LogFormat::Text, "warn");
    let _alone = server::alone(&demo.data)?;
    let data = demo.data.canonicalize()?;
    let components = plugins::refresh_all(&demo.plugins, &data.join("components"))?;
    let bound = server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, demo.port))).await?;
    let port = bound.address.port();
    let (parvis, mailbox) = open(&data, port).await?;
    let mut accounts = Vec::new();
    for folder in tenant_folders(&demo.tenants)? {
        let applied = collectivites::apply(&parvis, &folder, &components, Extra::Prune)
            .await
            .with_context(|| format!("the collectivité of {} is refused", folder.display()))?;
        let town = parvis.town_by_id(applied.tenant).await?;
        accounts.push((Arc::clone(&town.profile), collectivites::seed_demo_agents(&town).await?));
    }
    collectivites::load_components(&parvis).await?;
    terminal::line("Parvis est prêt. Arrêt par Ctrl-C.\n");
    for (profile, agents) in accounts {
        let (name, host) = (&profile.name, profile.host());
        terminal::line(format_args!(
            "{name}\n  usagers  http://{host}:{port}/\n  agents   http://{host}:{port}/agents/"
        ));
        for agent in agents {
            terminal::line(format_args!("           {} — {} / {}", agent.what, agent.email, agent.password));
        }
    }
    terminal::line(format_args!("\nCourriels  http://mails.localhost:{port}/\nDonnées    {}", data.display()));
    server::run(bound, Web::new(parvis, Vec::new()), Some(Mailbox(mailbox))).await?;
    Ok(ExitCode::SUCCESS)
}

/// The product of a demonstration's folder.
pub(crate) async fn open(data: &Path, port: u16) -> Result<(Arc<Parvis>, Arc<DemoMailbox>)> {
    let mailbox = Arc::new(DemoMailbox::open(data.join("mails"), Arc::new(SystemClock))?);
    let parvis = assemble(Foundations {
        data: data.to_owned(),
        master_key: master_key(data)?,
        mode: Mode::Demo,
        scheme: "http",
        port: Some(port),
        mailer: Arc::clone(&mailbox) as _,
    })
    .await?;
    Ok((parvis, mailbox))
}

/// The demonstration keeps its own master key beside its data; `serve` never does.
fn master_key(data: &Path) -> Result<String> {
    let path = data.join("demo.key");
    if let Ok(key) = fs::read_to_string(&path) {
        return Ok(key.trim().to_owned());
    }
    let mut octets = [0; 32];
    SystemEntropy.fill(&mut octets);
    // A digest of random octets is as random, and is written in hexadecimal.
    let key = Sha256::of(&octets).to_string();
    write_secret(&path, &key).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(key)
}

/// Writes a new file that only its owner reads.
fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
