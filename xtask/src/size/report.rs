//! The text of the report: Markdown that can be read in a terminal as well.

use std::process::Command;

use anyhow::Result;

use crate::{process, setup::bindgen};

/// The commit, and what has a say in the size of what is built from it.
pub fn versions() -> Result<String> {
    let said = |program: &str, arguments: &[&str]| {
        let said = process::capture(Command::new(program).args(arguments))?;
        anyhow::Ok(said.trim().to_owned())
    };
    let commit = said("git", &["describe", "--always", "--dirty", "--abbrev=10"])?;
    let rustc = said("rustc", &["--version"])?;
    let wasm_opt = said("node_modules/.bin/wasm-opt", &["--version"])?;
    let esbuild = said("node_modules/.bin/esbuild", &["--version"])?;
    let terser = said("node_modules/.bin/terser", &["--version"])?;
    let node = said("node", &["--version"])?;
    let bindgen = bindgen::version()?;
    Ok(format!(
        "commit {commit} by {rustc}, wasm-bindgen {bindgen}, {wasm_opt}, esbuild {esbuild}, {terser}, node {node}"
    ))
}

/// Something that weighs, as a line of a table.
pub struct Line {
    pub numbers: Vec<String>,
    pub what: String,
}

impl Line {
    pub fn new(numbers: &[&dyn ToString], what: impl Into<String>) -> Self {
        Self {
            numbers: numbers.iter().map(|number| number.to_string()).collect(),
            what: what.into(),
        }
    }
}

/// The numbers come first, so that a long name need not fit into a column.
pub fn table(numbers: &[&str], what: &str, lines: &[Line]) -> String {
    let widths: Vec<usize> = (numbers.iter().enumerate())
        .map(|(column, head)| {
            let cells = lines.iter().map(|line| line.numbers[column].len());
            cells.chain([head.len(), 2]).max().unwrap_or_default()
        })
        .collect();
    let row = |cells: &mut dyn Iterator<Item = &str>, what: &str| {
        let cells: String = (cells.zip(&widths))
            .map(|(cell, &width)| format!("| {cell:>width$} "))
            .collect();
        format!("{cells}| {what} |\n")
    };
    let rules: Vec<String> = widths
        .iter()
        .map(|width| "-".repeat(width - 1) + ":")
        .collect();
    let head = row(&mut numbers.iter().copied(), what)
        + &row(&mut rules.iter().map(String::as_str), "---");
    let body = lines
        .iter()
        .map(|line| row(&mut line.numbers.iter().map(String::as_str), &line.what));
    head + &body.collect::<String>()
}

/// In percent.
pub fn share(part: isize, whole: usize) -> String {
    format!("{:.1}", part as f64 * 100.0 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_aligned_and_names_as_long_as_they_are() {
        let lines = [
            Line::new(&[&12345, &"1.5"], "`a<b>`"),
            Line::new(&[&7, &"100.0"], "all"),
        ];
        let expected = "\
            |   raw |     % | function |\n\
            | ----: | ----: | --- |\n\
            | 12345 |   1.5 | `a<b>` |\n\
            |     7 | 100.0 | all |\n";
        assert_eq!(table(&["raw", "%"], "function", &lines), expected);
    }

    #[test]
    fn a_share_is_a_percentage() {
        assert_eq!(share(1, 3), "33.3");
    }
}
