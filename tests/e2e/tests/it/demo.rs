//! The real program, started on a folder of its own, and a visitor who fills its forms as a browser without script does.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail, ensure};
use reqwest::{StatusCode, header};
use scraper::{ElementRef, Html, Selector};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// The program that `cargo build -p parvis` made, beside the tests' own folder.
pub(crate) fn program() -> Result<PathBuf> {
    let tests = std::env::current_exe()?;
    let built = tests.ancestors().nth(2).context("target folder")?.join("parvis");
    ensure!(built.is_file(), "{} is missing: cargo build -p parvis", built.display());
    Ok(built)
}

/// `parvis demo` on a folder of its own and a free port.
pub(crate) struct Demo {
    child: Child,
    port: u16,
    data: TempDir,
    tenants: PathBuf,
}

impl Demo {
    pub(crate) async fn start() -> Result<Self> {
        Self::of(TempDir::new()?, root().join("tenants")).await
    }

    /// The same, on a copy of the collectivités where one line of a démarche's settings is another.
    pub(crate) async fn with_setting(town: &str, line: &str, other: &str) -> Result<Self> {
        let data = TempDir::new()?;
        let tenants = data.path().join("collectivites");
        copy(&root().join("tenants"), &tenants)?;
        let file = tenants.join(town).join("demarches/domaine-public.toml");
        let settings = std::fs::read_to_string(&file)?;
        ensure!(settings.contains(line), "{} does not hold {line}", file.display());
        std::fs::write(file, settings.replacen(line, other, 1))?;
        Self::of(data, tenants).await
    }

    async fn of(data: TempDir, tenants: PathBuf) -> Result<Self> {
        let (child, port) = launch(data.path(), &tenants).await?;
        Ok(Self { child, port, data, tenants })
    }

    /// kill -9, then start again on the same folder.
    pub(crate) async fn kill_and_restart(&mut self) -> Result<()> {
        self.kill().await?;
        (self.child, self.port) = launch(self.data.path(), &self.tenants).await?;
        Ok(())
    }

    /// kill -9.
    pub(crate) async fn kill(&mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Where the program keeps its data.
    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    /// Resident memory of the program, in octets.
    pub(crate) fn memory(&self) -> Result<u64> {
        let id = self.child.id().context("the program runs")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).context("VmHWM")?;
        let kilobytes: u64 = line.split_whitespace().nth(1).context("value")?.parse()?;
        Ok(kilobytes * 1024)
    }

    /// Someone who visits a host of the program.
    pub(crate) fn visitor(&self, host: &str) -> Result<Visitor> {
        self.someone(host, reqwest::redirect::Policy::limited(5))
    }

    /// Someone who stays where she is sent away from.
    pub(crate) fn still_visitor(&self, host: &str) -> Result<Visitor> {
        self.someone(host, reqwest::redirect::Policy::none())
    }

    fn someone(&self, host: &str, redirect: reqwest::redirect::Policy) -> Result<Visitor> {
        let client = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(redirect)
            .resolve(host, SocketAddr::from((Ipv4Addr::LOCALHOST, self.port)))
            .build()?;
        Ok(Visitor { client, base: format!("http://{host}:{}", self.port) })
    }

    /// Runs another command of the program on the same data, and gives what it printed.
    pub(crate) async fn run(&self, args: &[&str]) -> Result<(bool, String)> {
        let output =
            Command::new(program()?).args(args).arg("--demo").arg(self.data()).current_dir(root()).output().await?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        Ok((output.status.success(), text))
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder and all that it holds.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

async fn launch(data: &Path, tenants: &Path) -> Result<(Child, u16)> {
    let mut child = Command::new(program()?)
        .args(["demo", "--port", "0", "--data"])
        .arg(data)
        .arg("--tenants")
        .arg(tenants)
        .current_dir(root())
        .env("RUST_LOG", "warn")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("stdout")?).lines();
    while let Some(line) = lines.next_line().await? {
        let port = line.split("http://valbrune.localhost:").nth(1).and_then(|rest| rest.split('/').next());
        if let Some(port) = port {
            let port = port.trim().parse()?;
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok((child, port));
        }
    }
    bail!("the demonstration stopped before it was ready")
}

/// Someone who visits one host, with cookies and without script.
pub(crate) struct Visitor {
    pub(crate) client: reqwest::Client,
    pub(crate) base: String,
}

/// What a file holds.
pub(crate) struct Content(reqwest::multipart::Part);

impl From<Vec<u8>> for Content {
    fn from(octets: Vec<u8>) -> Self {
        Self(reqwest::multipart::Part::bytes(octets))
    }
}

impl Content {
    /// Read from the disk as it is sent.
    pub(crate) async fn of_file(path: &Path) -> Result<Self> {
        let file = tokio::fs::File::open(path).await?;
        let length = file.metadata().await?.len();
        Ok(Self(reqwest::multipart::Part::stream_with_length(file, length)))
    }
}

/// A page, as received after redirections.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) path: String,
    pub(crate) body: String,
}

impl Visitor {
    pub(crate) async fn get(&self, path: &str) -> Result<Page> {
        page(self.client.get(self.absolute(path)).send().await?).await
    }

