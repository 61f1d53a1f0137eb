//! Another password for an account: by who knows the old one, or who has proved to have the account's phone number.

use super::credentials::knows_password;
use crate::database::Database;
use crate::entities::wx_user::{Column, Entity, Model};
use crate::envelope::ApiError;
use crate::limits::{self, PasswordAttempt};
use crate::passwords::Passwords;
use crate::secret::Secret;
use crate::{audit, sessions, users};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    Set,
};
use std::net::IpAddr;

/// The password in use, and the one that is to take its place.
pub struct PasswordChange {
    pub old: Secret,
    pub new: Secret,
}

/// Changes the password of `user`, and ends all of the user's logins but `own`.
pub async fn change_password(
    db: &Database,
    passwords: &Passwords,
    user: &Model,
    change: PasswordChange,
    own: &sessions::Own,
    address: IpAddr,
) -> Result<(), ApiError> {
    let username = user.username.as_ref().ok_or(ApiError::NoPassword)?;
    if !knows_password(db, passwords, username, Some(user), change.old, address).await? {
        return Err(ApiError::WrongOldPassword);
    }
    let hash = Some(passwords.hash_new(change.new, username.clone()).await?);
    db.write(async |tx| {
        let current = sessions::locked_user(&*tx, user.id, own).await?.password;
        if current != user.password && current != hash {
            return Err(ApiError::WrongOldPassword);
        }
        set_password(&*tx, user.id, &hash).await?;
        Ok(sessions::end_others(&*tx, user.id, own).await?)
    })
    .await
}

/// Gives the account whose confirmed phone number this is another password, ends all of its logins, and tells its name. Who has
/// no such account is counted as one who guesses.
pub async fn reset_password(
    db: &Database,
    passwords: &Passwords,
    mobile: &str,
    new: Secret,
    address: IpAddr,
) -> Result<String, ApiError> {
    // No username has a blank.
    let attempt = PasswordAttempt::begin(db, &format!("phone {mobile}"), None, address).await?;
    let account = db.read(async |db| Ok(account_of(mobile).one(&db).await?));
    let Some((id, username)) = account.await?.and_then(named) else {
        return Err(ApiError::NoAccountOfPhone);
    };
    audit::is_of_user(id);
    attempt.succeeded(db).await?;
    let hash = Some(passwords.hash_new(new, username.clone()).await?);
    db.write(async |tx| {
        let account = account_of(mobile).lock_exclusive().one(&*tx).await?;
        let account = account.filter(|account| account.id == id);
        let account = users::active(account.ok_or(ApiError::NoAccountOfPhone)?)?;
        if account.password != hash {
            set_password(&*tx, id, &hash).await?;
            sessions::end_all(&*tx, id).await?;
        }
        // Who has forgotten a password has guessed first.
        Ok(limits::forget_guesses(&*tx, &username, address).await?)
    })
    .await?;
    Ok(username)
}

fn account_of(mobile: &str) -> sea_orm::Select<Entity> {
    Entity::find()
        .filter(Column::ProvedMobile.eq(mobile))
        .filter(Column::Username.is_not_null())
}

fn named(account: Model) -> Option<(i64, String)> {
    Some((account.id, account.username?))
}

async fn set_password(
    db: &impl ConnectionTrait,
    id: i64,
    hash: &Option<String>,
) -> Result<(), DbErr> {
    let mut change = users::change_of(id);
    change.password = Set(hash.clone());
    change.update(db).await.map(drop)
}
