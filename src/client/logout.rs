//! Signing out.

use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use super::refresh::refresh_of;
use crate::dialect::Purpose;
use crate::session::Session;
use crate::{Change, Host, LoginClient, Result, SignedOutBecause};

/// How long the server may take to answer a logout. Nobody should wait long for something already done.
const LOGOUT_TIMEOUT: Duration = Duration::from_secs(5);

impl<H: Host> LoginClient<H> {
    /// Signs out. When this returns, the local session is gone, and a login or a check under way is given up: it can
    /// bring nothing back, and no request is sent once more. The logout is stored: it holds until the user signs in, restarts
    /// included. The returned future sends it to the server, and waits for at most 5 s, and as long before for the app's `sign`.
    ///
    /// Fails with [`LoginError::Storage`](crate::LoginError::Storage) if it could not be stored: signed out now, but perhaps not
    /// after a restart.
    pub fn logout(self: Rc<Self>) -> impl Future<Output = Result<()>> + 'static {
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
        async move {
            if let Some(session) = session {
                self.send_logout(&session).await;
            }
            stored
        }
    }

    /// Tells the server, if it can be told. Signed out here is the user either way.
    async fn send_logout(&self, session: &Session<H::Value>) {
        if self.config.dialect.has(Purpose::Logout) {
            let (holes, token) = (refresh_of(session), Some(&session.token));
            let timeout = LOGOUT_TIMEOUT.min(self.config.timeout);
            let _ = self
                .send_ours(Purpose::Logout, &holes, token, timeout)
                .await;
        }
    }
}
