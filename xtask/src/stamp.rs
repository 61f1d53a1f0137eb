//! Skips the steps whose inputs did not change.

use std::{
    fs,
    hash::{DefaultHasher, Hasher},
    io::ErrorKind,
    path::Path,
};

use anyhow::{Context, Result};

/// A step of the build: what it reads (files, and folders without their `dist` and `node_modules`), how it is called, what it writes.
pub struct Step<'a> {
    pub name: &'a str,
    pub inputs: &'a [&'a str],
    pub parameters: &'a str,
    pub outputs: &'a [&'a str],
}

impl Step<'_> {
    /// Contents decide, not dates: a checkout gives every file a new date.
    pub fn run_if_stale(&self, action: impl FnOnce() -> Result<()>) -> Result<()> {
        self.run_if_stale_by(Path::new("target/xtask"), action)
    }

    fn run_if_stale_by(&self, stamps: &Path, action: impl FnOnce() -> Result<()>) -> Result<()> {
        let stamp = stamps.join(self.name).with_extension("stamp");
        let fingerprint = self.fingerprint()?;
        let written = || self.outputs.iter().all(|output| Path::new(output).exists());
        if fs::read_to_string(&stamp).is_ok_and(|recorded| recorded == fingerprint) && written() {
            return Ok(());
        }
        remove_if_there(&stamp)?; // a step that fails half-way is not taken for done
        action()?;
        fs::create_dir_all(stamps)?;
        fs::write(&stamp, fingerprint).with_context(|| format!("cannot write {}", stamp.display()))
    }

    fn fingerprint(&self) -> Result<String> {
        Ok(format!("{} {}", self.parameters, fingerprint(self.inputs)?))
    }
}

/// Differs when the content of a file or of a folder does.
pub fn fingerprint(inputs: &[&str]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for input in inputs {
        hash_tree(Path::new(input), &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn hash_tree(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    hasher.write(path.as_os_str().as_encoded_bytes());
    if path.is_dir() {
        let mut entries = fs::read_dir(path)?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<Vec<_>>>()?;
        entries.retain(|entry| {
            !["dist", "node_modules"]
                .iter()
                .any(|made| entry.ends_with(made))
        });
        entries.sort();
        return entries
            .iter()
            .try_for_each(|entry| hash_tree(entry, hasher));
    }
    let content = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    hasher.write(&content.len().to_le_bytes());
    hasher.write(&content);
    Ok(())
}

fn remove_if_there(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::cell::Cell;

    use anyhow::bail;
    use tempfile::TempDir;

    use super::*;

    /// A folder with an input, and a count of the step's runs.
    struct Fixture {
        folder: TempDir,
        runs: Cell<u32>,
    }

    impl Fixture {
        fn new() -> Self {
            let fixture = Self {
                folder: tempfile::tempdir().unwrap(),
                runs: Cell::new(0),
            };
            fs::create_dir_all(fixture.path("input/dist")).unwrap();
            fixture.write("input/a", "1");
            fixture
        }

        fn path(&self, name: &str) -> String {
            self.folder.path().join(name).to_str().unwrap().to_owned()
        }

        fn write(&self, name: &str, content: &str) {
            fs::write(self.path(name), content).unwrap();
        }

        fn run(&self, parameters: &str, outcome: Result<()>) -> Result<()> {
            let (input, output) = (self.path("input"), self.path("output"));
            let step = Step {
                name: "copy",
                inputs: &[&input],
                parameters,
                outputs: &[&output],
            };
            step.run_if_stale_by(&self.folder.path().join("stamps"), || {
                self.runs.set(self.runs.get() + 1);
                self.write("output", "");
                outcome
            })
        }

        fn runs_after(&self, change: impl FnOnce(&Self)) -> u32 {
            change(self);
            self.run("", Ok(())).unwrap();
            self.runs.get()
        }
    }

    #[test]
    fn runs_once_for_the_same_inputs() {
        let fixture = Fixture::new();
        assert_eq!(fixture.runs_after(|_| {}), 1);
        assert_eq!(fixture.runs_after(|_| {}), 1);
        assert_eq!(
            fixture.runs_after(|fixture| fixture.write("input/a", "1")),
            1,
            "a new date alone is no change"
        );
        assert_eq!(
            fixture.runs_after(|fixture| fixture.write("input/dist/made", "2")),
            1,
            "what is made is no input"
        );
    }

    #[test]
    fn runs_again_after_each_kind_of_change() {
        let fixture = Fixture::new();
        assert_eq!(fixture.runs_after(|_| {}), 1);
        assert_eq!(
            fixture.runs_after(|fixture| fixture.write("input/a", "2")),
            2,
            "changed"
        );
        assert_eq!(
            fixture.runs_after(|fixture| fixture.write("input/b", "")),
            3,
            "added"
        );
        assert_eq!(
            fixture.runs_after(|fixture| fs::rename(
                fixture.path("input/b"),
                fixture.path("input/c")
            )
            .unwrap()),
            4,
            "renamed"
        );
        assert_eq!(
            fixture.runs_after(|fixture| fs::remove_file(fixture.path("output")).unwrap()),
            5,
            "output gone"
        );
        fixture.run("--other", Ok(())).unwrap();
        assert_eq!(fixture.runs.get(), 6, "called otherwise");
    }

    #[test]
    fn runs_again_after_a_failure() {
        let fixture = Fixture::new();
        assert_eq!(fixture.runs_after(|_| {}), 1);
        fixture.write("input/a", "2");
        let failing = || -> Result<()> { bail!("failed") };
        assert!(fixture.run("", failing()).is_err());
        fixture.write("input/a", "1");
        assert_eq!(fixture.runs_after(|_| {}), 3);
    }
}
