//! `parvis serve`: production.

use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::{Result, bail};
use parvis_domain::ports::Mailer;
use parvis_gateways::{Credentials, SmtpConfig, SmtpMailer};
use parvis_ui::Web;
use parvis_usecases::{
    agents, collectivites,
    parvis::{Mode, Parvis},
};

use crate::{
    assemble::{Foundations, assemble},
    config::{self, Config, SmtpTls},
    logs, server,
    system::SystemClock,
};

/// How long an exchange with the mail server may take.
const SMTP_TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) async fn run(path: PathBuf) -> Result<ExitCode> {
    let config = config::read(&path)?;
    logs::start(config.log, "info");
    let _alone = server::alone(&config.data)?;
    let parvis = open(&config, mailer(&config)?).await?;
    if agents::demo_accounts_exist(&parvis).await? {
        bail!(
            "these data hold demonstration accounts, which enter with a password alone\nhint: start from an empty data \
             folder, or keep these data for `parvis demo`"
        );
    }
    collectivites::load_components(&parvis).await?;
    let bound = server::bind(config.listen).await?;
    tracing::info!(address = %bound.address, "serving");
    server::run(bound, Web::new(parvis, config.trusted_proxies), None).await?;
    Ok(ExitCode::SUCCESS)
}

/// The mail server of a configuration.
fn mailer(config: &Config) -> Result<Arc<dyn Mailer>> {
    let tls = match config.smtp.tls {
        SmtpTls::None => parvis_gateways::SmtpTls::None,
        SmtpTls::Starttls => parvis_gateways::SmtpTls::StartTls,
        SmtpTls::Tls => parvis_gateways::SmtpTls::Tls,
    };
    let usual_port = match config.smtp.tls {
        SmtpTls::None => 25,
        SmtpTls::Starttls => 587,
        SmtpTls::Tls => 465,
    };
    let credentials = config.smtp.username.clone().zip(config.smtp_password()?);
    let mailer = SmtpMailer::new(
        SmtpConfig {
            host: config.smtp.host.clone(),
            port: config.smtp.port.unwrap_or(usual_port),
            tls,
            credentials: credentials.map(|(user, password)| Credentials { user, password }),
            timeout: SMTP_TIMEOUT,
        },
        Arc::new(SystemClock),
    )?;
    Ok(Arc::new(mailer))
}

/// The product of a configuration.
pub(crate) async fn open(config: &Config, mailer: Arc<dyn Mailer>) -> Result<Arc<Parvis>> {
    assemble(Foundations {
        data: config.data.clone(),
        master_key: config.master_key()?,
        mode: Mode::Serve,
        scheme: "https",
        port: config.public_port,
        mailer,
    })
    .await
}
