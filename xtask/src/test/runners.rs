//! The test runners. None of them minds if there is nothing to run; these do.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::{
    process::{self, Group},
    setup::wasm_pack,
};

pub fn cargo_test(args: &[&str]) -> Result<()> {
    run_counted(process::cargo().arg("test").args(args))
}

pub fn wasm_pack_test(args: &[&str]) -> Result<()> {
    let mut command = Command::new(wasm_pack::PROGRAM);
    command
        .args(["test", "--mode=no-install"])
        .args(args)
        .env("CARGO_TARGET_DIR", "target")
        .env("PATH", wasm_pack::path_with_tools()?);
    run_counted(&mut command)
}

/// Names the files one by one: what a folder means to `node --test` differs from one version of Node to the next.
pub fn node_test(folder: &str) -> Result<()> {
    let files = test_files(Path::new(folder))?;
    process::run(
        Command::new("node")
            .args(["--test", "--test-reporter=spec"])
            .args(files),
    )
}

fn test_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("no tests at {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    ensure!(
        !files.is_empty(),
        "no tests (*.test.mjs) in {}",
        folder.display()
    );
    Ok(files)
}

/// Passes on the output of a Rust test runner, and fails if it ran no test.
fn run_counted(command: &mut Command) -> Result<()> {
    let (mut group, lines) = Group::spawn_piped(command)?;
    let mut passed = 0;
    for line in lines {
        passed += passed_tests(&line);
        println!("{line}");
    }
    process::check(command, group.wait()?)?;
    ensure!(passed > 0, "no test was run");
    Ok(())
}

/// From the line that sums up a test binary: `test result: ok. 3 passed; 0 failed; ...`.
fn passed_tests(line: &str) -> u32 {
    let number = line
        .strip_prefix("test result: ok. ")
        .and_then(|counts| counts.split_once(" passed"))
        .map(|(number, _)| number);
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        shell
    }

    #[test]
    fn a_runner_must_have_run_something() {
        let some = "echo 'test result: ok. 0 passed; 0 failed'; echo 'test result: ok. 12 passed; 0 failed'";
        assert!(run_counted(&mut shell(some)).is_ok());
        let none = "echo 'no tests to run!'; echo 'test result: ok. 0 passed; 0 failed'";
        let error = run_counted(&mut shell(none)).unwrap_err();
        assert_eq!(error.to_string(), "no test was run");
    }

    #[test]
    fn a_runner_that_fails_has_failed_whatever_it_ran() {
        let failing = "echo 'test result: ok. 3 passed; 0 failed'; exit 101";
        assert!(run_counted(&mut shell(failing)).is_err());
    }

    #[test]
    fn a_folder_must_hold_test_files() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("helper.mjs"), "").unwrap();
        assert!(test_files(folder.path()).is_err());
        assert!(test_files(&folder.path().join("missing")).is_err());
        fs::write(folder.path().join("login.test.mjs"), "").unwrap();
        assert_eq!(test_files(folder.path()).unwrap().len(), 1);
    }
}
