//! Node, and the npm packages that the JavaScript parts build and test with.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::{process, progress, stamp::Step};

const OLDEST: u32 = 20;

pub fn check_version() -> Result<()> {
    let how_to =
        "install Node.js 20 or newer with npm (https://nodejs.org, or your system's packages)";
    let version = process::capture(Command::new("node").arg("--version")).context(how_to)?;
    ensure!(
        major(&version) >= Some(OLDEST),
        "Node.js {} is too old: {how_to}",
        version.trim()
    );
    Ok(())
}

fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

pub fn ensure_packages() -> Result<()> {
    install("npm", "npm packages", ".")
}

/// WeChat's own compiler is large, so it is installed apart, and for the tests alone.
pub fn ensure_compiler() -> Result<()> {
    let what = "WeChat's compiler from npm (a minute or two)";
    install("npm-compiler", what, "tests/compiler")
}

/// Installs what the lock file of a folder names.
fn install(name: &str, what: &str, folder: &str) -> Result<()> {
    let step = Step {
        name,
        inputs: &[&format!("{folder}/package-lock.json")],
        parameters: "",
        outputs: &[&format!("{folder}/node_modules/.package-lock.json")],
    };
    step.run_if_stale(|| {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund"])
            .current_dir(folder);
        progress::run(what, &mut npm)
    })
}

#[cfg(test)]
mod tests {
    use super::{OLDEST, major};

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(major("v20.0.0\n") >= Some(OLDEST));
        assert!(major("v100.1.0\n") >= Some(OLDEST));
        assert!(major("v9.11.2\n") < Some(OLDEST));
        assert!(major("nonsense") < Some(OLDEST));
    }
}
