//! Accounts with a password, and binding one to a WeChat user.
//!
//! A person who only ever came with WeChat has a row without username and password. Registering or binding turns it
//! into, or merges it with, the row of an account; afterwards either way of signing in leads to one user.

use crate::database::Database;
use crate::entities::wx_user::{ActiveModel, Column, Entity, Model};
use crate::envelope::ApiError;
use crate::limits::PasswordAttempt;
use crate::passwords::Passwords;
use crate::profile::{PLACEHOLDER_NICKNAME, Profile};
use crate::secret::Secret;
use crate::{audit, names, pictures, users};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    SqlErr,
};
use serde::Deserialize;
use std::net::IpAddr;

const MAX_USERNAME: usize = 63;

/// Username and password as they come in a request.
#[derive(Deserialize)]
pub struct Account {
    username: Option<String>,
    password: Option<Secret>,
}

/// Username and password, neither empty.
pub struct Credentials {
    /// In the one form in which names are kept; `None` if nobody can have this one.
    username: Option<String>,
    password: Secret,
}

impl Account {
    pub fn credentials(self) -> Result<Credentials, ApiError> {
        let username = self
            .username
            .filter(|name| !name.is_empty())
            .ok_or(ApiError::MissingArgument)?;
        let password = self
            .password
            .filter(|password| !password.expose().is_empty());
        Ok(Credentials {
            username: normalised(&username),
            password: password.ok_or(ApiError::MissingArgument)?,
        })
    }
}

/// Blanks are no part of names, where MySQL would ignore those at the end, and neither is what makes no visible difference.
fn normalised(username: &str) -> Option<String> {
    names::normalised(username).filter(|name| {
        name.chars().count() <= MAX_USERNAME
            && !name.contains(char::is_whitespace)
            && !names::has_shaping_characters(name)
    })
}

/// The user whose username and password these are. Wrong ones are counted for the account and for `address`, and too many
/// are refused.
pub async fn authenticate(
    db: &Database,
    passwords: &Passwords,
    credentials: Credentials,
    address: IpAddr,
) -> Result<Model, ApiError> {
    let username = credentials.username.ok_or(ApiError::WrongPassword)?;
    let user = db
        .read(async |db| Ok(by_username(&db, &username).await?))
        .await?;
    if let Some(user) = &user {
        audit::is_of_user(user.id);
    }
    let last_login_ip = user.as_ref().map(|user| user.last_login_ip.as_str());
    let attempt = PasswordAttempt::begin(db, &username, last_login_ip, address).await?;
    let hash = user.as_ref().and_then(|user| user.password.clone());
    match passwords.verify(credentials.password, hash).await {
        Ok(true) => attempt.succeeded(db).await?,
        Ok(false) => return Err(ApiError::WrongPassword),
        Err(error) => {
            attempt.did_not_happen(db).await?;
            return Err(error);
        }
    }
    users::active(user.ok_or(ApiError::WrongPassword)?)
}

async fn by_username(db: &impl ConnectionTrait, username: &str) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::Username.eq(username))
        .one(db)
        .await
}

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

    /// Creates the account. With an `openid` it is bound to that WeChat user from the start, and a row that this user
    /// has from earlier logins becomes the account's. Saving once more what was saved changes nothing.
    pub async fn save(
        &self,
        db: &impl ConnectionTrait,
        openid: Option<&str>,
        ip: &str,
    ) -> Result<Model, ApiError> {
        if let Some(account) = by_username(db, &self.username).await? {
            return self.own(account);
        }
        let visitor = match openid {
            Some(openid) => visitor(db, openid).await?,
            None => None,
        };
        let mut user = match visitor {
            Some(visitor) => users::login_of(visitor.id, ip),
            None => self.newcomer(openid, ip)?,
        };
        user.username = Set(Some(self.username.clone()));
        user.password = Set(Some(self.password_hash.clone()));
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

    fn newcomer(&self, openid: Option<&str>, ip: &str) -> Result<ActiveModel, ApiError> {
        let profile = Profile {
            nick_name: Some(self.username.clone()),
            ..Profile::default()
        };
        Ok(ActiveModel {
            weixin_openid: Set(openid.map(str::to_owned)),
            ..users::newcomer(&profile, ip)?
        })
    }
}

/// Binds `openid` to the account with the id `account`, for the first and only time. What the WeChat user had before is
/// the account's from now on: the row goes away, with its sessions; the account takes over what it lacks.
pub async fn bind(db: &impl ConnectionTrait, account: i64, openid: &str) -> Result<(), ApiError> {
    let account = Entity::find_by_id(account)
        .lock_exclusive()
        .one(db)
        .await?
        .ok_or(ApiError::WrongPassword)?;
    if account.weixin_openid.as_deref() == Some(openid) {
        return Ok(());
    }
    let visitor = visitor(db, openid).await?;
    if account.weixin_openid.is_some() {
        return Err(ApiError::AccountBoundElsewhere);
    }
    let mut bound = users::change_of(account.id);
    if let Some(visitor) = visitor {
        pictures::hand_over(db, visitor.id, account.id).await?;
        Entity::delete_by_id(visitor.id)
            .exec(db)
            .await
            .map_err(ApiError::UpdateFailed)?;
        inherit(&mut bound, &account, visitor);
    }
    bound.weixin_openid = Set(Some(openid.to_owned()));
    bound.update(db).await.map_err(taken)?;
    Ok(())
}

/// The row that a WeChat user has from logins without an account, locked. One who has an account is refused.
async fn visitor(db: &impl ConnectionTrait, openid: &str) -> Result<Option<Model>, ApiError> {
    match Entity::find()
        .filter(Column::WeixinOpenid.eq(openid))
        .lock_exclusive()
        .one(db)
        .await?
    {
        Some(user) if user.username.is_some() => Err(ApiError::WeixinBoundElsewhere),
        Some(user) => users::active(user).map(Some),
        None => Ok(None),
    }
}

fn inherit(bound: &mut ActiveModel, account: &Model, visitor: Model) {
    let has_own_name = account.username.as_ref() != Some(&account.nickname);
    if !has_own_name && visitor.nickname != PLACEHOLDER_NICKNAME {
        bound.nickname = Set(visitor.nickname);
    }
    if account.avatar.is_empty() {
        bound.avatar = Set(visitor.avatar);
    }
    if account.gender == 0 {
        bound.gender = Set(visitor.gender);
    }
    if account.mobile.is_empty() {
        bound.mobile = Set(visitor.mobile);
    }
    if account.proved_mobile.is_none() {
        bound.proved_mobile = Set(visitor.proved_mobile);
    }
}

/// Which of the two unique columns an account could not have.
fn taken(error: DbErr) -> ApiError {
    let column = match error.sql_err() {
        // The message ends with the name of the column (SQLite) or of its index (MySQL), which is the same.
        Some(SqlErr::UniqueConstraintViolation(message)) => message,
        _ => return ApiError::UpdateFailed(error),
    };
    let column = column.trim_end_matches('\'');
    if column.ends_with("weixin_openid") {
        ApiError::WeixinBoundElsewhere
    } else if column.ends_with("username") {
        ApiError::NameTaken
    } else {
        ApiError::UpdateFailed(error)
    }
}

fn is_chinese_mobile(text: &str) -> bool {
    let digits = text.as_bytes();
    digits.len() == 11
        && digits[0] == b'1'
        && (b'3'..=b'9').contains(&digits[1])
        && digits.iter().all(u8::is_ascii_digit)
}
