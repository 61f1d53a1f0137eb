//! WeChat's answers.

use super::WechatError;
use crate::secret::Secret;
use serde::Deserialize;

const BUSY: i64 = -1;
/// WeChat's words for an access token that it does not take (any more).
const STALE_TOKEN: [i64; 3] = [40001, 40014, 42001];

/// All of WeChat's answers in one: an `errcode`, or what was asked for. A `session_key` is not even read.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Answer {
    errcode: i64,
    pub openid: Option<String>,
    pub unionid: Option<String>,
    pub access_token: Option<Secret>,
    pub expires_in: u64,
    pub phone_info: Option<PhoneInfo>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PhoneInfo {
    pub phone_number: String,
}

impl Answer {
    pub fn is_busy(&self) -> bool {
        self.errcode == BUSY
    }

    pub fn is_about_the_access_token(&self) -> bool {
        STALE_TOKEN.contains(&self.errcode)
    }

    /// The answer, if it is one and not a refusal.
    pub fn accepted(self) -> Result<Self, WechatError> {
        Err(match self.errcode {
            0 => return Ok(self),
            BUSY => WechatError::Busy,
            40029 | 40163 => WechatError::CodeRejected,
            45011 => WechatError::TooFrequent,
            40226 => WechatError::Blocked,
            // Of the day, of the minute, of the purchased package: whoever asks, the next call fails as well.
            45009 | 45035 | 50002 | 1021001 => WechatError::QuotaUsedUp(self.errcode),
            40013 => WechatError::Failed("WeChat does not know this WECHAT_APPID (40013)".into()),
            40125 => WechatError::Failed("WeChat refuses this WECHAT_SECRET (40125)".into()),
            40164 => WechatError::Failed(
                "this server's address is not in the mini-program's IP allow list (40164)".into(),
            ),
            errcode => WechatError::Failed(format!("WeChat answered errcode {errcode}")),
        })
    }
}
