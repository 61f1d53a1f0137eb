//! Deciding whether somebody is signed in.

use std::rc::Rc;

use super::confirm::Verdict;
use crate::config::SessionCheck;
use crate::session::{Freshness, Session, Via};
use crate::{Host, LoginClient, Result};

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
                self.verdict.set(Some(Verdict::Refused));
                return false;
            }
            _ => {}
        }
        if self.config.session_check != SessionCheck::Always
            && let Some(verdict) = self.verdict.get()
        {
            return !verdict.is_denial();
        }
        let token = session.token.clone();
        let check = Rc::clone(&self).verify(session);
        let checked = self.check.run(&self.host, token, Box::pin(check)).await;
        match checked {
            Ok(verdict) => !verdict.is_denial(),
            Err(_) => self.cache.session().is_some(), // signed out meanwhile, and perhaps in again
        }
    }

    async fn verify(self: Rc<Self>, session: Rc<Session<H::Value>>) -> Result<Verdict> {
        let period = self.periods.get();
        let mut verdict = Verdict::Accepted;
        // The server is asked once in a foreground period, however often WeChat is.
        if self.freshness(&session) == Freshness::Unknown && self.verdict.get().is_none() {
            verdict = self.confirm(&session).await;
            // What can be refreshed, or another program has left, may be renewed: it ends only if that fails.
            let may_stay = session.via == Via::Unknown && session.is_renewable();
            if verdict == Verdict::Refused && !may_stay && !self.outlives_token(&session) {
                self.end(&session);
            }
        }
        if verdict != Verdict::Refused
            && session.via == Via::Weixin
            && self.config.session_check != SessionCheck::Never
        {
            verdict = self.ask_weixin().await;
        }
        if !self.cache.holds(&session) {
            // Signed out, or signed in again in between.
            return Ok(match self.cache.session() {
                Some(_) => Verdict::Accepted,
                None => Verdict::Refused,
            });
        }
        // What was found out before the app has come to the foreground again may be over; but a denial has to be healed.
        let is_denial = verdict.is_denial() && self.verdict.get().is_none();
        if self.periods.get() == period || is_denial {
            self.verdict.set(Some(verdict));
        }
        Ok(verdict)
    }

    async fn ask_weixin(&self) -> Verdict {
        match self.host.check_session(self.config.timeout).await {
            Ok(_) => Verdict::Accepted,
            Err(failure) if failure.is_session_expired() => Verdict::KeyOver,
            Err(_) => Verdict::Unknown,
        }
    }
}
