//! Changes of who is signed in: by a login, by the end of a session, and by another client of the same storage key.

use std::rc::Rc;

use super::confirm::Verdict;
use crate::cache::Sync;
use crate::dialect::Purpose;
use crate::error::failed;
use crate::record::{Ended, State, User};
use crate::session::{Session, Via};
use crate::{Change, Host, LoginClient, LoginError, Result, SignedOutBecause};

impl<H: Host> LoginClient<H> {
    /// Reads the storage, and reports nothing: what is found is no change, or one that another follows at once.
    pub(super) fn load(&self) {
        self.cache.sync(&self.host, Sync::Now);
    }

    /// Reads the storage if that was not done within the last second.
    pub(super) fn recall(&self) {
        self.sync(Sync::Due);
    }

    /// Reads the storage.
    pub(super) fn recall_now(&self) {
        self.sync(Sync::Now);
    }

    /// Reads the storage before something begins. Fails if a listener, told of what was found, has signed out: that ends what has
    /// only just been called, too.
    pub(super) fn recall_to_begin(&self, sync: Sync) -> Result<()> {
        let own_logouts = self.own_logouts.get();
        self.sync(sync);
        if self.own_logouts.get() == own_logouts {
            Ok(())
        } else {
            Err(failed(LoginError::LoggedOut))
        }
    }

    fn sync(&self, sync: Sync) {
        let unwritten = self.cache.is_unwritten();
        let replaced = self.cache.sync(&self.host, sync);
        if let Some(before) = replaced {
            self.replaced(&before);
        } else if unwritten && !self.cache.is_unwritten() {
            self.observe("store", self.host.now(), None);
        }
    }

    /// Another client of the same storage key has signed somebody in or out; or the first reading has succeeded late.
    fn replaced(&self, before: &State<H::Value>) {
        match self.cache.state() {
            State::Active(session) => self.replaced_by_session(before, session),
            State::Ended(ended) => {
                // A logout that is found at the first reading was before anything that is in flight.
                let is_first = matches!(before, State::Unknown);
                if ended.because == SignedOutBecause::Logout && !is_first {
                    self.give_up();
                }
                self.verdict.set(None);
                if before.session().is_some() {
                    self.host.changed(Change::SignedOut(ended.because));
                }
            }
            State::Unknown | State::Absent => {}
        }
    }

    fn replaced_by_session(&self, before: &State<H::Value>, session: Rc<Session<H::Value>>) {
        self.replacements
            .set(self.replacements.get().wrapping_add(1));
        let before_session = before.session();
        let is_news = !matches!(before, State::Unknown);
        if !before_session.is_some_and(|before| before.same_token(&session)) {
            self.verdict.set(None);
            self.check.let_go();
        }
        let is_another = !before_session.is_some_and(|before| before.is(&session));
        if is_news && is_another {
            self.end_cool_downs(); // a login has worked
        }
        if before_session.is_some_and(|before| before.same_user(&session)) {
            self.host.changed(Change::Renewed(session));
            return;
        }
        if is_news {
            self.switches.set(self.switches.get().wrapping_add(1));
            self.unfinished.replace(None);
        }
        self.host.changed(Change::SignedIn(session));
    }

    /// Ends what is under way: it can bring no session back.
    pub(super) fn give_up(&self) {
        self.logouts.set(self.logouts.get().wrapping_add(1));
        self.login.abort();
        self.check.abort();
        self.confirmation.abort();
        self.places.give_up();
        self.unfinished.replace(None);
    }

    /// Keeps a session that a login brought, and reports it. It holds for this run also if it cannot be stored.
    ///
    /// A record of another user is overwritten only by a login of which the user has seen, as it began, that the record is there:
    /// `seen` says so, and `unseen` that the record could be read only later. Fails with
    /// [`LoginError::UserChanged`] if that other user has signed in since.
    pub(super) fn adopt(
        &self,
        mut session: Session<H::Value>,
        seen: bool,
        unseen: bool,
    ) -> Result<()> {
        let before = self.cache.state();
        session.replaced = match &before {
            State::Active(before) if before.is(&session) => session.replaced,
            State::Active(before) => Some(before.to_be_replaced()),
            State::Ended(before) => before.to_be_replaced(),
            State::Unknown | State::Absent => None,
        };
        let session = Rc::new(session);
        let same = before
            .session()
            .is_some_and(|before| before.same_user(&session));
        if unseen && !same {
            self.cache.forget_base();
        } else if seen {
            self.cache.accept_seen();
        }
        if !self.keep(&before, &session) {
            return Err(failed(LoginError::UserChanged));
        }
        self.unfinished.replace(None);
        // The server has just accepted this user: there is nothing to ask in this foreground period.
        self.verdict.set(Some(Verdict::Accepted));
        self.end_cool_downs();
        self.host.changed(if same {
            Change::Renewed(session)
        } else {
            Change::SignedIn(session)
        });
        Ok(())
    }

