//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Parvis, gestion de la relation usager.
#[derive(Debug, Parser)]
#[command(name = "parvis", version, about = "Parvis hosts the démarches of many collectivités", max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start three invented collectivités on this machine, ready to try
    Demo {
        /// Folder where the demonstration keeps its data
        #[arg(long, default_value = "data/demo")]
        data: PathBuf,
        /// Port to listen on; 0 takes a free one
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Folder of the collectivités to apply
        #[arg(long, default_value = "tenants")]
        tenants: PathBuf,
        /// Folder of the bundled démarches, built when they are out of date
        #[arg(long, default_value = "plugins")]
        plugins: PathBuf,
    },
    /// Serve the collectivités of a deployment
    Serve {
        /// Configuration file
        #[arg(long, short, default_value = "/etc/parvis/parvis.toml")]
        config: PathBuf,
    },
    /// Collectivités
    #[command(subcommand)]
    Tenant(Tenant),
    /// Agents
    #[command(subcommand)]
    Agent(Agent),
    /// Démarches as components
    #[command(subcommand)]
    Plugin(Plugin),
    /// Check chains, documents, outbox and settings of a deployment, and say what is wrong
    Doctor {
        #[command(flatten)]
        deployment: Deployment,
    },
    /// Compile a component in a limited process
    #[command(hide = true)]
    InternalCompile,
    /// Make a document or a page image in a limited process
    #[command(hide = true)]
    InternalDocuments,
}

/// Which deployment a command works on.
#[derive(Debug, clap::Args)]
pub(crate) struct Deployment {
    /// Configuration file of the deployment
    #[arg(long, short, default_value = "/etc/parvis/parvis.toml")]
    pub(crate) config: PathBuf,
    /// Work on a demonstration's folder instead
    #[arg(long, conflicts_with = "config")]
    pub(crate) demo: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Tenant {
    /// Create or update a collectivité from its folder
    Apply {
        /// Folder that holds tenant.toml
        folder: PathBuf,
        /// Remove what the folder no longer names
        #[arg(long)]
        prune: bool,
        #[command(flatten)]
        deployment: Deployment,
    },
    /// List the collectivités
    List {
        #[command(flatten)]
        deployment: Deployment,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Agent {
    /// Create an agent; her password is read from standard input, her second factor is enrolled at first sign-in
    Create {
        /// E-mail address, by which she signs in
        #[arg(long)]
        email: String,
        /// Given name
        #[arg(long)]
        given_name: String,
        /// Family name
        #[arg(long)]
        family_name: String,
        /// Phone at work
        #[arg(long)]
        phone: Option<String>,
        /// SIRET of her employer
        #[arg(long)]
        siret: String,
        #[command(flatten)]
        deployment: Deployment,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Plugin {
    /// Compile a démarche to WebAssembly and turn it into a component
    Build {
        /// Folder of the guest crate
        folder: PathBuf,
        /// Where to write the component
        #[arg(long)]
        out: Option<PathBuf>,
    },
}
