//! All tests of the project, part by part; one that fails does not keep the others from being run.

use std::{
    env, fs,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use crate::{
    build, demo, process,
    setup::{
        self,
        debian::{CHROMEDRIVER, CHROMIUM},
        wasm_pack,
    },
};

struct Part {
    name: &'static str,
    about: &'static str,
    run: fn() -> Result<()>,
}

const PARTS: [Part; 9] = [
    Part {
        name: "format",
        about: "rustfmt",
        run: format,
    },
    Part {
        name: "lint",
        about: "clippy, for this machine and for wasm",
        run: lint,
    },
    Part {
        name: "xtask",
        about: "the build's own checks",
        run: || cargo_test("xtask"),
    },
    Part {
        name: "client",
        about: "the client's flows, natively",
        run: || cargo_test("weapp-login"),
    },
    Part {
        name: "server",
        about: "the backend, over HTTP",
        run: || cargo_test("weapp-login-server"),
    },
    Part {
        name: "wasm-node",
        about: "the boundary, in Node",
        run: || wasm_pack(&["--node"]),
    },
    Part {
        name: "wasm-chrome",
        about: "the boundary, in headless Chromium",
        run: wasm_chrome,
    },
    Part {
        name: "package",
        about: "the built package, in Node and in JavaScriptCore",
        run: package,
    },
    Part {
        name: "e2e",
        about: "the demo, from the tap to the database",
        run: end_to_end,
    },
];

pub fn part_names() -> [&'static str; PARTS.len()] {
    PARTS.map(|part| part.name)
}

/// Runs the named parts, or all.
pub fn run(names: &[String]) -> Result<()> {
    setup::everything()?;
    let mut results = Vec::new();
    for Part { name, about, run } in &PARTS {
        if !names.is_empty() && !names.iter().any(|wanted| wanted == name) {
            continue;
        }
        println!("\n=== {name}: {about}");
        let started = Instant::now();
        let outcome = run();
        if process::interrupted() {
            return outcome;
        }
        if let Err(error) = &outcome {
            println!("{name} failed: {error:#}");
        }
        results.push(PartResult {
            name,
            passed: outcome.is_ok(),
            took: started.elapsed(),
        });
    }
    summarize(&results)
}

struct PartResult {
    name: &'static str,
    passed: bool,
    took: Duration,
}

fn summarize(results: &[PartResult]) -> Result<()> {
    println!("\n=== summary");
    for PartResult { name, passed, took } in results {
        println!(
            "{name:<14}{}{:>8.1} s",
            if *passed { "passed" } else { "FAILED" },
            took.as_secs_f64()
        );
    }
    let failed = results.iter().filter(|result| !result.passed).count();
    println!("{} passed, {failed} failed", results.len() - failed);
    ensure!(failed == 0, "some tests failed, see above");
    Ok(())
}

fn format() -> Result<()> {
    process::run(process::cargo().args(["fmt", "--all", "--check"]))
}

fn lint() -> Result<()> {
    let deny_warnings = ["--", "--deny=warnings"];
    process::run(
        process::cargo()
            .args(["clippy", "--workspace", "--all-targets"])
            .args(deny_warnings),
    )?;
    let wasm = [
        "clippy",
        "--package=weapp-login",
        "--all-targets",
        "--target=wasm32-unknown-unknown",
    ];
    process::run(process::cargo().args(wasm).args(deny_warnings))
}

fn cargo_test(package: &str) -> Result<()> {
    process::run(process::cargo().args(["test", "--package", package]))
}

fn wasm_chrome() -> Result<()> {
    let chromedriver = CHROMEDRIVER.path()?;
    wasm_pack(&[
        "--headless",
        "--chrome",
        "--chromedriver",
        &chromedriver.to_string_lossy(),
    ])
}

/// wasm-pack finds the other tools beside itself.
fn wasm_pack(args: &[&str]) -> Result<()> {
    let tools = env::current_dir()?.join("target/tools/bin");
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([tools].into_iter().chain(env::split_paths(&path)))?;
    let mut command = Command::new(wasm_pack::PROGRAM);
    process::run(
        command
            .args(["test", "--mode=no-install"])
            .args(args)
            .env("CARGO_TARGET_DIR", "target")
            .env("PATH", path),
    )
}

fn package() -> Result<()> {
    build()?;
    node_test("tests/package")
}

fn end_to_end() -> Result<()> {
    build()?;
    demo::build_server()?;
    node_test("tests/e2e")
}

/// Names the files one by one: what a folder means to `node --test` differs from one version of Node to the next.
fn node_test(folder: &str) -> Result<()> {
    let mut files = Vec::<PathBuf>::new();
    for entry in fs::read_dir(folder).with_context(|| format!("no tests at {folder}"))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    ensure!(!files.is_empty(), "no tests (*.test.mjs) in {folder}");
    files.sort();
    process::run(
        Command::new("node")
            .arg("--test")
            .args(files)
            .env("CHROMIUM", CHROMIUM.path()?),
    )
}
