//! Login for WeChat mini-programs: `checkLogin`, `loginByWeixin` and a token cache.
//!
//! The flows are generic over [`Host`], the few things that they need of the world (WeChat's login, requests, storage,
//! a clock). In a mini-program the host is `wx`, reached through `src/wasm`; in the native tests it is a recording fake
//! with a virtual clock.

mod cache;
mod client;
mod config;
mod dialect;
mod error;
mod event;
mod flight;
mod given;
mod host;
mod pace;
mod places;
mod record;
mod session;
mod text;
mod time;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

pub use client::{LoginClient, LoginMode};
pub use config::Config;
pub use error::{Asked, CODES, HostFailure, LoginError, Remedy, Result, ServerCode};
pub use event::{Change, SignedOutBecause, Step};
pub use host::{Api, Host, LocalBoxFuture, Payload, Primitives, Reply};
pub use session::{Freshness, Identity, Session, Token, Via};
pub use time::{Timestamp, duration_of_ms, ms_of};
