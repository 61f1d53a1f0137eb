//! The client of WeChat's own interface: the real one, or the sandbox, over HTTP either way.

mod access_token;
mod answer;
mod error;
mod transport;

use crate::config::WechatConfig;
use crate::monitoring;
use access_token::AccessTokens;
use answer::Answer;
pub use error::WechatError;
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;
use transport::Transport;

pub struct Wechat {
    app: Arc<MiniProgram>,
    /// What interfaces other than the login want.
    access_tokens: AccessTokens,
}

/// Who is behind a code of `wx.login`.
pub struct WechatUser {
    /// Of the person in this mini-program.
    pub openid: String,
    /// Of the person in all apps of one owner. WeChat gives it where the mini-program is bound to an open platform account.
    pub unionid: Option<String>,
}

/// Who asks, and over what.
struct MiniProgram {
    transport: Transport,
    config: WechatConfig,
}

impl Wechat {
    pub fn new(config: WechatConfig) -> Result<Self, reqwest::Error> {
        let transport = Transport::new(&config)?;
        Ok(Self {
            app: Arc::new(MiniProgram { transport, config }),
            access_tokens: AccessTokens::default(),
        })
    }

    /// The person behind a code of `wx.login`. A code that was sent is used up, whatever comes back, unless WeChat was
    /// too busy to look at it.
    pub async fn user_of(&self, code: &str) -> Result<WechatUser, WechatError> {
        let start = Instant::now();
        let user = self.code2session(code).await;
        let outcome = user.as_ref().map_or_else(WechatError::kind, |_| "ok");
        monitoring::code2session(outcome, start.elapsed());
        user
    }

    async fn code2session(&self, code: &str) -> Result<WechatUser, WechatError> {
        let query = [
            ("appid", self.app.config.app_id.as_str()),
            ("secret", self.app.config.secret.expose()),
            ("js_code", code),
            ("grant_type", "authorization_code"),
        ];
        let request = self.app.transport.get("/sns/jscode2session").query(&query);
        let answer = transport::ask(&request).await?.accepted()?;
        let given = |id: Option<String>| id.filter(|id| !id.is_empty());
        Ok(WechatUser {
            openid: given(answer.openid).ok_or_else(|| WechatError::lacks("openid"))?,
            unionid: given(answer.unionid),
        })
    }

    /// The phone number behind a code of `getPhoneNumber`.
    pub async fn phone_number_of(&self, code: &str) -> Result<String, WechatError> {
        let token = self.access_tokens.get(&self.app).await?;
        let mut answer = self.app.ask_phone_number(&token, code).await?;
        if answer.is_about_the_access_token() {
            let token = self.access_tokens.replace(&self.app, &token).await?;
            answer = self.app.ask_phone_number(&token, code).await?;
        }
        let phone = answer.accepted()?.phone_info;
        phone
            .map(|phone| phone.phone_number)
            .filter(|number| !number.is_empty())
            .ok_or_else(|| WechatError::lacks("phone number"))
    }
}

impl MiniProgram {
    async fn ask_phone_number(
        &self,
        token: &access_token::AccessToken,
        code: &str,
    ) -> Result<Answer, WechatError> {
        let request = self.transport.post("/wxa/business/getuserphonenumber");
        let request = request
            .query(&[("access_token", token.secret.expose())])
            .json(&json!({ "code": code }));
        transport::ask(&request).await
    }

    async fn ask_access_token(&self) -> Result<Answer, WechatError> {
        let request = self.transport.post("/cgi-bin/stable_token").json(&json!({
            "grant_type": "client_credential",
            "appid": self.config.app_id,
            "secret": self.config.secret.expose(),
        }));
        transport::ask(&request).await?.accepted()
    }
}

/// How long it takes at most to have a phone number: an access token and the number, and both again with another token.
#[cfg(test)]
pub fn longest() -> std::time::Duration {
    4 * transport::longest()
}
