//! Changing the user.

use std::rc::Rc;

use super::outgoing::{Outgoing, argument};
use crate::config::Endpoint;
use crate::error::failed;
use crate::planted::{self, Bug};
use crate::session::Session;
use crate::{Change, Host, LoginClient, LoginError, Payload, Result, protocol};

impl<H: Host> LoginClient<H> {
    /// Sends changed fields of the profile to the server, and keeps and gives the user as the server has it then. Signs in
    /// again if needed, as [`LoginClient::request`] does.
    ///
    /// Fails with [`LoginError::InvalidArgument`] if `fields` is no object, [`LoginError::SignedOut`] without a session,
    /// [`LoginError::Rejected`], [`LoginError::Storage`], or as any request does.
    pub async fn update_profile(self: Rc<Self>, fields: H::Value) -> Result<H::Value> {
        if !fields.is_object() {
            return argument("fields", "must be an object");
        }
        let before = self.session_now()?;
        let outgoing = Outgoing::to_endpoint(&self.config, Endpoint::Profile, fields);
        let answer = self.deliver(&outgoing).await?;
        let user_info = answer.user(&self.config)?;
        // Somebody else may have signed in meanwhile; the same user's token may be a newer one.
        if let Some(session) = self.cache.get()
            && (before.same_user(&session) || planted::is(Bug::ProfileOfAnyone))
        {
            self.keep_user(&session, user_info.clone())?;
        }
        Ok(user_info)
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
        let answer = self.send_as(&session, options).await?;
        answer.done(&self.config)?;
        if let Ok(user_info) = answer.user(&self.config)
            && self.cache.holds(&session)
        {
            self.keep_user(&session, session.user_info.with_fields_of(&user_info))?;
        }
        Ok(answer.whole)
    }

    fn session_now(&self) -> Result<Rc<Session<H::Value>>> {
        self.cache.load(&self.host);
        let session = self.cache.get();
        session.ok_or_else(|| failed(LoginError::SignedOut))
    }

    fn keep_user(&self, session: &Rc<Session<H::Value>>, user_info: H::Value) -> Result<()> {
        let session = Rc::new(Session {
            user_info,
            ..(**session).clone()
        });
        self.cache.put(&self.host, Rc::clone(&session))?;
        self.host.changed(Change::Renewed(session));
        Ok(())
    }
}
