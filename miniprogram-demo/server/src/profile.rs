//! The profile that a mini-program sends along, and which parts of it are worth keeping.

use crate::envelope::ApiError;
use serde::{Deserialize, Serialize};

/// What WeChat names everybody who has not told the mini-program a name.
pub const PLACEHOLDER_NICKNAME: &str = "微信用户";
/// In the address of the grey head that comes with that name.
const PLACEHOLDER_AVATAR: &str =
    "POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg";

const MAX_NICKNAME: usize = 64;
const MAX_AVATAR: usize = 1024;
const GENDERS: std::ops::RangeInclusive<i8> = 0..=2;

/// `userInfo` of a login request. Every field may be absent or null.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Profile {
    pub nick_name: Option<String>,
    pub avatar_url: Option<String>,
    pub gender: Option<i8>,
    #[serde(flatten)]
    pub region: Region,
}

/// The fields that are handed back as they came and not kept.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Region {
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    province: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
}

impl Profile {
    /// Refuses what the user table could not hold.
    pub fn validate(&self) -> Result<(), ApiError> {
        let fits = |text: &Option<String>, max| {
            text.as_ref().is_none_or(|text| text.chars().count() <= max)
        };
        let valid = fits(&self.nick_name, MAX_NICKNAME)
            && fits(&self.avatar_url, MAX_AVATAR)
            && self.gender.is_none_or(|gender| GENDERS.contains(&gender));
        if valid {
            Ok(())
        } else {
            Err(ApiError::BadValue)
        }
    }

    /// The nickname, if it is one.
    pub fn real_nickname(&self) -> Option<&str> {
        self.nick_name
            .as_deref()
            .filter(|name| !name.is_empty() && *name != PLACEHOLDER_NICKNAME)
    }

    /// The avatar, if it is one.
    pub fn real_avatar(&self) -> Option<&str> {
        self.avatar_url
            .as_deref()
            .filter(|url| !url.is_empty() && !url.contains(PLACEHOLDER_AVATAR))
    }

    /// What is left of a profile that WeChat filled in: whatever comes with the placeholder name is a placeholder too,
    /// and gender 0 means that WeChat does not tell.
    pub fn without_placeholders(self) -> Self {
        let anonymous = self.nick_name.as_deref() == Some(PLACEHOLDER_NICKNAME);
        Self {
            nick_name: self.real_nickname().map(str::to_owned),
            avatar_url: self.real_avatar().filter(|_| !anonymous).map(str::to_owned),
            gender: self.gender.filter(|gender| *gender != 0),
            region: self.region,
        }
    }
}
