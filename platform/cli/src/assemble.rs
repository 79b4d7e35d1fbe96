//! Joins the rooms into one product. The same for `serve`, for the demonstration and for the commands that work on
//! their data.

use std::{
    ffi::OsString,
    fs::DirBuilder,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result};
use parvis_documents::{ChildProgram, DocumentProcess};
use parvis_domain::{
    digest::Sha256,
    ports::{Installer, Mailer},
    rules::Rules,
    time::{Clock, Entropy},
};
use parvis_host::{CodeCache, Compiler, Host, HostConfig};
use parvis_store::{READERS, Store, StoreConfig};
use parvis_usecases::{
    parvis::{Config, Limits, Mode, Parts, Parvis},
    passwords::HashCost,
    pools::PoolSizes,
    secrets::ApplicationKey,
};
use parvis_vault::{MasterKey, Vault, VaultConfig};

use crate::system::{SystemClock, SystemEntropy};

/// What differs from one deployment to another.
pub(crate) struct Foundations {
    /// Folder of databases, documents, keys and compiled démarches.
    pub(crate) data: PathBuf,
    /// The master key, as text.
    pub(crate) master_key: String,
    /// For good, or to try.
    pub(crate) mode: Mode,
    /// "https", or "http" in the demonstration.
    pub(crate) scheme: &'static str,
    /// Port written in links.
    pub(crate) port: Option<u16>,
    /// Sends mails.
    pub(crate) mailer: Arc<dyn Mailer>,
}

/// Opens the data and joins the rooms.
pub(crate) async fn assemble(foundations: Foundations) -> Result<Arc<Parvis>> {
    let Foundations { data, master_key, mode, scheme, port, mailer } = foundations;
    data_folder(&data)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let master: MasterKey = master_key.parse()?;
    let vault = Vault::open(VaultConfig::under(&data.join("vault")), master, Arc::clone(&entropy))
        .context("the vault of documents does not open")?;
    let store = Store::open(&StoreConfig::Sqlite { dir: data.join("databases"), readers: READERS })
        .await
        .context("the database does not open")?;
    let host = Arc::new(Host::new(HostConfig {
        cache: Some(CodeCache::new(data.join("compiled"), derived(&master_key, "compiled code"))),
        compiler: Compiler::Child { program: this_program()?, args: vec![OsString::from("internal-compile")] },
        ..HostConfig::default()
    })?);
    let documents = DocumentProcess::new(
        ChildProgram { program: this_program()?, args: vec![OsString::from("internal-documents")] },
        parvis_documents::Limits::default(),
    );
    let parts = Parts {
        store,
        vault,
        rules: Arc::clone(&host) as Arc<dyn Rules>,
        installer: host as Arc<dyn Installer>,
        mailer,
        typesetter: Arc::new(documents),
        clock,
        entropy,
        config: Config {
            mode,
            scheme: scheme.to_owned(),
            port,
            key: ApplicationKey::new(derived(&master_key, "application")),
            limits: match mode {
                Mode::Serve => Limits::default(),
                // These mails reach nobody: whoever tries the product may file as often as she likes.
                Mode::Demo => Limits { mails_per_day: u32::MAX, ..Limits::default() },
            },
            pools: PoolSizes::default(),
            hash_cost: HashCost::default(),
        },
    };
    Ok(Parvis::new(parts))
}

/// Makes the folder of a deployment's data when there is none: its owner alone enters.
pub(crate) fn data_folder(data: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(data).with_context(|| format!("cannot create {}", data.display()))
}

/// A key of its own for each use, from the master key: 256 bits of it or nothing.
fn derived(master_key: &str, of: &str) -> [u8; 32] {
    *Sha256::of_parts(&[b"parvis 1 ", of.as_bytes(), b"\0", master_key.trim().as_bytes()]).as_bytes()
}

fn this_program() -> Result<PathBuf> {
    std::env::current_exe().context("the program does not find itself")
}

/// Folders of the collectivités below a folder: those that hold a `tenant.toml`, in the order of their names.
pub(crate) fn tenant_folders(tenants: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        std::fs::read_dir(tenants).with_context(|| format!("no folder of collectivités at {}", tenants.display()))?;
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<Vec<_>>>()?
        .into_iter()
        .filter(|folder| folder.join("tenant.toml").is_file())
        .collect();
    folders.sort();
    Ok(folders)
}
