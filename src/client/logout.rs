//! Signing out.

use std::rc::Rc;
use std::time::Duration;

use super::refresh::refresh_of;
use crate::dialect::{Outcome, Purpose};
use crate::error::failed;
use crate::session::Session;
use crate::{Change, Host, LocalBoxFuture, LoginClient, LoginError, Result, SignedOutBecause};

/// How long the server may take to answer a logout. Nobody should wait long for something already done.
const LOGOUT_TIMEOUT: Duration = Duration::from_secs(5);

impl<H: Host> LoginClient<H> {
    /// Signs out. When this returns, the local session is gone, and a login or a check under way is given up: it can
    /// bring nothing back, and no request is sent once more. The logout is stored: it holds until the user signs in, restarts
    /// included. The returned future sends it to the server, and waits for at most 5 s, and as long before for the app's `sign`.
    ///
    /// Fails with [`LoginError::Storage`](crate::LoginError::Storage) if it could not be stored: signed out now, but perhaps not
    /// after a restart.
    pub fn logout(self: Rc<Self>) -> LocalBoxFuture<'static, Result<()>> {
        self.log_out(Purpose::Logout)
    }

    /// The same, and the server ends the user's other logins, too.
    ///
    /// Signed out here in any case. Fails besides, as other devices may still be signed in, with
    /// - [`LoginError::InvalidConfig`](crate::LoginError::InvalidConfig) if the dialect does not say how to ask for it,
    /// - [`LoginError::SignedOut`](crate::LoginError::SignedOut) if nobody was signed in, or the server no longer knows who asks,
    /// - or as any request does.
    pub fn logout_everywhere(self: Rc<Self>) -> LocalBoxFuture<'static, Result<()>> {
        self.log_out(Purpose::LogoutEverywhere)
    }

    fn log_out(self: Rc<Self>, purpose: Purpose) -> LocalBoxFuture<'static, Result<()>> {
        self.own_logouts.set(self.own_logouts.get().wrapping_add(1));
        let before = self.cache.session();
        self.load(); // who is signed out now need not be reported as signed in before
        let session = self.cache.session();
        self.give_up();
        let stored = self.store_end(SignedOutBecause::Logout, session.as_ref());
        if before.is_some() || session.is_some() {
            self.host
                .changed(Change::SignedOut(SignedOutBecause::Logout));
        }
        Box::pin(async move {
            let told = self.send_logout(purpose, session).await;
            match purpose {
                Purpose::LogoutEverywhere => told.and(stored),
                _ => stored, // nobody can use this device's session any more, whether or not the server knows
            }
        })
    }

    async fn send_logout(
        &self,
        purpose: Purpose,
        session: Option<Rc<Session<H::Value>>>,
    ) -> Result<()> {
        let session = session.ok_or_else(|| self.no_session())?;
        let (holes, token) = (refresh_of(&session), Some(&session.token));
        let timeout = LOGOUT_TIMEOUT.min(self.config.timeout);
        let response = self.send_ours(purpose, &holes, token, timeout).await?;
        match response.outcome(&self.config.dialect)? {
            Outcome::Answered(answer) => answer.done(&self.config.dialect),
            Outcome::Refused(_) => Err(failed(LoginError::SignedOut)),
        }
    }
}
