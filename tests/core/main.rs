//! The flows of the client over a recording fake host with a virtual clock.
//!
//! `(behaviour N)` in a test's description names the line of the project's list of behaviours that it covers; the list and
//! the tests are mapped in `tests/README.md`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod abort;
mod account;
mod address;
mod agreement;
mod bodies;
mod by_app;
mod cache;
mod changes;
mod check;
mod cleared;
mod common;
mod config;
mod copies;
mod details;
mod dialect;
mod ended;
mod ensure;
mod errors;
mod expiry;
mod identity;
mod json;
mod login;
mod logout;
mod orders;
mod pace;
#[path = "../conformance/payload.rs"]
mod payload;
mod places;
mod profile;
mod refresh;
mod refusals;
mod renewals;
mod request;
mod server;
mod sharing;
mod single_page;
mod take_over;
mod unreadable;
mod world;
