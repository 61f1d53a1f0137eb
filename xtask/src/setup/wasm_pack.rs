//! wasm-pack, which runs the tests of the boundary.

use std::{env, ffi::OsString, path::PathBuf};

use anyhow::Result;

use super::cargo_tool::CargoTool;

pub const PROGRAM: &str = "target/tools/bin/wasm-pack";

pub fn ensure() -> Result<()> {
    CargoTool {
        package: "wasm-pack",
        program: PROGRAM,
        version: "0.15.1",
    }
    .ensure()
}

/// wasm-pack looks for wasm-bindgen's tools on the PATH.
pub fn path_with_tools() -> Result<OsString> {
    let tools = env::current_dir()?.join("target/tools/bin");
    let inherited = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = [tools]
        .into_iter()
        .chain(env::split_paths(&inherited))
        .collect();
    Ok(env::join_paths(folders)?)
}
