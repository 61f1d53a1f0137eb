//! What the client needs of the world.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::{Change, HostFailure, Step, Timestamp};

/// What a host implements for its own values, of which [`Payload`] is made.
pub trait Primitives: Clone + 'static {
    /// A new, empty object.
    fn object() -> Self;
    /// A text.
    fn text(text: &str) -> Self;
    /// A number.
    fn number(number: f64) -> Self;
    /// Nothing: a field that is null.
    fn null() -> Self;
    /// The value of a JSON text; `None` if it is not JSON.
    fn from_json(json: &str) -> Option<Self>;
    /// The instant that an RFC 3339 text with a zone names; `None` of any other text that is no date.
    fn instant(text: &str) -> Option<Timestamp>;

    /// The text as a part of an address: percent-encoded, as `encodeURIComponent` does it.
    fn encoded(text: &str) -> String;

    /// The field `key`; `None` if it is missing, null or undefined, or if this is no object.
    fn get(&self, key: &str) -> Option<Self>;
    /// Sets the field `key` of an object; does nothing to anything else.
    fn set(&mut self, key: &str, value: Self);
    /// The names of an object's own fields, in any order; none of anything else.
    fn keys(&self) -> Vec<String>;
    /// The items of an array; `None` of anything else.
    fn items(&self) -> Option<Vec<Self>>;
    /// The text, if this is one.
    fn as_text(&self) -> Option<String>;
    /// The number, if this is one.
    fn as_number(&self) -> Option<f64>;
    /// Whether this is an object with named fields (not an array, a function or null).
    fn is_object(&self) -> bool;
    /// Whether this is a function of the app's.
    fn is_function(&self) -> bool;
    /// The JSON text; `None` of what has none.
    fn to_json(&self) -> Option<String>;
    /// A new object with the fields of this one and those of `other`, which win. The values of the fields are the same, not
    /// copies. What is no object has no fields.
    fn merged(&self, other: &Self) -> Self;
    /// A copy as by way of JSON: it shares nothing with this value, at any depth.
    fn copy(&self) -> Self;
}

/// A value of the host's own: `JsValue` in a mini-program, `serde_json::Value` in the native tests.
///
/// The client reads a dozen fields of what passes through it and hands the rest on untouched, so no payload is ever
/// converted as a whole. All of this is made of the primitives, once for all hosts.
pub trait Payload: Primitives {
    /// Sets the field `key` to a text.
    #[inline(never)] // here and below: once in the module, not at each use
    fn set_text(&mut self, key: &str, text: &str) {
        self.set(key, Self::text(text));
    }

    /// Sets the field `key` to a number.
    #[inline(never)]
    fn set_number(&mut self, key: &str, number: f64) {
        self.set(key, Self::number(number));
    }

    /// The text in the field `key`.
    #[inline(never)]
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

    /// Whether this is true or false; `None` of anything else.
    #[inline(never)]
    fn truth(&self) -> Option<bool> {
        match self.to_json()?.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// Whether both are the same text or the same number.
    #[inline(never)]
    fn is(&self, other: &Self) -> bool {
        match (self.as_text(), other.as_text()) {
            (Some(text), other) => other == Some(text),
            (None, _) => {
                matches!((self.as_number(), other.as_number()), (Some(a), Some(b)) if a == b)
            }
        }
    }

    /// A copy of an object's own fields, without those that are called `key`, in letters of either case, and those that are
    /// null.
    #[inline(never)]
    fn without(&self, key: &str) -> Self {
        let mut copy = Self::object();
        for name in self.keys() {
            if !name.eq_ignore_ascii_case(key)
                && let Some(value) = self.get(&name)
            {
                copy.set(&name, value);
            }
        }
        copy
    }

    /// The header in the options of a request, without what is null in it; a copy.
    #[inline(never)]
    fn header(&self) -> Self {
        let given = self.object_at("header");
        given.map_or_else(Self::object, |given| given.without(""))
    }

    /// A copy of the options of a request, with another header.
    #[inline(never)]
    fn with_header(&self, header: Self) -> Self {
        let mut options = self.merged(&Self::object());
        options.set("header", header);
        options
    }

    /// A copy of an object's own fields, without those that are this text. What is null stays null.
    #[inline(never)]
    fn without_text(&self, text: &str) -> Self {
        let mut copy = Self::object();
        for name in self.keys() {
            let value = self.get(&name).unwrap_or_else(Self::null);
            if value.as_text().as_deref() != Some(text) {
                copy.set(&name, value);
            }
        }
        copy
    }
}

impl<V: Primitives> Payload for V {}

/// `None` for a number with a fraction, or too large.
pub(crate) fn integer(number: f64) -> Option<i32> {
    let integer = number as i32;
    (f64::from(integer) == number).then_some(integer)
}

/// The functions of `wx` that answer later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// `wx.login`
    Login,
    /// `wx.checkSession`
    CheckSession,
    /// `wx.request`
    Request,
    /// `wx.uploadFile`
    UploadFile,
    /// `wx.downloadFile`
    DownloadFile,
}

