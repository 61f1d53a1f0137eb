//! The options object, read as a whole.

use js_sys::Object;
use serde_wasm_bindgen::from_value;
use wasm_bindgen::prelude::*;

use crate::{Config, LoginError, Options, Payload};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** How a client is created. Only `baseUrl` has no default; the defaults fit the reference backend. */
export interface LoginOptions {
  /** The root of the server's API: https, or http on localhost. */
  baseUrl: string;
  /** Paths below `baseUrl`. */
  endpoints?: {
    /** default `auth/login_by_weixin` */
    loginByWeixin?: string;
    /** default `auth/info` */
    info?: string;
    /** default `auth/logout` */
    logout?: string;
    /** default `auth/profile` */
    profile?: string;
  };
  /** The header that carries the token; default `X-Litemall-Token`. */
  tokenHeader?: string;
  /** Which answers to a request with a token mean "signed out"; default `{ errno: [501], status: [401] }`. */
  signedOut?: { errno?: number[]; status?: number[] };
  /** How long before its end a session counts as over, in ms; default 60000. */
  expiryMarginMs?: number;
  /** How long one step (wx.login, a request) may take, in ms, at most 60000; default 15000. */
  timeoutMs?: number;
  /** The storage key of the session; default: one for each `baseUrl`. */
  storageKey?: string;
  /** When `checkLogin()` asks wx.checkSession: once per foreground period (default), each time, or never. */
  sessionCheck?: "foreground" | "always" | "never";
}
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "LoginOptions")]
    pub type RawOptions;
}

/// Reads and checks the options.
pub(super) fn config(raw: RawOptions) -> Result<Config, LoginError> {
    let raw = JsValue::from(raw);
    match from_value::<Options>(raw.clone()) {
        Ok(options) => Config::new(options),
        Err(_) => Err(LoginError::InvalidConfig {
            field: offender(&raw),
            problem: "is unknown or of a wrong type",
        }),
    }
}

/// The name of the option that cannot be read. `serde` does not say which, so each is read alone.
fn offender(raw: &JsValue) -> String {
    let keys = raw
        .dyn_ref::<Object>()
        .map(Object::keys)
        .unwrap_or_default();
    let unreadable = |key: &JsValue| {
        let mut single = JsValue::object();
        let key = key.as_string().unwrap_or_default();
        single.set(&key, Payload::get(raw, &key).unwrap_or(JsValue::NULL));
        from_value::<Options>(single).is_err().then_some(key)
    };
    keys.iter()
        .find_map(|key| unreadable(&key))
        .unwrap_or_else(|| "options".to_owned())
}
