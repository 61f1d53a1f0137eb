//! A fault in a file of its own: a line that says what is wrong, the law that it breaks, and changes of the sources.
//!
//! ```text
//! Every caller gets a login of its own.
//! law: OneLoginAtATime
//! in: src/flight.rs
//!  lines that must be there, once in that file, indented as you like,
//! -lines that go,
//! +and lines that take their place.
//! ```
//!
//! `PLANTED` in a new line is true where this fault is active.

use std::fs;
use std::path::Path;

use crate::law::Law;

pub struct Fault {
    pub name: String,
    pub about: String,
    pub law: Law,
    changes: Vec<Change>,
}

struct Change {
    file: String,
    before: Vec<String>,
    after: Vec<String>,
}

/// The faults of a folder, by name.
pub fn all(folder: &Path) -> Vec<Fault> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files.iter().map(|file| Fault::read(file)).collect()
}

impl Fault {
    fn read(file: &Path) -> Self {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(file).unwrap();
        let mut lines = text.lines();
        let about = lines.next().unwrap().to_owned();
        let law = lines.next().and_then(|line| line.strip_prefix("law: "));
        let law = law
            .and_then(Law::from_name)
            .unwrap_or_else(|| panic!("{name}: no such law"));
        let mut changes: Vec<Change> = Vec::new();
        for line in lines {
            if let Some(file) = line.strip_prefix("in: ") {
                changes.push(Change {
                    file: file.to_owned(),
                    before: Vec::new(),
                    after: Vec::new(),
                });
                continue;
            }
            let change = changes.last_mut().expect("the name of a file first");
            let (mark, rest) = line.split_at_checked(1).expect("a mark before each line");
            let switch = format!("crate::planted::is({name:?})");
            if mark != "+" {
                change.before.push(rest.trim().to_owned());
            }
            if mark != "-" {
                change.after.push(rest.replace("PLANTED", &switch));
            }
            assert!([" ", "-", "+"].contains(&mark), "{name}: {line}");
        }
        assert!(!changes.is_empty(), "{name} changes nothing");
        Fault {
            name,
            about,
            law,
            changes,
        }
    }

    /// Puts the fault into the sources below `root`.
    pub fn plant(&self, root: &Path) {
        for change in &self.changes {
            let path = root.join(&change.file);
            let source = fs::read_to_string(&path).unwrap_or_default();
            match change.applied(&source) {
                Ok(changed) => fs::write(&path, changed).unwrap(),
                Err(times) => panic!(
                    "the fault `{}` fits {times} places of {} and has to fit one",
                    self.name, change.file
                ),
            }
        }
    }
}

impl Change {
    /// The source with the change; fails with how many places it fits if that is not one.
    fn applied(&self, source: &str) -> Result<String, usize> {
        let mut lines: Vec<&str> = source.lines().collect();
        let count = self.before.len();
        let fits = |at: &usize| {
            lines[*at..*at + count]
                .iter()
                .zip(&self.before)
                .all(|(line, wanted)| line.trim() == wanted)
        };
        let places: Vec<usize> = (0..(lines.len() + 1).saturating_sub(count))
            .filter(fits)
            .collect();
        let [place] = places[..] else {
            return Err(places.len());
        };
        lines.splice(place..place + count, self.after.iter().map(String::as_str));
        Ok(lines.join("\n") + "\n")
    }
}

#[test]
fn a_change_has_to_fit_one_place() {
    let change = Change {
        file: String::new(),
        before: vec!["b".into(), "c".into()],
        after: vec!["  b".into(), "  d".into()],
    };
    assert_eq!(change.applied("a\n  b\n    c\n").unwrap(), "a\n  b\n  d\n");
    assert_eq!(change.applied("b\nc\nb\nc\n"), Err(2));
    assert_eq!(change.applied("b\nd\n"), Err(0));
    assert_eq!(change.applied(""), Err(0));
}
