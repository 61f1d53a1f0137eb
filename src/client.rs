//! The client: what it holds, and the flows.

mod account;
mod by_app;
mod check;
mod confirm;
mod ensure;
mod login;
mod logout;
mod outgoing;
mod refresh;
mod request;
mod send;
mod state;
mod take_over;
mod user;

pub use ensure::LoginMode;

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use crate::cache::TokenCache;
use crate::error::failed;
use crate::flight::SingleFlight;
use crate::pace::{CoolDown, LoginRate};
use crate::places::Places;
use crate::session::{Freshness, Session, Token};
use crate::{Config, Host, LocalBoxFuture, LoginError, Result, Step, Timestamp};

use by_app::{SIGN, hook_failed};
use confirm::Verdict;
use login::LoginKey;

/// A session that is held on to while another may take its place.
type Held<H> = Rc<Session<<H as Host>::Value>>;

/// A login client over a host.
///
/// The methods that do something take the client by `Rc` and own it until they end, so that dropping every other handle
/// in between settles what is under way instead of breaking it.
pub struct LoginClient<H: Host> {
    host: H,
    config: Rc<Config<H::Value>>,
    cache: TokenCache<H>,
    /// The login that is under way.
    login: SingleFlight<LoginKey, H::Value>,
    /// The check that is under way: whether somebody is signed in.
    check: SingleFlight<Token, Verdict>,
    /// The question under way whether the server still accepts a token.
    confirmation: SingleFlight<Token, Verdict>,
    /// How often the app has come to the foreground.
    periods: Cell<u32>,
    /// What the checks of this foreground period found out; `None` before the first.
    verdict: Cell<Option<Verdict>>,
    /// A token that an address has refused and that the server accepts, and when it has said so: refusals of it may be about
    /// addresses.
    confirmed: RefCell<Option<(Token, Timestamp)>>,
    /// An address that has refused a token which a login had just brought: where the server cannot be asked, its refusals of that
    /// token are about the address. Holds for the foreground period.
    suspicion: RefCell<Option<(Token, String)>>,
    places: Places,
    login_rate: LoginRate,
    cool_down: CoolDown,
    /// The same for refreshes: a failed login says nothing of them.
    refresh_cool_down: CoolDown,
    /// How often somebody has signed out, here or in another client of the same storage key: what began before is over.
    logouts: Cell<u32>,
    /// How often `logout()` was called here.
    own_logouts: Cell<u32>,
    /// How often another client of the same storage key, or another program, has signed in another user.
    switches: Cell<u32>,
    /// What the last login answered that needs something more of the user; gone when somebody signs in or out.
    unfinished: RefCell<Option<H::Value>>,
    /// What the last step has failed with of a login that the app's own function makes.
    failed_step: RefCell<Option<Rc<LoginError>>>,
    /// How often the record of another client has replaced the session.
    replacements: Cell<u32>,
    /// Whether the app's own function is called that signs a request.
    signing: Cell<bool>,
}

impl<H: Host> LoginClient<H> {
    /// A client with the session that the storage holds, if any.
    pub fn new(config: Rc<Config<H::Value>>, host: H) -> Rc<Self> {
        let cache = TokenCache::new(config.storage_key.clone());
        let places = Places::new(config.max_parallel);
        let client = LoginClient {
            host,
            config,
            cache,
            login: SingleFlight::new(),
            check: SingleFlight::new(),
            confirmation: SingleFlight::new(),
            periods: Cell::new(0),
            verdict: Cell::new(None),
            confirmed: RefCell::new(None),
            suspicion: RefCell::new(None),
            places,
            login_rate: LoginRate::default(),
            cool_down: CoolDown::default(),
            refresh_cool_down: CoolDown::default(),
            logouts: Cell::new(0),
            own_logouts: Cell::new(0),
            switches: Cell::new(0),
            unfinished: RefCell::new(None),
            failed_step: RefCell::new(None),
            replacements: Cell::new(0),
            signing: Cell::new(false),
        };
        client.load();
        Rc::new(client)
    }

    /// The session, whatever its age. Reads the storage at most once a second.
    pub fn session(&self) -> Option<Rc<Session<H::Value>>> {
        self.recall();
        self.cache.session()
    }

    /// The name and the value of the header that carries the token, if one does, for requests that the app makes by itself.
    pub fn auth_header(&self) -> Option<(&str, String)> {
        let session = self.session()?;
        self.config.dialect.header_of(&session.token)
    }

    /// The app has come to the foreground: what was found out before may no longer be true.
    pub fn foreground(&self) {
        self.periods.set(self.periods.get().wrapping_add(1));
        self.verdict.set(None);
        self.suspicion.replace(None);
        self.check.let_go();
        self.recall_now();
    }

    /// A call that counts as begun now, although its work starts only when somebody waits for it: a logout in between ends
    /// it with [`LoginError::LoggedOut`]. The end of `abort` ends it at any time with [`LoginError::Aborted`]: what only this call had
    /// under way is aborted, and what others share goes on.
    ///
    /// Fails with [`LoginError::Hook`] if the app's own function `sign` begins it: it would have to be signed, too.
    pub fn begin<T: 'static>(
        self: &Rc<Self>,
        mut work: LocalBoxFuture<'static, Result<T>>,
        mut abort: Option<LocalBoxFuture<'static, ()>>,
    ) -> LocalBoxFuture<'static, Result<T>> {
        let logouts = self.logouts.get();
        let client = Rc::clone(self);
        let by_sign = self.signing.get();
        let mut started = false;
        Box::pin(poll_fn(move |context| {
            if by_sign {
                return Poll::Ready(Err(hook_failed(SIGN, "calls the client")));
            }
            if !started && let Err(error) = client.nobody_left_since(logouts) {
                return Poll::Ready(Err(error));
            }
            started = true;
            let is_aborted = abort
                .as_mut()
                .is_some_and(|abort| abort.as_mut().poll(context).is_ready());
            if is_aborted {
                return Poll::Ready(Err(failed(LoginError::Aborted)));
            }
            work.as_mut().poll(context)
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

    /// Reports how a step ended that began at `from`.
    fn observe(&self, name: &'static str, from: Timestamp, error: Option<&LoginError>) {
        self.host.observed(Step {
            name,
            took: self.host.now().since(from),
            code: error.map(LoginError::code),
        });
    }
}
