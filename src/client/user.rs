//! Changing the user.

use std::rc::Rc;

use super::login::Renewal;
use super::outgoing::{Outgoing, argument};
use crate::dialect::{Holes, Purpose};
use crate::record::State;
use crate::session::Session;
use crate::{Change, Host, LoginClient, Primitives, Result};

impl<H: Host> LoginClient<H> {
    /// Sends changed fields of the profile to the server, and keeps and gives the user with these fields, and with those that
    /// the server answers with over them. Signs in again if needed, as [`LoginClient::request`] does.
    ///
    /// Fails with [`LoginError::InvalidArgument`](crate::LoginError::InvalidArgument) if `fields` is no object,
    /// [`LoginError::SignedOut`](crate::LoginError::SignedOut) without a session,
    /// [`LoginError::Rejected`](crate::LoginError::Rejected), or as any request does.
    pub async fn update_profile(self: Rc<Self>, fields: H::Value) -> Result<H::Value> {
        if !fields.is_object() {
            return argument("fields", "must be an object");
        }
        self.recall();
        self.first_login_ended().await;
        let session = self.session_now()?;
        let holes = Holes::new().with("profile", fields.clone());
        let outgoing = Outgoing::ours(&self.config, Purpose::Profile, &holes)?;
        let answer = self.deliver(&outgoing, Some(Rc::clone(&session))).await?;
        let dialect = &self.config.dialect;
        answer.done(dialect)?;
        let changed = match answer.changed_user(dialect) {
            Ok(answered) => fields.merged(&answered),
            Err(_) => fields,
        };
        Ok(self.change_user(&session, &changed))
    }

    /// Binds the phone number behind the code of a `getPhoneNumber` button to the user, and gives the server's whole answer.
    ///
    /// Nobody is signed in for it: a new code of `wx.login` would change the key that the phone's code belongs to. If the server no
    /// longer accepts the token anywhere, and so has looked at nothing else, the request is sent once more with the one that another
    /// request has brought meanwhile, or with a refreshed one. Where there is none, the session ends; it fails with
    /// [`LoginError::SignedOut`](crate::LoginError::SignedOut), and the user has to sign in and tap again.
    pub async fn bind_phone(self: Rc<Self>, code: Option<String>) -> Result<H::Value> {
        let code = code.filter(|code| !code.is_empty());
        let Some(code) = code else {
            return argument("code", "must be the code of getPhoneNumber");
        };
        self.recall();
        let session = self.session_now()?;
        let holes = Holes::new().with("phoneCode", H::Value::text(&code));
        let mut outgoing = Outgoing::ours(&self.config, Purpose::BindPhone, &holes)?;
        outgoing.renewal = Renewal::Refresh;
        let answer = self.deliver(&outgoing, Some(Rc::clone(&session))).await?;
        let dialect = &self.config.dialect;
        answer.done(dialect)?;
        if let Ok(changed) = answer.changed_user(dialect) {
            self.change_user(&session, &changed);
        }
        Ok(answer.body())
    }

    fn session_now(&self) -> Result<Rc<Session<H::Value>>> {
        self.cache.session().ok_or_else(|| self.no_session())
    }

    /// Keeps changed fields of the user whose session was `before`, and gives the user. If somebody else has signed in since,
    /// or nobody is signed in any more, nothing is kept. The identity stays what the login said.
    fn change_user(&self, before: &Session<H::Value>, changed: &H::Value) -> H::Value {
        self.recall_now();
        let still = |session: &Rc<Session<H::Value>>| {
            before.same_token(session) || before.same_user(session)
        };
        let Some(session) = self.cache.session().filter(still) else {
            return before.user_info.merged(changed);
        };
        let user_info = session.user_info.merged(changed);
        let changed = Rc::new(session.with_user(user_info.copy())); // the page gets the other one
        if self.keep(&State::Active(session), &changed) {
            self.host.changed(Change::Renewed(changed));
        }
        user_info
    }
}