impl Api {
    /// Its name in `wx`.
    pub fn name(self) -> &'static str {
        match self {
            Api::Login => "login",
            Api::CheckSession => "checkSession",
            Api::Request => "request",
            Api::UploadFile => "uploadFile",
            Api::DownloadFile => "downloadFile",
        }
    }
}

/// A future on the heap, of one thread.
pub type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What a host answers with, later.
pub type Reply<V> = LocalBoxFuture<'static, Result<V, HostFailure>>;

/// The world, as far as the client needs it.
///
/// Each function of `wx` answers in any case: where `wx` has not shortly after the timeout, the host fails as `wx` does when it
/// gives up, with `errno` 5 and an `errMsg` such as `login:fail timeout`. The work begins when the method is called, not when its
/// answer is awaited.
///
/// Storage is synchronous (WeChat's `…Sync` calls), so that a session is written or removed in one step that nothing can
/// come between.
pub trait Host: 'static {
    /// The host's own values.
    type Value: Payload;

    /// `wx.login`: answers with `{code}`.
    fn login(&self, timeout: Duration) -> Reply<Self::Value>;
    /// `wx.checkSession`: fails when the `session_key` behind the last code has expired.
    fn check_session(&self, timeout: Duration) -> Reply<Self::Value>;
    /// `wx.request` with `{url, method, header, data?, …}`: answers with `{statusCode, data, header}`. Every status is an answer, 500
    /// too. Where the data is binary and may be JSON, its `text` stands beside it. Dropping the answer aborts the request.
    fn request(&self, options: Self::Value, timeout: Duration) -> Reply<Self::Value>;
    /// `wx.uploadFile` with `{url, filePath, name, header, formData?, …}`: as [`Host::request`], but with a text as data.
    fn upload(&self, options: Self::Value, timeout: Duration) -> Reply<Self::Value>;
    /// `wx.downloadFile` with `{url, header, filePath?, …}`: as [`Host::request`], but with the paths of the file as data, or none where the status says that what is in the file is a refusal.
    fn download(&self, options: Self::Value, timeout: Duration) -> Reply<Self::Value>;
    /// Calls a function of the app's dialect, `login` or `sign`, with a copy of `given`. Answers with an object that has one of these
    /// fields, or none if the function has thrown: `done` with what it gave, or `failed` if it has let the failure of its last step
    /// pass. Fails where the function has not come to an end in time. Dropping the answer ends a login: it can take no further step.
    fn ask_app(
        &self,
        function: &'static str,
        given: Self::Value,
        timeout: Duration,
    ) -> Reply<Self::Value>;
    /// The value under `key`; `None` if there is none.
    fn storage_get(&self, key: &str) -> Result<Option<Self::Value>, HostFailure>;
    /// Stores a value under `key`, whole or not at all.
    fn storage_set(&self, key: &str, value: &Self::Value) -> Result<(), HostFailure>;
    /// The device's clock. It may be wrong and may jump.
    fn now(&self) -> Timestamp;
    /// Ends after `time`.
    fn sleep(&self, time: Duration) -> LocalBoxFuture<'static, ()>;
    /// Whether the app runs in WeChat's single-page mode (opened from Moments), where nobody can sign in.
    fn is_single_page(&self) -> bool;
    /// A number from 0 to 1, by chance.
    fn chance(&self) -> f64;
    /// Does `work` although nobody waits for it.
    fn spawn(&self, work: LocalBoxFuture<'static, ()>);
    /// Reports a change to the app. A listener may call the client.
    fn changed(&self, change: Change<Self::Value>);
    /// Reports a step to the app. A listener may call the client.
    fn observed(&self, step: Step);
}
