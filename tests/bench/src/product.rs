//! The product, assembled in this process as `parvis serve` assembles it: real databases, vault, sandbox and pages.
//!
//! What differs from `parvis` stands in [`Product::open`]: no limit on forms begun from one address, a relay that
//! accepts each mail at once, components compiled in this process.

use std::{
    ffi::OsString,
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result};
use parvis_documents::{ChildProgram, DocumentProcess};
use parvis_domain::{ports::Installer, rules::Rules, time::Entropy};
use parvis_host::{
    CodeCache, Compiler, Host, HostConfig,
    build::{self, BuildOptions},
};
use parvis_store::{READERS, Store, StoreConfig};
use parvis_ui::{Web, shell};
use parvis_usecases::{
    collectivites::{self, ComponentSource, Extra},
    parvis::{Config, Limits, Mode, Parts, Parvis, Town},
    passwords::HashCost,
    pools::PoolSizes,
    secrets::ApplicationKey,
    workers,
};
use parvis_vault::{MasterKey, Vault, VaultConfig};
use poem::{
    Endpoint, IntoEndpoint, Server,
    listener::{Acceptor, Listener, TcpListener},
};
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    system::{Relay, SystemClock, SystemEntropy},
    table,
};

/// The démarche that is measured.
pub(crate) const DEMARCHE: &str = "domaine-public";
/// Hosts of the three towns.
pub(crate) const HOSTS: [&str; 3] = ["valbrune.localhost", "saint-elme-les-bois.localhost", "cc-val-et-elme.localhost"];

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folder of this program.
pub(crate) fn beside() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    Ok(program.parent().context("the program has a folder")?.to_owned())
}

/// The démarche's component, built when it is out of date.
pub(crate) fn components() -> Result<ComponentSource> {
    let kept = beside()?.join("parvis-bench-components");
    fs::create_dir_all(&kept)?;
    let path = kept.join(format!("{DEMARCHE}.wasm"));
    let folder = root().join("plugins").join(DEMARCHE);
    let octets = build::refresh(&folder, &path, &BuildOptions::default(), &mut |line| table::note(line))?;
    Ok(ComponentSource::from([(DEMARCHE.to_owned(), octets)]))
}

/// The product, running without a server.
#[derive(Clone)]
pub(crate) struct Product {
    pub(crate) parvis: Arc<Parvis>,
    pub(crate) host: Arc<Host>,
}

impl Product {
    /// On a new folder, with the three towns of the demonstration.
    pub(crate) async fn with_towns(folder: &Path, components: &ComponentSource) -> Result<Self> {
        let product = Self::open(folder).await?;
        for host in HOSTS {
            let town = host.trim_end_matches(".localhost");
            let tenant = root().join("tenants").join(town);
            collectivites::apply(&product.parvis, &tenant, components, Extra::Prune).await?;
        }
        Ok(product)
    }

    /// On a folder that may hold data already.
    pub(crate) async fn open(folder: &Path) -> Result<Self> {
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        let master = MasterKey::from_bytes([7; 32]);
        let vault = Vault::open(VaultConfig::under(&folder.join("vault")), master, Arc::clone(&entropy))?;
        let store = Store::open(&StoreConfig::Sqlite { dir: folder.join("databases"), readers: READERS }).await?;
        let host = Arc::new(Host::new(HostConfig {
            cache: Some(CodeCache::new(folder.join("compiled"), [3; 32])),
            compiler: Compiler::InProcess,
            ..HostConfig::default()
        })?);
        let program = ChildProgram { program: program()?, args: vec![OsString::from("internal-documents")] };
        let parvis = Parvis::new(Parts {
            store,
            vault,
            rules: Arc::clone(&host) as Arc<dyn Rules>,
            installer: Arc::clone(&host) as Arc<dyn Installer>,
            mailer: Arc::new(Relay),
            typesetter: Arc::new(DocumentProcess::new(program, parvis_documents::Limits::default())),
            clock: Arc::new(SystemClock),
            entropy,
            config: Config {
                mode: Mode::Serve,
                scheme: "http".to_owned(),
                port: None,
                key: ApplicationKey::new([5; 32]),
                limits: Limits { drafts_per_hour: u32::MAX, mails_per_day: u32::MAX, ..Limits::default() },
                pools: PoolSizes::default(),
                hash_cost: HashCost::default(),
            },
        });
        collectivites::load_components(&parvis).await?;
        Ok(Self { parvis, host })
    }

    /// The first town.
    pub(crate) async fn town(&self) -> Result<Town> {
        Ok(self.parvis.town(HOSTS[0]).await?)
    }

    /// The pages of the product on a port of their own. Connections of this machine are trusted to tell the address of
    /// the client, as behind a reverse proxy, so that each citizen has hers.
    pub(crate) async fn serve(&self) -> Result<Served> {
        let web = Web::new(Arc::clone(&self.parvis), vec!["127.0.0.1".parse()?]);
        let routes = parvis_portal::routes(&web).nest("/agents", parvis_backoffice::routes());
        serve(shell(web, routes)).await
    }

    /// The workers of the product, until dropped.
    pub(crate) fn work(&self) -> Working {
        let (stop, stopping) = watch::channel(false);
        Working { task: tokio::spawn(workers::run(Arc::clone(&self.parvis), stopping)), stop }
    }

    /// Closes the databases.
    pub(crate) async fn close(self) -> Result<()> {
        Ok(self.parvis.store.close().await?)
    }
}

/// The program `parvis` of the same build, which makes documents.
pub(crate) fn program() -> Result<PathBuf> {
    Ok(beside()?.join("parvis"))
}

/// Workers at work.
pub(crate) struct Working {
    task: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Working {
    /// Lets them end what they do.
    pub(crate) async fn stop(self) -> Result<()> {
        self.stop.send_replace(true);
        Ok(self.task.await?)
    }
}

/// A server, until dropped.
pub(crate) struct Served {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves an endpoint on a free port.
pub(crate) async fn serve<E>(endpoint: E) -> Result<Served>
where
    E: IntoEndpoint + Send + 'static,
    E::Endpoint: Endpoint + 'static,
{
    let acceptor = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).into_acceptor().await?;
    let address =
        acceptor.local_addr().first().and_then(|local| local.as_socket_addr().copied()).context("no address")?;
    let server = Server::new_with_acceptor(acceptor).run(endpoint);
    let task = tokio::spawn(async move {
        if let Err(error) = server.await {
            table::note(&format!("the server stopped: {error}"));
        }
    });
    Ok(Served { address, task })
}
