//! Username and password: as they come in, and whose they are.

use crate::database::Database;
use crate::entities::wx_user::{Column, Entity, Model};
use crate::envelope::ApiError;
use crate::limits::PasswordAttempt;
use crate::passwords::Passwords;
use crate::secret::Secret;
use crate::{names, users};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
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
    pub(super) username: Option<String>,
    pub(super) password: Secret,
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

pub(super) async fn by_username(
    db: &impl ConnectionTrait,
    username: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::Username.eq(username))
        .one(db)
        .await
}
