//! Installs what the commands need, each tool in its own way, and only what is missing.

pub mod bindgen;
mod cargo_tool;
pub mod debian;
mod node;
mod rust;
pub mod wasm_pack;

use std::{panic, thread};

use anyhow::Result;

use self::debian::Program;

pub fn for_build() -> Result<()> {
    node::check_version()?;
    rust::ensure(&[rust::SOURCE])?;
    in_parallel(node::ensure_packages, bindgen::ensure)
}

pub fn for_headless_demo() -> Result<()> {
    node::check_version()?;
    rust::ensure(&[rust::SOURCE])?;
    in_parallel(|| downloads(&debian::BROWSER), bindgen::ensure)
}

pub fn everything() -> Result<()> {
    node::check_version()?;
    rust::ensure(&[rust::SOURCE, rust::WASM_TARGET, rust::CLIPPY, rust::RUSTFMT])?;
    in_parallel(
        || downloads(&debian::ALL).and_then(|()| node::ensure_compiler()),
        || bindgen::ensure().and_then(|()| wasm_pack::ensure()),
    )
}

fn downloads(programs: &[Program]) -> Result<()> {
    node::ensure_packages()?;
    debian::ensure(programs)
}

/// Downloads go on while cargo keeps the processors busy.
fn in_parallel(
    downloads: impl FnOnce() -> Result<()> + Send,
    builds: impl FnOnce() -> Result<()>,
) -> Result<()> {
    thread::scope(|scope| {
        let downloads = scope.spawn(downloads);
        let built = builds();
        let downloaded = downloads
            .join()
            .unwrap_or_else(|payload| panic::resume_unwind(payload));
        built.and(downloaded)
    })
}
