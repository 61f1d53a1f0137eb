//! Command line tools written in Rust, built into a folder of the project at a pinned version.

use std::{path::Path, process::Command};

use anyhow::Result;

use crate::{process, progress};

pub struct CargoTool<'a> {
    pub package: &'a str,
    pub program: &'a str,
    pub version: &'a str,
}

impl CargoTool<'_> {
    pub fn ensure(&self) -> Result<()> {
        if self.is_installed() {
            return Ok(());
        }
        let what = format!(
            "building {} {} (a minute or two)",
            self.package, self.version
        );
        let mut install = Command::new("cargo");
        install
            .args([
                "install",
                self.package,
                "--version",
                self.version,
                "--force",
                "--debug",
            ]) // a release build takes four times as long
            .args(["--root=target/tools", "--target-dir=target/tools/build"])
            .env("CARGO_PROFILE_DEV_DEBUG", "false");
        progress::run(&what, &mut install)
    }

    fn is_installed(&self) -> bool {
        let version = || process::capture(Command::new(self.program).arg("--version"));
        Path::new(self.program).exists()
            && version().is_ok_and(|line| line.split_whitespace().nth(1) == Some(self.version))
    }
}
