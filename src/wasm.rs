//! The boundary to JavaScript: it converts, and holds no logic.

mod client;
mod error;
mod host;
mod timer;
mod value;

pub use client::LoginClient;
