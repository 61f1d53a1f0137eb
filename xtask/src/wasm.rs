//! From the client crate to a WebAssembly module that every phone's engine can load.
//!
//! Stable Rust's precompiled `std` holds instructions that old engines lack, so `std` is built along, from source, for the first
//! version of WebAssembly. That needs two unstable flags of the pinned toolchain (see `rust-toolchain.toml`).

use std::{
    fs,
    hash::{DefaultHasher, Hasher},
};

use anyhow::{Context, Result};
use walkdir::WalkDir;

use crate::{
    process::{self, cargo, command},
    validate,
};

const COMPILED: &str = "target/wasm32-unknown-unknown/wasm/weapp_login.wasm";
const GENERATED: &str = "js-glue/generated";
const MODULE: &str = "js-glue/generated/weapp_login_bg.wasm";

const COMPILE: [&str; 8] = [
    "rustc",
    "--package=weapp-login-client",
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
    "--encode-into=always", // as js-glue/src/runtime.js does, which stands in for the engine's own
    "--out-dir=js-glue/generated",
    COMPILED,
];

const OPTIMIZE: [&str; 12] = [
    "--mvp-features",
    "--low-memory-unused", // the stack's last kilobyte lies there: what would reach into it is about to trap
    "--flatten", // with the next one: makes the control flow anew, out of smaller pieces than LLVM's
    "--rereloop",
    "-Oz",
    "-Oz",                              // what the first round has left
    "--remove-exports=__abort_handler", // two Globals, which iOS refuses; the generated glue never reads them
    "--remove-exports=__instance_terminated",
    "--strip-debug",
    "--strip-producers",
    MODULE,
    "--output=js-glue/generated/weapp_login_bg.wasm",
];

/// Names a build, for both sides of the boundary: see `build_id` in src/wasm.rs, and `define` in js-glue/build.mjs.
pub const BUILD_ID: &str = "WEAPP_LOGIN_BUILD_ID";

/// All that a build depends on.
const SOURCES: [&str; 8] = [
    "src",
    "js-glue/src",
    "js-glue/build.mjs",
    "js-glue/plugins.mjs",
    "xtask/src/wasm.rs",
    "Cargo.toml",
    "Cargo.lock",
    "package-lock.json",
];

/// Differs when what is built from does.
pub fn build_id() -> Result<String> {
    let mut hasher = DefaultHasher::new();
    let files = SOURCES
        .iter()
        .flat_map(|source| WalkDir::new(source).sort_by_file_name());
    for file in files {
        let file = file?;
        hasher.write(file.path().as_os_str().as_encoded_bytes());
        if file.file_type().is_file() {
            hasher.write(&fs::read(file.path())?);
        }
    }
    Ok(format!("build-{:016x}", hasher.finish()))
}

/// Leaves the module and its generated glue in `js-glue/generated/`.
pub fn build(id: &str) -> Result<()> {
    process::run(
        cargo()
            .args(COMPILE)
            .env("RUSTC_BOOTSTRAP", "1")
            .env(BUILD_ID, id)
            .env("CARGO_ENCODED_RUSTFLAGS", RUSTFLAGS.join("\x1f")), // wins over all other places that set flags
    )?;
    if fs::exists(GENERATED)? {
        fs::remove_dir_all(GENERATED).with_context(|| format!("cannot empty {GENERATED}"))?;
    }
    process::run(&mut command("wasm-bindgen", BIND))?;
    process::run(&mut command(WASM_OPT, OPTIMIZE))?;
    validate::module(MODULE)
}
