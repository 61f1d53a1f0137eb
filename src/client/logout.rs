//! Signing out.

use std::future::Future;
use std::rc::Rc;

use crate::{Host, LoginClient, LoginError, protocol};

/// How long the server may take to hear of a logout, in ms. Nobody should wait long for something already done.
const TELL_MS: f64 = 5_000.0;

impl<H: Host> LoginClient<H> {
    /// Signs out. When this returns, the local session is gone, and a login or a check under way is given up: it can
    /// bring nothing back. The returned future tells the server, as well as it can and for at most 5 s.
    ///
    /// Fails with [`LoginError::Storage`] if the record could not be removed: signed out now, but perhaps not after a
    /// restart.
    pub fn logout(self: Rc<Self>) -> impl Future<Output = Result<(), LoginError>> + 'static {
        let session = self.cache.get();
        let forgotten = self.forget();
        self.login.abort();
        self.check.abort();
        async move {
            if let Some(session) = session {
                let url = &self.config.logout_url;
                let mut request =
                    protocol::request(&self.config, "POST", url, None, Some(&session.token));
                request.timeout_ms = TELL_MS.min(self.config.timeout_ms);
                let _ = self.send(request).await; // signed out here either way
            }
            forgotten
        }
    }
}
