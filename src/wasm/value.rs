//! JavaScript values as payloads.

use js_sys::{Array, Date, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::Payload;

impl Payload for JsValue {
    fn object() -> Self {
        Object::new().into()
    }

    fn text(text: &str) -> Self {
        text.into()
    }

    fn number(number: f64) -> Self {
        number.into()
    }

    fn from_json(json: &str) -> Option<Self> {
        JSON::parse(json).ok()
    }

    fn get(&self, key: &str) -> Option<Self> {
        // `Reflect` throws on what is no object, and so may a getter: both count as missing.
        Reflect::get(self, &key.into())
            .ok()
            .filter(|value| !value.is_null() && !value.is_undefined())
    }

    fn set(&mut self, key: &str, value: Self) {
        let _ = Reflect::set(self, &key.into(), &value);
    }

    fn as_text(&self) -> Option<String> {
        self.as_string()
    }

    fn as_number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn is_object(&self) -> bool {
        self.is_object() && !Array::is_array(self)
    }

    fn keys(&self) -> Vec<String> {
        let keys = Reflect::own_keys(self).unwrap_or_default();
        keys.iter().filter_map(|key| key.as_string()).collect()
    }

    fn items(&self) -> Option<Vec<Self>> {
        self.dyn_ref::<Array>().map(Array::to_vec)
    }

    fn with_fields_of(&self, other: &Self) -> Self {
        let mut copy = Self::object();
        for source in [self, other] {
            for key in source.keys() {
                // Not `Object.assign`: what a getter throws would go through the module and leave a promise pending.
                if let Ok(value) = Reflect::get(source, &key.as_str().into()) {
                    copy.set(&key, value);
                }
            }
        }
        copy
    }

    fn as_instant_ms(&self) -> Option<f64> {
        Some(Date::parse(&self.as_string()?)).filter(|instant| instant.is_finite())
    }
}
