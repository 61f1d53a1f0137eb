//! A WebAssembly module taken apart: each of its bytes belongs to one section, each of the code section's to one function.

use std::{collections::HashSet, ops::Range};

use anyhow::{Context, Result, ensure};
use wasmparser::{BinaryReader, Parser, Payload, TypeRef};

#[derive(Debug)]
pub struct Section {
    pub name: String,
    /// With the section's own head.
    pub bytes: Range<usize>,
}

#[derive(Debug)]
pub struct Anatomy {
    /// What lies before the first section counts as one.
    pub sections: Vec<Section>,
    /// Of the code section: all that is before its first function.
    pub code_head: Range<usize>,
    /// The bodies, each with its length before it, in the order of their indices.
    pub functions: Vec<Range<usize>>,
    /// Imported functions have the first indices.
    pub imported_functions: usize,
    pub exports: HashSet<String>,
}

impl Anatomy {
    pub fn of(wasm: &[u8]) -> Result<Self> {
        let mut anatomy = Self {
            sections: Vec::new(),
            code_head: 0..0,
            functions: Vec::new(),
            imported_functions: 0,
            exports: HashSet::new(),
        };
        for payload in Parser::new(0).parse_all(wasm) {
            anatomy.add(wasm, payload.context("not a WebAssembly module")?)?;
        }
        anatomy.check(wasm.len())?;
        Ok(anatomy)
    }

    fn add(&mut self, wasm: &[u8], payload: Payload) -> Result<()> {
        match &payload {
            Payload::Version { range, .. } => {
                self.add_section("magic number and version", range)?
            }
            Payload::CustomSection(custom) => {
                self.add_section(&format!("custom: {}", custom.name()), &custom.range())?;
            }
            _ => {
                if let Some((id, range)) = payload.as_section() {
                    self.add_section(section_name(id), &range)?;
                }
            }
        }
        match payload {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    if let TypeRef::Func(_) = import?.ty {
                        self.imported_functions += 1;
                    }
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    self.exports.insert(export?.name.to_owned());
                }
            }
            Payload::CodeSectionStart { .. } => self.code_head = self.code_head_in(wasm)?,
            Payload::CodeSectionEntry(body) => {
                let start = self.functions.last().unwrap_or(&self.code_head).end;
                self.functions.push(start..offset(body.range().end)?);
            }
            _ => {}
        }
        Ok(())
    }

    fn add_section(&mut self, name: &str, content: &Range<u64>) -> Result<()> {
        let start = self.sections.last().map_or(0, |section| section.bytes.end);
        self.sections.push(Section {
            name: name.to_owned(),
            bytes: start..offset(content.end)?,
        });
        Ok(())
    }

    /// Of the section that was added last: its id, its length, and the number of functions.
    fn code_head_in(&self, wasm: &[u8]) -> Result<Range<usize>> {
        let section = self
            .sections
            .last()
            .context("no code section")?
            .bytes
            .clone();
        let mut reader = BinaryReader::new(&wasm[section.clone()], 0);
        reader.read_u8()?;
        reader.read_var_u32()?;
        reader.read_var_u32()?;
        Ok(section.start..section.start + offset(reader.original_position())?)
    }

    /// Every byte is accounted for, once.
    fn check(&self, length: usize) -> Result<()> {
        let sections: usize = self
            .sections
            .iter()
            .map(|section| section.bytes.len())
            .sum();
        ensure!(
            sections == length,
            "the sections have {sections} bytes, the module has {length}"
        );
        let code = self.sections.iter().find(|section| section.name == CODE);
        let code = code.map_or(0, |section| section.bytes.len());
        let functions: usize = self.functions.iter().map(Range::len).sum();
        let functions = self.code_head.len() + functions;
        ensure!(
            functions == code,
            "the functions have {functions} bytes, the code section has {code}"
        );
        Ok(())
    }
}

const CODE: &str = "code";

fn offset(position: u64) -> Result<usize> {
    usize::try_from(position).context("the module is larger than this machine's memory")
}

