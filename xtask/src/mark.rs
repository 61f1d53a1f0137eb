//! A mark that the module and its generated glue share, so that neither is used with the other of another build. Their names
//! on the border are too short to differ: a stranger would be linked, and then called by wrong names.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
};

use anyhow::{Context, Result, ensure};
use wasm_encoder::{
    ExportKind, ExportSection, Module,
    reencode::{self, Reencode},
};
use wasmparser::{ExportSectionReader, Parser};

/// Exports the memory of the module at `module` by the mark as well, and the mark from the glue at `glue`.
pub fn put(module: &str, glue: &str) -> Result<()> {
    let wasm = fs::read(module).with_context(|| format!("cannot read {module}"))?;
    let mark = of(&wasm);
    let marked = with_export(&wasm, &mark)?;
    fs::write(module, marked).with_context(|| format!("cannot write {module}"))?;
    let text = fs::read_to_string(glue).with_context(|| format!("cannot read {glue}"))?;
    let marked = format!("{text}export const mark = '{mark}';\n");
    fs::write(glue, marked).with_context(|| format!("cannot write {glue}"))
}

/// Eight digits that another build's module would not have.
fn of(wasm: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    wasm.hash(&mut hasher);
    format!("{:08x}", hasher.finish() >> 32)
}

fn with_export(wasm: &[u8], mark: &str) -> Result<Vec<u8>> {
    let mut module = Module::new();
    let mut marker = Marker { mark, done: false };
    marker.parse_core_module(&mut module, Parser::new(0), wasm)?;
    ensure!(marker.done, "the module exports nothing");
    Ok(module.finish())
}

struct Marker<'a> {
    mark: &'a str,
    done: bool,
}

impl Reencode for Marker<'_> {
    type Error = std::convert::Infallible;

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        reencode::utils::parse_export_section(self, exports, section)?;
        exports.export(self.mark, ExportKind::Memory, 0);
        self.done = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use wasmparser::{Parser, Payload, Validator};

    use super::{of, with_export};

    fn exports(wasm: &[u8]) -> Vec<String> {
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            if let Payload::ExportSection(section) = payload.unwrap() {
                names.extend(
                    section
                        .into_iter()
                        .map(|export| export.unwrap().name.to_owned()),
                );
            }
        }
        names
    }

    #[test]
    fn a_marked_module_has_one_export_more_and_is_a_module_still() {
        let wasm =
            wat::parse_str(r#"(module (memory (export "m") 1) (func (export "f")))"#).unwrap();
        let marked = with_export(&wasm, "0123abcd").unwrap();
        assert_eq!(exports(&marked), ["m", "f", "0123abcd"]);
        Validator::new().validate_all(&marked).unwrap();
    }

    #[test]
    fn another_module_has_another_mark() {
        assert_eq!(of(b"one"), of(b"one"));
        assert_ne!(of(b"one"), of(b"two"));
    }

    #[test]
    fn a_module_without_exports_is_refused() {
        assert!(with_export(&wat::parse_str("(module)").unwrap(), "0123abcd").is_err());
    }
}
