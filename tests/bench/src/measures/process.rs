//! (e) The program itself: `parvis demo` of the same build, with its three towns. Memory after start and after visits and
//! filings in each town, how long it takes to start again, and, in this process, the first request to a town that
//! nobody visited since the start.

use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use super::{Around, Scale};
use crate::{
    citizen::{Browser, look},
    product::{DEMARCHE, HOSTS, Product, program, root},
    table::{self, Line},
    timing::{Samples, shown},
    wire::{Connection, get},
};

const MEGABYTE: u64 = 1_000_000;
/// Visitors at once.
const VISITORS: u32 = 8;

pub(crate) async fn measure(around: Around<'_>) -> Result<Vec<Line>> {
    let mut lines = cold(around).await?;
    if around.scale == Scale::Full {
        build().await?;
    }
    if !program()?.is_file() {
        let missing = Line::new("memory of parvis demo", "not built: cargo build -p parvis");
        return Ok(vec![missing].into_iter().chain(lines).collect());
    }
    let data = around.folder.join("demo");
    Demo::start(&data).await?.stop().await?;
    let demo = Demo::start(&data).await?;
    let second = demo.took;
    let at_start = demo.memory()?;
    demo.load(around.scale).await?;
    let loaded = demo.memory()?;
    demo.stop().await?;
    let memory = |name: &str, memory: &Memory| {
        let measured = format!("{} MB, at most {} MB", memory.now / MEGABYTE, memory.most / MEGABYTE);
        Line::new(name, measured).aimed("aim < 150 MB", memory.most < 150 * MEGABYTE)
    };
    lines.extend([
        memory("memory of parvis demo, 3 towns, after start", &at_start),
        memory("memory of parvis demo, after visits and filings", &loaded),
        Line::new("parvis demo, second start", shown(second)).within(second, Duration::from_secs(2)),
    ]);
    Ok(lines)
}

/// The first request to each town after a start that touched none.
async fn cold(around: Around<'_>) -> Result<Vec<Line>> {
    let folder = around.folder.join("cold");
    Product::with_towns(&folder, around.components).await?.close().await?;
    let path = format!("/demarches/{DEMARCHE}");
    let (mut first, mut second) = (Samples::default(), Samples::default());
    for _ in 0..around.scale.pick(10, 1) {
        let product = Product::open(&folder).await?;
        let served = product.serve().await?;
        for host in HOSTS {
            first.push(look(&served, host, &path, "br").await?.1);
            second.push(look(&served, host, &path, "br").await?.1);
        }
        drop(served);
        product.close().await?;
    }
    let measured = format!("{} p95 {}", shown(first.median()), shown(first.p95()));
    Ok(vec![Line::new("first request to a cold town", measured).beside(format!(
        "the next one: {} p95 {}",
        shown(second.median()),
        shown(second.p95())
    ))])
}

/// Builds `parvis` as this program was built.
async fn build() -> Result<()> {
    table::note("Building parvis");
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--locked", "-p", "parvis"]).current_dir(root());
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    ensure!(cargo.status().await?.success(), "parvis does not build");
    Ok(())
}

/// Resident memory, in octets.
struct Memory {
    now: u64,
    most: u64,
}

/// `parvis demo`, running.
struct Demo {
    child: Child,
    port: u16,
    hosts: BTreeSet<String>,
    took: Duration,
}

impl Demo {
    async fn start(data: &Path) -> Result<Self> {
        let started = Instant::now();
        let mut child = Command::new(program()?)
            .args(["demo", "--port", "0", "--data"])
            .arg(data)
            .current_dir(root())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("stdout")?).lines();
        let (mut port, mut hosts) = (0, BTreeSet::new());
        while let Some(line) = lines.next_line().await? {
            if let Some((host, at)) = address(&line) {
                hosts.insert(host);
                port = at;
            }
            if line.contains("mails.localhost") {
                let took = started.elapsed();
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                let hosts = hosts.into_iter().filter(|host| !host.starts_with("mails.")).collect();
                return Ok(Self { child, port, hosts, took });
            }
        }
        bail!("parvis demo stopped before it was ready")
    }

    fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }

    fn memory(&self) -> Result<Memory> {
        let id = self.child.id().context("the program runs")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let read = |name: &str| -> Result<u64> {
            let line = status.lines().find(|line| line.starts_with(name)).with_context(|| name.to_owned())?;
            let kilobytes: u64 = line.split_whitespace().nth(1).context("a value")?.parse()?;
            Ok(kilobytes * 1024)
        };
        Ok(Memory { now: read("VmRSS:")?, most: read("VmHWM:")? })
    }

    /// Visits and filings in each town, several at once. Filings stay below what one address may begin in an hour.
    async fn load(&self, scale: Scale) -> Result<()> {
        for host in &self.hosts {
            let visitors: Vec<_> = (0..VISITORS)
                .map(|visitor| {
                    let (host, address) = (host.clone(), self.address());
                    tokio::spawn(visit(address, host, scale.pick(200, 2), scale.pick(6, 1), visitor * 100))
                })
                .collect();
            for visitor in visitors {
                visitor.await?.with_context(|| host.clone())?;
            }
        }
        Ok(())
    }

    async fn stop(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}

async fn visit(address: SocketAddr, host: String, visits: u32, filings: u32, first: u32) -> Result<()> {
    let mut connection = Connection::open(address).await?;
    for _ in 0..visits {
        for path in ["/", "/demarches", &format!("/demarches/{DEMARCHE}"), "/suivi"] {
            let reply = connection.send(&get(&host, path, "br")).await?;
            ensure!(reply.status == 200, "GET {path} answers {}", reply.status);
        }
    }
    for citizen in first..first + filings {
        let connection = Connection::open(address).await?;
        Browser::on(connection, &host, citizen).file(citizen).await?;
    }
    Ok(())
}

/// The host and the port of the address that a line of the demonstration prints.
fn address(line: &str) -> Option<(String, u16)> {
    let (host, rest) = line.split_once("http://")?.1.split_once(':')?;
    Some((host.to_owned(), rest.split('/').next()?.trim().parse().ok()?))
}
