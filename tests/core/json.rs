//! JSON values as payloads.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use weapp_login::{Primitives, Timestamp};

/// A host value of the tests.
#[derive(Debug, Clone, PartialEq)]
pub struct Json(pub Value);

impl Primitives for Json {
    fn object() -> Self {
        Json(json!({}))
    }

    fn text(text: &str) -> Self {
        Json(text.into())
    }

    fn number(number: f64) -> Self {
        Json(number.into())
    }

    fn null() -> Self {
        Json(Value::Null)
    }

    fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok().map(Json)
    }

    fn instant(text: &str) -> Option<Timestamp> {
        let instant = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        let ms = instant.unix_timestamp_nanos() / 1_000_000;
        Some(Timestamp::from_ms(ms as f64))
    }

    fn encoded(text: &str) -> String {
        utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
    }

    fn get(&self, key: &str) -> Option<Self> {
        let value = self.0.get(key)?;
        (!value.is_null()).then(|| Json(value.clone()))
    }

    fn set(&mut self, key: &str, value: Self) {
        if let Value::Object(fields) = &mut self.0 {
            fields.insert(key.to_owned(), value.0);
        }
    }

    fn keys(&self) -> Vec<String> {
        let fields = self.0.as_object();
        fields.map_or_else(Vec::new, |fields| fields.keys().cloned().collect())
    }

    fn items(&self) -> Option<Vec<Self>> {
        Some(self.0.as_array()?.iter().cloned().map(Json).collect())
    }

    fn as_text(&self) -> Option<String> {
        self.0.as_str().map(str::to_owned)
    }

    fn as_number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn is_object(&self) -> bool {
        self.0.is_object()
    }

    fn is_function(&self) -> bool {
        self.0 == "() => {}"
    }

    fn to_json(&self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn merged(&self, other: &Self) -> Self {
        let mut merged = Self::object();
        for fields in [self, other] {
            for key in fields.keys() {
                merged.0[&key] = fields.0[&key].clone();
            }
        }
        merged
    }

    fn copy(&self) -> Self {
        self.clone()
    }
}

#[test]
fn it_conforms() {
    crate::payload::conforms::<Json>();
}