    /// Sends the form whose action ends with `action`, as it stands on the page, with these answers over it.
    pub(crate) async fn submit(&self, on: &Page, action: &str, answers: &[(&str, &str)]) -> Result<Page> {
        let form = on.form(action)?;
        let mut fields = form.fields;
        for (name, _) in answers {
            fields.retain(|(known, _)| known != name);
        }
        fields.extend(answers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let request = self.client.post(self.absolute(&form.action)).header(header::ORIGIN, &self.base).form(&fields);
        page(request.send().await?).await
    }

    /// Sends the upload form whose action ends with `action`, with a file.
    pub(crate) async fn upload(
        &self,
        on: &Page,
        action: &str,
        name: &str,
        content: impl Into<Content>,
    ) -> Result<Page> {
        let form = on.form(action)?;
        let file = form.file.context("the form takes a file")?;
        let mut parts = reqwest::multipart::Form::new();
        for (name, value) in form.fields {
            parts = parts.text(name, value);
        }
        let parts = parts.part(file, content.into().0.file_name(name.to_owned()));
        let request = self.client.post(self.absolute(&form.action)).header(header::ORIGIN, &self.base).multipart(parts);
        page(request.send().await?).await
    }

    /// Sends fields to an address, whatever the page offers.
    pub(crate) async fn post(&self, path: &str, fields: &[(String, String)]) -> Result<Page> {
        let request = self.client.post(self.absolute(path)).header(header::ORIGIN, &self.base).form(fields);
        page(request.send().await?).await
    }

    /// A file.
    pub(crate) async fn bytes(&self, path: &str) -> Result<Vec<u8>> {
        let response = self.client.get(self.absolute(path)).send().await?;
        ensure!(response.status() == StatusCode::OK, "{path}: {}", response.status());
        Ok(response.bytes().await?.to_vec())
    }

    pub(crate) fn absolute(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) }
    }
}

async fn page(response: reqwest::Response) -> Result<Page> {
    let status = response.status();
    let path = response.url().path().to_owned();
    Ok(Page { status, path, body: response.text().await? })
}

/// A form, as a browser would send it untouched.
struct Form {
    action: String,
    fields: Vec<(String, String)>,
    file: Option<String>,
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("a selector")
}

impl Page {
    /// The fields of a form, as they stand.
    pub(crate) fn form_to(&self, action: &str) -> Result<Vec<(String, String)>> {
        Ok(self.form(action)?.fields)
    }

    fn form(&self, action: &str) -> Result<Form> {
        let html = Html::parse_document(&self.body);
        let action_of = |form: &ElementRef<'_>| form.attr("action").unwrap_or(&self.path).to_owned();
        let form = html
            .select(&selector("form"))
            .find(|form| {
                form.attr("method").is_some_and(|m| m.eq_ignore_ascii_case("post")) && action_of(form).ends_with(action)
            })
            .with_context(|| format!("no form …{action} on {} ({}):\n{}", self.path, self.status, self.text()))?;
        let action = action_of(&form);
        let (mut fields, mut file) = (Vec::new(), None);
        let own = |input: &ElementRef<'_>| match input.attr("form") {
            Some(id) => form.attr("id") == Some(id),
            None => input.ancestors().any(|above| above.id() == form.id()),
        };
        for input in html.select(&selector("input, textarea, select")).filter(own) {
            let Some(name) = input.attr("name") else { continue };
            let value = match (input.value().name(), input.attr("type").unwrap_or("text")) {
                ("textarea", _) => input.text().collect(),
                ("select", _) => match input.select(&selector("option[selected]")).next() {
                    Some(option) => option.attr("value").unwrap_or_default().to_owned(),
                    None => continue,
                },
                (_, "file") => {
                    file = Some(name.to_owned());
                    continue;
                }
                (_, "radio" | "checkbox") if input.attr("checked").is_none() => continue,
                (_, "submit" | "button") => continue,
                _ => input.attr("value").unwrap_or_default().to_owned(),
            };
            fields.push((name.to_owned(), value));
        }
        Ok(Form { action, fields, file })
    }

    /// The text of the page's main part, spaces folded.
    pub(crate) fn text(&self) -> String {
        let html = Html::parse_document(&self.body);
        let words: String = html.select(&selector("main")).flat_map(|main| main.text()).collect::<Vec<_>>().join(" ");
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The revision that the page's forms carry.
    pub(crate) fn revision(&self) -> Result<String> {
        let html = Html::parse_document(&self.body);
        let input = html.select(&selector("input[name=revision]")).next().context("a form with the revision")?;
        Ok(input.attr("value").unwrap_or_default().to_owned())
    }

    /// Addresses of the links that match, with their words.
    pub(crate) fn named_links(&self, css: &str) -> Vec<(String, String)> {
        let html = Html::parse_document(&self.body);
        let named = |link: ElementRef<'_>| Some((link.attr("href")?.to_owned(), link.text().collect::<String>()));
        html.select(&selector(css)).filter_map(named).collect()
    }

    /// Addresses of the links that match.
    pub(crate) fn links(&self, css: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        html.select(&selector(css)).filter_map(|link| link.attr("href").map(str::to_owned)).collect()
    }
}
