//! The npm package: built from the module and the hand-written glue, and copied into the demo.

use std::fs;

use anyhow::Result;

use crate::{
    process::{self, command},
    wasm::BUILD_ID,
};

const BUILT: &str = "js-glue/dist";
const DEMO_LIBRARY: &str = "miniprogram-demo/miniprogram/libs/weapp-login";

/// The glue has the build's id in it. Nothing is left of a build that has failed.
pub fn is_built(id: &str) -> bool {
    fs::read_to_string(format!("{BUILT}/index.js")).is_ok_and(|glue| glue.contains(id))
}

pub fn build(id: &str) -> Result<()> {
    let mut build = command("node", ["js-glue/build.mjs"]);
    process::run(build.env(BUILD_ID, id))
        .inspect_err(|_| _ = fs::remove_file(format!("{BUILT}/index.js")))
}

pub fn copy_into_demo() -> Result<()> {
    if fs::exists(DEMO_LIBRARY)? {
        fs::remove_dir_all(DEMO_LIBRARY)?; // what an older build left there would be uploaded with the demo
    }
    fs::create_dir_all(DEMO_LIBRARY)?;
    for file in [
        "index.js",
        "index.d.ts",
        "weapp_login.d.ts",
        "weapp_login.wasm",
    ] {
        fs::copy(format!("{BUILT}/{file}"), format!("{DEMO_LIBRARY}/{file}"))?;
    }
    Ok(())
}
