//! The npm package: built from the module and the hand-written glue, weighed, and copied into the demo.

use std::{fs, process::Command};

use anyhow::{Context, Result, ensure};

use crate::{
    process,
    stamp::Step,
    wasm::{self, BUILD_ID},
    weigh::{self, Weight},
};

/// What an app pays for login in its first download: module and glue together, as brotli.
const BUDGET: usize = 40 * 1024;

/// What it should be. Not a limit.
const AIM: usize = 28 * 1024;

const DEMO_LIBRARY: &str = "miniprogram-demo/miniprogram/libs/weapp-login";

/// What every app loads, and what the budget is for.
const LOADED: [(&str, &str); 2] = [
    ("module", "js-glue/dist/weapp_login.wasm"),
    ("glue", "js-glue/dist/index.js"),
];

/// What an app adds only if it wants to.
const OPTIONAL: [(&str, &str); 1] = [("no-wasm", "js-glue/dist/no-wasm.js")];

pub fn build() -> Result<()> {
    bundle()?;
    let loaded = weigh::files(LOADED.map(|(_, path)| path))?;
    let optional = weigh::files(OPTIONAL.map(|(_, path)| path))?;
    print_table(&loaded, &optional);
    check_budget(&loaded)?;
    copy_into_demo()
}

fn bundle() -> Result<()> {
    let build_id = wasm::build_id()?;
    let step = Step {
        name: "package",
        inputs: &["js-glue", "package-lock.json"],
        parameters: &build_id,
        outputs: &[
            "js-glue/dist/index.js",
            "js-glue/dist/weapp_login.wasm",
            "js-glue/dist/weapp_login.wasm.br",
            "js-glue/dist/index.d.ts",
            "js-glue/dist/compat.js",
            "js-glue/dist/compat.d.ts",
            "js-glue/dist/no-wasm.js",
            "js-glue/dist/no-wasm.d.ts",
            "target/xtask/bundles.json",
        ],
    };
    step.run_if_stale(|| {
        process::run(
            Command::new("node")
                .arg("js-glue/build.mjs")
                .env(BUILD_ID, &build_id),
        )
    })
}

fn print_table(loaded: &[Weight], optional: &[Weight]) {
    println!("{:<10}{:>10}{:>10}", "bytes", "raw", "brotli");
    print_rows(&LOADED, loaded);
    let raw: usize = loaded.iter().map(|weight| weight.raw).sum();
    println!(
        "{:<10}{raw:>10}{:>10}   (aim {AIM}, budget {BUDGET})",
        "total",
        total(loaded)
    );
    print_rows(&OPTIONAL, optional);
}

fn print_rows(files: &[(&str, &str)], weights: &[Weight]) {
    for ((what, _), Weight { raw, brotli, .. }) in files.iter().zip(weights) {
        println!("{what:<10}{raw:>10}{brotli:>10}");
    }
}

fn total(weights: &[Weight]) -> usize {
    weights.iter().map(|weight| weight.brotli).sum()
}

fn check_budget(weights: &[Weight]) -> Result<()> {
    let total = total(weights);
    ensure!(
        total <= BUDGET,
        "the package weighs {total} bytes as brotli, {} more than its budget of {BUDGET} bytes: \
         look for a new dependency of the client crate, or for derived serde code and formatted texts in it",
        total - BUDGET
    );
    Ok(())
}

fn copy_into_demo() -> Result<()> {
    if fs::exists(DEMO_LIBRARY)? {
        fs::remove_dir_all(DEMO_LIBRARY)?; // what an older build left there would be uploaded with the demo
    }
    fs::create_dir_all(DEMO_LIBRARY)?;
    for file in [
        "index.js",
        "index.d.ts",
        "weapp_login.d.ts",
        "weapp_login.wasm",
    ] {
        fs::copy(
            format!("js-glue/dist/{file}"),
            format!("{DEMO_LIBRARY}/{file}"),
        )
        .with_context(|| format!("cannot copy {file} to {DEMO_LIBRARY}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{BUDGET, Weight, check_budget};

    fn package(module: usize, glue: usize) -> [Weight; 2] {
        [
            Weight {
                raw: module,
                gzip: module,
                brotli: module,
            },
            Weight {
                raw: glue,
                gzip: glue,
                brotli: glue,
            },
        ]
    }

    #[test]
    fn a_package_of_exactly_the_budget_passes() {
        assert!(check_budget(&package(BUDGET - 1000, 1000)).is_ok());
    }

    #[test]
    fn one_byte_more_fails_and_says_by_how_much() {
        let error = check_budget(&package(BUDGET - 1000, 1001)).map_err(|error| error.to_string());
        assert!(
            error
                .as_ref()
                .is_err_and(|text| text.contains("1 more than its budget of 40960")),
            "{error:?}"
        );
    }
}
