//! The client of WeChat's own interface: the real one, or the sandbox, over HTTP either way.

use crate::config::WechatConfig;
use crate::envelope::ApiError;
use crate::secret::Secret;
use reqwest::{Client, RequestBuilder, Response};
use serde::Deserialize;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TIMEOUT: Duration = Duration::from_secs(5);
/// WeChat says "busy, try again": so long to wait before each new try.
const BUSY_PAUSES: [Duration; 2] = [Duration::from_millis(150), Duration::from_millis(400)];
const BUSY: i64 = -1;
/// WeChat's words for an access token that it does not take (any more).
const STALE_TOKEN: [i64; 3] = [40001, 40014, 42001];
/// An access token is renewed so long before it ends.
const TOKEN_MARGIN: Duration = Duration::from_secs(5 * 60);

pub struct Wechat {
    http: Client,
    config: WechatConfig,
    /// What interfaces other than the login want, with the time until which it serves.
    access_token: Mutex<Option<(Secret, Instant)>>,
}

/// All of WeChat's answers in one: an `errcode`, or what was asked for. A `session_key` is not even read.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    errcode: i64,
    openid: Option<String>,
    access_token: Option<Secret>,
    expires_in: u64,
    phone_info: Option<PhoneInfo>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PhoneInfo {
    phone_number: String,
}

impl Wechat {
    pub fn new(config: WechatConfig) -> Result<Self, reqwest::Error> {
        let http = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .build()?;
        Ok(Self {
            http,
            config,
            access_token: Mutex::default(),
        })
    }

    /// The openid behind a code of `wx.login`. A code that was sent is used up, whatever comes back, unless WeChat was
    /// too busy to look at it.
    pub async fn openid_of(&self, code: &str) -> Result<String, ApiError> {
        let query = [
            ("appid", self.config.app_id.as_str()),
            ("secret", self.config.secret.expose()),
            ("js_code", code),
            ("grant_type", "authorization_code"),
        ];
        let answer = ask(&self.http.get(self.url("/sns/jscode2session")).query(&query)).await?;
        accepted(answer)?
            .openid
            .filter(|openid| !openid.is_empty())
            .ok_or_else(|| lacks("openid"))
    }

    /// The phone number behind a code of `getPhoneNumber`.
    pub async fn phone_number_of(&self, code: &str) -> Result<String, ApiError> {
        let mut answer = self.ask_phone_number(code).await?;
        if STALE_TOKEN.contains(&answer.errcode) {
            *self.access_token.lock().await = None;
            answer = self.ask_phone_number(code).await?;
        }
        Ok(accepted(answer)?
            .phone_info
            .ok_or_else(|| lacks("phone number"))?
            .phone_number)
    }

    async fn ask_phone_number(&self, code: &str) -> Result<Answer, ApiError> {
        let token = self.access_token().await?;
        let request = self.http.post(self.url("/wxa/business/getuserphonenumber"));
        ask(&request
            .query(&[("access_token", token.expose())])
            .json(&json!({ "code": code })))
        .await
    }

    /// The access token, fetched if need be. Who comes meanwhile waits for that one.
    async fn access_token(&self) -> Result<Secret, ApiError> {
        let mut cached = self.access_token.lock().await;
        if let Some((token, _)) = cached.as_ref().filter(|(_, until)| Instant::now() < *until) {
            return Ok(token.clone());
        }
        let body = json!({
            "grant_type": "client_credential",
            "appid": self.config.app_id,
            "secret": self.config.secret.expose(),
        });
        let answer = accepted(
            ask(&self
                .http
                .post(self.url("/cgi-bin/stable_token"))
                .json(&body))
            .await?,
        )?;
        let lifetime = Duration::from_secs(answer.expires_in).saturating_sub(TOKEN_MARGIN);
        let token = answer.access_token.ok_or_else(|| lacks("access token"))?;
        *cached = Some((token.clone(), Instant::now() + lifetime));
        Ok(token)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.config.base)
    }
}

/// Sends a request, again while WeChat is busy.
async fn ask(request: &RequestBuilder) -> Result<Answer, ApiError> {
    for pause in BUSY_PAUSES {
        let answer = ask_once(request).await?;
        if answer.errcode != BUSY {
            return Ok(answer);
        }
        tokio::time::sleep(pause).await;
    }
    ask_once(request).await
}

async fn ask_once(request: &RequestBuilder) -> Result<Answer, ApiError> {
    let request = request
        .try_clone()
        .ok_or_else(|| ApiError::Internal("a request that cannot be repeated".into()))?;
    let response = request
        .send()
        .await
        .and_then(Response::error_for_status)
        .map_err(unreachable)?;
    response
        .json()
        .await
        .map_err(|error| ApiError::Internal(error.without_url().into()))
}

/// The answer, if it is one and not a refusal.
fn accepted(answer: Answer) -> Result<Answer, ApiError> {
    match answer.errcode {
        0 => Ok(answer),
        BUSY => Err(ApiError::WechatBusy),
        40029 | 40163 => Err(ApiError::CodeRejected),
        45011 => Err(ApiError::TooFrequent),
        40226 => Err(ApiError::Blocked),
        40013 => Err(ApiError::Internal(
            "WeChat does not know this WECHAT_APPID (40013)".into(),
        )),
        40125 => Err(ApiError::Internal(
            "WeChat refuses this WECHAT_SECRET (40125)".into(),
        )),
        errcode => Err(ApiError::Internal(
            format!("WeChat answered errcode {errcode}").into(),
        )),
    }
}

fn lacks(what: &str) -> ApiError {
    ApiError::Internal(format!("WeChat's answer has no {what}").into())
}

/// Logged without the address, which has the AppSecret in it.
fn unreachable(error: reqwest::Error) -> ApiError {
    tracing::warn!("cannot reach WeChat: {}", error.without_url());
    ApiError::WechatBusy
}
