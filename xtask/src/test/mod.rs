//! All tests of the project, part by part; one that fails does not keep the others from being run.

mod parts;
mod runners;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use self::parts::{PARTS, Part};
use crate::{process, setup};

pub fn part_names() -> [&'static str; PARTS.len()] {
    PARTS.map(|part| part.name)
}

/// Runs the named parts, or all.
pub fn run(names: &[String]) -> Result<ExitCode> {
    setup::everything()?;
    let wanted = |part: &&Part| names.is_empty() || names.iter().any(|name| name == part.name);
    let mut results = Vec::new();
    for part in PARTS.iter().filter(wanted) {
        results.push(run_part(part));
        if process::interrupted() {
            bail!("interrupted");
        }
    }
    Ok(summarize(&results))
}

struct PartResult {
    name: &'static str,
    passed: bool,
    took: Duration,
}

fn run_part(part: &Part) -> PartResult {
    println!("\n=== {}: {}", part.name, part.about);
    let started = Instant::now();
    let outcome = (part.run)();
    if let Err(error) = &outcome {
        println!("{} failed: {error:#}", part.name);
    }
    PartResult {
        name: part.name,
        passed: outcome.is_ok(),
        took: started.elapsed(),
    }
}

fn summarize(results: &[PartResult]) -> ExitCode {
    println!("\n=== summary");
    for PartResult { name, passed, took } in results {
        let verdict = if *passed { "passed" } else { "FAILED" };
        println!("{name:<14}{verdict}{:>8.1} s", took.as_secs_f64());
    }
    let failed = results.iter().filter(|result| !result.passed).count();
    println!("{} passed, {failed} failed", results.len() - failed);
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(passed: bool) -> PartResult {
        PartResult {
            name: "part",
            passed,
            took: Duration::ZERO,
        }
    }

    #[test]
    fn one_failed_part_fails_the_whole() {
        assert_eq!(summarize(&[result(true), result(true)]), ExitCode::SUCCESS);
        assert_eq!(
            summarize(&[result(true), result(false), result(true)]),
            ExitCode::FAILURE
        );
    }

    #[test]
    fn a_part_that_returns_an_error_has_failed() {
        let part = Part {
            name: "part",
            about: "fails",
            run: || bail!("failed"),
        };
        assert!(!run_part(&part).passed);
    }
}
