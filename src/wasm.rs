//! The boundary to JavaScript: it converts, and holds no logic.

mod client;
mod error;
mod host;
mod session;
mod task;
mod ticket;
mod value;

pub use client::LoginClient;
pub use ticket::settle;

/// Smaller than the standard library's, and meant for this: 1.3 KB of wasm instead of 5.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
