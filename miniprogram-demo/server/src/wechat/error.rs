//! What can go wrong with WeChat.

/// Cloned, because callers that share a request share its failure. No text in here quotes a request or an answer: both
/// have secrets in them.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WechatError {
    #[error("WeChat is busy or out of reach")]
    Busy,
    #[error("WeChat rejects the code")]
    CodeRejected,
    #[error("too many logins of this WeChat user")]
    TooFrequent,
    #[error("WeChat blocks this user")]
    Blocked,
    #[error("the mini-program's quota of this interface is used up (errcode {0})")]
    QuotaUsedUp(i64),
    #[error("{0}")]
    Failed(String),
}

impl WechatError {
    pub fn lacks(what: &str) -> Self {
        Self::Failed(format!("WeChat's answer has no {what}"))
    }
}
