//! JavaScript values as payloads.

use wasm_bindgen::prelude::*;

use crate::Payload;

#[wasm_bindgen(module = "/js-glue/src/fields.js")]
extern "C" {
    /// Anything but null and undefined, which cross as `None`.
    pub type Something;
    fn field(value: &JsValue, key: &str) -> Option<Something>;
    fn text(value: &JsValue, key: &str) -> Option<String>;
    fn number(value: &JsValue, key: &str) -> f64;
    #[wasm_bindgen(js_name = asNumber)]
    fn as_number(value: &JsValue) -> f64;
    #[wasm_bindgen(js_name = isObject)]
    fn is_object(value: &JsValue) -> bool;
    fn is(value: &JsValue, other: &JsValue) -> bool;
    fn claims(token: &str) -> Option<Something>;
    #[wasm_bindgen(js_name = fromJson)]
    fn from_json(json: &str) -> Option<Something>;
    fn merged(first: &JsValue, second: &JsValue) -> JsValue;
    fn without(value: &JsValue, key: &str) -> JsValue;
    #[wasm_bindgen(js_name = withHeader)]
    fn with_header(options: &JsValue, name: &str, value: &str) -> JsValue;
    fn key(value: &JsValue, index: usize) -> Option<String>;
    fn integer(value: &JsValue, index: usize) -> f64;
}

// Engines make a piece of code for each kind of signature among the imports when they load the module, 0.1 ms each: so there
// are few kinds, here and in host.rs.
//
// Not from js-sys: it takes a key as a value, which would have to be made and dropped around each of these, and its closures,
// which nobody calls, stay in the module: 0.3 KB.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Date, js_name = parse)]
    fn parse_instant(text: &str) -> f64;
    #[wasm_bindgen(js_namespace = Reflect, js_name = set)]
    fn set_value(object: &JsValue, key: &str, value: JsValue);
    /// Gives whether it has; so that it is called in the same way as `withHeader`.
    #[wasm_bindgen(js_namespace = Reflect, js_name = set)]
    fn set_text(object: &JsValue, key: &str, text: &str) -> bool;
    #[wasm_bindgen(js_namespace = Reflect, js_name = set)]
    fn set_number(object: &JsValue, key: &str, number: f64);
}

impl Payload for JsValue {
    fn object() -> Self {
        from_json("{}").map_or(JsValue::UNDEFINED, JsValue::from)
    }

    fn from_json(json: &str) -> Option<Self> {
        from_json(json).map(JsValue::from)
    }

    fn claims_of(token: &str) -> Option<Self> {
        claims(token).map(JsValue::from)
    }

    fn get(&self, key: &str) -> Option<Self> {
        field(self, key).map(JsValue::from)
    }

    fn text_at(&self, key: &str) -> Option<String> {
        text(self, key)
    }

    fn number_at(&self, key: &str) -> Option<f64> {
        Some(number(self, key)).filter(|number| !number.is_nan())
    }

    fn set(&mut self, key: &str, value: Self) {
        set_value(self, key, value);
    }

    fn set_text(&mut self, key: &str, text: &str) {
        set_text(self, key, text);
    }

    fn set_number(&mut self, key: &str, number: f64) {
        set_number(self, key, number);
    }

    fn as_text(&self) -> Option<String> {
        self.as_string()
    }

    fn as_number(&self) -> Option<f64> {
        Some(as_number(self)).filter(|number| !number.is_nan())
    }

    fn is(&self, other: &Self) -> bool {
        is(self, other)
    }

    fn is_object(&self) -> bool {
        is_object(self)
    }

    fn key(&self, index: usize) -> Option<String> {
        key(self, index)
    }

    fn as_integers(&self) -> Option<Vec<i32>> {
        let mut integers = Vec::new();
        loop {
            let item = integer(self, integers.len());
            if item.is_nan() {
                return None;
            }
            if item.is_infinite() {
                return Some(integers);
            }
            integers.push(item as i32);
        }
    }

    fn shallow_copy(&self) -> Self {
        merged(self, &JsValue::UNDEFINED)
    }

    fn with_fields_of(&self, other: &Self) -> Self {
        merged(self, other)
    }

    fn without(&self, key: &str) -> Self {
        without(self, key)
    }

    fn with_header(&self, name: &str, value: &str) -> Self {
        with_header(self, name, value)
    }

    fn as_instant_ms(&self) -> Option<f64> {
        Some(parse_instant(&self.as_string()?)).filter(|instant| instant.is_finite())
    }
}
