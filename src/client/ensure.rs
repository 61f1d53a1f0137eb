//! Having a session, by a silent login if that is possible.

use std::rc::Rc;

use super::confirm::Verdict;
use super::login::Renewal;
use crate::error::failed;
use crate::session::{Freshness, Session};
use crate::{Host, LoginClient, LoginError, Result};

/// How far [`LoginClient::ensure_login`] goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginMode {
    /// The session that is there; no traffic.
    Cached,
    /// A login without a profile if there is none, and nobody has to sign in by themselves.
    Silent,
    /// A new login in any case. It is an act of the user, so it heeds no backoff after failed logins.
    Force,
}

impl LoginMode {
    /// The mode of a JavaScript name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "cached" => Some(LoginMode::Cached),
            "silent" => Some(LoginMode::Silent),
            "force" => Some(LoginMode::Force),
            _ => None,
        }
    }
}

pub(super) type Ensured<H> = Result<Rc<Session<<H as Host>::Value>>>;

impl<H: Host> LoginClient<H> {
    /// Gives the session, after a login if `mode` asks for one. While the app's first login runs, everyone waits for it.
    ///
    /// A session that is about to end is given at once and renewed in the background; if that fails, it is kept.
    /// One whose end nobody knows is given as it is: a request that finds it refused signs in again. A session that
    /// [`LoginClient::check_login`] has denied is renewed first.
    ///
    /// Fails with
    /// - [`LoginError::SignedOut`] if there is no session and `mode` allows no login, or only the user may sign in: after a
    ///   logout, and after the end of an account's session,
    /// - [`LoginError::Storage`] if it cannot be read whether there is one,
    /// - or as [`LoginClient::login_by_weixin`] does. During the backoff after a failed silent login, the next one fails with the
    ///   same error at once.
    pub async fn ensure_login(self: Rc<Self>, mode: LoginMode) -> Ensured<H> {
        if mode == LoginMode::Force {
            Rc::clone(&self).login_by_weixin(None).await?;
            return self.session_of_login();
        }
        self.recall();
        let logouts = self.logouts.get();
        self.first_login_ended().await;
        self.nobody_left_since(logouts)?;
        match (mode, self.cache.session()) {
            (LoginMode::Cached, Some(session)) => match self.freshness(&session) {
                Freshness::Expired => Err(self.no_session()),
                _ => Ok(session),
            },
            (LoginMode::Cached, None) => Err(self.no_session()),
            (_, Some(session)) if self.works(&session) && !self.is_denied(&session) => Ok(session),
            _ => self.renew(Renewal::Any).await,
        }
    }

    /// The session that a login has just brought.
    fn session_of_login(&self) -> Ensured<H> {
        let session = self.cache.session();
        session.ok_or_else(|| failed(LoginError::LoggedOut))
    }

    /// Waits for the login that runs while there is no session yet.
    pub(super) async fn first_login_ended(&self) {
        if self.cache.session().is_none()
            && let Some(running) = self.login.running()
        {
            let _ = running.outcome().await;
        }
    }

    /// Whether `check_login` has denied a session that a silent login can renew.
    fn is_denied(&self, session: &Session<H::Value>) -> bool {
        self.is_renewable(session) && self.verdict.get().is_some_and(Verdict::is_denial)
    }

    /// Whether a session works still, by the clock; one that is about to end is renewed meanwhile.
    pub(super) fn works(self: &Rc<Self>, session: &Session<H::Value>) -> bool {
        let freshness = self.freshness(session);
        if freshness == Freshness::Ending
            && self.renews_by_itself(session)
            && !self.is_denied(session)
        {
            self.renew_meanwhile();
        }
        freshness != Freshness::Expired
    }

    fn renew_meanwhile(self: &Rc<Self>) {
        if self.login.running().is_none() && self.held_off(Renewal::Any).is_none() {
            let client = Rc::clone(self);
            let logouts = self.logouts.get();
            self.host.spawn(Box::pin(async move {
                if client.nobody_left_since(logouts).is_ok() {
                    let _ = client.renewed(Renewal::Any).await; // the old token is still good, whatever this ends with
                }
            }));
        }
    }

    /// The session of the login under way, or of a new silent one unless one has just failed. A refusal may end the session.
    pub(super) async fn renew(self: &Rc<Self>, renewal: Renewal) -> Ensured<H> {
        let before = self.cache.session();
        let renewed = self.renewed(renewal).await;
        if let (Err(error), Some(before)) = (&renewed, before)
            && error.ends_session()
        {
            self.end(&before);
        }
        renewed
    }

    async fn renewed(self: &Rc<Self>, renewal: Renewal) -> Ensured<H> {
        let before = self.cache.session();
        while let Some(running) = self.login.running() {
            match running.outcome().await {
                Ok(_) => return self.session_of_login(),
                Err(error) if error.is_logged_out() => return Err(error),
                Err(error) if running.key().fails_renewal(self.refreshes(renewal)) => {
                    return Err(error);
                }
                Err(_) => {} // it says nothing of this one
            }
        }
        self.may_sign_in_silently()?;
        if let Some(error) = self.held_off(renewal) {
            return Err(error);
        }
        if let Some(session) = self.renewed_elsewhere(before) {
            return Ok(session);
        }
        self.sign_in_silently(renewal).await?;
        self.session_of_login()
    }

    /// The error of the failed renewal that this one still has to keep a distance from.
    fn held_off(&self, renewal: Renewal) -> Option<Rc<LoginError>> {
        let cool_down = match self.refreshes(renewal) {
            true => &self.refresh_cool_down,
            false => &self.cool_down,
        };
        cool_down.error(self.host.now())
    }

    /// The session that has taken the place of `before`, perhaps by another client of the same storage key: it saves a login.
    fn renewed_elsewhere(
        &self,
        before: Option<Rc<Session<H::Value>>>,
    ) -> Option<Rc<Session<H::Value>>> {
        self.recall_now();
        let session = self.cache.session()?;
        let is_old = before.is_some_and(|before| before.same_token(&session));
        (!is_old && self.freshness(&session) != Freshness::Expired).then_some(session)
    }
}
