//! Programs and fonts that are taken from the system: what is there is used, what is not comes as a Debian package.

use std::{env, process::Command, sync::Once};

use anyhow::{Context, Result, ensure};
use nix::unistd::geteuid;

use crate::process::{self, command};

/// Any of the files `names` is enough. Of the `packages` that bring one, the first that exists is installed.
pub fn ensure(names: &[&str], packages: &[&str]) -> Result<()> {
    if names.iter().any(|name| is_there(name)) {
        return Ok(());
    }
    ensure!(
        geteuid().is_root() && is_there("apt-get"),
        "missing: what Debian has in {0} (as root: apt-get install {0})",
        packages[0]
    );
    update_package_lists();
    let package = first_known(packages)?;
    println!("setup: Debian package {package} ...");
    let install = ["install", "--yes", "--no-install-recommends"];
    process::run(apt().args(install).args(package.split(' ')))
}

/// Looks for a program where root finds it, and for a file with its whole path there.
fn is_there(name: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(["/usr/sbin".into()])
        .any(|folder| folder.join(name).is_file())
}

/// Should it fail, the lists that are there may do.
fn update_package_lists() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| _ = process::run(apt().arg("update")));
}

fn first_known<'a>(packages: &[&'a str]) -> Result<&'a str> {
    let known = |package: &&&str| {
        let mut show = command("apt-cache", ["show"].into_iter().chain(package.split(' ')));
        process::capture(&mut show).is_ok()
    };
    packages
        .iter()
        .find(known)
        .copied()
        .with_context(|| format!("this system has no package {}", packages.join(" or ")))
}

fn apt() -> Command {
    let mut apt = command("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=120"]);
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    apt
}
