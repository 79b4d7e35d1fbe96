//! The configuration of a deployment: a TOML file, and secrets from the environment or from files.
//!
//! The environment is read here and nowhere else.

use std::{
    fs,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use parvis_ui::client::Network;
use serde::Deserialize;

/// `parvis.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Folder of databases, documents, keys and compiled démarches.
    pub(crate) data: PathBuf,
    /// Address to listen on; a reverse proxy that terminates TLS stands in front.
    #[serde(default = "listen")]
    pub(crate) listen: SocketAddr,
    /// Port written in links, when it is not the one of https.
    pub(crate) public_port: Option<u16>,
    /// Networks or addresses of the proxies whose forwarded headers count.
    #[serde(default)]
    pub(crate) trusted_proxies: Vec<Network>,
    /// File that holds the master key; else the variable `PARVIS_MASTER_KEY`.
    pub(crate) master_key_file: Option<PathBuf>,
    /// Folder of built components, `<id>.wasm`.
    pub(crate) components: PathBuf,
    /// Mail server.
    pub(crate) smtp: Smtp,
    /// Form of the log.
    #[serde(default)]
    pub(crate) log: LogFormat,
}

const fn listen() -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080)
}

/// Mail server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Smtp {
    /// Host name.
    pub(crate) host: String,
    /// Port; the usual one of the security when absent.
    pub(crate) port: Option<u16>,
    /// Security of the connection.
    #[serde(default)]
    pub(crate) tls: SmtpTls,
    /// User; the password is in the variable `PARVIS_SMTP_PASSWORD`.
    pub(crate) username: Option<String>,
}

/// Security of the connection to the mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SmtpTls {
    /// None: only for a relay on this machine.
    None,
    /// STARTTLS, required.
    #[default]
    Starttls,
    /// TLS from the first octet.
    Tls,
}

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    #[default]
    Json,
}

/// Reads the configuration file.
pub(crate) fn read(path: &Path) -> Result<Config> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read the configuration {}", path.display()))?;
    let config: Config = toml::from_str(&text).with_context(|| format!("{} is not correct", path.display()))?;
    if config.smtp.tls == SmtpTls::None && !is_local(&config.smtp.host) {
        bail!("smtp.tls = \"none\" is refused for {}: mails would travel in clear", config.smtp.host);
    }
    Ok(config)
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl Config {
    /// The master key as text, 64 hexadecimal digits or base64.
    pub(crate) fn master_key(&self) -> Result<String> {
        if let Some(path) = &self.master_key_file {
            refuse_readable_by_others(path)?;
            return Ok(fs::read_to_string(path)
                .with_context(|| format!("cannot read the master key {}", path.display()))?
                .trim()
                .to_owned());
        }
        variable("PARVIS_MASTER_KEY").context(
            "the master key is missing: set PARVIS_MASTER_KEY or master_key_file (32 random octets, `openssl rand -hex 32`)",
        )
    }

    /// The password of the mail server.
    pub(crate) fn smtp_password(&self) -> Result<Option<String>> {
        let password = variable("PARVIS_SMTP_PASSWORD");
        if self.smtp.username.is_some() && password.is_none() {
            bail!("smtp.username is set but PARVIS_SMTP_PASSWORD is not");
        }
        Ok(password)
    }
}

/// A variable of the environment; empty is absent.
#[expect(clippy::disallowed_methods, reason = "this is where the environment comes in")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(unix)]
fn refuse_readable_by_others(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).with_context(|| format!("cannot read the master key {}", path.display()))?;
    if mode.permissions().mode() & 0o077 != 0 {
        bail!("the master key {} is readable by others: chmod 600 it", path.display());
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_readable_by_others(_path: &Path) -> Result<()> {
    Ok(())
}
