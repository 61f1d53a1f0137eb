//! What is tested, in the order of how soon it finds a mistake.

use anyhow::Result;

use super::runners::{cargo_test, node_test, wasm_pack_test};
use crate::{build, demo, process, setup::debian::CHROMEDRIVER};

pub struct Part {
    pub name: &'static str,
    pub about: &'static str,
    pub run: fn() -> Result<()>,
}

pub const PARTS: [Part; 11] = [
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
        run: || cargo_test(&["--package=xtask"]),
    },
    Part {
        name: "client",
        about: "the client's flows, natively",
        run: || cargo_test(&["--package=weapp-login"]),
    },
    Part {
        name: "planted-bugs",
        about: "the simulation finds every fault that is planted",
        run: || {
            cargo_test(&[
                "--package=weapp-login",
                "--test=planted",
                "--",
                "--nocapture",
            ])
        },
    },
    Part {
        name: "server",
        about: "the backend, over HTTP",
        run: || cargo_test(&["--package=weapp-login-server"]),
    },
    Part {
        name: "wasm-node",
        about: "the boundary, in Node",
        run: || wasm_pack_test(&["--node"]),
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
        name: "compiler",
        about: "the demo and the package in WeChat's own compiler, and what it makes of them",
        run: compiler,
    },
    Part {
        name: "e2e",
        about: "the demo, from the tap to the database",
        run: end_to_end,
    },
];

fn format() -> Result<()> {
    process::run(process::cargo().args(["fmt", "--all", "--check"]))
}

fn lint() -> Result<()> {
    clippy(&["--workspace"])?;
    clippy(&["--package=weapp-login", "--target=wasm32-unknown-unknown"])
}

fn clippy(what: &[&str]) -> Result<()> {
    process::run(
        process::cargo()
            .args(["clippy", "--all-targets"])
            .args(what)
            .args(["--", "--deny=warnings"]),
    )
}

fn wasm_chrome() -> Result<()> {
    let chromedriver = CHROMEDRIVER.path()?;
    wasm_pack_test(&[
        "--headless",
        "--chrome",
        "--chromedriver",
        &chromedriver.to_string_lossy(),
    ])
}

fn package() -> Result<()> {
    build()?;
    node_test("tests/package")
}

fn compiler() -> Result<()> {
    build()?;
    demo::build_server()?;
    node_test("tests/compiler")
}

fn end_to_end() -> Result<()> {
    build()?;
    demo::build_server()?;
    node_test("tests/e2e")
}
