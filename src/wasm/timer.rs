//! A timer of the engine's that can be given up.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, ms: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// A running timer.
#[must_use = "the timer stops when this is dropped"]
pub(super) struct Timer {
    timer: JsValue,
    fire: Function,
    fired: Promise,
}

impl Timer {
    pub(super) fn start(ms: f64) -> Self {
        let mut started = None;
        let fired =
            Promise::new(&mut |resolve, _| started = Some((set_timeout(&resolve, ms), resolve)));
        let (timer, fire) = started.unwrap_or_default();
        Timer { timer, fire, fired }
    }

    pub(super) async fn fired(&self) {
        let _ = JsFuture::from(self.fired.clone()).await;
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
        // A promise that stays pending would hold the closures that wait for it for ever.
        let _ = self.fire.call0(&JsValue::UNDEFINED);
    }
}
