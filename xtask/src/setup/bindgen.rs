//! The wasm-bindgen command line tool, which must be of exactly the version of the crate.

use std::fs;

use anyhow::{Context, Result};

use super::cargo_tool::CargoTool;

pub const PROGRAM: &str = "target/tools/bin/wasm-bindgen";

pub fn ensure() -> Result<()> {
    CargoTool {
        package: "wasm-bindgen-cli",
        program: PROGRAM,
        version: &version()?,
    }
    .ensure()
}

pub fn version() -> Result<String> {
    let lock = fs::read_to_string("Cargo.lock").context("cannot read Cargo.lock")?;
    let version =
        locked_version(&lock, "wasm-bindgen").context("Cargo.lock does not name wasm-bindgen")?;
    Ok(version.to_owned())
}

fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    lines
        .next()?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    const LOCK: &str = r#"
[[package]]
name = "wasm-bindgen-futures"
version = "0.4.80"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry""#;

    #[test]
    fn finds_the_version_of_exactly_that_package() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(LOCK, "wasm"), None);
    }
}
