//! JavaScript values as payloads.

use js_sys::{Array, Date, JSON, JsString, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::{Primitives, Timestamp};

// A getter or a proxy may throw: what cannot be read counts as missing. js-sys declares these without `catch`.
#[wasm_bindgen]
extern "C" {
    /// Whatever has fields.
    type Fields;

    #[wasm_bindgen(method, catch, indexing_getter)]
    fn get(this: &Fields, key: &str) -> Result<Option<JsValue>, JsValue>; // `None` of null and undefined
    #[wasm_bindgen(method, catch, indexing_setter)]
    fn set(this: &Fields, key: &str, value: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object)]
    fn keys(value: &JsValue) -> Result<Array, JsValue>;
    /// The one in js-sys takes a text of Rust's.
    #[wasm_bindgen(catch, js_namespace = JSON)]
    fn parse(json: &JsString) -> Result<JsValue, JsValue>;
}

/// An object with the fields of `value`, where `None` is `null`: the one way in which what the client says goes out.
///
/// What comes in is read field by field instead: an error has to name the field that cannot be used, and serde's code for it is
/// larger than all the rest of the module.
pub(super) fn write(value: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    value.serialize(&serializer).unwrap_or_else(JsValue::from)
}

impl Primitives for JsValue {
    fn object() -> Self {
        Object::new().into()
    }

    fn text(text: &str) -> Self {
        text.into()
    }

    fn number(number: f64) -> Self {
        number.into()
    }

    fn null() -> Self {
        JsValue::NULL
    }

    fn from_json(json: &str) -> Option<Self> {
        JSON::parse(json).ok()
    }

    fn instant(text: &str) -> Option<Timestamp> {
        let ms = Date::parse(text);
        (!ms.is_nan()).then(|| Timestamp::from_ms(ms))
    }

    fn encoded(text: &str) -> String {
        js_sys::encode_uri_component(text).into()
    }

    fn get(&self, key: &str) -> Option<Self> {
        if !JsValue::is_object(self) {
            return None;
        }
        self.unchecked_ref::<Fields>().get(key).ok()?
    }

    fn set(&mut self, key: &str, value: Self) {
        if Primitives::is_object(self) {
            let _ = self.unchecked_ref::<Fields>().set(key, &value);
        }
    }

    fn keys(&self) -> Vec<String> {
        if !Primitives::is_object(self) {
            return Vec::new();
        }
        let keys = keys(self).unwrap_or_default();
        keys.iter().filter_map(|key| key.as_string()).collect()
    }

    fn items(&self) -> Option<Vec<Self>> {
        is_array(self).ok().filter(|is_array| *is_array)?;
        Some(self.unchecked_ref::<Array>().iter().collect())
    }

    fn as_text(&self) -> Option<String> {
        self.as_string()
    }

    fn as_number(&self) -> Option<f64> {
        self.as_f64().filter(|number| !number.is_nan())
    }

    fn is_object(&self) -> bool {
        JsValue::is_object(self) && is_array(self).is_ok_and(|is_array| !is_array)
    }

    fn is_function(&self) -> bool {
        JsValue::is_function(self)
    }

    fn to_json(&self) -> Option<String> {
        JSON::stringify(self).ok()?.as_string()
    }

    fn merged(&self, other: &Self) -> Self {
        let merged = Object::new();
        for fields in [self, other] {
            if Primitives::is_object(fields) {
                let _ = Object::try_assign(&merged, fields.unchecked_ref());
            }
        }
        merged.into()
    }

    fn copy(&self) -> Self {
        let json = JSON::stringify(self).ok();
        let copy = json.and_then(|json| parse(&json).ok());
        copy.unwrap_or(JsValue::UNDEFINED)
    }
}
