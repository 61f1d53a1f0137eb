//! Speed and memory side by side with the alternatives, written to `docs/bench.md`.

use std::process::Command;

use anyhow::Result;

use crate::{build, process, progress, setup, setup::debian, stamp::Step};

/// Its packages are outside the workspaces: nothing else needs the rivals.
const FOLDER: &str = "tests/bench";

pub fn run() -> Result<()> {
    setup::for_build()?;
    debian::ensure(&[debian::JSC])?;
    build()?;
    install_rivals()?;
    process::run(Command::new("node").arg("tests/bench/run.mjs"))
}

fn install_rivals() -> Result<()> {
    let install = Step {
        name: "bench",
        inputs: &["tests/bench/package-lock.json"],
        parameters: "",
        outputs: &["tests/bench/node_modules/.package-lock.json"],
    };
    install.run_if_stale(|| {
        progress::run(
            "npm packages of the bench",
            Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--prefix", FOLDER]),
        )
    })
}
