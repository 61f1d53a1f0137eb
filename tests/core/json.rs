//! JSON values as payloads.

use ct_codecs::{Base64UrlSafeNoPadding, Decoder};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use weapp_login::Payload;

/// A host value of the tests.
#[derive(Debug, Clone, PartialEq)]
pub struct Json(pub Value);

impl Payload for Json {
    fn object() -> Self {
        Json(json!({}))
    }

    fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok().map(Json)
    }

    fn claims_of(token: &str) -> Option<Self> {
        let payload = token.split('.').nth(1)?;
        let json = Base64UrlSafeNoPadding::decode_to_vec(payload, None).ok()?;
        serde_json::from_slice(&json).ok().map(Json)
    }

    fn get(&self, key: &str) -> Option<Self> {
        self.0
            .get(key)
            .filter(|value| !value.is_null())
            .cloned()
            .map(Json)
    }

    fn set(&mut self, key: &str, value: Self) {
        if let Value::Object(fields) = &mut self.0 {
            fields.insert(key.to_owned(), value.0);
        }
    }

    fn set_text(&mut self, key: &str, text: &str) {
        self.set(key, Json(text.into()));
    }

    fn set_number(&mut self, key: &str, number: f64) {
        self.set(key, Json(number.into()));
    }

    fn as_text(&self) -> Option<String> {
        self.0.as_str().map(str::to_owned)
    }

    fn as_number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn is(&self, other: &Self) -> bool {
        (self.0.is_string() || self.0.is_number()) && self == other
    }

    fn is_object(&self) -> bool {
        self.0.is_object()
    }

    fn key(&self, index: usize) -> Option<String> {
        self.0.as_object()?.keys().nth(index).cloned()
    }

    fn as_integers(&self) -> Option<Vec<i32>> {
        self.0
            .as_array()?
            .iter()
            .map(|item| i32::try_from(item.as_i64()?).ok())
            .collect()
    }

    fn shallow_copy(&self) -> Self {
        self.clone()
    }

    fn with_fields_of(&self, other: &Self) -> Self {
        let mut copy = self.clone();
        if let (Value::Object(copy), Value::Object(other)) = (&mut copy.0, &other.0) {
            copy.extend(other.clone());
        }
        copy
    }

    fn without(&self, key: &str) -> Self {
        let mut copy = self.clone();
        if let Value::Object(fields) = &mut copy.0 {
            fields.retain(|name, value| !name.eq_ignore_ascii_case(key) && !value.is_null());
        }
        copy
    }

    fn as_instant_ms(&self) -> Option<f64> {
        let instant = OffsetDateTime::parse(self.0.as_str()?, &Rfc3339).ok()?;
        Some((instant.unix_timestamp_nanos() / 1_000_000) as f64)
    }
}
