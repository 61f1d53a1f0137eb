//! Lets the generated glue decode each of the module's constant texts once: the names of fields cross the border a dozen times
//! in a request, and the decoding was a fifth of its processor time where there is no JIT.

use std::{fs, ops::Range};

use anyhow::{Context, Result, ensure};
use wasmparser::{ConstExpr, DataKind, Operator, Parser, Payload};

/// What wasm-bindgen generates to read a text.
const DECODE: &str = "\
function getStringFromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));
}
";

/// Changes the glue at `glue` so, for the module at `module`.
pub fn keep(module: &str, glue: &str) -> Result<()> {
    let wasm = fs::read(module).with_context(|| format!("cannot read {module}"))?;
    let text = fs::read_to_string(glue).with_context(|| format!("cannot read {glue}"))?;
    let text = keeping(&text, data(&wasm)?)?;
    fs::write(glue, text).with_context(|| format!("cannot write {glue}"))
}

fn keeping(glue: &str, constants: Range<u32>) -> Result<String> {
    ensure!(
        glue.contains(DECODE),
        "the generated glue reads texts in another way than xtask/src/constants.rs knows"
    );
    let Range { start, end } = constants;
    // Two texts may begin at one place, where one is the beginning of the other.
    let decode_once = format!(
        "\
const constants = new Map();
function getStringFromWasm0(ptr, len) {{
    ptr = ptr >>> 0;
    if (ptr < {start} || ptr >= {end}) return decodeAt(ptr, len);
    const key = ptr * 65536 + len;
    let text = constants.get(key);
    if (text === undefined) {{
        text = decodeAt(ptr, len);
        constants.set(key, text);
    }}
    return text;
}}
function decodeAt(ptr, len) {{
    return cachedTextDecoder.decode(getUint8ArrayMemory0().subarray(ptr, ptr + len));
}}
"
    );
    Ok(glue.replace(DECODE, &decode_once))
}

/// Where the module's constants stay in its memory: what the linker has put there, below the heap and above the stack.
fn data(wasm: &[u8]) -> Result<Range<u32>> {
    let mut constants: Option<Range<u32>> = None;
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::DataSection(segments) = payload? else {
            continue;
        };
        for segment in segments {
            let segment = segment?;
            let DataKind::Active { offset_expr, .. } = segment.kind else {
                continue;
            };
            let start = address(&offset_expr)?;
            let end = start + u32::try_from(segment.data.len())?;
            constants = Some(match constants {
                None => start..end,
                Some(before) => before.start.min(start)..before.end.max(end),
            });
        }
    }
    constants.context("the module has no constants")
}

fn address(offset: &ConstExpr) -> Result<u32> {
    match offset.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(value.cast_unsigned()),
        other => anyhow::bail!("the module's data is at no fixed place but at {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{DECODE, data, keeping};

    #[test]
    fn the_constants_are_where_the_segments_are() {
        let module = r#"(module (memory 2)
            (data (i32.const 65536) "login")
            (data (i32.const 65600) "request"))"#;
        assert_eq!(
            data(&wat::parse_str(module).unwrap()).unwrap(),
            65536..65607
        );
    }

    #[test]
    fn the_glue_decodes_a_constant_once() {
        let glue = keeping(&format!("before\n{DECODE}after\n"), 65536..65607).unwrap();
        assert!(glue.starts_with("before\nconst constants"), "{glue}");
        assert!(
            glue.contains("if (ptr < 65536 || ptr >= 65607) return"),
            "{glue}"
        );
        assert!(glue.ends_with("}\nafter\n"), "{glue}");
    }

    #[test]
    fn glue_of_another_shape_is_refused() {
        assert!(keeping("function getStringFromWasm0(ptr) {}", 0..1).is_err());
    }
}
