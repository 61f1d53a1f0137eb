//! The simulation can fail: each deliberate fault in `tests/planted/faults` is found, as the law that it breaks.
//!
//! The faults go, each behind a switch, into a copy of the crate's sources below `target/`, which is compiled once. A fault
//! that no longer fits the sources fails the test.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod fault;
#[path = "../sim/law.rs"]
mod law;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use fault::Fault;
use law::Law;

/// A fault that more seeds than these do not show is not found by the tests either.
const SEEDS: &str = "200000";

/// Says in the copy whether a fault is active.
const SWITCH: &str = r#"//! The deliberate fault that this process has.

/// Whether it is the fault of this name.
pub(crate) fn is(name: &str) -> bool {
    static ACTIVE: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    let active = ACTIVE.get_or_init(|| std::env::var("PLANTED").ok());
    active.as_deref() == Some(name)
}
"#;

#[test]
fn every_planted_fault_is_found_as_the_law_that_it_breaks() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let faults = fault::all(&root.join("tests/planted/faults"));
    for law in Law::ALL {
        let breaks = |fault: &Fault| fault.law == *law;
        assert!(faults.iter().any(breaks), "no fault breaks {law:?}");
    }
    let copy = copy_with(root, &faults);
    let simulation = compile(&copy);
    println!("| fault | what is wrong | law | seeds |\n|---|---|---|---:|");
    let missed: Vec<_> = faults
        .iter()
        .filter(|fault| !is_found(&simulation, fault))
        .map(|fault| fault.name.as_str())
        .collect();
    assert_eq!(missed, [""; 0], "not found");
}

/// Copies what the simulation is made of, with the faults in it.
fn copy_with(root: &Path, faults: &[Fault]) -> PathBuf {
    let copy = root.join("target/planted/copy");
    let _ = fs::remove_dir_all(&copy); // perhaps there is none yet
    for folder in ["src", "tests/sim", "tests/planted", "tests/conformance"] {
        copy_folder(&root.join(folder), &copy.join(folder)).unwrap();
    }
    fs::copy(root.join("Cargo.lock"), copy.join("Cargo.lock")).unwrap();
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let members = manifest.lines().find(|line| line.starts_with("members = "));
    let manifest = manifest.replace(members.expect("a list of members"), "members = []");
    fs::write(copy.join("Cargo.toml"), manifest).unwrap();
    fs::write(copy.join("src/planted.rs"), SWITCH).unwrap();
    let lib = fs::read_to_string(copy.join("src/lib.rs")).unwrap();
    fs::write(copy.join("src/lib.rs"), lib + "\nmod planted;\n").unwrap();
    for fault in faults {
        fault.plant(&copy);
    }
    copy
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Compiles the simulation of the copy, and gives its program.
fn compile(copy: &Path) -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["test", "--test=sim", "--no-run", "--message-format=json"])
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", copy.with_file_name("target"))
        .stderr(std::process::Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "the copy does not compile");
    let messages = String::from_utf8(output.stdout).unwrap();
    let program = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find(|message| message["target"]["name"] == "sim" && message["executable"].is_string())
        .expect("a program");
    PathBuf::from(program["executable"].as_str().unwrap())
}

/// Whether the simulation shows the fault; it prints how many seeds that took.
fn is_found(simulation: &Path, fault: &Fault) -> bool {
    let output = Command::new(simulation)
        .args(["the_laws_hold_in_every_seeds_run", "--nocapture"])
        .env("PLANTED", &fault.name)
        .env("SIM_FIND", format!("{:?}", fault.law))
        .env("SIM_SEEDS", SEEDS)
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    let seeds = shown
        .lines()
        .find_map(|line| line.strip_prefix("found after "));
    println!(
        "| `{}` | {} | `{:?}` | {} |",
        fault.name,
        fault.about,
        fault.law,
        seeds.unwrap_or("not found")
    );
    output.status.success() && seeds.is_some()
}
