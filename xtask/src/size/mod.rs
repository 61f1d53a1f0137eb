//! Where every byte of the package goes, written to `docs/size.md`.

mod anatomy;
mod glue;
mod module;
mod parts;
mod report;
mod symbols;

use std::{fs, path::Path};

use anyhow::{Context, Result};

use self::{
    glue::Bundles,
    module::Module,
    parts::{Part, savings},
    report::{Line, share, table},
};
use crate::{
    build, setup, wasm,
    weigh::{self, Weight},
};

const REPORT: &str = "docs/size.md";
const MODULE: &str = "js-glue/dist/weapp_login.wasm";
const GLUE: &str = "js-glue/dist/index.js";
const OTHER_SCRIPTS: [&str; 2] = ["js-glue/dist/compat.js", "js-glue/dist/no-wasm.js"];

/// `top`: how many of the functions to name.
pub fn run(top: usize) -> Result<()> {
    setup::for_build()?;
    build()?;
    println!("size: compressing the module without each of its parts in turn ...");
    let report = [head()?, package()?, module(top)?, scripts()?].join("\n");
    println!("\n{report}");
    fs::write(REPORT, report).with_context(|| format!("cannot write {REPORT}"))?;
    println!("written to {REPORT}");
    Ok(())
}

fn head() -> Result<String> {
    Ok(format!(
        "# Where the kilobytes go\n\n\
         Written by `cargo xtask size`, which replaces this file. Sizes are in bytes; gzip and brotli are those of node's zlib, at their highest level.\n\n\
         Built from {}.\n",
        report::versions()?
    ))
}

fn package() -> Result<String> {
    let files: Vec<_> = [MODULE, GLUE].into_iter().chain(other_scripts()).collect();
    let weights = weigh::files(&files)?;
    let mut lines: Vec<_> = (files.iter().zip(&weights))
        .map(|(file, weight)| weight_line(weight, &format!("`{file}`")))
        .collect();
    let required = Weight {
        raw: weights[0].raw + weights[1].raw,
        gzip: weights[0].gzip + weights[1].gzip,
        brotli: weights[0].brotli + weights[1].brotli,
    };
    lines.insert(
        2,
        weight_line(&required, "**module and glue**, which every app downloads"),
    );
    Ok(format!(
        "## The package\n\n{}",
        table(&["raw", "gzip", "brotli"], "file", &lines)
    ))
}

fn other_scripts() -> impl Iterator<Item = &'static str> {
    OTHER_SCRIPTS
        .into_iter()
        .filter(|script| Path::new(script).exists())
}

fn weight_line(weight: &Weight, what: &str) -> Line {
    Line::new(&[&weight.raw, &weight.gzip, &weight.brotli], what)
}

fn module(top: usize) -> Result<String> {
    let module = Module::read(MODULE, wasm::COMPILED, wasm::SYMBOLS)?;
    let mut functions = module.functions();
    let count = functions.len();
    functions.truncate(top);
    Ok(format!(
        "## The module, by section\n\n\
         The compressed sizes below are estimates: by how much the compressed module shrinks when the part is taken out of it. Parts that\n\
         resemble one another share what they cost, so the estimates add up to less than the module, and some are below zero.\n\n\
         {}\n\
         ## The module's code, by crate\n\n\
         A function counts for the crate that defines it, whatever types it is instantiated for; what is inlined counts for the function\n\
         that it is inlined into. Texts and other constants are in the section of data, not here.\n\n\
         {}\n\
         ## The module's largest functions\n\n\
         {} of {count}.\n\n\
         {}",
        parts_table("section", &module.wasm, &module.sections())?,
        parts_table("crate", &module.wasm, &module.crates())?,
        functions.len(),
        parts_table("function", &module.wasm, &functions)?,
    ))
}

fn parts_table(kind: &str, wasm: &[u8], parts: &[Part]) -> Result<String> {
    let savings = savings(wasm, parts)?;
    let mut lines: Vec<_> = (parts.iter().zip(savings))
        .map(|(part, saved)| {
            let share = share(part.len().cast_signed(), wasm.len());
            Line::new(
                &[&part.len(), &share, &saved.gzip, &saved.brotli],
                &part.what,
            )
        })
        .collect();
    let raw: usize = parts.iter().map(Part::len).sum();
    lines.push(Line::new(
        &[&raw, &share(raw.cast_signed(), wasm.len()), &"", &""],
        "**together**",
    ));
    Ok(table(
        &["raw", "% of module", "~ gzip", "~ brotli"],
        kind,
        &lines,
    ))
}

fn scripts() -> Result<String> {
    let bundles = Bundles::read()?;
    let tables: Result<Vec<_>> = [GLUE]
        .into_iter()
        .chain(other_scripts())
        .map(|script| script_table(&bundles, script))
        .collect();
    Ok(tables?.join("\n"))
}

fn script_table(bundles: &Bundles, script: &str) -> Result<String> {
    let length = fs::read(script)
        .with_context(|| format!("cannot read {script}"))?
        .len();
    let mut lines: Vec<_> = (bundles.sources(script, length)?.into_iter())
        .map(|source| Line::new(&[&source.bytes, &share(source.bytes, length)], source.file))
        .collect();
    lines.push(Line::new(
        &[&length, &share(length.cast_signed(), length)],
        "**together**",
    ));
    Ok(format!(
        "## `{script}`, by source file\n\n{}",
        table(&["raw", "%"], "source", &lines)
    ))
}
