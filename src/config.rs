//! The options that an app creates its client with.

use std::cell::OnceCell;
use std::rc::Rc;
use std::time::Duration;

use crate::dialect::Dialect;
use crate::error::failed;
use crate::given::{Given, problem_of_name, problem_of_open_root, problem_of_root};
use crate::places::MOST;
use crate::{Payload, Result, text};

/// When `checkLogin` asks `wx.checkSession` about a session that came from WeChat's login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionCheck {
    /// Once each time that the app comes to the foreground.
    Foreground,
    /// Each time.
    Always,
    /// Never: for a server that does not use the `session_key`.
    Never,
}

/// A configuration that can work.
#[derive(Debug, Clone)]
pub struct Config<V> {
    pub(crate) base_url: String,
    pub(crate) dialect: Dialect<V>,
    pub(crate) expiry_margin: Duration,
    pub(crate) timeout: Duration,
    pub(crate) storage_key: String,
    pub(crate) session_check: SessionCheck,
    /// How many requests may be under way at a time.
    pub(crate) max_parallel: u32,
    /// Whether a refusal of the business rejects a request.
    pub(crate) rejects_refusals: bool,
}

/// `wx.request` itself waits no longer, whatever it is told.
const MAX_TIMEOUT_MS: f64 = 60_000.0;

const OPTIONS: &[&str] = &[
    "baseUrl",
    "dialect",
    "expiryMarginMs",
    "timeoutMs",
    "storageKey",
    "sessionCheck",
    "refusals",
    "maxParallel",
    "allowLan",
    // What the glue reads: it hands on all that it is given.
    "wx",
    "wasmPath",
    "fallback",
];

impl<V: Payload> Config<V> {
    /// Reads the options and fills in the defaults, which fit the reference backend:
    ///
    /// | option | meaning | default |
    /// |---|---|---|
    /// | `baseUrl` | root of the server's API: https, or http on this very machine | none |
    /// | `allowLan` | whether `baseUrl` may be http on another machine: who calls this has seen that it is in the same network | `false` |
    /// | `dialect` | how the server speaks | the reference backend's |
    /// | `expiryMarginMs` | how long before its end a session counts as over, in ms | 60,000 |
    /// | `timeoutMs` | how long one step may take, in ms, at most 60,000 | 15,000 |
    /// | `storageKey` | the storage key of the session | one for each `baseUrl` |
    /// | `refusals` | whether a refusal of the business at HTTP 200 resolves a request, or rejects it: `resolve`, `reject` | `resolve` |
    /// | `maxParallel` | how many requests, uploads and downloads may be under way at a time, from 1 to 9 | 9 |
    /// | `sessionCheck` | when `wx.checkSession` is asked: `foreground` (once per foreground period), `always`, `never` | `foreground` |
    ///
    /// Fails with [`LoginError::InvalidConfig`](crate::LoginError::InvalidConfig), which names the first option that is unknown or
    /// cannot work.
    pub fn new(options: &V) -> Result<Rc<Self>> {
        let problem = OnceCell::new();
        let given = Given::all(options, &problem).known(OPTIONS);
        let lan = given.field("allowLan").value;
        let open = lan.and_then(|lan| lan.truth()) == Some(true);
        let problem_of_base = if open {
            problem_of_open_root
        } else {
            problem_of_root
        };
        let base_url = given.field("baseUrl").root(problem_of_base);
        // One key for each server, so that a test system and the real one do not share a session.
        let storage_key = text::concat(&["weapp-login:", &base_url]);
        let check = given.field("sessionCheck");
        let config = Rc::new(Config {
            dialect: Dialect::read(&given.field("dialect"), &base_url),
            expiry_margin: given
                .field("expiryMarginMs")
                .duration(60_000.0, 0.0, f64::MAX),
            timeout: given
                .field("timeoutMs")
                .duration(15_000.0, 1.0, MAX_TIMEOUT_MS),
            storage_key: given
                .field("storageKey")
                .text(&storage_key, problem_of_name),
            session_check: match check.text("foreground", problem_of_check).as_str() {
                "always" => SessionCheck::Always,
                "never" => SessionCheck::Never,
                _ => SessionCheck::Foreground,
            },
            max_parallel: given.field("maxParallel").count(MOST),
            rejects_refusals: given.field("refusals").text("resolve", problem_of_refusals)
                == "reject",
            base_url,
        });
        problem
            .into_inner()
            .map_or(Ok(config), |error| Err(failed(error)))
    }
}

fn problem_of_check(check: &str) -> Option<&'static str> {
    let known = ["foreground", "always", "never"].contains(&check);
    (!known).then_some("must be foreground, always or never")
}

fn problem_of_refusals(refusals: &str) -> Option<&'static str> {
    let known = ["resolve", "reject"].contains(&refusals);
    (!known).then_some("must be resolve or reject")
}
