//! Deciding whether somebody is signed in.

use std::future::Future;
use std::rc::Rc;

use crate::config::{Endpoint, SessionCheck};
use crate::error::failed;
use crate::host::Api;
use crate::session::{Freshness, Session, Via};
use crate::{Host, LoginClient, LoginError, Payload, Result, protocol};

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
        let work = Rc::clone(&self).verify(session);
        self.check
            .run(&self.host, "check", Box::pin(work))
            .await
            .is_ok()
    }

    /// Ends well if somebody is signed in.
    async fn verify(self: Rc<Self>, session: Rc<Session<H::Value>>) -> Result<H::Value> {
        let period = self.periods.get();
        let mut verdict = Some(true);
        if self.freshness(&session) == Freshness::Unknown {
            let answer = self.ask_server(&session).await;
            let answer = self.read_as(&session, answer);
            verdict = verdict_of(answer.and_then(|answer| answer.done(&self.config)));
        }
        if verdict == Some(true)
            && session.via == Via::Weixin
            && self.config.session_check != SessionCheck::Never
        {
            let answer = self.ask_weixin().await;
            verdict = verdict_of(answer.map(drop));
        }
        let signed_in = if self.cache.holds(&session) {
            if self.periods.get() == period {
                self.verdict.set(verdict);
            }
            verdict != Some(false)
        } else {
            self.cache.get().is_some() // signed out or signed in again in between
        };
        if signed_in {
            Ok(session.user_info.clone())
        } else {
            Err(failed(LoginError::SignedOut))
        }
    }

    fn ask_server(
        &self,
        session: &Session<H::Value>,
    ) -> impl Future<Output = Result<H::Value>> + use<H> {
        let mut options: H::Value = protocol::post(&self.config.url(Endpoint::Info), None);
        options.set_text("method", "GET");
        self.send_as(session, options)
    }

    fn ask_weixin(&self) -> impl Future<Output = Result<H::Value>> + use<H> {
        let answer = self.host.check_session(self.config.timeout);
        Self::answer_of(Api::CheckSession, answer)
    }
}

fn verdict_of(answer: Result<()>) -> Verdict {
    match answer {
        Ok(()) => Some(true),
        Err(error) if error.is_signed_out() => Some(false),
        Err(_) => None,
    }
}
