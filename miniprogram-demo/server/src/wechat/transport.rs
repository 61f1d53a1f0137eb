//! Requests to WeChat. Their address or body has the AppSecret in it, so they go to the configured host and nowhere else.

use super::WechatError;
use super::answer::Answer;
use crate::config::WechatConfig;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use std::error::Error;
use std::time::Duration;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TIMEOUT: Duration = Duration::from_secs(5);
/// WeChat says "busy, try again": so long to wait before each new try.
const BUSY_PAUSES: [Duration; 2] = [Duration::from_millis(150), Duration::from_millis(400)];
/// Of an answer: a hundred times the largest honest one.
const MAX_ANSWER: usize = 64 * 1024;

pub struct Transport {
    http: Client,
    base: String,
}

impl Transport {
    pub fn new(config: &WechatConfig) -> Result<Self, reqwest::Error> {
        let mut http = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            // WeChat never redirects. Whoever does would learn the secret from the new request or its referer.
            .redirect(Policy::none())
            .referer(false);
        if config.sandbox {
            // It is this very process: a proxy could not reach it.
            http = http.no_proxy();
        }
        Ok(Self {
            http: http.build()?,
            base: config.base.clone(),
        })
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.base))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.base))
    }
}

/// Sends a request, again while WeChat is busy.
pub async fn ask(request: &RequestBuilder) -> Result<Answer, WechatError> {
    for pause in BUSY_PAUSES {
        let answer = ask_once(request).await?;
        if !answer.is_busy() {
            return Ok(answer);
        }
        tokio::time::sleep(pause).await;
    }
    ask_once(request).await
}

async fn ask_once(request: &RequestBuilder) -> Result<Answer, WechatError> {
    let request = request
        .try_clone()
        .ok_or_else(|| WechatError::Failed("a request that cannot be repeated".into()))?;
    let response = request.send().await.map_err(unreachable)?;
    if response.status() != StatusCode::OK {
        tracing::warn!("WeChat answered HTTP {}", response.status().as_u16());
        return Err(WechatError::Busy);
    }
    let body = read(response).await?;
    // The parser's error may quote the answer, which may hold a session key: its kind and place say enough.
    serde_json::from_slice(&body).map_err(|error| {
        WechatError::Failed(format!(
            "WeChat's answer is not of the expected form ({:?} error at byte {})",
            error.classify(),
            error.column()
        ))
    })
}

async fn read(mut response: Response) -> Result<Vec<u8>, WechatError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(WechatError::Failed("WeChat's answer is too large".into()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Logged with its causes, and without the address, which has the AppSecret in it.
fn unreachable(error: reqwest::Error) -> WechatError {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    tracing::warn!("cannot reach WeChat: {text}");
    WechatError::Busy
}

/// How long a question takes at most.
#[cfg(test)]
pub fn longest() -> Duration {
    BUSY_PAUSES
        .iter()
        .map(|pause| TIMEOUT + *pause)
        .sum::<Duration>()
        + TIMEOUT
}
