//! The command line.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::{bench, demo, load, setup, sim, size, test};

/// Builds, shows and tests weapp-login.
///
/// New here? `cargo xtask demo` installs what it needs, builds the module and serves the demo in your browser.
/// `cargo xtask test` runs every test.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the module, start the backend and serve the demo mini-program; Ctrl-C stops all of it
    Demo {
        /// Walk through the demo in headless Chromium instead, with screenshots in target/demo/
        #[arg(long)]
        headless: bool,
    },
    /// Run all tests, or the named parts of them
    Test {
        /// What to run instead of everything
        #[arg(value_name = "PART", value_parser = test::part_names())]
        parts: Vec<String>,
    },
    /// Simulate the client under faults, one run a seed; `--seeds 1` shows all that happens in that run
    Sim {
        /// How many seeds
        #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
        seeds: u64,
        /// The first of them
        #[arg(long, default_value_t = 0)]
        start: u64,
    },
    /// Build the npm package into js-glue/dist/ and copy it into the demo
    Build,
    /// Measure speed and memory side by side with the alternatives and write docs/bench.md
    Bench,
    /// Measure how many requests a second the reference backend takes, in a release build, on SQLite and MariaDB
    Load {
        /// How long each kind of request is sent
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=600))]
        seconds: u64,
    },
    /// Tell where every byte of the package goes, by section, crate, function and source file, and write docs/size.md
    Size {
        /// How many of the largest functions to name
        #[arg(long, value_name = "N", default_value_t = 30)]
        top: usize,
    },
    /// Install everything that the other commands need (each of them installs its own share, too)
    Setup,
}

pub fn run() -> Result<ExitCode> {
    match Cli::parse().command {
        Command::Demo { headless: false } => demo::serve()?,
        Command::Demo { headless: true } => demo::walk_through()?,
        Command::Test { parts } => return test::run(&parts),
        Command::Sim { seeds, start } => sim::play(seeds, start)?,
        Command::Build => {
            setup::for_build()?;
            crate::build()?;
        }
        Command::Bench => bench::run()?,
        Command::Load { seconds } => load::run(seconds)?,
        Command::Size { top } => size::run(top)?,
        Command::Setup => setup::everything()?,
    }
    Ok(ExitCode::SUCCESS)
}