fn section_name(id: u8) -> &'static str {
    match id {
        1 => "types",
        2 => "imports",
        3 => "functions (their types)",
        4 => "tables",
        5 => "memory",
        6 => "globals",
        7 => "exports",
        8 => "start",
        9 => "elements (functions called through a table)",
        10 => CODE,
        11 => "data (constants, texts among them)",
        12 => "data count",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn module() -> Vec<u8> {
        let text = r#"(module
            (import "./glue.js" "now" (func (result f64)))
            (import "./glue.js" "offset" (global i32))
            (memory 1)
            (func (export "small"))
            (func (export "large") (drop (i64.const 1)) (drop (i64.const 2)) (drop (i64.const 3)))
            (data (i32.const 0) "a text of sixteen"))"#;
        wat::parse_str(text).unwrap()
    }

    #[test]
    fn each_byte_is_in_one_section() {
        let anatomy = Anatomy::of(&module()).unwrap();
        let names: Vec<_> = anatomy
            .sections
            .iter()
            .map(|section| section.name.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "magic number and version",
                "types",
                "imports",
                "functions (their types)",
                "memory",
                "exports",
                "code",
                "data (constants, texts among them)",
            ]
        );
        assert_eq!(anatomy.sections[0].bytes, 0..8);
        for pair in anatomy.sections.windows(2) {
            assert_eq!(pair[0].bytes.end, pair[1].bytes.start);
        }
        assert_eq!(anatomy.sections[7].bytes.end, module().len());
    }

    #[test]
    fn each_byte_of_the_code_is_in_one_function() {
        let anatomy = Anatomy::of(&module()).unwrap();
        let code = &anatomy.sections[6].bytes;
        assert_eq!(anatomy.code_head, code.start..code.start + 3);
        let (small, large) = (&anatomy.functions[0], &anatomy.functions[1]);
        assert_eq!(anatomy.functions.len(), 2);
        assert_eq!(small.len(), 3, "its length, no locals, end");
        assert_eq!(large.len(), 3 + 3 * 3);
        assert_eq!(
            (small.start, small.end, large.end),
            (anatomy.code_head.end, large.start, code.end)
        );
    }

    #[test]
    fn counts_imported_functions_and_nothing_else_that_is_imported() {
        assert_eq!(Anatomy::of(&module()).unwrap().imported_functions, 1);
    }

    #[test]
    fn names_custom_sections_and_counts_their_bytes() {
        let mut wasm = module();
        wasm.extend([0, 5, 4, b'n', b'o', b't', b'e']);
        let anatomy = Anatomy::of(&wasm).unwrap();
        let last = anatomy.sections.last().unwrap();
        assert_eq!((last.name.as_str(), last.bytes.len()), ("custom: note", 7));
    }

    #[test]
    fn a_length_written_with_more_bytes_than_needed_is_accounted_for() {
        let mut wasm = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0".to_vec();
        wasm.extend([10, 0x88, 0x80, 0]); // the code section's length, padded as linkers do
        wasm.extend([0x81, 0, 0x84, 0x80, 0, 0, 1, 11]); // so are the number of functions and the first one's length
        let error = Anatomy::of(&wasm).err().map(|error| format!("{error:#}"));
        assert!(error.is_some(), "a body that ends too early");
        let at = wasm.len() - 6;
        wasm[at] = 0x83;
        let anatomy = Anatomy::of(&wasm).unwrap();
        assert_eq!(
            (anatomy.code_head.len(), anatomy.functions[0].len()),
            (6, 6)
        );
    }

    #[test]
    fn a_byte_too_many_is_an_error() {
        let mut anatomy = Anatomy::of(&module()).unwrap();
        anatomy.functions.pop();
        let error = anatomy.check(module().len()).unwrap_err().to_string();
        assert!(
            error.starts_with("the functions have 6 bytes, the code section has "),
            "{error}"
        );
        let error = anatomy.check(module().len() + 1).unwrap_err().to_string();
        assert!(error.starts_with("the sections have "), "{error}");
    }

    #[test]
    fn refuses_what_is_no_module() {
        assert!(Anatomy::of(b"<html>").is_err());
    }
}
