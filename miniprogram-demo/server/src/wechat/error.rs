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
    /// A word for each kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::CodeRejected => "code_rejected",
            Self::TooFrequent => "too_frequent",
            Self::Blocked => "blocked",
            Self::QuotaUsedUp(_) => "quota_used_up",
            Self::Failed(_) => "failed",
        }
    }

    pub fn lacks(what: &str) -> Self {
        Self::Failed(format!("WeChat's answer has no {what}"))
    }
}
