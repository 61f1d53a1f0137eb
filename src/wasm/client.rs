//! The class that JavaScript sees.

use std::future::Future;
use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::host::{JsHost, RawHost};
use crate::{Config, Payload, Session};

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

/** A signed-in user, as of now. The token is not in it: see `authHeader()`. */
export interface Session {
  /** The server's user, as it came. */
  userInfo: Record<string, any>;
  /** How the user signed in. */
  via: "weixin" | "account";
  /** When the request that brought the token was started, by this device's clock, in ms since 1970. */
  issuedAt: number;
  /** When the token ends, by this device's clock, in ms since 1970; `null` if only the server knows. */
  expiresAt: number | null;
}

/** The server's answer: `errno` is 0. */
export interface Envelope {
  errno: 0;
  errmsg?: string;
  data: { token: string; userInfo?: Record<string, any>; [field: string]: unknown };
}
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "LoginOptions")]
    pub type RawOptions;
    #[wasm_bindgen(typescript_type = "Session | null")]
    pub type JsSession;
    #[wasm_bindgen(typescript_type = "Record<string, string>")]
    pub type JsHeader;
    #[wasm_bindgen(typescript_type = "object")]
    pub type JsFields;
    #[wasm_bindgen(typescript_type = "object | null")]
    pub type JsUserInfo;
    #[wasm_bindgen(typescript_type = "Promise<true>")]
    pub type PromiseOfTrue;
    #[wasm_bindgen(typescript_type = "Promise<Envelope>")]
    pub type PromiseOfEnvelope;
    #[wasm_bindgen(typescript_type = "Promise<Record<string, any>>")]
    pub type PromiseOfUser;
    #[wasm_bindgen(typescript_type = "Promise<void>")]
    pub type PromiseOfNothing;
}

/// Signs the user in and knows whether somebody is.
#[wasm_bindgen]
pub struct LoginClient {
    inner: Rc<crate::LoginClient<JsHost>>,
}

#[wasm_bindgen]
impl LoginClient {
    /// Throws a `LoginError` with code `invalid_config` and the `field` that cannot work.
    #[wasm_bindgen(constructor)]
    pub fn new(options: RawOptions, host: RawHost) -> Result<LoginClient, JsValue> {
        let inner =
            crate::LoginClient::new(Config::new(&JsValue::from(options))?, JsHost::new(host)?);
        Ok(LoginClient { inner })
    }

    /// Resolves with `true` if somebody is signed in, rejects with `false` otherwise.
    #[wasm_bindgen(js_name = checkLogin)]
    pub fn check_login(&self) -> PromiseOfTrue {
        let check = Rc::clone(&self.inner).check_login();
        promise(async {
            if check.await {
                Ok(JsValue::TRUE)
            } else {
                Err(JsValue::FALSE)
            }
        })
    }

    /// Signs in with WeChat and resolves with the server's whole answer. `userInfo` is the profile, if there is one.
    /// Calls while a login runs share that login.
    #[wasm_bindgen(js_name = loginByWeixin)]
    pub fn login_by_weixin(
        &self,
        #[wasm_bindgen(js_name = userInfo)] user_info: Option<JsUserInfo>,
    ) -> PromiseOfEnvelope {
        let user_info = user_info.map(JsValue::from).filter(|info| !info.is_null());
        let login = Rc::clone(&self.inner).login_by_weixin(user_info);
        promise(async { Ok(login.await?) })
    }

    /// Sends changed fields of the profile and resolves with the user as the server has it then.
    #[wasm_bindgen(js_name = updateProfile)]
    pub fn update_profile(&self, fields: JsFields) -> PromiseOfUser {
        let update = Rc::clone(&self.inner).update_profile(fields.into());
        promise(async { Ok(update.await?) })
    }

    /// Signs out: at once here, then on the server as well as it can. Nothing that is under way brings the session back.
    pub fn logout(&self) -> PromiseOfNothing {
        let logout = Rc::clone(&self.inner).logout();
        promise(async { Ok(logout.await.map(|()| JsValue::UNDEFINED)?) })
    }

    /// The session in memory, whatever its age, or `null`. Asks nobody.
    #[wasm_bindgen(getter)]
    pub fn session(&self) -> JsSession {
        self.inner
            .session()
            .map_or(JsValue::NULL, |session| snapshot(&session))
            .unchecked_into()
    }

    /// The header that carries the token, for `wx.uploadFile` and the like; empty when nobody is signed in. Only for
    /// requests to the server that gave the token.
    #[wasm_bindgen(js_name = authHeader)]
    pub fn auth_header(&self) -> JsHeader {
        let mut header = JsValue::object();
        if let Some((name, token)) = self.inner.auth_header() {
            header.set(name, token.secret().into());
        }
        header.unchecked_into()
    }

    /// To be called when the app comes to the foreground.
    pub fn foreground(&self) {
        self.inner.foreground();
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Snapshot<'a> {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    user_info: JsValue,
    via: &'a str,
    issued_at: f64,
    expires_at: Option<f64>,
}

/// A copy that the page may change without changing the client's.
fn snapshot(session: &Session<JsValue>) -> JsValue {
    let snapshot = Snapshot {
        user_info: session.user_info.shallow_copy(),
        via: session.via.name(),
        issued_at: session.issued_at,
        expires_at: session.expires_at,
    };
    snapshot
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .unwrap_or(JsValue::NULL)
}

/// A typed promise of what `work` gives.
fn promise<P: JsCast>(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> P {
    // Boxed, so that the machinery of promises is in the module once and not once for each method.
    let work: LocalBoxFuture<'static, Result<JsValue, JsValue>> = Box::pin(work);
    future_to_promise(work).unchecked_into()
}
