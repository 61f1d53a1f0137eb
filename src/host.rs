//! What the client needs of the world.

use crate::HostFailure;

/// A value of the host's own: `JsValue` in a mini-program, `serde_json::Value` in the native tests.
///
/// The client reads a dozen fields of what passes through it and hands the rest on untouched, so no payload is ever
/// converted as a whole.
pub trait Payload: Clone + 'static {
    /// A new, empty object.
    fn object() -> Self;
    /// A text.
    fn text(text: &str) -> Self;
    /// A number.
    fn number(number: f64) -> Self;
    /// What the JSON text says; `None` if it is not JSON.
    fn from_json(json: &str) -> Option<Self>;
    /// The field `key`; `None` if it is missing, null or undefined, or if this is no object.
    fn get(&self, key: &str) -> Option<Self>;
    /// Sets the field `key` of an object; does nothing to anything else.
    fn set(&mut self, key: &str, value: Self);
    /// The text, if this is one.
    fn as_text(&self) -> Option<String>;
    /// The number, if this is one.
    fn as_number(&self) -> Option<f64>;
    /// Whether this is an object with named fields (not an array, a function or null).
    fn is_object(&self) -> bool;
    /// The names of an object's own fields; none of anything else.
    fn keys(&self) -> Vec<String>;
    /// The items of an array; `None` if this is none.
    fn items(&self) -> Option<Vec<Self>>;
    /// A copy of an object's own fields, so that setting one does not change the original.
    fn shallow_copy(&self) -> Self;
    /// The instant in ms since 1970 that an RFC 3339 text with a zone names; the caller has seen that it has a zone.
    fn as_instant_ms(&self) -> Option<f64>;

    /// The number as an integer; `None` for anything else, a number with a fraction or a numeric text included.
    fn as_integer(&self) -> Option<i32> {
        let number = self.as_number()?;
        let integer = number as i32;
        (f64::from(integer) == number).then_some(integer)
    }
}

/// A request as `wx.request` takes it.
#[derive(Clone)]
pub struct HttpRequest<V> {
    /// The HTTP method, in capitals.
    pub method: &'static str,
    /// The absolute URL.
    pub url: String,
    /// An object of header names and texts. It may hold the token, so it is never printed.
    pub header: V,
    /// The body: an object that the host sends as JSON.
    pub data: Option<V>,
    /// How long the host may take, in ms.
    pub timeout_ms: f64,
}

/// An answer as `wx.request` gives it. Every status, 500 included, is an answer.
#[derive(Debug, Clone)]
pub struct HttpResponse<V> {
    /// The HTTP status; 0 if the host gave none.
    pub status: u16,
    /// The body: parsed if it was JSON, else the text.
    pub data: V,
}

/// The world, as far as the client needs it.
///
/// Storage is synchronous (WeChat's `…Sync` calls), so that a session is written or removed in one step that nothing can
/// come between. A host may fail in any way or never answer: the client waits for nothing longer than its own timeout.
#[allow(async_fn_in_trait)] // single-threaded by design: no future of it needs to be `Send`
pub trait Host: 'static {
    /// The host's own values.
    type Value: Payload;

    /// `wx.login`: an object with a `code`.
    async fn login(&self, timeout_ms: f64) -> Result<Self::Value, HostFailure>;
    /// `wx.checkSession`: fails when the `session_key` behind the last code has expired.
    async fn check_session(&self) -> Result<(), HostFailure>;
    /// `wx.request`.
    async fn request(
        &self,
        request: HttpRequest<Self::Value>,
    ) -> Result<HttpResponse<Self::Value>, HostFailure>;
    /// The value under `key`; `None` if there is none.
    fn storage_get(&self, key: &str) -> Result<Option<Self::Value>, HostFailure>;
    /// Stores a value under `key`, whole or not at all.
    fn storage_set(&self, key: &str, value: &Self::Value) -> Result<(), HostFailure>;
    /// Removes what is under `key`.
    fn storage_remove(&self, key: &str) -> Result<(), HostFailure>;
    /// The device's clock, in ms since 1970. It may be wrong and may jump.
    fn now_ms(&self) -> f64;
    /// Ends after `ms`; dropping the future gives the timer up.
    async fn sleep(&self, ms: f64);
}
