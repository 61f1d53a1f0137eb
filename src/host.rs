//! What the client needs of the world.

use std::future::Future;
use std::pin::Pin;

use crate::{Change, Step};

/// A value of the host's own: `JsValue` in a mini-program, `serde_json::Value` in the native tests.
///
/// The client reads a dozen fields of what passes through it and hands the rest on untouched, so no payload is ever
/// converted as a whole.
pub trait Payload: Clone + 'static {
    /// A new, empty object.
    fn object() -> Self;
    /// What the JSON text says; `None` if it is not JSON.
    fn from_json(json: &str) -> Option<Self>;
    /// The claims of a JWT, whatever its signature; `None` if it is none. Their numbers are looked for, so texts in there need
    /// not be read right.
    fn claims_of(token: &str) -> Option<Self>;
    /// The field `key`; `None` if it is missing, null or undefined, or if this is no object.
    fn get(&self, key: &str) -> Option<Self>;
    /// Sets the field `key` of an object; does nothing to anything else.
    fn set(&mut self, key: &str, value: Self);
    /// Sets the field `key` to a text.
    fn set_text(&mut self, key: &str, text: &str);
    /// Sets the field `key` to a number.
    fn set_number(&mut self, key: &str, number: f64);
    /// The text, if this is one.
    fn as_text(&self) -> Option<String>;
    /// The number, if this is one.
    fn as_number(&self) -> Option<f64>;
    /// Whether both are the same text or the same number.
    fn is(&self, other: &Self) -> bool;
    /// Whether this is an object with named fields (not an array, a function or null).
    fn is_object(&self) -> bool;
    /// The name of an object's own field at `index`; `None` after the last one, and of anything else.
    fn key(&self, index: usize) -> Option<String>;
    /// The integers of an array of nothing else; `None` of anything else.
    fn as_integers(&self) -> Option<Vec<i32>>;
    /// A copy of an object's own fields, so that setting one does not change the original; anything else as it is.
    fn shallow_copy(&self) -> Self;
    /// A copy of an object's own fields, with those of `other` over them.
    fn with_fields_of(&self, other: &Self) -> Self;
    /// A copy of an object's own fields, without those that are called `key`, in letters of either case, and those that are
    /// null.
    fn without(&self, key: &str) -> Self;
    /// The instant in ms since 1970 that an RFC 3339 text with a zone names; the caller has seen that it has a zone.
    fn as_instant_ms(&self) -> Option<f64>;

    /// The text in the field `key`.
    #[inline(never)] // here and below: once in the module, not once for each field that is read
    fn text_at(&self, key: &str) -> Option<String> {
        self.get(key)?.as_text()
    }

    /// The text in the field `key`, if it is not empty.
    #[inline(never)]
    fn full_text_at(&self, key: &str) -> Option<String> {
        self.text_at(key).filter(|text| !text.is_empty())
    }

    /// The number in the field `key`.
    #[inline(never)]
    fn number_at(&self, key: &str) -> Option<f64> {
        self.get(key)?.as_number()
    }

    /// The integer in the field `key`.
    #[inline(never)]
    fn integer_at(&self, key: &str) -> Option<i32> {
        integer(self.number_at(key)?)
    }

    /// The object in the field `key`.
    #[inline(never)]
    fn object_at(&self, key: &str) -> Option<Self> {
        self.get(key).filter(Self::is_object)
    }

    /// A copy of the options of a request, with the header `name` of this value: once, whatever letters of either case it was
    /// given in. With an empty value, the header is as it was given. A header that is null goes in any case.
    fn with_header(&self, name: &str, value: &str) -> Self {
        let given = self.object_at("header").unwrap_or_else(Self::object);
        let mut header = given.without(if value.is_empty() { "" } else { name });
        if !value.is_empty() {
            header.set_text(name, value);
        }
        let mut options = self.shallow_copy();
        options.set("header", header);
        options
    }
}

/// `None` for a number with a fraction, or too large.
fn integer(number: f64) -> Option<i32> {
    let integer = number as i32;
    (f64::from(integer) == number).then_some(integer)
}

/// The functions of `wx` that answer later. The glue knows them by their places here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// `wx.login`: `{timeout}` to `{code}`.
    Login,
    /// `wx.checkSession`: fails when the `session_key` behind the last code has expired.
    CheckSession,
    /// `wx.request`: `{url, method, header, data?, timeout}` to `{statusCode, data}`. Every status is an answer, 500 too.
    Request,
    /// `wx.uploadFile`: `{url, filePath, name, header, formData?, timeout}` to `{statusCode, data}` with a text as data.
    UploadFile,
}

impl Api {
    /// Its name in `wx`.
    pub fn name(self) -> &'static str {
        match self {
            Api::Login => "login",
            Api::CheckSession => "checkSession",
            Api::Request => "request",
            Api::UploadFile => "uploadFile",
        }
    }
}

/// A future on the heap, of one thread.
pub type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What a host answers with, later.
pub type Reply<V> = LocalBoxFuture<'static, Result<V, V>>;

/// The world, as far as the client needs it.
///
/// Storage is synchronous (WeChat's `…Sync` calls), so that a session is written or removed in one step that nothing can
/// come between. A host may fail in any way. What it fails with is a value of its own, as it came: WeChat's `{errMsg, errno?}`,
/// a text, or anything else.
pub trait Host: 'static {
    /// The host's own values.
    type Value: Payload;

    /// Calls a function of `wx` with `options` and this `timeout`. Answers in any case: where `wx` has not shortly after that,
    /// this fails as `wx` does when it gives up: with `errno` 5 and an `errMsg` such as `login:fail timeout`.
    fn call(&self, api: Api, options: Self::Value, timeout_ms: f64) -> Reply<Self::Value>;
    /// The value under `key`; `None` if there is none.
    fn storage_get(&self, key: &str) -> Result<Option<Self::Value>, Self::Value>;
    /// Stores a value under `key`, whole or not at all.
    fn storage_set(&self, key: &str, value: &Self::Value) -> Result<(), Self::Value>;
    /// Removes what is under `key`.
    fn storage_remove(&self, key: &str) -> Result<(), Self::Value>;
    /// The device's clock, in ms since 1970. It may be wrong and may jump.
    fn now_ms(&self) -> f64;
    /// Answers, with anything, after `ms`.
    fn sleep(&self, ms: f64) -> Reply<Self::Value>;
    /// A number from 0 to 1, by chance.
    fn chance(&self) -> f64;
    /// Does `work` although nobody waits for it.
    fn spawn(&self, work: LocalBoxFuture<'static, ()>);
    /// Tells the app of a change. Whoever listens may call the client.
    fn changed(&self, change: Change<Self::Value>);
    /// Tells the app of a step. Whoever listens may call the client.
    fn observed(&self, step: Step);
}
