//! Signing in with WeChat.

use std::rc::Rc;

use crate::deadline::within;
use crate::session::Via;
use crate::{Host, HostFailure, LoginClient, LoginError, Payload, protocol};

impl<H: Host> LoginClient<H> {
    /// Signs in: a code of `wx.login` and the profile, if there is one, go to the server; its session is stored.
    /// Gives the server's whole answer.
    ///
    /// Whoever calls while a login runs shares that login, with the profile that it was started with.
    ///
    /// Fails with
    /// - [`LoginError::InvalidArgument`] if `user_info` is no object,
    /// - [`LoginError::WxLogin`] or [`LoginError::Timeout`] if WeChat gives no code,
    /// - [`LoginError::Network`], [`LoginError::Timeout`], [`LoginError::ServerError`], [`LoginError::BadResponse`] or
    ///   [`LoginError::Rejected`] if the server gives no session,
    /// - [`LoginError::Storage`] if the session cannot be stored,
    /// - [`LoginError::LoggedOut`] if `logout()` was called in between.
    ///
    /// Whatever was there before stays as it was then.
    pub async fn login_by_weixin(
        self: Rc<Self>,
        user_info: Option<H::Value>,
    ) -> Result<H::Value, LoginError> {
        if user_info
            .as_ref()
            .is_some_and(|user_info| !user_info.is_object())
        {
            return Err(LoginError::InvalidArgument {
                name: "userInfo",
                problem: "must be an object, or left out",
            });
        }
        let flight = self.login.run(|| Rc::clone(&self).weixin_login(user_info));
        flight.await.unwrap_or(Err(LoginError::LoggedOut))
    }

    async fn weixin_login(
        self: Rc<Self>,
        user_info: Option<H::Value>,
    ) -> Result<H::Value, LoginError> {
        let code = self.code().await?;
        let body = protocol::weixin_login_body(&code, user_info);
        let started_at = self.host.now_ms();
        let url = &self.config.login_by_weixin_url;
        let answer = self
            .send(protocol::request(
                &self.config,
                "POST",
                url,
                Some(body),
                None,
            ))
            .await?;
        self.cache
            .put(&self.host, answer.session(Via::Weixin, started_at)?)?;
        // The server has just accepted a new code: there is nothing to ask in this foreground period.
        self.verdict.set(Some(true));
        Ok(answer.whole)
    }

    /// A fresh code. It works once and for 5 minutes, so it is never kept.
    async fn code(&self) -> Result<String, LoginError> {
        let timeout_ms = self.config.timeout_ms;
        let answer = within(&self.host, timeout_ms, "login", self.host.login(timeout_ms)).await;
        let answer = answer.map_err(LoginError::from_wx_login)?;
        let code = answer
            .get("code")
            .and_then(|code| code.as_text())
            .filter(|code| !code.is_empty());
        code.ok_or_else(|| {
            LoginError::WxLogin(HostFailure {
                err_msg: "login:ok, but without a code".to_owned(),
                errno: None,
            })
        })
    }
}
