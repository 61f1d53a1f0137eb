//! Speed and memory side by side with the alternatives, written to `docs/bench.md`.

use anyhow::Result;

use crate::{
    build,
    process::{self, command},
    setup::{self, BENCH, JSC},
};

pub fn run() -> Result<()> {
    setup::ensure(&[BENCH, JSC])?;
    build()?;
    process::run(&mut command("node", ["tests/bench/run.mjs"]))
}
