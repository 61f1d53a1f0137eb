//! The long attacks on the backend, which the tests run in a short form.

use anyhow::Result;

use crate::process;

/// Runs them one after the other.
pub fn run() -> Result<()> {
    process::run(process::cargo().args([
        "test",
        "--package=weapp-login-server",
        "--test=api",
        "attack::",
        "--",
        "--ignored",
        "--nocapture",
        "--test-threads=1",
    ]))
}
