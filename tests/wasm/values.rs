//! JavaScript values are payloads like any other.

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn they_conform() {
    super::payload::conforms::<JsValue>();
}
