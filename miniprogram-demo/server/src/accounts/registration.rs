//! New accounts.

use super::binding::visitor;
use super::credentials::{Credentials, by_username};
use super::taken;
use crate::entities::wx_user::{ActiveModel, Model};
use crate::envelope::ApiError;
use crate::passwords::Passwords;
use crate::profile::Profile;
use crate::users;
use crate::wechat::WechatUser;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ConnectionTrait};

/// An account that is about to be created.
pub struct Registration {
    username: String,
    password_hash: String,
    mobile: Option<String>,
}

impl Registration {
    pub async fn new(
        passwords: &Passwords,
        credentials: Credentials,
        mobile: Option<String>,
    ) -> Result<Self, ApiError> {
        let username = credentials.username.ok_or(ApiError::BadValue)?;
        let mobile = mobile.filter(|mobile| !mobile.is_empty());
        if mobile
            .as_deref()
            .is_some_and(|mobile| !is_chinese_mobile(mobile))
        {
            return Err(ApiError::BadMobile);
        }
        let password_hash = passwords
            .hash_new(credentials.password, username.clone())
            .await?;
        Ok(Self {
            username,
            password_hash,
            mobile,
        })
    }

    /// Creates the account. With a WeChat user it is bound to that one from the start, and a row that this user
    /// has from earlier logins becomes the account's. Saving once more what was saved changes nothing.
    pub async fn save(
        &self,
        db: &impl ConnectionTrait,
        wechat: Option<&WechatUser>,
        ip: &str,
    ) -> Result<Model, ApiError> {
        if let Some(account) = by_username(db, &self.username).await? {
            return self.own(account);
        }
        let visitor = match wechat {
            Some(wechat) => visitor(db, &wechat.openid).await?,
            None => None,
        };
        let mut user = match visitor {
            Some(visitor) => users::login_of(visitor.id, ip),
            None => self.newcomer(ip)?,
        };
        user.username = Set(Some(self.username.clone()));
        user.password = Set(Some(self.password_hash.clone()));
        if let Some(wechat) = wechat {
            user.weixin_openid = Set(Some(wechat.openid.clone()));
            if wechat.unionid.is_some() {
                user.weixin_unionid = Set(wechat.unionid.clone());
            }
        }
        if let Some(mobile) = self.mobile.clone() {
            user.mobile = Set(mobile);
        }
        let saved = if user.id.is_unchanged() {
            user.update(db).await
        } else {
            user.insert(db).await
        };
        saved.map_err(taken)
    }

    /// `account`, if an earlier run of this registration saved it: the salt makes each hash unique.
    fn own(&self, account: Model) -> Result<Model, ApiError> {
        let is_own = account.password.as_ref() == Some(&self.password_hash);
        if is_own {
            Ok(account)
        } else {
            Err(ApiError::NameTaken)
        }
    }

    fn newcomer(&self, ip: &str) -> Result<ActiveModel, ApiError> {
        let profile = Profile {
            nick_name: Some(self.username.clone()),
            ..Profile::default()
        };
        users::newcomer(&profile, ip)
    }
}

fn is_chinese_mobile(text: &str) -> bool {
    let digits = text.as_bytes();
    digits.len() == 11
        && digits[0] == b'1'
        && (b'3'..=b'9').contains(&digits[1])
        && digits.iter().all(u8::is_ascii_digit)
}
