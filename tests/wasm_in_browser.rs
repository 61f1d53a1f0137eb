//! The boundary in a real browser: `wasm-pack test --headless --chrome`.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "wasm/mod.rs"]
mod wasm;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
