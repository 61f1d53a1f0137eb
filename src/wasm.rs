//! The boundary to JavaScript: it converts, and holds no logic.

mod client;
mod dialect;
mod error;
mod host;
mod session;
mod value;

pub use client::LoginClient;
pub use host::RawHost;

use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};
use wasm_bindgen::prelude::*;

/// This module holds few values at a time, so a list of what is free does.
// SAFETY: a mini-program's module has one thread; engines of phones have no shared memory to start another on.
#[global_allocator]
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };

/// Names the build of which this module is: the glue works only with a module of its own build.
#[wasm_bindgen(js_name = buildId, skip_typescript)]
pub fn build_id() -> String {
    option_env!("WEAPP_LOGIN_BUILD_ID")
        .unwrap_or("development")
        .to_owned()
}
