//! The npm package: built from the module and the hand-written glue, and copied into the demo.

use std::fs;

use anyhow::Result;

use crate::{
    process::{self, command},
    wasm::BUILD_ID,
};

const BUILT: &str = "js-glue/dist";
const DEMO_LIBRARY: &str = "miniprogram-demo/miniprogram/libs/weapp-login";
/// Of the demo's self-test, which loads everything anew: a subpackage, so that the app itself stays small.
const SELF_TEST_LIBRARY: &str = "miniprogram-demo/miniprogram/pages/self-test/libs";

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
    let app = [
        "index.js",
        "compat.js",
        "index.d.ts",
        "weapp_login.d.ts",
        "weapp_login.wasm",
    ];
    copy(&app, DEMO_LIBRARY)?;
    copy(&["index.js", "no-wasm.js"], SELF_TEST_LIBRARY)
}

/// Makes `folder` anew: what an older build left there would be uploaded with the demo.
fn copy(files: &[&str], folder: &str) -> Result<()> {
    if fs::exists(folder)? {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for file in files {
        fs::copy(format!("{BUILT}/{file}"), format!("{folder}/{file}"))?;
    }
    Ok(())
}
