//! The client: what it holds, and the flows.

mod account;
mod check;
mod ensure;
mod login;
mod logout;
mod outgoing;
mod request;
mod user;

pub use ensure::LoginMode;

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::Poll;

use crate::cache::TokenCache;
use crate::error::failed;
use crate::flight::SingleFlight;
use crate::host::{Api, Lane, Reply};
use crate::pace::{CoolDown, LoginRate};
use crate::protocol::{self, Answer, Response};
use crate::session::{Freshness, Session, Token};
use crate::{
    Change, Config, Host, LocalBoxFuture, LoginError, Result, SignedOutBecause, Step, Timestamp,
};

/// A login client over a host.
///
/// The methods that do something take the client by `Rc` and own it until they end, so that dropping every other handle
/// in between settles what is under way instead of breaking it.
pub struct LoginClient<H: Host> {
    host: H,
    config: Box<Config>,
    cache: TokenCache<H>,
    /// The login that is under way; its key says whose.
    login: SingleFlight<H::Value>,
    check: SingleFlight<H::Value>,
    /// How often the app has come to the foreground.
    periods: Cell<u32>,
    /// What the checks of this foreground period found out; `None` before the first.
    verdict: Cell<Option<bool>>,
    login_rate: LoginRate,
    cool_down: CoolDown,
    /// How often `logout()` was called: what began before the last one is over.
    logouts: Cell<u32>,
    /// Whether the user has signed out and not signed in again: nobody is signed in silently then just because a
    /// request was refused.
    left: Cell<bool>,
}

impl<H: Host> LoginClient<H> {
    /// A client with the session that the storage holds, if any.
    pub fn new(config: Box<Config>, host: H) -> Rc<Self> {
        let cache = TokenCache::new(config.storage_key.clone());
        cache.load(&host);
        Rc::new(LoginClient {
            host,
            config,
            cache,
            login: SingleFlight::new(),
            check: SingleFlight::new(),
            periods: Cell::new(0),
            verdict: Cell::new(None),
            login_rate: LoginRate::default(),
            cool_down: CoolDown::default(),
            logouts: Cell::new(0),
            left: Cell::new(false),
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
        self.periods.set(self.periods.get().wrapping_add(1));
        self.verdict.set(None);
        self.check.let_go();
    }

    /// A call that counts as begun now, although its work starts only when somebody waits for it: a logout in between ends
    /// it with [`LoginError::LoggedOut`]. What it ends with goes through `told`.
    pub fn begin<T: 'static, R: 'static>(
        self: &Rc<Self>,
        mut work: LocalBoxFuture<'static, Result<T>>,
        told: fn(Result<T>) -> R,
    ) -> LocalBoxFuture<'static, R> {
        let logouts = self.logouts.get();
        let client = Rc::clone(self);
        let mut started = false;
        Box::pin(poll_fn(move |context| {
            if !started && let Err(error) = client.nobody_left_since(logouts) {
                return Poll::Ready(told(Err(error)));
            }
            started = true;
            work.as_mut().poll(context).map(told)
        }))
    }

    fn freshness(&self, session: &Session<H::Value>) -> Freshness {
        session.freshness(self.host.now(), self.config.expiry_margin)
    }

    /// Fails if somebody has signed out since `logouts` was read.
    fn nobody_left_since(&self, logouts: u32) -> Result<()> {
        if self.logouts.get() == logouts {
            Ok(())
        } else {
            Err(failed(LoginError::LoggedOut))
        }
    }

    /// What a function of `wx` answers with. Fails as [`LoginError::of_call`] says.
    async fn answer_of(api: Api, answer: Reply<H::Value>) -> Result<H::Value> {
        answer
            .await
            .map_err(|failure| LoginError::of_call(api, failure))
    }

    /// Sends a request of the client's own.
    fn send(
        &self,
        options: H::Value,
        lane: Lane,
    ) -> impl Future<Output = Result<H::Value>> + use<H> {
        let answer = self.host.request(options, self.config.timeout, lane);
        Self::answer_of(Api::Request, answer)
    }

    /// Sends a request with the token of `session`; [`LoginClient::read_as`] reads the answer.
    fn send_as(
        &self,
        session: &Session<H::Value>,
        options: H::Value,
    ) -> impl Future<Output = Result<H::Value>> + use<H> {
        let options = protocol::with_token(&self.config, &options, Some(&session.token));
        self.send(options, Lane::App)
    }

    /// Reads an answer, without any attempt to renew the token. If the server no longer accepts it, the session is forgotten,
    /// unless a newer one has taken its place.
    fn read_as(
        &self,
        session: &Rc<Session<H::Value>>,
        answer: Result<H::Value>,
    ) -> Result<Answer<H::Value>> {
        let answer = answer.and_then(|answer| Response::new(&answer).body(&self.config));
        if answer.as_ref().is_err_and(|error| error.is_signed_out()) {
            self.refused(session);
        }
        answer
    }

    /// Keeps a session that a login brought, and says so.
    fn adopt(&self, session: Rc<Session<H::Value>>) -> Result<()> {
        let before = self.cache.get();
        self.cache.put(&self.host, Rc::clone(&session))?;
        // The server has just accepted this user: there is nothing to ask in this foreground period.
        self.verdict.set(Some(true));
        self.cool_down.clear();
        self.left.set(false);
        let same = before.is_some_and(|before| before.same_user(&session));
        self.host.changed(if same {
            Change::Renewed(session)
        } else {
            Change::SignedIn(session)
        });
        Ok(())
    }

    /// The server no longer accepts the token of `session`. A newer session is not touched.
    fn refused(&self, session: &Rc<Session<H::Value>>) {
        if self.cache.holds(session) {
            let _ = self.forget(); // a record that stays behind is refused by the server again
            self.host
                .changed(Change::SignedOut(SignedOutBecause::Refused));
        }
    }

    /// Forgets the session and what was found out about it.
    fn forget(&self) -> Result<()> {
        self.verdict.set(None);
        self.cache.clear(&self.host)
    }

    /// Tells how a step went that began at `from`.
    fn tell(&self, name: &'static str, from: Timestamp, error: Option<&Rc<LoginError>>) {
        self.host.observed(Step {
            name,
            took: self.host.now().since(from),
            code: error.map(|error| error.code()),
        });
    }
}