    fn end_cool_downs(&self) {
        self.cool_down.clear();
        self.refresh_cool_down.clear();
    }

    /// Stores a session that takes the place of `before`. Gives `false` if something newer was found instead, and reports that.
    pub(super) fn keep(&self, before: &State<H::Value>, session: &Rc<Session<H::Value>>) -> bool {
        let _ = self.store(State::Active(Rc::clone(session)));
        let is_kept = self.cache.holds(session);
        if !is_kept {
            self.replaced(before);
        }
        is_kept
    }

    /// Ends `session`, whose token the server no longer accepts. A newer session is not touched.
    pub(super) fn end(&self, session: &Rc<Session<H::Value>>) {
        self.recall_now();
        if !self.cache.holds(session) {
            return;
        }
        let _ = self.store_end(SignedOutBecause::Refused, Some(session)); // the server refuses it again, should it come back
        match self.cache.session() {
            // Another client's, found only now.
            Some(_) => self.replaced(&State::Active(Rc::clone(session))),
            None => self
                .host
                .changed(Change::SignedOut(SignedOutBecause::Refused)),
        }
    }

    /// Stores that a session has ended, and why.
    pub(super) fn store_end(
        &self,
        because: SignedOutBecause,
        session: Option<&Rc<Session<H::Value>>>,
    ) -> Result<()> {
        self.verdict.set(None);
        let of_weixin = session.filter(|session| session.via == Via::Weixin);
        let renewable = of_weixin.filter(|_| because == SignedOutBecause::Refused);
        // Who logs out twice has left the same token behind.
        let (ended, token_hash, replaced) = match (session, self.cache.state()) {
            (Some(session), _) => (
                Some(Rc::clone(session)),
                Some(session.token.hash()),
                session.replaced.map(|replaced| replaced.token),
            ),
            (None, State::Ended(before)) => (before.session, before.token_hash, before.replaced),
            _ => (None, None, None),
        };
        self.store(State::Ended(Ended {
            at: self.host.now(),
            session: ended,
            because,
            renewable: renewable.is_some(),
            token_hash,
            replaced,
            user: renewable.map(|session| User {
                identity: session.identity.clone(),
                user_info: session.user_info.clone(),
            }),
        }))
    }

    /// Changes the state in memory and in the storage. If the storage fails, that is reported; the memory is changed all the same.
    pub(super) fn store(&self, state: State<H::Value>) -> Result<()> {
        let from = self.host.now();
        self.cache.set(&self.host, state).map_err(|failure| {
            let error = failed(LoginError::Storage(failure));
            self.observe("store", from, Some(&error));
            error
        })
    }

    /// Fails if nobody may be signed in silently: who has logged out, and the user of an account, sign in by themselves; and while
    /// the storage cannot be read, another client may have signed in or out.
    pub(super) fn may_sign_in_silently(&self) -> Result<()> {
        if self.host.is_single_page() {
            return Err(failed(LoginError::SinglePage));
        }
        if self.needs_the_user() {
            return Err(failed(LoginError::SignedOut));
        }
        match self.cache.state() {
            _ if !self.cache.is_readable() => Err(self.unreadable()),
            State::Unknown => Err(self.unreadable()),
            State::Absent | State::Active(_) | State::Ended(_) => Ok(()),
        }
    }

    /// Whether only the user may sign in.
    pub(super) fn needs_the_user(&self) -> bool {
        match self.cache.state() {
            State::Active(session) => !session.is_renewable() && !self.can_refresh(&session),
            State::Ended(ended) => !ended.renewable,
            State::Unknown | State::Absent => !self.config.dialect.has(Purpose::Login),
        }
    }

    /// Why there is no session: nobody is signed in, or the storage could not be read.
    pub(super) fn no_session(&self) -> Rc<LoginError> {
        match self.cache.state() {
            _ if self.host.is_single_page() => failed(LoginError::SinglePage),
            State::Unknown => self.unreadable(),
            _ => failed(LoginError::SignedOut),
        }
    }

    fn unreadable(&self) -> Rc<LoginError> {
        failed(LoginError::Storage(self.cache.failure()))
    }
}
