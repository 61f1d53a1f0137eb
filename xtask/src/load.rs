//! How much the reference backend carries, in a release build, with clients on this machine.

use anyhow::Result;

use crate::process;

const PACKAGE: &str = "--package=weapp-login-server";

pub fn run(seconds: u64) -> Result<()> {
    process::run(process::cargo().args(["build", "--release", PACKAGE]))?;
    let seconds = format!("--seconds={seconds}");
    process::run(process::cargo().args([
        "run",
        "--release",
        PACKAGE,
        "--example=load",
        "--",
        &seconds,
    ]))
}
