//! The project's task runner: `cargo xtask --help` lists what it can do.

mod bench;
mod cli;
mod demo;
mod output;
mod package;
mod process;
mod progress;
mod service;
mod setup;
mod sim;
mod size;
mod stamp;
mod test;
mod validate;
mod wasm;
mod weigh;

use std::{env, path::Path, process::ExitCode};

use anyhow::{Context, Result};

fn main() -> ExitCode {
    let _children = process::KillAllOnExit;
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
    enter_project_root()?;
    process::handle_interrupts()?;
    cli::run()
}

/// Every path in here is relative to the project's root, wherever the command was called.
fn enter_project_root() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    env::set_current_dir(&root).with_context(|| format!("no project at {}", root.display()))
}

/// What `build`, `demo` and `test` start from: the artefact in `js-glue/dist/`, and a copy of it in the demo.
fn build() -> Result<()> {
    wasm::build()?;
    package::build()
}
