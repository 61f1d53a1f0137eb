//! The rooms of the program, and that arrows between them run one way.

use std::fs::{read_dir, read_to_string};
use std::path::Path;

/// Each uses only rooms that stand further down.
const ROOMS: [&str; 24] = [
    "main",
    "commands",
    "startup",
    "routes",
    "state",
    "accounts",
    "sessions",
    "users",
    "pictures",
    "limits",
    "sandbox",
    "profile",
    "passwords",
    "database",
    "body",
    "envelope",
    "wechat",
    "config",
    "audit",
    "monitoring",
    "clock",
    "entities",
    "names",
    "secret",
];

#[test]
fn arrows_between_rooms_run_one_way() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut arrows = 0;
    for entry in read_dir(&sources).unwrap() {
        let path = entry.unwrap().path();
        let room = path.file_stem().unwrap().to_str().unwrap();
        let own = place(room);
        for text in sources_of(&path) {
            for used in rooms_used_by(&text) {
                arrows += 1;
                let is_below = used == room || place(&used) > own;
                assert!(is_below, "{room} uses {used}, which stands above it");
            }
        }
    }
    assert!(arrows > 100, "only {arrows} arrows were found");
}

fn place(room: &str) -> usize {
    ROOMS
        .iter()
        .position(|known| *known == room)
        .unwrap_or_else(|| panic!("the room {room} has no place"))
}

fn sources_of(path: &Path) -> Vec<String> {
    if path.is_file() {
        return vec![read_to_string(path).unwrap()];
    }
    let entries = read_dir(path).unwrap();
    entries
        .flat_map(|entry| sources_of(&entry.unwrap().path()))
        .collect()
}

/// The first names after `crate::`, alone or in braces.
fn rooms_used_by(text: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for path in text.split("crate::").skip(1) {
        match path.strip_prefix('{') {
            None => rooms.push(first_name(path)),
            Some(list) => {
                let mut depth = 0;
                let end_of_item = |character| {
                    match character {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        _ => {}
                    }
                    depth == 0 && character == ',' || depth < 0
                };
                let end = list.find(';').unwrap();
                let items = list[..end].split(end_of_item).map(str::trim);
                rooms.extend(items.filter(|item| !item.is_empty()).map(first_name));
            }
        }
    }
    rooms
}

fn first_name(path: &str) -> String {
    path.chars()
        .take_while(|character| character.is_alphanumeric() || *character == '_')
        .collect()
}
