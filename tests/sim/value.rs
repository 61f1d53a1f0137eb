//! The payloads of the simulation. Everything in a run passes through them, so they are cheap to make and to copy: short
//! texts need no memory of their own, objects are short lists and are shared until somebody changes one.

use std::fmt;
use std::ops::Index;
use std::rc::Rc;

use smol_str::SmolStr;
use weapp_login::Payload;

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

impl Payload for Value {
    fn object() -> Self {
        Value::Object(Rc::new(Vec::with_capacity(MOST_FIELDS)))
    }

    fn from_json(json: &str) -> Option<Self> {
        let json: serde_json::Value = serde_json::from_str(json).ok()?;
        Some(json.into())
    }

    fn claims_of(_token: &str) -> Option<Self> {
        None // the servers here give no JWTs
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

    fn set_text(&mut self, key: &str, text: &str) {
        self.set(key, text.into());
    }

    fn set_number(&mut self, key: &str, number: f64) {
        self.set(key, number.into());
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

    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Value::Text(text), Value::Text(other)) => text == other,
            (Value::Number(number), Value::Number(other)) => number == other,
            _ => false,
        }
    }

    fn is_object(&self) -> bool {
        matches!(self, Value::Object(_))
    }

    fn key(&self, index: usize) -> Option<String> {
        self.fields().get(index).map(|(name, _)| name.to_string())
    }

    fn as_integers(&self) -> Option<Vec<i32>> {
        match self {
            Value::List(items) => items
                .iter()
                .map(|item| Some(item.as_number()? as i32))
                .collect(),
            _ => None,
        }
    }

    fn shallow_copy(&self) -> Self {
        self.clone()
    }

    fn with_fields_of(&self, other: &Self) -> Self {
        let mut copy = self.clone();
        for (name, value) in other.fields() {
            copy.set(name, value.clone());
        }
        copy
    }

    fn without(&self, key: &str) -> Self {
        let mut copy = self.clone();
        let goes =
            |(name, value): &(SmolStr, Value)| name.eq_ignore_ascii_case(key) || value.is_null();
        if let Value::Object(fields) = &mut copy
            && fields.iter().any(goes)
        {
            Rc::make_mut(fields).retain(|field| !goes(field));
        }
        copy
    }

    fn as_instant_ms(&self) -> Option<f64> {
        unimplemented!("the simulated server tells how long a token lives, not until when")
    }
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
