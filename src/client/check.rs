//! Deciding whether somebody is signed in.

use std::rc::Rc;

use super::confirm::Confirmation;
use crate::config::SessionCheck;
use crate::flight::Key;
use crate::session::{Freshness, Session, Via};
use crate::{Host, LoginClient, Result};

/// What the questions of a foreground period found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    SignedIn,
    SignedOut,
    /// No answer, or one that says nothing. It signs nobody out.
    Unknown,
}

/// All callers share a check.
impl Key for () {
    fn shares(&self, (): &()) -> bool {
        true
    }
}

impl<H: Host> LoginClient<H> {
    /// Whether somebody is signed in.
    ///
    /// - No session, or one that is over by the clock: no, without a question. The session is kept; a clock that
    ///   jumped ahead may come back.
    /// - A session whose end nobody knows, or older than the clock thinks it can be: the server is asked.
    /// - A session of WeChat's login: `wx.checkSession` is asked, as configured. If it says no, the session is kept
    ///   as well: the token may still be good, only WeChat's `session_key` is not. [`LoginClient::ensure_login`] renews it.
    ///
    /// What was found out, also that there was no answer, holds until the app comes to the foreground again. While one check
    /// runs, others share it.
    pub async fn check_login(self: Rc<Self>) -> bool {
        self.recall();
        let Some(session) = self.cache.session() else {
            return false;
        };
        match self.freshness(&session) {
            Freshness::Expired => return false,
            // What can be renewed counts as over before its end; `ensure_login` then renews it.
            Freshness::Ending if session.via == Via::Weixin => {
                self.verdict.set(Some(Verdict::SignedOut));
                return false;
            }
            _ => {}
        }
        if self.config.session_check != SessionCheck::Always
            && let Some(verdict) = self.verdict.get()
        {
            return verdict != Verdict::SignedOut;
        }
        let check = Rc::clone(&self).verify(session);
        let checked = self.check.run(&self.host, (), Box::pin(check)).await;
        checked.unwrap_or(false) // somebody has signed out meanwhile
    }

    async fn verify(self: Rc<Self>, session: Rc<Session<H::Value>>) -> Result<bool> {
        let period = self.periods.get();
        let mut verdict = Verdict::SignedIn;
        if self.freshness(&session) == Freshness::Unknown {
            verdict = self.ask_server(&session).await;
        }
        if verdict == Verdict::SignedIn
            && session.via == Via::Weixin
            && self.config.session_check != SessionCheck::Never
        {
            verdict = self.ask_weixin().await;
        }
        if !self.cache.holds(&session) {
            return Ok(self.cache.session().is_some()); // signed out or signed in again in between
        }
        if self.periods.get() == period {
            self.verdict.set(Some(verdict));
        }
        Ok(verdict != Verdict::SignedOut)
    }

    async fn ask_server(self: &Rc<Self>, session: &Rc<Session<H::Value>>) -> Verdict {
        match self.confirm(session).await {
            Confirmation::Accepted => Verdict::SignedIn,
            Confirmation::Refused => {
                self.end(session);
                Verdict::SignedOut
            }
            Confirmation::NotOffered | Confirmation::Unknown => Verdict::Unknown,
        }
    }

    async fn ask_weixin(&self) -> Verdict {
        match self.host.check_session(self.config.timeout).await {
            Ok(_) => Verdict::SignedIn,
            Err(failure) if failure.is_session_expired() => Verdict::SignedOut,
            Err(_) => Verdict::Unknown,
        }
    }
}
