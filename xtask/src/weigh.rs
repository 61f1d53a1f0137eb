//! What files weigh: as they are, and compressed for the way to the phone.

use std::{ffi::OsStr, process::Command};

use anyhow::{Context, Result, ensure};

use crate::process;

/// Node is needed for the build in any case, and its zlib has both formats.
const WEIGH: &str = "
    const { brotliCompressSync, gzipSync } = require('node:zlib')
    for (const file of process.argv.slice(1)) {
        const content = require('node:fs').readFileSync(file)
        console.log(content.length, gzipSync(content, { level: 9 }).length, brotliCompressSync(content).length)
    }";

/// In bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weight {
    pub raw: usize,
    pub gzip: usize,
    pub brotli: usize,
}

/// One weight a file, in their order.
pub fn files(paths: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<Vec<Weight>> {
    let mut node = Command::new("node");
    node.args(["-e", WEIGH]).args(paths);
    let said = process::capture(&mut node)?;
    let weights: Option<Vec<_>> = said.lines().map(parse).collect();
    let weights = weights.with_context(|| format!("cannot weigh: node said {said:?}"))?;
    let asked = node.get_args().len() - 2;
    ensure!(
        weights.len() == asked,
        "node weighed {} of {asked} files",
        weights.len()
    );
    Ok(weights)
}

fn parse(line: &str) -> Option<Weight> {
    let numbers: Result<Vec<usize>, _> = line.split_whitespace().map(str::parse).collect();
    let [raw, gzip, brotli] = numbers.ok()?.try_into().ok()?;
    Some(Weight { raw, gzip, brotli })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;

    #[test]
    fn weighs_each_file_in_its_turn() {
        let folder = tempfile::tempdir().unwrap();
        let (zeros, one) = (folder.path().join("zeros"), folder.path().join("one"));
        fs::write(&zeros, [0; 1000]).unwrap();
        fs::write(&one, [1]).unwrap();
        let weights = files([&zeros, &one]).unwrap();
        assert_eq!(
            weights.iter().map(|weight| weight.raw).collect::<Vec<_>>(),
            [1000, 1]
        );
        assert!(
            weights[0].brotli < weights[0].gzip && weights[0].gzip < 100,
            "{weights:?}"
        );
    }

    #[test]
    fn reads_nothing_else_than_three_numbers() {
        for line in ["", "1 2", "1 2 3 4", "1 2 x"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
