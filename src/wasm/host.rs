//! The host that JavaScript gives.

use js_sys::{Date, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::error::host_failure;
use super::timer::Timer;
use crate::{Host, HostFailure, HttpRequest, HttpResponse, LoginError, Payload};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What the client needs of WeChat. Anything may fail with WeChat's own `{errMsg, errno?}` or with an `Error`. */
export interface Host {
  /** `wx.login`, given up after `timeout` ms. */
  login(options: { timeout: number }): Promise<{ code?: string }>;
  /** `wx.checkSession`. */
  checkSession(): Promise<unknown>;
  /** `wx.request`: resolves for every HTTP status. */
  request(options: HttpRequest): Promise<{ statusCode: number; data: unknown }>;
  /** `wx.getStorageSync`: `''` for a missing key. */
  getStorage(key: string): unknown;
  /** `wx.setStorageSync` */
  setStorage(key: string, value: unknown): void;
  /** `wx.removeStorageSync` */
  removeStorage(key: string): void;
}

/** The options of `wx.request` that the client uses. */
export interface HttpRequest {
  method: "GET" | "POST";
  url: string;
  header: Record<string, string>;
  data?: object;
  /** in ms */
  timeout: number;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// The interface `Host` above. Every method may throw, and may turn out to be missing: hence `catch`.
    #[wasm_bindgen(typescript_type = "Host")]
    pub type RawHost;

    #[wasm_bindgen(method, catch)]
    fn login(this: &RawHost, options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = checkSession)]
    fn check_session(this: &RawHost) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn request(this: &RawHost, options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getStorage)]
    fn get_storage(this: &RawHost, key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setStorage)]
    fn set_storage(this: &RawHost, key: &str, value: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = removeStorage)]
    fn remove_storage(this: &RawHost, key: &str) -> Result<(), JsValue>;
}

const METHODS: [&str; 6] = [
    "login",
    "checkSession",
    "request",
    "getStorage",
    "setStorage",
    "removeStorage",
];

/// The host, once it is known to be complete.
pub(super) struct JsHost(RawHost);

impl JsHost {
    /// Fails with [`LoginError::InvalidConfig`], which names the method that is missing.
    pub(super) fn new(raw: RawHost) -> Result<Self, LoginError> {
        let raw_value: &JsValue = raw.as_ref();
        let has = |name: &str| {
            raw_value
                .get(name)
                .is_some_and(|method: JsValue| method.is_function())
        };
        match METHODS.iter().find(|name| !has(name)) {
            None => Ok(JsHost(raw)),
            Some(name) => Err(LoginError::InvalidConfig {
                field: ["host.", name].concat(),
                problem: "is missing",
            }),
        }
    }
}

/// Waits for what a host method returned, be it a promise or not.
async fn settled(returned: Result<JsValue, JsValue>) -> Result<JsValue, HostFailure> {
    let promise = Promise::resolve(&returned.map_err(host_failure)?);
    JsFuture::from(promise).await.map_err(host_failure)
}

impl Host for JsHost {
    type Value = JsValue;

    async fn login(&self, timeout_ms: f64) -> Result<JsValue, HostFailure> {
        let mut options = JsValue::object();
        options.set("timeout", timeout_ms.into());
        settled(self.0.login(&options)).await
    }

    async fn check_session(&self) -> Result<(), HostFailure> {
        settled(self.0.check_session()).await.map(drop)
    }

    async fn request(
        &self,
        request: HttpRequest<JsValue>,
    ) -> Result<HttpResponse<JsValue>, HostFailure> {
        let mut options = JsValue::object();
        options.set("method", request.method.into());
        options.set("url", request.url.into());
        options.set("header", request.header);
        if let Some(data) = request.data {
            options.set("data", data);
        }
        options.set("timeout", request.timeout_ms.into());
        let response = settled(self.0.request(&options)).await?;
        let status = Payload::get(&response, "statusCode").and_then(|status| status.as_integer());
        let status = status
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or_default();
        Ok(HttpResponse {
            status,
            data: Payload::get(&response, "data").unwrap_or(JsValue::NULL),
        })
    }

    fn storage_get(&self, key: &str) -> Result<Option<JsValue>, HostFailure> {
        let value = self.0.get_storage(key).map_err(host_failure)?;
        Ok((!value.is_falsy()).then_some(value)) // WeChat gives '' for a missing key
    }

    fn storage_set(&self, key: &str, value: &JsValue) -> Result<(), HostFailure> {
        self.0.set_storage(key, value).map_err(host_failure)
    }

    fn storage_remove(&self, key: &str) -> Result<(), HostFailure> {
        self.0.remove_storage(key).map_err(host_failure)
    }

    fn now_ms(&self) -> f64 {
        Date::now()
    }

    async fn sleep(&self, ms: f64) {
        Timer::start(ms).fired().await;
    }
}
