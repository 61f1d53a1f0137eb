//! Refuses a module that an old phone's engine, or WeChat's on iOS, would not load.

use std::fs;

use anyhow::{Context, Result, bail};
use wasmparser::{ExternalKind, MemoryType, Parser, Payload, TypeRef, Validator, WasmFeatures};

/// 64 KB each. A mini-program shares a phone's memory with others; what the module needs more, it asks for.
const MAX_INITIAL_PAGES: u64 = 4;

/// WebAssembly as of its first release, without even the Globals that only later engines pass in and out.
const MVP: WasmFeatures = WasmFeatures::WASM1.difference(WasmFeatures::MUTABLE_GLOBAL);

pub fn module(path: &str) -> Result<()> {
    let wasm = fs::read(path).with_context(|| format!("cannot read {path}"))?;
    let faults = faults(&wasm)?;
    if faults.is_empty() {
        return Ok(());
    }
    bail!(
        "{path} would not load on every phone:\n  - {}",
        faults.join("\n  - ")
    );
}

fn faults(wasm: &[u8]) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.context("not a WebAssembly module")? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    match import.ty {
                        TypeRef::Global(_) => faults.push(global("imports", import.name)),
                        TypeRef::Memory(memory) => faults.extend(too_large(&memory)),
                        _ => {}
                    }
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    if export.kind == ExternalKind::Global {
                        faults.push(global("exports", export.name));
                    }
                }
            }
            Payload::MemorySection(memories) => {
                for memory in memories {
                    faults.extend(too_large(&memory?));
                }
            }
            Payload::StartSection { .. } => faults.push(
                "it has a start function, which would call imports before the loader has set them up: \
                 do the work in a function that the loader calls"
                    .into(),
            ),
            _ => {}
        }
    }
    faults.extend(post_mvp(wasm));
    Ok(faults)
}

fn global(direction: &str, name: &str) -> String {
    format!(
        "it {direction} the Global `{name}`, which iOS refuses: remove it in the wasm-opt step (xtask/src/wasm.rs)"
    )
}

fn too_large(memory: &MemoryType) -> Option<String> {
    (memory.initial > MAX_INITIAL_PAGES).then(|| {
        format!(
            "its memory starts with {} pages, {MAX_INITIAL_PAGES} are allowed: look for a large static, or at -zstack-size (xtask/src/wasm.rs)",
            memory.initial
        )
    })
}

fn post_mvp(wasm: &[u8]) -> Option<String> {
    let error = Validator::new_with_features(MVP).validate_all(wasm).err()?;
    Some(format!(
        "{} at byte {:#x}: it must be built with -Ctarget-cpu=mvp and a std built from source with the same flag (xtask/src/wasm.rs)",
        error.message(),
        error.offset()
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::faults;

    fn faults_of(module: &str) -> String {
        faults(&wat::parse_str(module).unwrap()).unwrap().join("\n")
    }

    #[test]
    fn accepts_what_the_first_release_had() {
        let module = r#"(module
            (import "./weapp_login_bg.js" "__wbg_login" (func (param i32) (result i32)))
            (memory (export "memory") 4)
            (table 1 funcref)
            (global $stack (mut i32) (i32.const 65536))
            (func (export "run") (param f64) (result i32) (i32.trunc_f64_s (local.get 0))))"#;
        assert_eq!(faults_of(module), "");
    }

    #[test]
    fn refuses_what_some_phones_refuse() {
        let refused = [
            (
                r#"(global (export "__abort_handler") i32 (i32.const 0))"#,
                "exports the Global `__abort_handler`",
            ),
            (
                r#"(import "env" "offset" (global i32))"#,
                "imports the Global `offset`",
            ),
            (
                "(func (param i32) (result i32) (i32.extend8_s (local.get 0)))",
                "sign extension",
            ),
            (
                "(memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 8)))",
                "bulk memory",
            ),
            ("(table 1 externref)", "reference types"),
            (
                "(func (result i32 i32) (i32.const 0) (i32.const 0))",
                "multi-value",
            ),
            ("(memory 5)", "starts with 5 pages"),
            ("(func $main) (start $main)", "start function"),
        ];
        for (fields, fault) in refused {
            let found = faults_of(&format!("(module {fields})"));
            assert!(found.contains(fault), "{fields}: {found}");
        }
    }

    #[test]
    fn reports_every_fault_at_once() {
        let found = faults_of(r#"(module (memory 5) (global (export "g") i32 (i32.const 0)))"#);
        assert_eq!(found.lines().count(), 2, "{found}");
    }

    #[test]
    fn refuses_what_is_no_module() {
        assert!(faults(b"<html>").is_err());
    }
}
