//! From the client crate to a WebAssembly module that every phone's engine can load.
//!
//! Stable Rust's precompiled `std` holds instructions that old engines lack, so `std` is built along, from source, for the first
//! version of WebAssembly. That needs two unstable flags of the pinned toolchain (see `rust-toolchain.toml`).

use std::{fs, process::Command};

use anyhow::{Context, Result};

use crate::{process, setup::bindgen, stamp, stamp::Step, validate};

/// The linker's output, with the functions' mangled names.
pub const COMPILED: &str = "target/wasm32-unknown-unknown/wasm/weapp_login.wasm";
const GENERATED: &str = "js-glue/generated";
const MODULE: &str = "js-glue/generated/weapp_login_bg.wasm";
const GLUE: &str = "js-glue/generated/weapp_login_bg.js";
/// The names of the functions in the module, in which they would weigh as much as its code.
pub const SYMBOLS: &str = "js-glue/generated/weapp_login_bg.symbols";

const COMPILE: [&str; 8] = [
    "rustc",
    "--package=weapp-login",
    "--lib",
    "--crate-type=cdylib", // the library that tests link cannot be optimized at link time, nor what is compiled along with it
    "--profile=wasm",
    "--target=wasm32-unknown-unknown",
    "-Zbuild-std=std,panic_abort",
    "-Zbuild-std-features=optimize_for_size",
];

const RUSTFLAGS: [&str; 7] = [
    "-Ctarget-cpu=mvp",
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    // What is inlined where code shall be small: of all thresholds that were tried, these make the smallest module.
    "-Zinline-mir=yes",
    "-Cllvm-args=-inline-threshold=10",
    "-Zlocation-detail=none", // a panic tells nobody where it was, so the paths of this machine need not be in the module
    "-Clink-arg=-zstack-size=65536", // the default of 1 MB would be the whole initial memory
];

const WASM_OPT: &str = "node_modules/.bin/wasm-opt";

const BIND: [&str; 4] = [
    "--target=bundler",
    "--encode-into=always", // as js-glue/src/runtime-globals.js does, which stands in for the engine's own
    "--out-dir=js-glue/generated",
    COMPILED,
];

const OPTIMIZE: [&str; 13] = [
    "--mvp-features",
    "--low-memory-unused", // the stack's last kilobyte lies there: what would reach into it is about to trap
    "--flatten", // with the next one: makes the control flow anew, out of smaller pieces than LLVM's
    "--rereloop",
    "-Oz",
    "-Oz",                              // what the first round has left
    "--remove-exports=__abort_handler", // two Globals, which iOS refuses; the generated glue never reads them
    "--remove-exports=__instance_terminated",
    "--symbolmap=js-glue/generated/weapp_login_bg.symbols",
    "--strip-debug",
    "--strip-producers",
    MODULE,
    "--output=js-glue/generated/weapp_login_bg.wasm",
];

/// Names a build, for both sides of the boundary: see `build_id` in src/wasm.rs, and `define` in js-glue/build.mjs.
pub const BUILD_ID: &str = "WEAPP_LOGIN_BUILD_ID";

const SOURCES: [&str; 4] = ["src", "js-glue/src", "Cargo.lock", "package-lock.json"];

pub fn build_id() -> Result<String> {
    Ok(format!("build-{}", stamp::fingerprint(&SOURCES)?))
}

/// Leaves the module and its generated glue in `js-glue/generated/`.
pub fn build() -> Result<()> {
    compile()?;
    let bind_and_optimize = Step {
        name: "module",
        inputs: &[COMPILED],
        parameters: &format!("{} {BIND:?} {OPTIMIZE:?}", bindgen::version()?),
        outputs: &[MODULE, SYMBOLS, GLUE, "js-glue/generated/weapp_login.d.ts"],
    };
    bind_and_optimize.run_if_stale(|| {
        bind()?;
        optimize()?;
        validate::module(MODULE)
    })
}

fn compile() -> Result<()> {
    process::run(
        process::cargo()
            .args(COMPILE)
            .env("RUSTC_BOOTSTRAP", "1")
            .env(BUILD_ID, build_id()?)
            .env("CARGO_ENCODED_RUSTFLAGS", RUSTFLAGS.join("\x1f")), // wins over all other places that set flags
    )
}

fn bind() -> Result<()> {
    if fs::exists(GENERATED)? {
        fs::remove_dir_all(GENERATED).with_context(|| format!("cannot empty {GENERATED}"))?;
    }
    process::run(Command::new(bindgen::PROGRAM).args(BIND))
}

fn optimize() -> Result<()> {
    process::run(Command::new(WASM_OPT).args(OPTIMIZE))
}
