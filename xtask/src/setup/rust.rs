//! Parts of the pinned Rust toolchain that rustup does not bring by itself.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};

use crate::{process, progress};

/// A part as rustup calls it, and a file that shows that it is there (asking rustup itself takes longer).
pub struct Part {
    kind: &'static str,
    name: &'static str,
    file: &'static str,
}

/// The source of `std`, which is built along with the module.
pub const SOURCE: Part = Part {
    kind: "component",
    name: "rust-src",
    file: "lib/rustlib/src/rust/library/std/Cargo.toml",
};
/// The precompiled `std`, with which the tests of the boundary are built.
pub const WASM_TARGET: Part = Part {
    kind: "target",
    name: "wasm32-unknown-unknown",
    file: "lib/rustlib/wasm32-unknown-unknown/lib",
};
pub const CLIPPY: Part = Part {
    kind: "component",
    name: "clippy",
    file: "bin/cargo-clippy",
};
pub const RUSTFMT: Part = Part {
    kind: "component",
    name: "rustfmt",
    file: "bin/rustfmt",
};

pub fn ensure(parts: &[Part]) -> Result<()> {
    check_version()?;
    let toolchain = process::capture(Command::new("rustc").args(["--print", "sysroot"]))?;
    let missing = |part: &&Part| !Path::new(toolchain.trim()).join(part.file).exists();
    parts.iter().filter(missing).try_for_each(add)
}

fn add(part: &Part) -> Result<()> {
    let Part { kind, name, .. } = part;
    progress::run(
        &format!("{name} of the Rust toolchain"),
        Command::new("rustup").args([kind, "add", name]),
    )
    .with_context(|| format!("`rustup {kind} add {name}` in this folder must succeed first"))
}

fn check_version() -> Result<()> {
    let pinned =
        fs::read_to_string("rust-toolchain.toml").context("cannot read rust-toolchain.toml")?;
    let pinned = channel(&pinned).context("rust-toolchain.toml names no channel")?;
    let version = process::capture(Command::new("rustc").arg("--version"))?;
    ensure!(
        version.split_whitespace().nth(1) == Some(pinned),
        "Rust {pinned} is wanted (rust-toolchain.toml), but this is {}: install rustup from https://rustup.rs, \
         run `rustup toolchain install {pinned}`, and call `cargo xtask` without a `+toolchain`",
        version.trim()
    );
    Ok(())
}

fn channel(toolchain_file: &str) -> Option<&str> {
    toolchain_file
        .lines()
        .find_map(|line| line.strip_prefix("channel = \"")?.strip_suffix('"'))
}

#[cfg(test)]
mod tests {
    use super::channel;

    #[test]
    fn the_channel_is_read_from_the_projects_own_toolchain_file() {
        assert_eq!(
            channel(include_str!("../../../rust-toolchain.toml")),
            Some("1.95.0")
        );
    }
}
