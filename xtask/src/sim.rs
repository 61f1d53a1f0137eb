//! More runs of the simulation than the tests make.

use anyhow::Result;

use crate::process::{self, command};

/// Plays `seeds` seeds from `start` on; a single one with all that happens in it.
pub fn play(seeds: u64, start: u64) -> Result<()> {
    let words = "test --package=weapp-login-client --test=sim seeds -- --nocapture";
    let mut tests = command("cargo", words.split(' '));
    if seeds == 1 {
        tests.env("SIM_SEED", start.to_string());
    } else {
        tests.env("SIM_SEEDS", seeds.to_string());
        tests.env("SIM_START", start.to_string());
    }
    process::run(&mut tests)
}
