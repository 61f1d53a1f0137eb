//! Installs what a command needs, and only what is missing. Tools of the project go into `target/tools`, at the version named here.

use std::{env, fs, path::Path, time::SystemTime};

use anyhow::{Context, Result};

use crate::{
    process::{self, TOOLS, cargo, command},
    programs,
};

#[derive(Clone, Copy)]
pub enum Need {
    /// What `rust-toolchain.toml` names.
    Toolchain,
    /// The npm packages that a folder's lock file names.
    Packages(&'static str),
    /// A crate with command line tools, and its version.
    Tool(&'static str, &'static str),
    /// A program of PyPI, and its version.
    Pip(&'static str, &'static str),
    /// wasm-bindgen's tools, which must be of exactly the version of the crate.
    Bindgen,
    /// One of these files on the PATH, and the Debian packages that bring it.
    System(&'static [&'static str], &'static [&'static str]),
}

use Need::{Bindgen, Packages, Pip, System, Tool, Toolchain};

pub const BUILD: &[Need] = &[Toolchain, Packages("."), Bindgen];
pub const WASM_PACK: Need = Tool("wasm-pack", "0.15.1");
pub const MUTANTS: Need = Tool("cargo-mutants", "27.1.0");
pub const COMPILER: Need = Packages("tests/compiler");
pub const BENCH: Need = Packages("tests/bench");

pub const CHROMIUM: Need = System(
    &[
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ],
    &["chromium"],
);
pub const CHROMEDRIVER: Need = System(&["chromedriver"], &["chromium-driver"]);
/// JavaScriptCore's shell: the engine that iOS has.
pub const JSC: Need = System(
    &["jsc"],
    &[
        "libjavascriptcoregtk-4.0-bin",
        "libjavascriptcoregtk-bin",
        "libjavascriptcoregtk-4.1-bin",
    ],
);
/// Without the package that would start it as a service.
pub const MARIADB: Need = System(&["mariadbd"], &["mariadb-server-core mariadb-client-core"]);
/// What the examples of `miniprogram-demo/server/deploy/` are checked by.
pub const NGINX: Need = System(&["nginx"], &["nginx-light"]);
pub const SYSTEMD: Need = System(&["systemd-analyze"], &["systemd"]);
/// Makes requests up, to find where the backend breaks its own contract.
pub const SCHEMATHESIS: Need = Pip("schemathesis", "4.32.5");
/// Runs one of the samples of `docs/server.md`.
pub const PYTHON: Need = System(&["python3"], &["python3"]);
/// Without them the screenshots would show boxes. The first has the rarer Chinese characters, too.
pub const FONTS: &[Need] = &[
    System(
        &["/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"],
        &["fonts-noto-cjk"],
    ),
    System(
        &["/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"],
        &["fonts-noto-color-emoji"],
    ),
];

pub fn everything() -> Result<()> {
    ensure(BUILD)?;
    ensure(&[WASM_PACK, COMPILER])?;
    offer(&[CHROMIUM, CHROMEDRIVER, JSC, MARIADB])?;
    offer(&[NGINX, SYSTEMD, PYTHON, SCHEMATHESIS])?;
    offer(FONTS)
}

/// Fails at the first need that cannot be met.
pub fn ensure(needs: &[Need]) -> Result<()> {
    needs.iter().try_for_each(|need| meet(*need))
}

/// Says which needs cannot be met, and fails only where that must not be: in continuous integration.
pub fn offer(needs: &[Need]) -> Result<()> {
    needs.iter().try_for_each(|need| match meet(*need) {
        Err(reason) if !must_be_complete() => {
            println!("setup: {reason:#}");
            Ok(())
        }
        outcome => outcome,
    })
}

pub fn must_be_complete() -> bool {
    env::var_os("CI").is_some_and(|value| value == "true")
}

fn meet(need: Need) -> Result<()> {
    match need {
        Toolchain => process::run(&mut command("rustup", ["-q", "toolchain", "install"])),
        Packages(folder) => install_packages(folder),
        Tool(name, version) => install_tool(name, version),
        Pip(name, version) => install_python_tool(name, version),
        Bindgen => install_tool("wasm-bindgen-cli", &bindgen_version()?),
        System(names, packages) => programs::ensure(names, packages),
    }
}

fn install_packages(folder: &str) -> Result<()> {
    let modified = |name: &str| -> Option<SystemTime> {
        fs::metadata(Path::new(folder).join(name))
            .ok()?
            .modified()
            .ok()
    };
    if modified("node_modules/.package-lock.json") > modified("package-lock.json") {
        return Ok(());
    }
    println!("setup: npm packages of {folder} (a minute or two) ...");
    let mut npm = command("npm", ["ci", "--no-audit", "--no-fund"]);
    process::run(npm.current_dir(folder)).context(
        "Node.js 20 or newer with npm is needed (https://nodejs.org, or your system's packages)",
    )
}

fn install_tool(name: &str, version: &str) -> Result<()> {
    let installed = process::capture(cargo().args(["install", "--list", "--root", TOOLS]))?;
    if installed.contains(&format!("{name} v{version}:")) {
        return Ok(());
    }
    println!("setup: {name} {version} (a minute or two) ...");
    process::run(
        cargo()
            .args(["install", name, "--version", version, "--force", "--quiet"])
            .args(["--root", TOOLS, "--target-dir", "target/tools/build"])
            .arg("--debug") // a release build takes four times as long
            .env("CARGO_PROFILE_DEV_DEBUG", "false"),
    )
}

/// Into an environment of its own: `target/tools/python/NAME`.
fn install_python_tool(name: &str, version: &str) -> Result<()> {
    let folder = format!("{TOOLS}/python/{name}");
    let pip = format!("{folder}/bin/pip");
    let wanted = format!("{name}=={version}");
    let installed = || process::capture(&mut command(&pip, ["freeze", "--quiet"]));
    if Path::new(&pip).exists() && installed()?.lines().any(|line| line == wanted) {
        return Ok(());
    }
    println!("setup: {name} {version} (a minute) ...");
    process::run(&mut command("python3", ["-m", "venv", &folder]))
        .context("Python 3 with its module venv is needed (Debian: python3-venv)")?;
    process::run(&mut command(&pip, ["install", "--quiet", &wanted]))
}

/// From what cargo calls the locked package: `registry+https://…#wasm-bindgen@0.2.130`.
fn bindgen_version() -> Result<String> {
    let id = process::capture(cargo().args(["pkgid", "wasm-bindgen"]))?;
    let version = id.trim().rsplit(['@', '#']).next();
    Ok(version
        .context("cargo names no version of wasm-bindgen")?
        .to_owned())
}
