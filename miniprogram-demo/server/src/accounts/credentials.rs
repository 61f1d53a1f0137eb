//! Username and password: as they come in, and whose they are.

use crate::database::Database;
use crate::entities::wx_user::{Column, Entity, Model};
use crate::envelope::ApiError;
use crate::limits::PasswordAttempt;
use crate::passwords::Passwords;
use crate::secret::Secret;
use crate::{audit, names, users};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use serde::Deserialize;
use std::net::IpAddr;
use utoipa::ToSchema;

const MAX_USERNAME: usize = 63;

/// Username and password as they come in a request.
#[derive(Deserialize, ToSchema)]
pub struct Account {
    username: Option<String>,
    #[schema(value_type = Option<String>)]
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
    if let Some(user) = &user {
        audit::is_of_user(user.id);
    }
    let (known, password) = (user.as_ref(), credentials.password);
    if !knows_password(db, passwords, &username, known, password, address).await? {
        return Err(ApiError::WrongPassword);
    }
    users::active(user.ok_or(ApiError::WrongPassword)?)
}

/// Whether `password` is the one of `username`, who is `user` if there is such an account.
pub(super) async fn knows_password(
    db: &Database,
    passwords: &Passwords,
    username: &str,
    user: Option<&Model>,
    password: Secret,
    address: IpAddr,
) -> Result<bool, ApiError> {
    let last_login_ip = user.map(|user| user.last_login_ip.as_str());
    let attempt = PasswordAttempt::begin(db, username, last_login_ip, address).await?;
    let hash = user.and_then(|user| user.password.clone());
    match passwords.verify(password, hash).await {
        Ok(true) => attempt.succeeded(db).await.map(|()| true),
        Ok(false) => Ok(false),
        Err(error) => {
            attempt.did_not_happen(db).await?;
            Err(error)
        }
    }
}

/// Notes the login of a user whom [`authenticate`] has let in.
pub async fn note_login(
    db: &impl ConnectionTrait,
    authenticated: &Model,
    ip: &str,
) -> Result<Model, ApiError> {
    let user = still_authenticated(db, authenticated).await?;
    users::note_login(db, user.id, ip).await
}

/// The user's row, locked. A password that was changed since it was looked at is a wrong one.
pub(super) async fn still_authenticated(
    db: &impl ConnectionTrait,
    authenticated: &Model,
) -> Result<Model, ApiError> {
    let user = users::locked(db, authenticated.id).await?;
    let user = user.filter(|user| user.password == authenticated.password);
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
