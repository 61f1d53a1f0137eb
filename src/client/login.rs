//! Signing in: a proof of who the user is goes to the server, and a session comes back.

use std::rc::Rc;

use super::outgoing::argument;
use crate::config::Endpoint;
use crate::deadline;
use crate::error::failed;
use crate::host::Api;
use crate::planted::{self, Bug};
use crate::protocol;
use crate::session::Via;
use crate::{Host, HostFailure, LoginClient, LoginError, Payload, Result};

/// The key of a login with a code and no account: whoever wants one shares it.
pub(super) const WEIXIN: &str = "weixin";

/// What a login proves the user with.
pub(super) enum Proof<V> {
    /// A code of `wx.login`, with a profile or with an account to be bound.
    Code {
        user_info: Option<V>,
        account: Option<V>,
    },
    /// An account and its password.
    Account { endpoint: Endpoint, account: V },
}

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
    ///   [`LoginError::Rejected`] if the server gives no session; where an answer may only have been lost, after a second
    ///   try with a new code,
    /// - [`LoginError::Storage`] if the session cannot be stored,
    /// - [`LoginError::LoggedOut`] if `logout()` was called in between.
    ///
    /// Whatever was there before stays as it was then.
    pub async fn login_by_weixin(self: Rc<Self>, user_info: Option<H::Value>) -> Result<H::Value> {
        if user_info
            .as_ref()
            .is_some_and(|user_info| !user_info.is_object())
        {
            return argument("userInfo", "must be an object, or left out");
        }
        self.weixin_login(user_info).await
    }

    /// The WeChat login that is under way, or a new one.
    pub(super) async fn weixin_login(
        self: &Rc<Self>,
        user_info: Option<H::Value>,
    ) -> Result<H::Value> {
        self.sign_in(
            WEIXIN.to_owned(),
            Proof::Code {
                user_info,
                account: None,
            },
        )
        .await
    }

    /// The login under way that `key` names, or a new one.
    pub(super) async fn sign_in(
        self: &Rc<Self>,
        key: String,
        proof: Proof<H::Value>,
    ) -> Result<H::Value> {
        let work = Rc::clone(self).prove(proof);
        self.login.run(&self.host, key, Box::pin(work)).await
    }

    async fn prove(self: Rc<Self>, proof: Proof<H::Value>) -> Result<H::Value> {
        let result = self.exchange(&proof).await;
        if let (Err(error), Proof::Code { account, .. }) = (&result, &proof)
            // That the server wants to hear nothing of an account says nothing about the WeChat user.
            && (account.is_none() || !error.is_final())
        {
            self.cool_down
                .failed(self.host.now_ms(), self.host.chance(), error.clone());
        }
        result
    }

    /// Exchanges the proof for a session. A code works once: if the answer may have been lost, a second one is sent.
    async fn exchange(&self, proof: &Proof<H::Value>) -> Result<H::Value> {
        let logouts = self.logouts.get();
        let mut again = false;
        let mut planted_code = None;
        loop {
            let (endpoint, body, via) = match proof {
                Proof::Account { endpoint, account } => (*endpoint, account.clone(), Via::Account),
                Proof::Code { user_info, account } => {
                    let code = match planted_code.take() {
                        Some(code) => code,
                        None => self.fresh_code().await?,
                    };
                    planted_code = planted::is(Bug::OldCodeAgain).then(|| code.clone());
                    let body =
                        protocol::weixin_login_body(&code, user_info.clone(), account.clone());
                    (Endpoint::LoginByWeixin, body, Via::Weixin)
                }
            };
            let started_at = self.host.now_ms();
            let result = self
                .session_for(endpoint, body, via, started_at, logouts)
                .await;
            self.tell("exchange", started_at, result.as_ref().err());
            match result {
                Err(error) if via == Via::Weixin && !again && error.wants_new_code() => {
                    again = true
                }
                result => return result,
            }
        }
    }

    async fn session_for(
        &self,
        endpoint: Endpoint,
        body: H::Value,
        via: Via,
        started_at: f64,
        logouts: u32,
    ) -> Result<H::Value> {
        let options = protocol::post(&self.config.url(endpoint), Some(body));
        let answer = self.send(options, self.config.timeout_ms).await?.object()?;
        // A logout gives this work up; but a listener may sign out in the middle of a step, which goes on to its end.
        if !planted::is(Bug::LoginSurvivesLogout) {
            self.nobody_left_since(logouts)?;
        }
        self.adopt(answer.session(&self.config, via, started_at)?)?;
        Ok(answer.whole)
    }

    /// A fresh code of `wx.login`. It works once and for 5 minutes, so it is never kept.
    async fn fresh_code(&self) -> Result<String> {
        let wait_ms = self.login_rate.take(self.host.now_ms());
        if wait_ms > 0.0 {
            self.host.sleep(wait_ms).await;
        }
        let from = self.host.now_ms();
        let answer = deadline::call(
            &self.host,
            Api::Login,
            H::Value::object(),
            self.config.timeout_ms,
        )
        .await;
        let code = answer
            .map_err(LoginError::from_wx_login)
            .and_then(|answer| {
                let none = || HostFailure {
                    err_msg: "login:ok, but without a code".to_owned(),
                    errno: None,
                };
                answer
                    .full_text_at("code")
                    .ok_or_else(|| failed(LoginError::WxLogin(none())))
            });
        self.tell("login", from, code.as_ref().err());
        code
    }
}
