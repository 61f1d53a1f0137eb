//! Short names for what the module and its generated glue know each other by: wasm-bindgen's have a hash each, which no
//! compression makes smaller. 2 KB of the package.

use std::{cmp::Reverse, fs};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// Moves the module's stack, and gives its end.
const MOVE_STACK: &str = "__wbindgen_add_to_stack_pointer";

/// The names that wasm-opt has given: what `--minify-imports-and-exports-and-modules` prints.
#[derive(Deserialize)]
pub struct Names {
    /// The module that it is imported from, its name, its short name.
    imports: Vec<(String, String, String)>,
    /// Its name, its short name.
    exports: Vec<(String, String)>,
}

impl Names {
    pub fn parse(printed: &str) -> Result<Self> {
        serde_json::from_str(printed).context("wasm-opt has printed no mapping of names")
    }

    /// Lets the generated glue at `path` give and take the short names.
    pub fn shorten(self, path: &str) -> Result<()> {
        let glue = fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
        fs::write(path, self.shortened(glue)?).with_context(|| format!("cannot write {path}"))
    }

    fn shortened(mut self, mut glue: String) -> Result<String> {
        let mut imports = String::new();
        for (_, name, short) in &self.imports {
            let declared = format!("export function {name}(");
            ensure!(
                glue.matches(&declared).count() == 1,
                "the generated glue does not export `{name}` as a function, once"
            );
            glue = glue.replace(&declared, &format!("function {name}("));
            imports += &format!("{short}: {name}, ");
        }
        glue += &format!("export const imports = {{ {imports}}};\n");
        self.exports.sort_by_key(|(name, _)| Reverse(name.len())); // one name may begin with another
        for (name, short) in &self.exports {
            glue = glue.replace(&format!("wasm.{name}"), &format!("wasm.{short}"));
            if name == MOVE_STACK {
                // What the engine throws in the middle of the module leaves its stack where it was.
                glue += &format!("export const moveStack = (bytes) => wasm.{short}(bytes);\n");
            }
        }
        Ok(glue)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::Names;

    const PRINTED: &str = r#"{
        "imports": [["./weapp_login_bg.js", "__wbg_now_463a", "a"]],
        "exports": [["run", "c"], ["run_all", "d"]]
    }"#;

    fn shortened(glue: &str) -> String {
        let names = Names::parse(PRINTED).unwrap();
        match names.shortened(glue.to_owned()) {
            Ok(glue) => glue,
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn an_import_is_given_by_its_short_name() {
        assert_eq!(
            shortened("export function __wbg_now_463a() {}\n"),
            "function __wbg_now_463a() {}\nexport const imports = { a: __wbg_now_463a, };\n"
        );
    }

    #[test]
    fn an_export_is_called_by_its_short_name() {
        let glue = shortened("export function __wbg_now_463a() { wasm.run_all(wasm.run) }");
        assert!(glue.contains("{ wasm.d(wasm.c) }"), "{glue}");
    }

    #[test]
    fn glue_of_another_shape_is_refused() {
        let refused = "the generated glue does not export `__wbg_now_463a` as a function, once";
        assert_eq!(shortened("export const __wbg_now_463a = () => {"), refused);
    }
}
