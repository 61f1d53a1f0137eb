//! A deterministic simulation of the client: whatever the host, the server, the storage, the clock and the pages do, the
//! laws of [`law::Law`] hold. One seed is one run; `docs/simulation.md` says how to play one again.
//!
//! A host that answers one call twice is not simulated here: a promise settles once, so the glue takes the first answer.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

/// A run makes and drops a few hundred small things and little else.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod calls;
mod chance;
mod disk;
mod law;
mod laws;
mod ledger;
mod many;
mod network;
#[path = "../conformance/payload.rs"]
mod payload;
mod scenario;
mod scope;
mod server;
mod value;
mod world;
