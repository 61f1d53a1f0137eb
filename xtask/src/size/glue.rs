//! Which source file the bytes of a bundled script come from, as esbuild has counted while bundling.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// Written by `js-glue/build.mjs`.
pub const BUNDLES: &str = "target/xtask/bundles.json";

#[derive(Deserialize)]
pub struct Bundles(BTreeMap<String, Bundle>);

#[derive(Deserialize)]
struct Bundle {
    /// Of the finished script.
    bytes: usize,
    /// By file, from esbuild's metafile: before terser made the script smaller.
    inputs: BTreeMap<String, Input>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    bytes_in_output: isize,
}

/// So many bytes from that file; below zero for what terser takes out of all of them.
#[derive(Debug, PartialEq)]
pub struct Source {
    pub bytes: isize,
    pub file: String,
}

impl Bundles {
    pub fn read() -> Result<Self> {
        let text = fs::read_to_string(BUNDLES).with_context(|| format!("cannot read {BUNDLES}"))?;
        serde_json::from_str(&text)
            .with_context(|| format!("{BUNDLES} is not what js-glue/build.mjs writes"))
    }

    /// The largest first; what is around them comes last. Together they have the `length` of the script.
    pub fn sources(&self, script: &str, length: usize) -> Result<Vec<Source>> {
        let bundle = self
            .0
            .get(script)
            .with_context(|| format!("{BUNDLES} does not name {script}"))?;
        ensure!(
            bundle.bytes == length,
            "{script} has {length} bytes, but was bundled with {}: remove it and build again",
            bundle.bytes
        );
        let mut sources: Vec<_> = (bundle.inputs.iter())
            .map(|(file, input)| Source {
                bytes: input.bytes_in_output,
                file: format!("`{file}`"),
            })
            .collect();
        sources.retain(|source| source.bytes > 0);
        sources.sort_by_key(|source| std::cmp::Reverse(source.bytes));
        let counted: isize = sources.iter().map(|source| source.bytes).sum();
        sources.push(Source {
            bytes: length.cast_signed() - counted,
            file: "what esbuild adds, and what terser takes out after it has counted".into(),
        });
        Ok(sources)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn bundles() -> Bundles {
        let text = r#"{
            "dist/index.js": {
                "bytes": 75,
                "inputs": {
                    "src/small.js": { "bytesInOutput": 10 },
                    "src/shaken-off.js": { "bytesInOutput": 0 },
                    "src/large.js": { "bytesInOutput": 70 }
                }
            }
        }"#;
        serde_json::from_str(text).unwrap()
    }

    fn refusal(script: &str, length: usize) -> String {
        bundles().sources(script, length).unwrap_err().to_string()
    }

    #[test]
    fn each_byte_has_a_source() {
        let sources = bundles().sources("dist/index.js", 75).unwrap();
        let found: Vec<_> = sources
            .iter()
            .map(|source| (source.bytes, source.file.as_str()))
            .collect();
        let expected = [
            (70, "`src/large.js`"),
            (10, "`src/small.js`"),
            (
                -5,
                "what esbuild adds, and what terser takes out after it has counted",
            ),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn refuses_a_script_of_another_build() {
        assert!(refusal("dist/index.js", 76).contains("has 76 bytes, but was bundled with 75"));
        assert!(refusal("dist/other.js", 1).contains("does not name dist/other.js"));
    }
}
