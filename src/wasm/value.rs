//! JavaScript values as payloads.

use js_sys::{Date, JSON, Object};
use wasm_bindgen::prelude::*;

use crate::Payload;

#[wasm_bindgen(module = "/js-glue/src/fields.js")]
extern "C" {
    fn field(value: &JsValue, key: &str) -> Option<Object>;
    fn text(value: &JsValue, key: &str) -> Option<String>;
    fn number(value: &JsValue, key: &str) -> f64;
    #[wasm_bindgen(js_name = asNumber)]
    fn as_number(value: &JsValue) -> f64;
    fn object(value: &JsValue, key: &str) -> Option<Object>;
    #[wasm_bindgen(js_name = isObject)]
    fn is_object(value: &JsValue) -> bool;
    fn copy(value: &JsValue) -> JsValue;
    fn merged(first: &JsValue, second: &JsValue) -> JsValue;
    fn without(value: &JsValue, key: &str) -> JsValue;
    fn key(value: &JsValue, index: usize) -> Option<String>;
    fn integers(value: &JsValue) -> Option<Vec<i32>>;
}

// js_sys takes a key as a value, which would have to be made and dropped around each of these.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Reflect, js_name = set)]
    fn set_value(object: &JsValue, key: &str, value: JsValue);
    #[wasm_bindgen(js_namespace = Reflect, js_name = set)]
    fn set_text(object: &JsValue, key: &str, text: &str);
    #[wasm_bindgen(js_namespace = Reflect, js_name = set)]
    fn set_number(object: &JsValue, key: &str, number: f64);
}

impl Payload for JsValue {
    fn object() -> Self {
        Object::new().into()
    }

    fn from_json(json: &str) -> Option<Self> {
        JSON::parse(json).ok()
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

    fn object_at(&self, key: &str) -> Option<Self> {
        object(self, key).map(JsValue::from)
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

    fn is_object(&self) -> bool {
        is_object(self)
    }

    fn key(&self, index: usize) -> Option<String> {
        key(self, index)
    }

    fn as_integers(&self) -> Option<Vec<i32>> {
        integers(self)
    }

    fn shallow_copy(&self) -> Self {
        copy(self)
    }

    fn with_fields_of(&self, other: &Self) -> Self {
        merged(self, other)
    }

    fn without(&self, key: &str) -> Self {
        without(self, key)
    }

    fn as_instant_ms(&self) -> Option<f64> {
        Some(Date::parse(&self.as_string()?)).filter(|instant| instant.is_finite())
    }
}
