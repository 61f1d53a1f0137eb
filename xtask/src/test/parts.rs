//! What is tested, in the order of how soon it finds a mistake.

use anyhow::Result;

use super::Tally;
use crate::{
    build, demo,
    process::{cargo, command},
    setup::{
        self, BUILD, CHROMEDRIVER, CHROMIUM, COMPILER, FONTS, JSC, MARIADB, NGINX, Need, PYTHON,
        SCHEMATHESIS, SYSTEMD, WASM_PACK,
    },
};

/// The root package alone, for wasm.
const WASM: &str = "--target=wasm32-unknown-unknown";

pub struct Part {
    pub name: &'static str,
    pub about: &'static str,
    /// Without one of these it is skipped.
    pub needs: &'static [Need],
    pub run: fn(&mut Tally) -> Result<()>,
}

pub const PARTS: [Part; 13] = [
    Part {
        name: "format",
        about: "rustfmt",
        needs: &[Need::Toolchain],
        run: |tally| tally.check(cargo().args(["fmt", "--all", "--check"])),
    },
    Part {
        name: "lint",
        about: "clippy, for this machine and for wasm",
        needs: &[Need::Toolchain],
        run: lint,
    },
    Part {
        name: "doc",
        about: "the crates' documentation, for this machine and for wasm",
        needs: &[Need::Toolchain],
        run: doc,
    },
    Part {
        name: "xtask",
        about: "the build's own checks",
        needs: &[],
        run: |tally| cargo_test(tally, "xtask"),
    },
    Part {
        name: "client",
        about: "the client's flows, natively",
        needs: &[],
        run: |tally| cargo_test(tally, "weapp-login-client"),
    },
    Part {
        name: "planted-bugs",
        about: "the simulation finds every fault that is planted",
        needs: &[],
        run: planted_bugs,
    },
    Part {
        name: "server",
        about: "the backend, over HTTP",
        needs: &[],
        run: server,
    },
    Part {
        name: "wasm-node",
        about: "the boundary, in Node",
        needs: &[Need::Toolchain, Need::Bindgen, WASM_PACK],
        run: |tally| wasm_pack_test(tally, &["--node"]),
    },
    Part {
        name: "wasm-chrome",
        about: "the boundary, in headless Chromium",
        needs: &[
            Need::Toolchain,
            Need::Bindgen,
            WASM_PACK,
            CHROMIUM,
            CHROMEDRIVER,
        ],
        run: |tally| wasm_pack_test(tally, &["--headless", "--chrome"]),
    },
    Part {
        name: "package",
        about: "the built package, in Node and in JavaScriptCore",
        needs: BUILD,
        run: package,
    },
    Part {
        name: "compiler",
        about: "the demo and the package in WeChat's own compiler, and what it makes of them",
        needs: &[COMPILER, CHROMIUM, JSC],
        run: |tally| with_demo(tally, "test:compiler"),
    },
    Part {
        name: "e2e",
        about: "the demo, from the tap to the database",
        needs: &[CHROMIUM],
        run: |tally| with_demo(tally, "test:e2e"),
    },
    Part {
        name: "examples",
        about: "the package in the tools that people build with, as they come from npm",
        needs: &[COMPILER],
        run: examples,
    },
];

fn lint(tally: &mut Tally) -> Result<()> {
    for what in ["--workspace", WASM] {
        let mut clippy = cargo();
        clippy.args(["clippy", "--all-targets", what, "--", "--deny=warnings"]);
        tally.check(&mut clippy)?;
    }
    Ok(())
}

fn doc(tally: &mut Tally) -> Result<()> {
    for what in ["--workspace", WASM] {
        let mut doc = cargo();
        doc.args(["doc", "--no-deps", what]);
        tally.check(doc.env("RUSTDOCFLAGS", "--deny=warnings"))?;
    }
    Ok(())
}

/// Where a database server, nginx, systemd or schemathesis is missing, the tests with it skip themselves.
fn server(tally: &mut Tally) -> Result<()> {
    setup::offer(&[MARIADB, NGINX, SYSTEMD, SCHEMATHESIS])?;
    cargo_test(tally, "weapp-login-server")
}

fn cargo_test(tally: &mut Tally, package: &str) -> Result<()> {
    tally.tests(cargo().args(["test", "--no-fail-fast", "--package", package]))
}

fn planted_bugs(tally: &mut Tally) -> Result<()> {
    let package = ["test", "--package=weapp-login-client", "--test=planted"];
    tally.tests(cargo().args(package).args(["--", "--nocapture"]))
}

fn wasm_pack_test(tally: &mut Tally, args: &[&str]) -> Result<()> {
    tally.tests(command("wasm-pack", ["test", "--mode=no-install"]).args(args))
}

/// Without JavaScriptCore's shell or Python, the tests with it skip themselves.
fn package(tally: &mut Tally) -> Result<()> {
    setup::offer(&[JSC, PYTHON])?;
    build()?;
    npm_test(tally, "test:package")
}

/// Where the npm registry cannot be reached, the tests skip themselves.
fn examples(tally: &mut Tally) -> Result<()> {
    build()?;
    demo::build_server()?;
    npm_test(tally, "test:examples")
}

fn with_demo(tally: &mut Tally, script: &str) -> Result<()> {
    setup::offer(FONTS)?;
    build()?;
    demo::build_server()?;
    npm_test(tally, script)
}

/// One of the scripts of `package.json`.
fn npm_test(tally: &mut Tally, script: &str) -> Result<()> {
    tally.tests(&mut command("npm", ["run", "--silent", script]))
}
