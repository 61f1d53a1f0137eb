//! Signing out.

use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use crate::config::Endpoint;
use crate::host::Lane;
use crate::{Change, Host, LoginClient, Result, SignedOutBecause, protocol};

/// How long the server may take to hear of a logout. Nobody should wait long for something already done.
const TELL_TIMEOUT: Duration = Duration::from_secs(5);

impl<H: Host> LoginClient<H> {
    /// Signs out. When this returns, the local session is gone, and a login or a check under way is given up: it can
    /// bring nothing back, and no request is sent once more. The returned future tells the server, as well as it can and
    /// for at most 5 s.
    ///
    /// Fails with [`LoginError::Storage`] if the record could not be removed: signed out now, but perhaps not after a
    /// restart.
    pub fn logout(self: Rc<Self>) -> impl Future<Output = Result<()>> + 'static {
        self.cache.load(&self.host);
        let session = self.cache.get();
        self.logouts.set(self.logouts.get().wrapping_add(1));
        self.left.set(true);
        let forgotten = self.forget();
        self.login.abort();
        self.check.abort();
        if session.is_some() {
            self.host
                .changed(Change::SignedOut(SignedOutBecause::Logout));
        }
        async move {
            if let Some(session) = session {
                let options = protocol::post(&self.config.url(Endpoint::Logout), None);
                let options = protocol::with_token(&self.config, &options, Some(&session.token));
                let timeout = TELL_TIMEOUT.min(self.config.timeout);
                let _ = self.host.request(options, timeout, Lane::Session).await; // signed out here either way
            }
            forgotten
        }
    }
}
