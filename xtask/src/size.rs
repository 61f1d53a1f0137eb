//! What the package is made of, by tools that others know, too.

use anyhow::Result;

use crate::{
    build,
    process::{self, command},
    setup::{self, TWIGGY},
    wasm::COMPILED,
};

/// The module is shown as the linker leaves it: the one that ships has no names any more.
pub fn show() -> Result<()> {
    build()?;
    setup::ensure(&[TWIGGY])?;
    println!(
        "\nthe module before wasm-opt, by function (twiggy has more: paths, dominators, monos)\n"
    );
    process::run(&mut command("twiggy", ["top", "-n", "40", COMPILED]))?;
    println!("\nthe glue, by file");
    process::run(&mut command(
        "node_modules/.bin/esbuild",
        [
            "js-glue/src/index.js",
            "--bundle",
            "--minify",
            "--analyze",
            "--target=es2017",
            "--loader:.wasm=empty",
            "--outfile=/dev/null",
            "--log-level=info",
        ],
    ))
}
