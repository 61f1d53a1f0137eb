//! The client of WeChat's own interface: the real one, or the sandbox, over HTTP either way.

use crate::config::WechatConfig;
use crate::envelope::ApiError;
use reqwest::Client;
use serde::Deserialize;
use std::time::Duration;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TIMEOUT: Duration = Duration::from_secs(5);
/// WeChat says "busy, try again": so long to wait before each new try.
const BUSY_PAUSES: [Duration; 2] = [Duration::from_millis(150), Duration::from_millis(400)];
const BUSY: i64 = -1;

pub struct Wechat {
    http: Client,
    config: WechatConfig,
}

#[derive(Deserialize)]
struct Code2Session {
    #[serde(default)]
    errcode: i64,
    /// Beside it comes a `session_key`, which nothing here needs: it is not even read.
    openid: Option<String>,
}

impl Wechat {
    pub fn new(config: WechatConfig) -> Result<Self, reqwest::Error> {
        let http = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .build()?;
        Ok(Self { http, config })
    }

    /// The openid behind a code of `wx.login`. A code that was sent is used up, whatever comes back, unless WeChat was
    /// too busy to look at it.
    pub async fn openid_of(&self, code: &str) -> Result<String, ApiError> {
        for pause in BUSY_PAUSES {
            let answer = self.code2session(code).await?;
            if answer.errcode != BUSY {
                return openid(answer);
            }
            tokio::time::sleep(pause).await;
        }
        openid(self.code2session(code).await?)
    }

    async fn code2session(&self, code: &str) -> Result<Code2Session, ApiError> {
        let query = [
            ("appid", self.config.app_id.as_str()),
            ("secret", self.config.secret.expose()),
            ("js_code", code),
            ("grant_type", "authorization_code"),
        ];
        let request = self
            .http
            .get(format!("{}/sns/jscode2session", self.config.base))
            .query(&query);
        let response = request
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(unreachable)?;
        response
            .json()
            .await
            .map_err(|error| ApiError::Internal(error.without_url().into()))
    }
}

fn openid(answer: Code2Session) -> Result<String, ApiError> {
    match (answer.errcode, answer.openid) {
        (0, Some(openid)) if !openid.is_empty() => Ok(openid),
        (0, _) => Err(ApiError::Internal("WeChat's answer has no openid".into())),
        (errcode, _) => Err(refusal(errcode)),
    }
}

/// What one of WeChat's errcodes means for the mini-program.
fn refusal(errcode: i64) -> ApiError {
    match errcode {
        BUSY => ApiError::WechatBusy,
        40029 | 40163 => ApiError::CodeRejected,
        45011 => ApiError::TooFrequent,
        40226 => ApiError::Blocked,
        40013 => ApiError::Internal("WeChat does not know this WECHAT_APPID (40013)".into()),
        40125 => ApiError::Internal("WeChat refuses this WECHAT_SECRET (40125)".into()),
        _ => ApiError::Internal(format!("WeChat answered errcode {errcode}").into()),
    }
}

/// Logged without the address, which has the AppSecret in it.
fn unreachable(error: reqwest::Error) -> ApiError {
    tracing::warn!("cannot reach WeChat: {}", error.without_url());
    ApiError::WechatBusy
}
