//! The client: what it holds, and the flows.

mod check;
mod login;
mod logout;
mod profile;

use std::cell::Cell;
use std::rc::Rc;

use crate::cache::TokenCache;
use crate::deadline::within;
use crate::flight::SingleFlight;
use crate::protocol::{self, Envelope};
use crate::session::{Freshness, Session, Token};
use crate::{Config, Host, HttpRequest, LoginError};

/// A login client over a host.
///
/// The methods that do something take the client by `Rc` and own it until they end, so that dropping every other handle
/// in between settles what is under way instead of breaking it.
pub struct LoginClient<H: Host> {
    host: H,
    config: Config,
    cache: TokenCache<H>,
    login: SingleFlight<Result<H::Value, LoginError>>,
    check: SingleFlight<bool>,
    /// What the checks of this foreground period found out; `None` before the first.
    verdict: Cell<Option<bool>>,
}

impl<H: Host> LoginClient<H> {
    /// A client with the session that the storage holds, if any.
    pub fn new(config: Config, host: H) -> Rc<Self> {
        let cache = TokenCache::new(config.storage_key.clone());
        cache.load(&host);
        Rc::new(LoginClient {
            host,
            config,
            cache,
            login: SingleFlight::new(),
            check: SingleFlight::new(),
            verdict: Cell::new(None),
        })
    }

    /// The session in memory, without a call to the host and whatever its age.
    pub fn session(&self) -> Option<Rc<Session<H::Value>>> {
        self.cache.get()
    }

    /// The name and the value of the header that carries the token, for requests that the app makes by itself.
    pub fn auth_header(&self) -> Option<(&str, Token)> {
        self.cache
            .get()
            .map(|session| (self.config.token_header.as_str(), session.token.clone()))
    }

    /// The app has come to the foreground: what was found out before may no longer be true.
    pub fn foreground(&self) {
        self.verdict.set(None);
    }

    fn freshness(&self, session: &Session<H::Value>) -> Freshness {
        session.freshness(self.host.now_ms(), self.config.expiry_margin_ms)
    }

    /// Sends a request and reads the answer.
    async fn send(&self, request: HttpRequest<H::Value>) -> Result<Envelope<H::Value>, LoginError> {
        let answer = within(
            &self.host,
            request.timeout_ms,
            "request",
            self.host.request(request),
        )
        .await;
        protocol::read(answer.map_err(LoginError::from_request)?)
    }

    /// Sends a request with the token of `session`. If the server no longer accepts that token, the session is
    /// forgotten, unless a newer one has taken its place.
    async fn send_as(
        &self,
        session: &Rc<Session<H::Value>>,
        method: &'static str,
        url: &str,
        data: Option<H::Value>,
    ) -> Result<Envelope<H::Value>, LoginError> {
        let request = protocol::request(&self.config, method, url, data, Some(&session.token));
        let result = self
            .send(request)
            .await
            .map_err(|error| protocol::with_token_refused(&self.config, error));
        if matches!(result, Err(LoginError::SignedOut)) && self.cache.holds(session) {
            let _ = self.forget(); // a record that stays behind is refused by the server again
        }
        result
    }

    /// Forgets the session and what was found out about it.
    fn forget(&self) -> Result<(), LoginError> {
        self.verdict.set(None);
        self.cache.clear(&self.host)
    }
}
