//! The host that JavaScript gives.

use wasm_bindgen::prelude::*;

use super::session::snapshot;
use super::task;
use super::ticket::Ticket;
use super::value::Something;
use crate::{Api, Change, Host, LocalBoxFuture, Reply, Step};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What the client needs of WeChat. Only the storage may throw: WeChat's own `{errMsg, errno?}`, an `Error`, or anything. */
export interface Host {
  /**
   * Calls `wx.login(options)` (`api` 0), `checkSession` (1), `request` (2) or `uploadFile` (3) with a timeout of `ms`, and
   * `settle(slot, number, …)` with its answer, in any case: with a failure of `errno` 5 when that is well over. May keep and
   * change `options`.
   */
  call(api: number, options: object, slot: number, number: number, ms: number): void;
  /** Calls `settle(slot, number, true)` after `ms`. */
  sleep(slot: number, number: number, ms: number): void;
  /** `wx.getStorageSync`, but `undefined` for a missing key. */
  getStorage(key: string): unknown;
  /** `wx.setStorageSync`; `wx.removeStorageSync` without a value. */
  setStorage(key: string, value?: object): void;
  /** Hears of every change of who is signed in: with the session, or of why there is none any more. */
  changed(what: "signedIn" | "renewed" | "logout" | "refused", session: Session | null): void;
  /** Hears of every step that has ended. */
  observed(name: Step["name"], code: LoginErrorCode | "", ms: number): void;
}

/** A change of who is signed in. */
export type Change =
  | { type: "signedIn" | "renewed"; session: Session }
  | { type: "signedOut"; reason: "logout" | "refused" };

/** A step of the client's work that has ended; never with a secret in it. */
export interface Step {
  /** wx.login; a code or a password for a token; a request, once more */
  name: "login" | "exchange" | "replay";
  /** how long it took */
  ms: number;
  /** absent if the step succeeded */
  code?: LoginErrorCode;
}
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Date)]
    fn now() -> f64;
    #[wasm_bindgen(js_namespace = Math)]
    fn random() -> f64;

    /// The interface `Host` above.
    #[wasm_bindgen(typescript_type = "Host")]
    pub type RawHost;

    #[wasm_bindgen(method)]
    fn call(this: &RawHost, api: u32, options: JsValue, slot: u32, number: u32, ms: f64);
    #[wasm_bindgen(method)]
    fn sleep(this: &RawHost, slot: u32, number: u32, ms: f64);
    #[wasm_bindgen(method)]
    fn changed(this: &RawHost, what: &str, session: JsValue);
    #[wasm_bindgen(method)]
    fn observed(this: &RawHost, name: &str, code: &str, ms: f64);
    #[wasm_bindgen(method, catch, js_name = getStorage)]
    fn get_storage(this: &RawHost, key: &str) -> Result<Option<Something>, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setStorage)]
    fn set_storage(this: &RawHost, key: &str, value: &JsValue) -> Result<(), JsValue>;
}

pub(super) struct JsHost(pub(super) RawHost);

impl Host for JsHost {
    type Value = JsValue;

    fn call(&self, api: Api, options: JsValue, timeout_ms: f64) -> Reply<JsValue> {
        let ticket = Ticket::new();
        let (slot, number) = (ticket.slot, ticket.number);
        (self.0).call(api as u32, options, slot, number, timeout_ms);
        Box::pin(ticket)
    }

    fn storage_get(&self, key: &str) -> Result<Option<JsValue>, JsValue> {
        Ok(self.0.get_storage(key)?.map(JsValue::from))
    }

    fn storage_set(&self, key: &str, value: &JsValue) -> Result<(), JsValue> {
        self.0.set_storage(key, value)
    }

    fn storage_remove(&self, key: &str) -> Result<(), JsValue> {
        self.0.set_storage(key, &JsValue::UNDEFINED)
    }

    fn now_ms(&self) -> f64 {
        now()
    }

    fn sleep(&self, ms: f64) -> Reply<JsValue> {
        let ticket = Ticket::new();
        self.0.sleep(ticket.slot, ticket.number, ms);
        Box::pin(ticket)
    }

    fn chance(&self) -> f64 {
        random()
    }

    fn spawn(&self, work: LocalBoxFuture<'static, ()>) {
        task::spawn(work);
    }

    fn changed(&self, change: Change<JsValue>) {
        match change {
            Change::SignedIn(session) => self.0.changed("signedIn", snapshot(&session)),
            Change::Renewed(session) => self.0.changed("renewed", snapshot(&session)),
            Change::SignedOut(because) => self.0.changed(because.name(), JsValue::NULL),
        }
    }

    fn observed(&self, step: Step) {
        self.0
            .observed(step.name, step.code.unwrap_or_default(), step.ms);
    }
}
