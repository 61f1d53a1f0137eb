//! Having a session, by itself if that is possible.

use std::rc::Rc;

use super::login::WEIXIN;
use crate::error::failed;
use crate::session::{Freshness, Session, Via};
use crate::{Host, LoginClient, LoginError, Result};

/// How far [`LoginClient::ensure_login`] goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginMode {
    /// The session that is there; no traffic.
    Cached,
    /// A login without a profile if there is none.
    Silent,
    /// A new login in any case; for a tap of the user's, so it heeds no pause after failed logins.
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

type Ensured<H> = Result<Rc<Session<<H as Host>::Value>>>;

impl<H: Host> LoginClient<H> {
    /// Gives the session, after a login if `mode` asks for one. While the app's first login runs, everyone waits for it.
    ///
    /// A session that is about to end is given at once and renewed behind the caller's back; if that fails, it is kept.
    /// One whose end nobody knows is given as it is: a request that finds it refused signs in again.
    ///
    /// Fails with [`LoginError::SignedOut`] if there is no session and `mode` (or the kind of the session) allows no login,
    /// or as [`LoginClient::login_by_weixin`] does. For a while after a failed silent login, the next one fails with the same
    /// error without trying.
    pub async fn ensure_login(self: Rc<Self>, mode: LoginMode) -> Ensured<H> {
        self.cache.load(&self.host);
        if mode == LoginMode::Force {
            self.silent_login().await?;
            return self.session_of_login();
        }
        let logouts = self.logouts.get();
        self.first_login_ended().await;
        self.nobody_left_since(logouts)?;
        let signed_out = Err(failed(LoginError::SignedOut));
        match self.cache.get() {
            Some(session) if mode == LoginMode::Cached => match self.freshness(&session) {
                Freshness::Expired => signed_out,
                _ => Ok(session),
            },
            Some(session) if self.works(&session) => Ok(session),
            Some(session) if session.via == Via::Account => signed_out,
            None if mode == LoginMode::Cached => signed_out,
            _ => self.renew().await,
        }
    }

    /// The session that a login has just brought.
    fn session_of_login(&self) -> Ensured<H> {
        let session = self.cache.get();
        session.ok_or_else(|| failed(LoginError::LoggedOut))
    }

    /// Waits for the login that runs while there is no session yet.
    pub(super) async fn first_login_ended(&self) {
        if self.cache.get().is_none()
            && let Some(running) = self.login.running()
        {
            let _ = running.outcome().await;
        }
    }

    /// Whether a session works still, by the clock; one that is about to end is renewed meanwhile.
    pub(super) fn works(self: &Rc<Self>, session: &Session<H::Value>) -> bool {
        let freshness = self.freshness(session);
        if freshness == Freshness::Ending && session.via == Via::Weixin {
            self.renew_meanwhile();
        }
        freshness != Freshness::Expired
    }

    fn renew_meanwhile(self: &Rc<Self>) {
        if self.login.running().is_none() && self.cool_down.error(self.host.now()).is_none() {
            let client = Rc::clone(self);
            let logouts = self.logouts.get();
            self.host.spawn(Box::pin(async move {
                if client.nobody_left_since(logouts).is_ok() {
                    let _ = client.renew().await; // the old token is still good
                }
            }));
        }
    }

    /// The session of the login under way, or of a new silent one unless one has just failed.
    pub(super) async fn renew(self: &Rc<Self>) -> Ensured<H> {
        while let Some(running) = self.login.running() {
            match running.outcome().await {
                Ok(_) => return self.session_of_login(),
                Err(error) if running.is_of(WEIXIN) || error.is_logged_out() => {
                    return Err(error);
                }
                Err(_) => {} // that an account's login has failed says nothing about the WeChat user
            }
        }
        if let Some(error) = self.cool_down.error(self.host.now()) {
            return Err(error);
        }
        self.silent_login().await?;
        self.session_of_login()
    }
}
