//! The profile that a mini-program sends along, and which parts of it are worth keeping.

use crate::envelope::ApiError;
use crate::names;
use reqwest::Url;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// What WeChat names everybody who has not told the mini-program a name.
pub const PLACEHOLDER_NICKNAME: &str = "微信用户";
/// In the address of the grey head that comes with that name.
const PLACEHOLDER_AVATAR: &str =
    "POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg";

const MAX_NICKNAME: usize = 64;
const MAX_AVATAR: usize = 1024;
const GENDERS: std::ops::RangeInclusive<i8> = 0..=2;
/// "Hosts" of files on the phone: `http://tmp/…`.
const FOLDERS_OF_PHONES: [&str; 3] = ["tmp", "usr", "store"];

/// The fields of a profile as they came. Any may be absent, null or odd, even text that is no Unicode, such as half an
/// emoji: so each is read by itself.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ProfileFields {
    #[schema(value_type = Option<String>)]
    nick_name: Field,
    #[schema(value_type = Option<String>)]
    avatar_url: Field,
    #[schema(value_type = Option<i8>)]
    gender: Field,
    #[schema(value_type = Option<String>)]
    country: Field,
    #[schema(value_type = Option<String>)]
    province: Field,
    #[schema(value_type = Option<String>)]
    city: Field,
    #[schema(value_type = Option<String>)]
    language: Field,
}

type Field = Option<Box<RawValue>>;

#[derive(Default)]
pub struct Profile {
    pub nick_name: Option<String>,
    pub avatar_url: Option<String>,
    pub gender: Option<i8>,
    pub region: Region,
}

/// The fields that are handed back as they came and not kept.
#[derive(Clone, Default, Serialize, ToSchema)]
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

impl ProfileFields {
    /// For a change of the profile: an odd field is an error.
    pub fn all(self) -> Result<Profile, ApiError> {
        self.read(|_| Err(ApiError::BadValue))
    }

    /// For a login: an odd field is left out, the login goes on.
    pub fn without_odd_ones(self) -> Result<Profile, ApiError> {
        self.read(|field| {
            tracing::debug!("{field} of the profile makes no sense and is left out");
            Ok(())
        })
    }

    fn read(self, if_odd: impl Fn(&str) -> Result<(), ApiError>) -> Result<Profile, ApiError> {
        let text = |name, value| read(name, value, Some, &if_odd);
        Ok(Profile {
            nick_name: read("nickName", self.nick_name, nickname, &if_odd)?,
            avatar_url: read("avatarUrl", self.avatar_url, avatar, &if_odd)?,
            gender: read("gender", self.gender, gender, &if_odd)?,
            region: Region {
                country: text("country", self.country)?,
                province: text("province", self.province)?,
                city: text("city", self.city)?,
                language: text("language", self.language)?,
            },
        })
    }
}

fn read<T: DeserializeOwned>(
    name: &str,
    field: Field,
    accept: impl Fn(T) -> Option<T>,
    if_odd: impl Fn(&str) -> Result<(), ApiError>,
) -> Result<Option<T>, ApiError> {
    let Some(json) = field else {
        return Ok(None);
    };
    let accepted = serde_json::from_str(json.get()).ok().and_then(accept);
    if accepted.is_none() {
        if_odd(name)?;
    }
    Ok(accepted)
}

fn nickname(name: String) -> Option<String> {
    names::normalised(name.trim()).filter(|name| name.chars().count() <= MAX_NICKNAME)
}

/// A picture that other phones can load: not a script, and not a file on the phone that it comes from.
fn avatar(address: String) -> Option<String> {
    if address.is_empty() {
        return Some(address);
    }
    let url = Url::parse(&address).ok()?;
    let scheme = address.get(..url.scheme().len() + "://".len())?;
    let is_web = ["http://", "https://"].contains(&scheme.to_ascii_lowercase().as_str());
    let is_on_phone = FOLDERS_OF_PHONES.contains(&url.host_str()?.trim_end_matches('.'));
    let fits = address.chars().count() <= MAX_AVATAR && !address.contains(is_odd_in_address);
    (is_web && !is_on_phone && fits).then_some(address)
}

/// What no address needs as it is, and what would end one in a page that puts it between quotes.
fn is_odd_in_address(character: char) -> bool {
    let ends_it = matches!(character, '"' | '\'' | '<' | '>' | '`' | '\\');
    ends_it || character.is_whitespace() || names::is_invisible(character)
}

fn gender(gender: i8) -> Option<i8> {
    GENDERS.contains(&gender).then_some(gender)
}

impl Profile {
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
