//! Long steps of the set-up: their chatter is held back, a line now and then shows that they are alive.

use std::{
    process::Command,
    sync::mpsc::RecvTimeoutError,
    time::{Duration, Instant},
};

use anyhow::Result;

use crate::{
    output::Tail,
    process::{self, Group},
};

const HEARTBEAT: Duration = Duration::from_secs(10);

/// Runs `command`, of which only `what` is told; all that it said last is shown when it fails.
pub fn run(what: &str, command: &mut Command) -> Result<()> {
    println!("setup: {what} ...");
    let started = Instant::now();
    let seconds = || started.elapsed().as_secs();
    let (mut group, lines) = Group::spawn_piped(command)?;
    let mut tail = Tail::default();
    let mut next_sign = started + HEARTBEAT;
    loop {
        match lines.recv_timeout(next_sign.saturating_duration_since(Instant::now())) {
            Ok(line) => tail.push(line),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                println!("setup: {what}: {} s, {}", seconds(), tail.last());
                next_sign += HEARTBEAT;
            }
        }
    }
    let outcome = process::check(command, group.wait()?);
    match outcome {
        Ok(()) => println!("setup: {what}: done in {} s", seconds()),
        Err(_) => println!("setup: {what} failed:\n{tail}"),
    }
    outcome
}
