//! Deciding whether somebody is signed in.

use std::rc::Rc;

use crate::config::SessionCheck;
use crate::deadline::within;
use crate::session::{Freshness, Session, Via};
use crate::{Host, HostFailure, LoginClient, LoginError};

/// What a question to WeChat or to the server found out. No answer is no verdict: it signs nobody out.
type Verdict = Option<bool>;

impl<H: Host> LoginClient<H> {
    /// Whether somebody is signed in.
    ///
    /// - No session, or one that is over by the clock: no, without asking anybody. The session is kept; a clock that
    ///   jumped ahead may come back.
    /// - A session whose end nobody knows, or older than the clock thinks it can be: the server is asked.
    /// - A session of WeChat's login: `wx.checkSession` is asked, as configured. If it says no, the session is kept
    ///   as well: the token may still be good, only WeChat's `session_key` is not.
    ///
    /// What was found out holds until the app comes to the foreground again. While one check runs, others share it.
    pub async fn check_login(self: Rc<Self>) -> bool {
        self.cache.load(&self.host);
        let Some(session) = self.cache.get() else {
            return false;
        };
        if matches!(
            self.freshness(&session),
            Freshness::Ending | Freshness::Expired
        ) {
            return false;
        }
        if let (Some(verdict), true) = (
            self.verdict.get(),
            self.config.session_check != SessionCheck::Always,
        ) {
            return verdict;
        }
        let flight = self.check.run(|| Rc::clone(&self).verify(session));
        flight.await.unwrap_or(false)
    }

    async fn verify(self: Rc<Self>, session: Rc<Session<H::Value>>) -> bool {
        let accepted = match self.freshness(&session) {
            Freshness::Unknown => self.ask_server(&session).await,
            _ => Some(true),
        };
        let verdict = match accepted {
            Some(true) => self.ask_weixin(&session).await,
            other => other,
        };
        if !self.cache.holds(&session) {
            return self.cache.get().is_some(); // signed out or signed in again in between
        }
        self.verdict.set(verdict);
        verdict.unwrap_or(true)
    }

    async fn ask_server(&self, session: &Rc<Session<H::Value>>) -> Verdict {
        match self
            .send_as(session, "GET", &self.config.info_url, None)
            .await
        {
            Ok(_) => Some(true),
            Err(LoginError::SignedOut) => Some(false),
            Err(_) => None,
        }
    }

    async fn ask_weixin(&self, session: &Session<H::Value>) -> Verdict {
        if session.via != Via::Weixin || self.config.session_check == SessionCheck::Never {
            return Some(true);
        }
        match within(
            &self.host,
            self.config.timeout_ms,
            "checkSession",
            self.host.check_session(),
        )
        .await
        {
            Ok(()) => Some(true),
            // Not `is_timeout()`: WeChat's own "session time out" is an answer.
            Err(failure) if failure == HostFailure::timeout("checkSession") => None,
            Err(_) => Some(false),
        }
    }
}
