//! The payloads of the simulation. Everything in a run passes through them, so they are cheap to make and to copy: short
//! texts need no memory of their own, objects are short lists and are shared until somebody changes one.

use std::fmt;
use std::ops::Index;
use std::rc::Rc;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use smol_str::SmolStr;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use weapp_login::{Primitives, Timestamp};

#[derive(Clone, PartialEq)]
pub enum Value {
    Null,
    Number(f64),
    Text(SmolStr),
    List(Rc<[Value]>),
    Object(Rc<Vec<(SmolStr, Value)>>),
}

/// No object that the client makes has more fields.
const MOST_FIELDS: usize = 6;

/// An object with these fields, whose names must differ.
pub fn object<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    let fields = fields.map(|(name, value)| (SmolStr::new_static(name), value));
    Value::Object(Rc::new(fields.into()))
}

impl Value {
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The names and values of an object's fields; none of anything else.
    pub fn fields(&self) -> &[(SmolStr, Value)] {
        match self {
            Value::Object(fields) => fields,
            _ => &[],
        }
    }

    /// Whether a text anywhere in it `fits`, the name of a field included.
    pub fn any_text(&self, fits: fn(&str) -> bool) -> bool {
        match self {
            Value::Null | Value::Number(_) => false,
            Value::Text(text) => fits(text),
            Value::List(items) => items.iter().any(|item| item.any_text(fits)),
            Value::Object(fields) => fields
                .iter()
                .any(|(name, value)| fits(name) || value.any_text(fits)),
        }
    }
}

/// The field of that name; null if there is none.
impl Index<&str> for Value {
    type Output = Value;

    fn index(&self, name: &str) -> &Value {
        const NULL: &Value = &Value::Null;
        let field = self.fields().iter().find(|(other, _)| other == name);
        field.map_or(NULL, |(_, value)| value)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::Number(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        f64::from(number).into()
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        f64::from(number).into()
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.into())
    }
}

impl From<serde_json::Value> for Value {
    fn from(json: serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => Value::Null,
            Json::Bool(_) => unimplemented!("nothing in the simulation is true or false"),
            Json::Number(number) => Value::Number(number.as_f64().unwrap()),
            Json::String(text) => Value::Text(text.into()),
            Json::Array(items) => Value::List(items.into_iter().map(Value::from).collect()),
            Json::Object(fields) => Value::Object(Rc::new(
                fields
                    .into_iter()
                    .map(|(name, value)| (name.into(), value.into()))
                    .collect(),
            )),
        }
    }
}

impl Primitives for Value {
    fn object() -> Self {
        Value::Object(Rc::new(Vec::with_capacity(MOST_FIELDS)))
    }

    fn text(text: &str) -> Self {
        text.into()
    }

    fn number(number: f64) -> Self {
        number.into()
    }

    fn null() -> Self {
        Value::Null
    }

    fn from_json(json: &str) -> Option<Self> {
        let json: serde_json::Value = serde_json::from_str(json).ok()?;
        Some(json.into())
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
        let value = &self[key];
        (!value.is_null()).then(|| value.clone())
    }

    fn set(&mut self, key: &str, value: Self) {
        if let Value::Object(fields) = self {
            let fields = Rc::make_mut(fields);
            match fields.iter_mut().find(|(name, _)| name == key) {
                Some((_, old)) => *old = value,
                None => fields.push((key.into(), value)),
            }
        }
    }

    fn keys(&self) -> Vec<String> {
        let fields = self.fields().iter();
        fields.map(|(name, _)| name.to_string()).collect()
    }

    fn items(&self) -> Option<Vec<Self>> {
        match self {
            Value::List(items) => Some(items.to_vec()),
            _ => None,
        }
    }

    fn as_text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }

    fn as_number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    fn is_object(&self) -> bool {
        matches!(self, Value::Object(_))
    }

    fn is_function(&self) -> bool {
        false
    }

    fn to_json(&self) -> Option<String> {
        Some(self.to_string())
    }

    fn merged(&self, other: &Self) -> Self {
        let mut merged = match self {
            Value::Object(_) => self.clone(),
            _ => Self::object(),
        };
        for (name, value) in other.fields() {
            merged.set(name, value.clone());
        }
        merged
    }

    /// Nobody can tell: what is shared is copied by whoever changes it.
    fn copy(&self) -> Self {
        self.clone()
    }
}

#[test]
fn it_conforms() {
    crate::payload::conforms::<Value>();
}

/// As JSON.
impl fmt::Debug for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => out.write_str("null"),
            Value::Number(number) => write!(out, "{number}"),
            Value::Text(text) => write!(out, "{}", serde_json::Value::from(text.as_str())),
            Value::List(items) => out.debug_list().entries(items.iter()).finish(),
            Value::Object(fields) => out
                .debug_map()
                .entries(fields.iter().map(|(name, value)| (name, value)))
                .finish(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, out)
    }
}
