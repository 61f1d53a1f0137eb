//! Signing in: a proof of who the user is goes to the server, and a session comes back.

use std::future::Future;
use std::rc::Rc;

use super::outgoing::argument;
use crate::config::Endpoint;
use crate::error::failed;
use crate::host::{Api, Lane};
use crate::protocol::{self, Response};
use crate::session::Via;
use crate::{
    Config, Host, HostFailure, LoginClient, LoginError, Payload, Primitives, Result, Timestamp,
};

/// The key of a login with a code and no account: whoever wants one shares it.
pub(super) const WEIXIN: &str = "weixin";

/// What a login proves the user with.
pub(super) struct Proof<V> {
    endpoint: Endpoint,
    /// What the server gets; a login with WeChat puts a code of `wx.login` into it.
    body: V,
    via: Via,
}

impl<V: Payload> Proof<V> {
    /// A code of `wx.login`, with a profile or with an account to be bound. A silent login has no profile: servers of this
    /// dialect want an empty one then.
    pub(super) fn code(user_info: Option<V>, account: Option<V>) -> Self {
        let mut body = V::object();
        body.set("userInfo", user_info.unwrap_or_else(V::object));
        if let Some(account) = account {
            body.set(ACCOUNT, account);
        }
        Proof {
            endpoint: Endpoint::LoginByWeixin,
            body,
            via: Via::Weixin,
        }
    }

    /// An account and its password.
    pub(super) fn account(endpoint: Endpoint, account: V) -> Self {
        Proof {
            endpoint,
            body: account,
            via: Via::Account,
        }
    }

    fn options(&self, config: &Config) -> V {
        protocol::post(
            &config.url(self.endpoint),
            Some(self.body.merged(&V::object())),
        )
    }

    /// Whether its failure says something about the WeChat user's next login. That the server wants to hear nothing of an
    /// account does not, nor that somebody has signed out meanwhile.
    fn is_of_weixin_user(&self, error: &LoginError) -> bool {
        self.via == Via::Weixin
            && !error.is_logged_out()
            && (self.body.get(ACCOUNT).is_none() || !error.is_final())
    }
}

const ACCOUNT: &str = "account";

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
    pub fn login_by_weixin(
        self: Rc<Self>,
        user_info: Option<H::Value>,
    ) -> impl Future<Output = Result<H::Value>> {
        let key = match &user_info {
            Some(user_info) if !user_info.is_object() => argument("userInfo", "must be an object"),
            _ => Ok(WEIXIN.to_owned()),
        };
        self.sign_in(key, Proof::code(user_info, None))
    }

    /// The WeChat login that is under way, or a new one without a profile.
    pub(super) fn silent_login(self: &Rc<Self>) -> impl Future<Output = Result<H::Value>> + use<H> {
        Rc::clone(self).sign_in(Ok(WEIXIN.to_owned()), Proof::code(None, None))
    }

    /// The login under way that `key` names, or a new one; fails as the key does.
    pub(super) async fn sign_in(
        self: Rc<Self>,
        key: Result<String>,
        proof: Proof<H::Value>,
    ) -> Result<H::Value> {
        let work = Rc::clone(&self).prove(proof);
        self.login.run(&self.host, &key?, Box::pin(work)).await
    }

    /// Exchanges the proof for a session. A code works once: if the answer may have been lost, a second one is sent.
    async fn prove(self: Rc<Self>, mut proof: Proof<H::Value>) -> Result<H::Value> {
        let logouts = self.logouts.get();
        let mut again = false;
        let result = loop {
            if proof.via == Via::Weixin {
                let wait = self.login_rate.take(self.host.now());
                if !wait.is_zero() {
                    self.host.sleep(wait).await;
                }
                let from = self.host.now();
                let answer = self.ask_for_code().await;
                match self.code_of(answer, from) {
                    Ok(code) => proof.body.set_text("code", &code),
                    Err(error) => break Err(error),
                }
            }
            let from = self.host.now();
            let answer = self.send(proof.options(&self.config), Lane::Session).await;
            let result = self.signed_in(answer, proof.via, from, logouts);
            match &result {
                Err(error) if proof.via == Via::Weixin && !again && error.wants_new_code() => {
                    again = true;
                }
                _ => break result,
            }
        };
        if let Err(error) = &result
            && proof.is_of_weixin_user(error)
        {
            self.cool_down
                .failed(self.host.now(), self.host.chance(), error.clone());
        }
        result
    }

    fn ask_for_code(&self) -> impl Future<Output = Result<H::Value>> + use<H> {
        Self::answer_of(Api::Login, self.host.login(self.config.timeout))
    }

    /// The code that `wx.login`, called at `from`, has answered with. It works once and for 5 minutes, so it is never kept.
    fn code_of(&self, answer: Result<H::Value>, from: Timestamp) -> Result<String> {
        let code = answer.and_then(|answer| {
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

    /// Keeps the session that the server, asked at `from`, has answered with.
    fn signed_in(
        &self,
        answer: Result<H::Value>,
        via: Via,
        from: Timestamp,
        logouts: u32,
    ) -> Result<H::Value> {
        let result = answer.and_then(|answer| {
            let answer = Response::new(&answer).object()?;
            let session = answer.session(&self.config, via, from)?;
            // A logout gives this work up; but a listener, or a getter of the answer, may sign out in the middle of a step,
            // which goes on to its end.
            self.nobody_left_since(logouts)?;
            self.adopt(session)?;
            Ok(answer.whole)
        });
        self.tell("exchange", from, result.as_ref().err());
        result
    }
}
