//! The tests that the documents name, as `file::test` or `file::its_beginning_…`, are there.

use std::path::Path;

#[test]
fn every_test_that_a_document_names_is_there() {
    let server = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = 0;
    for document in ["README.md", "../../docs/SECURITY.md"] {
        let text = std::fs::read_to_string(server.join(document)).unwrap();
        // Every second piece stands between backquotes.
        for name in text.split('`').skip(1).step_by(2) {
            let Some((file, test)) = name.split_once("::") else {
                continue;
            };
            let file = server.join(format!("tests/api/{file}.rs"));
            let tests = std::fs::read_to_string(file).unwrap_or_default();
            let is_there = match test.strip_suffix('…') {
                Some(beginning) => tests.contains(&format!("fn {beginning}")),
                None => tests.contains(&format!("fn {test}(")),
            };
            assert!(is_there, "{document} names {name}");
            found += 1;
        }
    }
    assert!(found > 20, "only {found} names were found");
}
