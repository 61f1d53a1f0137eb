//! Changing the user.

use std::rc::Rc;

use super::outgoing::{Outgoing, argument};
use crate::config::Endpoint;
use crate::error::failed;
use crate::session::Session;
use crate::{Change, Host, LoginClient, LoginError, Payload, Primitives, Result, protocol};

impl<H: Host> LoginClient<H> {
    /// Sends changed fields of the profile to the server, and keeps and gives the user with these fields, and with those that
    /// the server answers with over them. Signs in again if needed, as [`LoginClient::request`] does.
    ///
    /// Fails with [`LoginError::InvalidArgument`] if `fields` is no object, [`LoginError::SignedOut`] without a session,
    /// [`LoginError::Rejected`], [`LoginError::Storage`], or as any request does.
    pub async fn update_profile(self: Rc<Self>, fields: H::Value) -> Result<H::Value> {
        if !fields.is_object() {
            return argument("fields", "must be an object");
        }
        self.first_login_ended().await;
        let session = self.session_now()?;
        let outgoing = Outgoing::to_endpoint(&self.config, Endpoint::Profile, fields.clone());
        let answer = self.deliver(&outgoing).await?;
        answer.done(&self.config)?;
        let changed = match answer.user(&self.config) {
            Ok(answered) => fields.merged(&answered),
            Err(_) => fields,
        };
        self.change_user(&session, &changed)
    }

    /// Binds the phone number behind the code of a `getPhoneNumber` button to the user, and gives the server's whole answer.
    ///
    /// Nobody is signed in for it: a new code of `wx.login` would change the key that the phone's code belongs to. So a
    /// refused token fails with [`LoginError::SignedOut`], and the user has to sign in and tap again.
    pub async fn bind_phone(self: Rc<Self>, code: Option<String>) -> Result<H::Value> {
        let code = code.filter(|code| !code.is_empty());
        let Some(code) = code else {
            return argument("code", "must be the code of getPhoneNumber");
        };
        let session = self.session_now()?;
        let mut data = H::Value::object();
        data.set_text("code", &code);
        let options = protocol::post(&self.config.url(Endpoint::BindPhone), Some(data));
        let answer = self.send_as(&session, options).await;
        let answer = self.read_as(&session, answer)?;
        answer.done(&self.config)?;
        if let Ok(changed) = answer.user(&self.config) {
            self.change_user(&session, &changed)?;
        }
        Ok(answer.whole)
    }

    fn session_now(&self) -> Result<Rc<Session<H::Value>>> {
        self.cache.load(&self.host);
        let session = self.cache.get();
        session.ok_or_else(|| failed(LoginError::SignedOut))
    }

    /// Keeps changed fields of the user whose session was `before`, and gives the user. If somebody else has signed in since,
    /// or nobody is signed in any more, nothing is kept.
    fn change_user(&self, before: &Session<H::Value>, changed: &H::Value) -> Result<H::Value> {
        let still = |session: &Rc<Session<H::Value>>| {
            before.same_token(session) || before.same_user(session)
        };
        let Some(session) = self.cache.get().filter(still) else {
            return Ok(before.user_info.merged(changed));
        };
        let user_info = session.user_info.merged(changed);
        let session = Rc::new(Session {
            user_info: user_info.copy(), // the page gets the other one
            ..(*session).clone()
        });
        self.cache.put(&self.host, Rc::clone(&session))?;
        self.host.changed(Change::Renewed(session));
        Ok(user_info)
    }
}
