//! A deployment as a provider makes one: a configuration, a component, a collectivité, agents with a second factor, then
//! `parvis serve`.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::{Output, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
};

use crate::demo::{Visitor, copy, program, root};

/// Host of its collectivité: browsers take secure cookies from it without TLS.
const HOST: &str = "localhost";
const PASSWORD: &str = "une phrase que personne ne devine";

/// A deployment on a folder of its own.
pub(crate) struct Deployment {
    folder: TempDir,
    served: Option<(Child, u16)>,
}

impl Deployment {
    /// Valbrune in production, with its instructrice and its responsable, and this mail relay. Nothing is served yet.
    pub(crate) async fn install(relay: SocketAddr) -> Result<Self> {
        let deployment = Self { folder: TempDir::new()?, served: None };
        let folder = deployment.folder.path();
        let key = folder.join("master.key");
        std::fs::write(&key, "5a".repeat(32))?;
        std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        let path = |name: &str| folder.join(name).display().to_string();
        let config = format!(
            "data = '{}'\nlisten = '127.0.0.1:0'\ntrusted_proxies = ['127.0.0.0/8', '::1']\nmaster_key_file = '{}'\ncomponents = '{}'\n\n[smtp]\nhost = \
             '127.0.0.1'\nport = {}\ntls = 'none'\n",
            path("data"),
            path("master.key"),
            path("components"),
            relay.port(),
        );
        std::fs::write(folder.join("parvis.toml"), config)?;

        let component = folder.join("components/domaine-public.wasm");
        std::fs::create_dir_all(folder.join("components"))?;
        let built = Command::new(program()?)
            .args(["plugin", "build", "plugins/domaine-public", "--out"])
            .arg(&component)
            .current_dir(root())
            .output()
            .await?;
        ensure!(component.is_file(), "{}", words(&built));

        let town = folder.join("valbrune");
        copy(&root().join("tenants/valbrune"), &town)?;
        let settings = std::fs::read_to_string(town.join("tenant.toml"))?;
        let settings = settings.replace("hosts = [\"valbrune.localhost\"]", &format!("hosts = [\"{HOST}\"]"));
        std::fs::write(town.join("tenant.toml"), settings)?;
        let applied = deployment.parvis(&["tenant", "apply", "valbrune"], "").await?;
        ensure!(applied.contains("valbrune applied"), "{applied}");
        ensure!(applied.contains("waits for an agent: instructrice@valbrune.example"), "{applied}");
        for (email, given_name, family_name) in [
            ("instructrice@valbrune.example", "Nadia", "Berthelin"),
            ("responsable@valbrune.example", "Sophie", "Delacourt"),
        ] {
            let names = ["--email", email, "--given-name", given_name, "--family-name", family_name];
            let create = [&["agent", "create", "--siret", "21990101400015"][..], &names].concat();
            let created = deployment.parvis(&create, PASSWORD).await?;
            ensure!(created.contains("has her rights in valbrune"), "{created}");
        }
        Ok(deployment)
    }

    /// Runs a command of the program on this deployment; what it printed, when it succeeded.
    pub(crate) async fn parvis(&self, args: &[&str], typed: &str) -> Result<String> {
        let mut child = Command::new(program()?)
            .args(args)
            .args(["--config", "parvis.toml"])
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut stdin = child.stdin.take().context("stdin")?;
        stdin.write_all(format!("{typed}\n").as_bytes()).await?;
        drop(stdin);
        let output = child.wait_with_output().await?;
        ensure!(output.status.success(), "parvis {args:?}: {}", words(&output));
        Ok(words(&output))
    }

    /// `parvis serve`, on a free port.
    pub(crate) async fn serve(&mut self) -> Result<()> {
        let mut child = Command::new(program()?)
            .args(["serve", "--config", "parvis.toml"])
            .current_dir(self.folder.path())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(child.stderr.take().context("stderr")?).lines();
        let mut said = String::new();
        while let Some(line) = lines.next_line().await? {
            let port = line.split("\"address\":\"127.0.0.1:").nth(1).and_then(|rest| rest.split('"').next());
            if let Some(port) = port {
                self.served = Some((child, port.parse()?));
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(());
            }
            said.push_str(&line);
            said.push('\n');
        }
        bail!("serve stopped before it was ready:\n{said}")
    }

    /// Someone who visits the collectivité.
    pub(crate) fn visitor(&self) -> Result<Visitor> {
        let (_, port) = self.served.as_ref().context("it is served")?;
        let client = reqwest::Client::builder()
            .cookie_store(true)
            .resolve(HOST, SocketAddr::from((Ipv4Addr::LOCALHOST, *port)))
            .build()?;
        Ok(Visitor { client, base: format!("http://{HOST}:{port}") })
    }

    /// An agent who signs in for the first time: password, enrolment of her second factor, code.
    pub(crate) async fn agent(&self, who: &str) -> Result<Visitor> {
        let agent = self.visitor()?;
        let ask = agent.get("/agents/connexion").await?;
        let email = format!("{who}@valbrune.example");
        let enrol = agent.submit(&ask, "/agents/connexion", &[("email", &email), ("password", PASSWORD)]).await?;
        ensure!(enrol.path == "/agents/code", "on {}: {}", enrol.path, enrol.text());
        let alone = agent.get("/agents/").await?;
        ensure!(alone.path == "/agents/connexion", "on {}: {}", alone.path, alone.text());
        let secret: String = enrol.text().split("la clé").nth(1).context("the key")?.trim_start().to_owned();
        let secret = secret.split_whitespace().take_while(|group| group.len() == 4 && is_base32(group));
        let url = format!("otpauth://totp/Parvis:{email}?secret={}&issuer=Parvis", secret.collect::<String>());
        let code =
            totp_rs::Totp::from_url(&url).map_err(|error| anyhow::anyhow!("{url}: {error:?}"))?.generate_current();
        let inbox = agent.submit(&enrol, "/agents/code", &[("code", &code.to_string())]).await?;
        ensure!(inbox.path == "/agents/", "on {}: {}", inbox.path, inbox.text());
        Ok(agent)
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Asks the process to stop, as a service manager does, and waits until it has.
    pub(crate) async fn stop(&mut self) -> Result<()> {
        let (mut child, _) = self.served.take().context("it is served")?;
        let id = child.id().context("it runs")?;
        Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
        let status = child.wait().await?;
        ensure!(status.success(), "{status}");
        Ok(())
    }
}

fn is_base32(group: &str) -> bool {
    group.chars().all(|c| c.is_ascii_uppercase() || matches!(c, '2'..='7'))
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
