//! How much the native tests notice: `.cargo/mutants.toml` says what is changed, and what is run on each change.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::{
    process::{self, command},
    setup::{self, MUTANTS},
};

/// The changes that no test can notice, with the reason of each.
const LIST: &str = "tests/mutants.md";
const MISSED: &str = "target/mutants.out/missed.txt";

/// Fails at a change that no test has noticed and the list does not name.
pub fn run(shard: Option<&str>) -> Result<()> {
    setup::ensure(&[MUTANTS])?;
    let mut mutants = command("cargo", ["mutants", "--output=target"]);
    if let Some(shard) = shard {
        mutants.args(["--shard", shard]);
    }
    let ended = process::run(&mut mutants); // it fails as well when something was missed
    let missed = fs::read_to_string(MISSED).with_context(|| format!("cannot read {MISSED}"))?;
    if missed.is_empty() {
        return ended;
    }
    let list = fs::read_to_string(LIST).with_context(|| format!("cannot read {LIST}"))?;
    let unexplained: Vec<_> = missed
        .lines()
        .filter(|line| !is_listed(line, &list))
        .collect();
    ensure!(
        unexplained.is_empty(),
        "no test has noticed these changes, and {LIST} does not say why:\n  {}",
        unexplained.join("\n  ")
    );
    println!("every change that was missed is in {LIST}");
    Ok(())
}

/// The list names a change by its file and by what was changed, between backquotes, whatever the line is now.
fn is_listed(missed: &str, list: &str) -> bool {
    let parts = missed.split_once(':').zip(missed.split_once(": "));
    parts.is_some_and(|((file, _), (_, change))| list.contains(&format!("`{file}: {change}`")))
}

#[cfg(test)]
mod tests {
    use super::is_listed;

    #[test]
    fn a_change_is_known_by_its_file_and_what_was_changed() {
        let list = "- `src/cache.rs: replace put -> bool with true`: nobody reads it";
        assert!(is_listed(
            "src/cache.rs:10:5: replace put -> bool with true",
            list
        ));
        assert!(!is_listed(
            "src/cache.rs:10:5: replace put -> bool with false",
            list
        ));
        assert!(!is_listed(
            "src/session.rs:10:5: replace put -> bool with true",
            list
        ));
    }
}
