//! wasm-pack, which runs the tests of the boundary.

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
