//! The command line.

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::setup;

/// Builds, shows and tests weapp-login.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the npm package into js-glue/dist/ and copy it into the demo
    Build,
    /// Install everything that the other commands need (each of them installs its own share, too)
    Setup,
}

pub fn run() -> Result<()> {
    match Cli::parse().command {
        Command::Build => setup::for_build().and_then(|()| crate::build()),
        Command::Setup => setup::everything(),
    }
}
