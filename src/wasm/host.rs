//! The host that JavaScript gives.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use js_sys::{Date, Math};
use wasm_bindgen::prelude::*;

use super::session::snapshot;
use super::task;
use super::ticket::Ticket;
use crate::{Api, Change, Host, LocalBoxFuture, Payload, Step};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What the client needs of WeChat. Anything may fail with WeChat's own `{errMsg, errno?}` or with an `Error`. */
export interface Host {
  /** Calls `wx[name](options)`, and `settle(slot, number, …)` with its answer. May keep and change `options`. */
  call(name: "login" | "checkSession" | "request" | "uploadFile", options: object, slot: number, number: number): void;
  /** Calls `settle(slot, number, true)` after `ms`. Returns what `clearTimeout` takes. */
  sleep(ms: number, slot: number, number: number): unknown;
  /** `wx.getStorageSync`: `''` for a missing key. */
  getStorage(key: string): unknown;
  /** `wx.setStorageSync` */
  setStorage(key: string, value: unknown): void;
  /** `wx.removeStorageSync` */
  removeStorage(key: string): void;
  /** Hears of every change of who is signed in. */
  changed(change: Change): void;
  /** Hears of every step that has ended. */
  observed(step: Step): void;
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
    /// The interface `Host` above. Every method may throw, and may turn out to be missing: hence `catch`.
    #[wasm_bindgen(typescript_type = "Host")]
    pub type RawHost;

    #[wasm_bindgen(method, catch)]
    fn call(
        this: &RawHost,
        name: &str,
        options: JsValue,
        slot: u32,
        number: u32,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn sleep(this: &RawHost, ms: f64, slot: u32, number: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn changed(this: &RawHost, change: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn observed(this: &RawHost, step: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = getStorage)]
    fn get_storage(this: &RawHost, key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setStorage)]
    fn set_storage(this: &RawHost, key: &str, value: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = removeStorage)]
    fn remove_storage(this: &RawHost, key: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

pub(super) struct JsHost(pub(super) RawHost);

/// Waits for a timer of the engine's, which is given up when this is dropped.
struct Sleep {
    ticket: Ticket,
    timer: Option<JsValue>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.ticket).poll(context).map(drop)
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(timer) = &self.timer {
            clear_timeout(timer);
        }
    }
}

impl Host for JsHost {
    type Value = JsValue;

    fn call(
        &self,
        api: Api,
        options: JsValue,
    ) -> LocalBoxFuture<'static, Result<JsValue, JsValue>> {
        let ticket = Ticket::new();
        if let Err(thrown) = self.0.call(api.name(), options, ticket.slot, ticket.number) {
            ticket.answer(Err(thrown));
        }
        Box::pin(ticket)
    }

    fn storage_get(&self, key: &str) -> Result<Option<JsValue>, JsValue> {
        let value = self.0.get_storage(key)?;
        Ok((!value.is_falsy()).then_some(value)) // WeChat gives '' for a missing key
    }

    fn storage_set(&self, key: &str, value: &JsValue) -> Result<(), JsValue> {
        self.0.set_storage(key, value)
    }

    fn storage_remove(&self, key: &str) -> Result<(), JsValue> {
        self.0.remove_storage(key)
    }

    fn now_ms(&self) -> f64 {
        Date::now()
    }

    fn sleep(&self, ms: f64) -> LocalBoxFuture<'static, ()> {
        let ticket = Ticket::new();
        let timer = self.0.sleep(ms, ticket.slot, ticket.number);
        if timer.is_err() {
            ticket.answer(Ok(JsValue::UNDEFINED)); // over at once: an error, in the end, instead of waiting for ever
        }
        Box::pin(Sleep {
            ticket,
            timer: timer.ok(),
        })
    }

    fn chance(&self) -> f64 {
        Math::random()
    }

    fn spawn(&self, work: LocalBoxFuture<'static, ()>) {
        task::spawn(work);
    }

    fn changed(&self, change: Change<JsValue>) {
        let (kind, session) = match &change {
            Change::SignedIn(session) => ("signedIn", Some(session)),
            Change::Renewed(session) => ("renewed", Some(session)),
            Change::SignedOut(_) => ("signedOut", None),
        };
        let mut told = JsValue::object();
        told.set_text("type", kind);
        if let Some(session) = session {
            told.set("session", snapshot(session));
        }
        if let Change::SignedOut(because) = change {
            told.set_text("reason", because.name());
        }
        let _ = self.0.changed(&told); // what a listener throws is the listener's
    }

    fn observed(&self, step: Step) {
        let mut told = JsValue::object();
        told.set_text("name", step.name);
        told.set_number("ms", step.ms);
        if let Some(code) = step.code {
            told.set_text("code", code);
        }
        let _ = self.0.observed(&told);
    }
}
