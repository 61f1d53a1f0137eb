//! The host that JavaScript gives.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use js_sys::{Date, Math, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::error::failure_of;
use super::session::event;
use super::value::write;
use crate::{Change, Host, HostFailure, LocalBoxFuture, Reply, Step, Timestamp, ms_of};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/**
 * What the client needs of WeChat. A function of `wx` that has not answered well after `ms` fails with `errno` 5. Only the promises
 * and the storage may fail: with WeChat's own `{errMsg, errno?}`, an `Error`, or anything whose fields can be read.
 */
export interface Host {
  login(ms: number): PromiseLike<{ code: string }>;
  checkSession(ms: number): PromiseLike<unknown>;
  request(options: object, ms: number): Task;
  upload(options: object, ms: number): Task;
  /** Answers with `data: { tempFilePath, filePath, statusCode }` if the status means success, else without. */
  download(options: object, ms: number): Task;
  /** Calls a function of the dialect. */
  askApp(name: "login" | "sign", given: object, ms: number): Task;
  sleep(ms: number): PromiseLike<void>;
  /** Whether the app runs in WeChat's single-page mode. */
  isSinglePage(): boolean;
  /** `wx.getStorageSync`, but `undefined` for a missing key. */
  getStorage(key: string): unknown;
  setStorage(key: string, value: object): void;
  /** Reports every change of who is signed in. */
  changed(change: Change): void;
  /** Reports every step that has ended. */
  observed(step: Step): void;
}

/** A request, or a function of the app's, that is under way. */
export interface Task {
  answer: PromiseLike<unknown>;
  abort(): void;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// The interface `Host` above.
    #[wasm_bindgen(typescript_type = "Host")]
    pub type RawHost;

    #[wasm_bindgen(method)]
    fn login(this: &RawHost, ms: f64) -> Promise;
    #[wasm_bindgen(method, js_name = checkSession)]
    fn check_session(this: &RawHost, ms: f64) -> Promise;
    #[wasm_bindgen(method)]
    fn request(this: &RawHost, options: JsValue, ms: f64) -> RawTask;
    #[wasm_bindgen(method)]
    fn upload(this: &RawHost, options: JsValue, ms: f64) -> RawTask;
    #[wasm_bindgen(method, js_name = askApp)]
    fn ask_app(this: &RawHost, name: &str, given: JsValue, ms: f64) -> RawTask;
    #[wasm_bindgen(method)]
    fn download(this: &RawHost, options: JsValue, ms: f64) -> RawTask;
    #[wasm_bindgen(method)]
    fn sleep(this: &RawHost, ms: f64) -> Promise;
    #[wasm_bindgen(method, js_name = isSinglePage)]
    fn is_single_page(this: &RawHost) -> bool;
    #[wasm_bindgen(method, catch, js_name = getStorage)]
    fn get_storage(this: &RawHost, key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setStorage)]
    fn set_storage(this: &RawHost, key: &str, value: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn changed(this: &RawHost, change: JsValue);
    #[wasm_bindgen(method)]
    fn observed(this: &RawHost, step: JsValue);

    /// What the glue makes of a signal of the app's.
    pub(super) type RawSignal;

    #[wasm_bindgen(method, js_name = isAborted)]
    fn is_aborted(this: &RawSignal) -> bool;
    /// Resolves when that changes, and at the end of the call.
    #[wasm_bindgen(method, getter)]
    fn ended(this: &RawSignal) -> Promise;

    /// The interface `Task` above.
    type RawTask;

    #[wasm_bindgen(method, getter)]
    fn answer(this: &RawTask) -> Promise;
    #[wasm_bindgen(method)]
    fn abort(this: &RawTask);
}

/// Ends when the app aborts the call.
pub(super) fn abort_of(signal: RawSignal) -> LocalBoxFuture<'static, ()> {
    let mut ended = JsFuture::from(signal.ended());
    Box::pin(poll_fn(move |context| match signal.is_aborted() {
        true => Poll::Ready(()),
        false => {
            let _ = Pin::new(&mut ended).poll(context); // to be woken
            Poll::Pending
        }
    }))
}

pub(super) struct JsHost(pub(super) RawHost);

impl Host for JsHost {
    type Value = JsValue;

    fn login(&self, timeout: Duration) -> Reply<JsValue> {
        reply(self.0.login(ms_of(timeout)))
    }

    fn check_session(&self, timeout: Duration) -> Reply<JsValue> {
        reply(self.0.check_session(ms_of(timeout)))
    }

    fn request(&self, options: JsValue, timeout: Duration) -> Reply<JsValue> {
        abortable(self.0.request(options, ms_of(timeout)))
    }

    fn upload(&self, options: JsValue, timeout: Duration) -> Reply<JsValue> {
        abortable(self.0.upload(options, ms_of(timeout)))
    }

    fn download(&self, options: JsValue, timeout: Duration) -> Reply<JsValue> {
        abortable(self.0.download(options, ms_of(timeout)))
    }

    fn ask_app(&self, function: &'static str, given: JsValue, timeout: Duration) -> Reply<JsValue> {
        abortable(self.0.ask_app(function, given, ms_of(timeout)))
    }

    fn storage_get(&self, key: &str) -> Result<Option<JsValue>, HostFailure> {
        let value = self.0.get_storage(key).map_err(failure_of)?;
        Ok((!value.is_null() && !value.is_undefined()).then_some(value))
    }

    fn storage_set(&self, key: &str, value: &JsValue) -> Result<(), HostFailure> {
        self.0.set_storage(key, value).map_err(failure_of)
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_ms(Date::now())
    }

    fn sleep(&self, time: Duration) -> LocalBoxFuture<'static, ()> {
        let slept = JsFuture::from(self.0.sleep(ms_of(time)));
        Box::pin(async {
            let _ = slept.await;
        })
    }

    fn is_single_page(&self) -> bool {
        self.0.is_single_page()
    }

    fn chance(&self) -> f64 {
        Math::random()
    }

    fn spawn(&self, work: LocalBoxFuture<'static, ()>) {
        spawn_local(work);
    }

    fn changed(&self, change: Change<JsValue>) {
        self.0.changed(event(&change));
    }

    fn observed(&self, step: Step) {
        self.0.observed(write(&step));
    }
}

fn reply(answer: Promise) -> Reply<JsValue> {
    let answer = JsFuture::from(answer);
    Box::pin(async { answer.await.map_err(failure_of) })
}

/// The answer to a request, which is aborted when nobody waits for it any more.
fn abortable(task: RawTask) -> Reply<JsValue> {
    let answer = reply(task.answer());
    let mut guard = AbortOnDrop(Some(task));
    Box::pin(async move {
        let answer = answer.await;
        guard.disarm();
        answer
    })
}

#[must_use = "dropping it aborts the request"]
struct AbortOnDrop(Option<RawTask>);

impl AbortOnDrop {
    fn disarm(&mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}
