//! The shipped module, by section, by crate and by function.

use std::{cmp::Reverse, collections::BTreeMap, fs, ops::Range};

use anyhow::{Context, Result, ensure};

use super::{
    anatomy::Anatomy,
    parts::Part,
    symbols::{Symbol, Symbols, parse_map},
};

pub struct Module {
    pub wasm: Vec<u8>,
    anatomy: Anatomy,
    functions: Vec<(Symbol, Range<usize>)>,
}

impl Module {
    /// `linked` is what `shipped` was made from, `map` the names of the functions in `shipped`.
    pub fn read(shipped: &str, linked: &str, map: &str) -> Result<Self> {
        let read = |path: &str| fs::read(path).with_context(|| format!("cannot read {path}"));
        let symbols = Symbols::of(&read(linked)?).with_context(|| format!("in {linked}"))?;
        let names = String::from_utf8(read(map)?).with_context(|| format!("in {map}"))?;
        Self::of(read(shipped)?, &symbols, &names)
            .with_context(|| format!("in {shipped} with {map}"))
    }

    fn of(wasm: Vec<u8>, symbols: &Symbols, map: &str) -> Result<Self> {
        let anatomy = Anatomy::of(&wasm)?;
        let names = parse_map(map)?;
        let first = anatomy.imported_functions;
        let (named, there) = (names.len(), first + anatomy.functions.len());
        ensure!(
            named == there,
            "{named} functions are named, {there} are there: the names are another build's"
        );
        let functions = (first..)
            .zip(&anatomy.functions)
            .map(|(index, bytes)| {
                let name = names
                    .get(&index)
                    .with_context(|| format!("function {index} has no name"))?;
                let symbol = symbols.symbol(name, |name| anatomy.exports.contains(name));
                Ok((symbol, bytes.clone()))
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            wasm,
            anatomy,
            functions,
        })
    }

    /// Together they are the whole module.
    pub fn sections(&self) -> Vec<Part> {
        let part = |(name, bytes): (&String, &Range<usize>)| Part {
            what: name.clone(),
            bytes: vec![bytes.clone()],
        };
        largest_first(
            self.anatomy
                .sections
                .iter()
                .map(|section| part((&section.name, &section.bytes)))
                .collect(),
        )
    }

    /// Together they are the code section.
    pub fn crates(&self) -> Vec<Part> {
        let mut crates: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for (symbol, bytes) in &self.functions {
            crates
                .entry(&symbol.origin)
                .or_default()
                .push(bytes.clone());
        }
        let head = Part {
            what: "(length of the section, number of functions)".into(),
            bytes: vec![self.anatomy.code_head.clone()],
        };
        let crates = crates.into_iter().map(|(name, bytes)| Part {
            what: name.to_owned(),
            bytes,
        });
        largest_first(crates.chain([head]).collect())
    }

    /// Together they are the code section but for its head.
    pub fn functions(&self) -> Vec<Part> {
        let part = |(symbol, bytes): &(Symbol, Range<usize>)| Part {
            what: format!("`{}`", symbol.readable),
            bytes: vec![bytes.clone()],
        };
        largest_first(self.functions.iter().map(part).collect())
    }
}

fn largest_first(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_by_key(|part| Reverse(part.len()));
    parts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const LINKED: &str = r#"(module
        (import "./glue.js" "now" (func $_RNvCs0_5clock3now (result f64)))
        (func $_RNvCs0_5first5small)
        (func $_RNvCs0_5large3all (drop (i64.const 1)) (drop (i64.const 2)) (drop (i64.const 3)))
        (func $_RNvCs0_5first6medium (drop (i64.const 1))))"#;

    const MAP: &str = "0:clock[2]::now\n1:first[2]::small\n2:large[2]::all\n3:first[2]::medium\n";

    fn module(map: &str) -> Result<Module> {
        let linked = wat::parse_str(LINKED).unwrap();
        let symbols = Symbols::of(&linked).unwrap();
        Module::of(linked, &symbols, map)
    }

    fn list(parts: &[Part]) -> Vec<(&str, usize)> {
        parts
            .iter()
            .map(|part| (part.what.as_str(), part.len()))
            .collect()
    }

    fn total(parts: &[Part]) -> usize {
        parts.iter().map(Part::len).sum()
    }

    #[test]
    fn functions_are_listed_by_size_under_their_own_names() {
        let functions = module(MAP).unwrap().functions();
        let expected = [
            ("`large::all`", 12),
            ("`first::medium`", 6),
            ("`first::small`", 3),
        ];
        assert_eq!(list(&functions), expected);
    }

    #[test]
    fn crates_have_the_bytes_of_all_their_functions() {
        let crates = module(MAP).unwrap().crates();
        let head = ("(length of the section, number of functions)", 3);
        assert_eq!(list(&crates), [("large", 12), ("first", 9), head]);
    }

    #[test]
    fn every_byte_is_somewhere() {
        let module = module(MAP).unwrap();
        let sections = module.sections();
        assert_eq!(total(&sections), module.wasm.len());
        let code = sections
            .iter()
            .find(|section| section.what == "code")
            .unwrap();
        assert_eq!(total(&module.crates()), code.len());
        assert_eq!(total(&module.functions()), code.len() - 3);
    }

    #[test]
    fn refuses_the_names_of_another_build() {
        let error = module("0:clock[2]::now\n").err().unwrap().to_string();
        assert!(
            error.starts_with("1 functions are named, 4 are there"),
            "{error}"
        );
        let other = module(&MAP.replace("3:", "9:")).err().unwrap().to_string();
        assert_eq!(other, "function 3 has no name");
    }
}
