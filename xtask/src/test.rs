//! All tests of the project, part by part; one that fails does not keep the others from being run.

mod parts;

use std::{
    process::{Command, ExitCode},
    time::Instant,
};

use anyhow::{Result, bail, ensure};

use self::parts::{PARTS, Part};
use crate::{process, setup};

pub fn part_names() -> [&'static str; PARTS.len()] {
    PARTS.map(|part| part.name)
}

/// Runs the named parts, or all.
pub fn run(names: &[String]) -> Result<ExitCode> {
    let wanted: Vec<_> = PARTS
        .iter()
        .filter(|part| names.is_empty() || names.iter().any(|name| name == part.name))
        .collect();
    let mut lines = Vec::new();
    let mut total = Tally::default();
    for (index, part) in wanted.iter().enumerate() {
        println!(
            "\n=== {}/{} {}: {}",
            index + 1,
            wanted.len(),
            part.name,
            part.about
        );
        let (tally, line) = run_part(part);
        lines.push(line);
        total.passed += tally.passed;
        total.failed += tally.failed;
        if process::interrupted() {
            bail!("interrupted");
        }
    }
    println!("\n=== summary");
    lines.iter().for_each(|line| println!("{line}"));
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(total.exit_code())
}

/// Gives what came of a part, and the line that says so.
fn run_part(part: &Part) -> (Tally, String) {
    let started = Instant::now();
    let mut tally = Tally::default();
    let Part { name, .. } = part;
    if let Err(reason) = setup::ensure(part.needs)
        && !setup::must_be_complete()
    {
        println!("{name} is skipped: {reason:#}");
        return (tally, format!("{name:<12} skipped: {reason:#}"));
    }
    if let Err(error) = (part.run)(&mut tally) {
        println!("{name} failed: {error:#}");
        tally.failed = tally.failed.max(1);
    }
    let Tally { passed, failed } = tally;
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    let seconds = started.elapsed().as_secs_f64();
    (
        tally,
        format!("{name:<12} {verdict:<7}{passed:>6} passed{failed:>4} failed{seconds:>8.1} s"),
    )
}

/// How many tests have passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    passed: u32,
    failed: u32,
}

impl Tally {
    /// A command that is one test by itself.
    fn check(&mut self, command: &mut Command) -> Result<()> {
        process::run(command)?;
        self.passed += 1;
        Ok(())
    }

    /// A test runner, which must have run something.
    fn tests(&mut self, command: &mut Command) -> Result<()> {
        process::watch(command, |line| self.read(line))?;
        ensure!(self.passed > 0, "no test was run");
        Ok(())
    }

    /// Adds up the lines in which the runners of Rust's and of Node's tests sum up.
    fn read(&mut self, line: &str) {
        let number = |word: &str| word.parse().unwrap_or(0);
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            [
                "test",
                "result:",
                _,
                passed,
                "passed;",
                failed,
                "failed;",
                ..,
            ] => {
                self.passed += number(passed);
                self.failed += number(failed);
            }
            ["ℹ", "pass", passed] => self.passed += number(passed),
            ["ℹ", "fail" | "cancelled", failed] => self.failed += number(failed),
            _ => {}
        }
    }

    /// Nothing passed is no success either: everything was skipped.
    fn exit_code(self) -> ExitCode {
        if self.failed == 0 && self.passed > 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn part(run: fn(&mut Tally) -> Result<()>) -> Part {
        Part {
            name: "part",
            about: "",
            needs: &[],
            run,
        }
    }

    fn printing(tally: &mut Tally, script: &str) -> Result<()> {
        tally.tests(&mut process::command("sh", ["-c", script]))
    }

    #[test]
    fn the_runners_own_counts_are_added_up() {
        let (tally, line) = run_part(&part(|tally| {
            printing(
                tally,
                "echo 'test result: ok. 12 passed; 0 failed; 1 ignored'",
            )?;
            printing(
                tally,
                "echo 'ℹ pass 3'; echo 'ℹ fail 1'; echo 'ℹ cancelled 1'; exit 1",
            )
        }));
        assert_eq!(
            tally,
            Tally {
                passed: 15,
                failed: 2
            }
        );
        assert!(line.contains("FAILED"), "{line}");
        assert_eq!(tally.exit_code(), ExitCode::FAILURE);
        let nothing_but_skipped = Tally::default();
        assert_eq!(nothing_but_skipped.exit_code(), ExitCode::FAILURE);
    }

    #[test]
    fn what_fails_without_a_count_counts_as_one() {
        for script in [
            "exit 101",
            "echo 'test result: ok. 0 passed; 0 failed; 0 ignored'",
            "echo 'test result: ok. 3 passed; 0 failed; 0 ignored'; exit 101",
        ] {
            let mut tally = Tally::default();
            assert!(printing(&mut tally, script).is_err(), "{script}");
        }
        let (tally, _) = run_part(&part(|_| bail!("does not compile")));
        assert_eq!(
            tally,
            Tally {
                passed: 0,
                failed: 1
            }
        );
    }
}
