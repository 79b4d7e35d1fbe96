//! The program `parvis`: it reads the command line, the configuration and the environment, joins the rooms, and starts
//! them. It decides no rule of the product. Start reading at [`assemble`].

mod args;
mod assemble;
mod commands;
mod config;
mod demo;
mod logs;
mod mails;
mod plugins;
mod serve;
mod server;
mod system;
mod terminal;

use std::{
    io::{self, BufWriter},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::Parser;

use crate::args::{Args, Command, Plugin};

fn main() -> ExitCode {
    match run(Args::parse().command) {
        Ok(code) => code,
        Err(error) => {
            terminal::error(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    match command {
        // Children run one task in a limited process: no runtime, no log.
        Command::InternalCompile => {
            parvis_host::compile_child_main(io::stdin().lock(), io::stdout().lock())?;
            Ok(ExitCode::SUCCESS)
        }
        Command::InternalDocuments => {
            parvis_documents::child_main(io::stdin().lock(), BufWriter::new(io::stdout().lock()))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Plugin(Plugin::Build { folder, out }) => {
            plugins::build(&folder, out)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Demo { data, port, tenants, plugins } => {
            block_on(demo::run(demo::Demo { data, port, tenants, plugins }))
        }
        Command::Serve { config } => block_on(serve::run(config)),
        Command::Tenant(command) => block_on(commands::tenant(command)),
        Command::Agent(command) => block_on(commands::agent(command)),
        Command::Doctor { deployment } => block_on(commands::doctor(deployment)),
    }
}

fn block_on(work: impl Future<Output = Result<ExitCode>>) -> Result<ExitCode> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the runtime does not start")?;
    runtime.block_on(work)
}
