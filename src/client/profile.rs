//! Changing the user's profile.

use std::rc::Rc;

use crate::session::Session;
use crate::{Host, LoginClient, LoginError, Payload};

impl<H: Host> LoginClient<H> {
    /// Sends changed fields of the profile to the server, and keeps and gives the user as the server has it then.
    ///
    /// Fails with [`LoginError::InvalidArgument`] if `fields` is no object, [`LoginError::SignedOut`] without a session
    /// that the server accepts, [`LoginError::Storage`], or as any request does.
    pub async fn update_profile(self: Rc<Self>, fields: H::Value) -> Result<H::Value, LoginError> {
        if !fields.is_object() {
            return Err(LoginError::InvalidArgument {
                name: "fields",
                problem: "must be an object",
            });
        }
        self.cache.load(&self.host);
        let session = self.cache.get().ok_or(LoginError::SignedOut)?;
        let answer = self
            .send_as(&session, "POST", &self.config.profile_url, Some(fields))
            .await?;
        let user_info = answer.user()?;
        if self.cache.holds(&session) {
            self.cache.put(
                &self.host,
                Session {
                    user_info: user_info.clone(),
                    ..(*session).clone()
                },
            )?;
        }
        Ok(user_info)
    }
}
