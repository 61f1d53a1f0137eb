//! The project's task runner: `cargo xtask --help` lists what it can do.

mod attack;
mod bench;
mod demo;
mod load;
mod mutants;
mod package;
mod process;
mod programs;
mod setup;
mod sim;
mod test;
mod validate;
mod wasm;

use std::{env, path::Path, process::ExitCode};

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};

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
    /// Change the client in one place after the other and look whether the native tests notice (cargo-mutants)
    Mutants {
        /// One part of the work, such as 0/8: the first of eight. Without it: everything, which takes hours
        #[arg(value_name = "SHARD")]
        shard: Option<String>,
    },
    /// Attack the backend for minutes: clients that hang up, a full disk, guesses, silent connections, a faulty proxy
    Attack,
    /// Check what has to be true before a release, and list what would be published; nothing is
    Release {
        /// The only way that there is: publishing is done by hand
        #[arg(long)]
        dry_run: bool,
    },
    /// Install everything that the other commands need (each of them installs its own share, too)
    Setup,
}

fn main() -> ExitCode {
    match start() {
        Ok(exit_code) => exit_code,
        Err(_) if process::interrupted() => ExitCode::from(130), // what shells expect after Ctrl-C
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<ExitCode> {
    let command = Cli::parse().command;
    enter_project_root()?;
    process::prepare_environment()?;
    process::handle_interrupts()?;
    match command {
        Command::Demo { headless: false } => demo::serve()?,
        Command::Demo { headless: true } => demo::walk_through()?,
        Command::Test { parts } => return test::run(&parts),
        Command::Sim { seeds, start } => sim::play(seeds, start)?,
        Command::Build => build()?,
        Command::Bench => bench::run()?,
        Command::Load { seconds } => load::run(seconds)?,
        Command::Mutants { shard } => mutants::run(shard.as_deref())?,
        Command::Attack => attack::run()?,
        Command::Release { dry_run } => release(dry_run)?,
        Command::Setup => setup::everything()?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Every path in here is relative to the project's root, wherever the command was called.
fn enter_project_root() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    env::set_current_dir(&root).with_context(|| format!("no project at {}", root.display()))
}

/// What most commands start from: the package in `js-glue/dist/`, and a copy of it in the demo.
fn build() -> Result<()> {
    setup::ensure(setup::BUILD)?;
    let id = wasm::build_id()?;
    if package::is_built(&id) {
        println!("js-glue/dist/ is up to date");
    } else {
        wasm::build(&id)?;
        package::build(&id)?;
    }
    package::copy_into_demo()
}

fn release(dry_run: bool) -> Result<()> {
    ensure!(
        dry_run,
        "this only checks: `cargo xtask release --dry-run`; then `npm publish -w js-glue`"
    );
    build()?;
    process::run(&mut process::command("node", ["js-glue/release.mjs"]))
}
