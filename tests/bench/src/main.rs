//! Measures the product on this machine, in one run:
//!
//! ```text
//! cargo run --release -p parvis-bench                    everything, two to four minutes
//! cargo run --release -p parvis-bench -- --only b,c      some measures
//! cargo run -p parvis-bench -- --quick                   a few iterations of each: does it still run?
//! ```
//!
//! - a: a public page through the product, against a bare handler that sends the same bytes under the same headers;
//! - b: filing a complete dossier, against bare SQLite transactions that write the same rows;
//! - c: `evaluate` of the démarche on twenty answers, store and instance included, against the same rules run natively;
//! - d: the whole path of a citizen over HTTP, every page read and posted, by one client and by eight;
//! - e: memory and starts of `parvis demo`, first request to a town that nobody visited yet;
//! - f: what the first page weighs on the wire.
//!
//! Each baseline is measured in the same run, in turns with what it is compared to, since machines differ and change.
//! The client runs in the same process as the server and shares its cores: figures are on the safe side. "à revoir"
//! marks what misses its aim; nothing here fails because it is slow. Start reading at [`measures`].

mod citizen;
mod machine;
mod measures;
mod product;
mod system;
mod table;
mod timing;
mod wire;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, ensure};
use clap::{Parser, ValueEnum};

use crate::{
    measures::Scale,
    table::{Line, Table},
};

/// Measures the product against baselines of the same run.
#[derive(Debug, Parser)]
#[command(name = "parvis-bench", version, max_term_width = 100)]
struct Args {
    /// Only these measures, by their letters: a,b
    #[arg(long, value_delimiter = ',', value_enum)]
    only: Vec<Measure>,
    /// A few iterations of each: the figures mean nothing, the bench runs
    #[arg(long)]
    quick: bool,
    /// Folder for the databases of the measures, on the disk to measure; the temporary folder by default
    #[arg(long)]
    dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Measure {
    /// A public page
    A,
    /// Filing a dossier
    B,
    /// The rules of a démarche
    C,
    /// The whole path of a citizen
    D,
    /// Memory and starts
    E,
    /// Weight of the first page
    F,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            table::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<()> {
    // As in the product, warnings and errors are told, and nothing else is formatted.
    tracing_subscriber::fmt().with_env_filter("warn").with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the runtime")?;
    runtime.block_on(measure(args))
}

async fn measure(args: &Args) -> Result<()> {
    let dir = args.dir.clone().unwrap_or_else(std::env::temp_dir);
    let scale = if args.quick { Scale::Quick } else { Scale::Full };
    table::note("Building the démarche");
    let components = tokio::task::spawn_blocking(product::components).await??;
    let mut table = Table::new(machine::facts(&dir)?);
    let mut failed = 0;
    for measure in Measure::value_variants() {
        if !args.only.is_empty() && !args.only.contains(measure) {
            continue;
        }
        let name = measure.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        table::note(&format!("Measuring {name}"));
        let folder = tempfile::Builder::new().prefix("parvis-bench-").tempdir_in(&dir)?;
        let around = measures::Around { components: &components, folder: folder.path(), scale };
        let lines = match measure {
            Measure::A => measures::page::measure(around).await,
            Measure::B => measures::filing::measure(around).await,
            Measure::C => measures::rules::measure(around).await,
            Measure::D => measures::path::measure(around).await,
            Measure::E => measures::process::measure(around).await,
            Measure::F => measures::weight::measure(around).await,
        };
        // What fails is a line of the table: the other measures still count.
        let lines = lines.unwrap_or_else(|error| {
            failed += 1;
            vec![Line::failed(format!("{error:#}"))]
        });
        table.extend(&name, lines);
    }
    table.print()?;
    ensure!(failed == 0, "{failed} measures failed");
    Ok(())
}
