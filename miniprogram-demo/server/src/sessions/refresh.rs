//! Another access token for a refresh token, which is replaced by its successor.
//!
//! The predecessor is accepted until the successor, or an access token that came with it, is used (an answer may be lost), and for
//! a short time in any case. After that it is in two hands, and nobody knows in whose the other tokens are: the login ends.

use super::logins::{self, slid};
use super::refresh_token::{RefreshToken, new_salt};
use super::replaced::{remember, replacement_of};
use super::{Issued, access_token};
use crate::clock;
use crate::database::Database;
use crate::entities::{login, session, wx_user};
use crate::envelope::ApiError;
use crate::secret::{Secret, sha256_hex};
use crate::{audit, users};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Select, Set,
};
use std::time::Duration;

/// So many access tokens of one login work at a time: a client uses one, and the answers that brought others may have been lost.
const MAX_ACCESS_TOKENS: u64 = 20;

/// The user, and what the client goes on with.
pub async fn refresh(
    db: &Database,
    token: &Secret,
    lifetime: Duration,
) -> Result<(wx_user::Model, Issued), ApiError> {
    let (token, login) = login_of(db, token).await?;
    let refreshed =
        db.write(async |tx| refresh_or_end(&*tx, login.user_id, &token, lifetime).await);
    refreshed.await?.ok_or(ApiError::SignedOut)
}

/// Ends the login of a refresh token, which may have been replaced since.
pub async fn end_by(db: &Database, token: &Secret) -> Result<(), ApiError> {
    let (_, login) = login_of(db, token).await?;
    let ended = db.write(async |tx| Ok(logins::end(&*tx, login.id).await?));
    ended.await.map(drop)
}

/// Ends all logins of its user.
pub async fn end_all_by(db: &Database, token: &Secret) -> Result<(), ApiError> {
    let (_, login) = login_of(db, token).await?;
    db.write(async |tx| Ok(logins::end_all(&*tx, login.user_id).await?))
        .await
}

/// An invented token takes no write transaction.
async fn login_of(db: &Database, token: &Secret) -> Result<(RefreshToken, login::Model), ApiError> {
    let token = RefreshToken::parse(token).ok_or(ApiError::SignedOut)?;
    let known = db.read(async |db| Ok(family_of(&token).one(&db).await?));
    let login = known.await?.ok_or(ApiError::SignedOut)?;
    audit::is_of_user(login.user_id);
    Ok((token, login))
}

/// `None` if there is no such login any more, or it has just been ended. The user is locked before the login, as everywhere: a new
/// session locks its user in any case.
async fn refresh_or_end(
    db: &impl ConnectionTrait,
    user_id: i64,
    token: &RefreshToken,
    lifetime: Duration,
) -> Result<Option<(wx_user::Model, Issued)>, ApiError> {
    let user = users::locked(db, user_id).await?;
    let Some(login) = family_of(token).lock_exclusive().one(db).await? else {
        return Ok(None);
    };
    let is_current = token.hash() == login.refresh_hash;
    let replacement = if is_current {
        None
    } else {
        replacement_of(db, &login, token).await?
    };
    if !is_current && replacement.is_none() {
        tracing::warn!(
            user = login.user_id,
            "a refresh token came back after its successor was used: the login ends"
        );
        logins::end(db, login.id).await?;
        return Ok(None);
    }
    if login.expires_at <= clock::now() {
        return Ok(None);
    }
    let user = users::active(user.ok_or(ApiError::SignedOut)?)?;
    let (login, successor) = match replacement {
        Some(replacement) => (login, replacement),
        None => rotated(db, login, token).await?,
    };
    let issued = access_token(db, &login, successor.into_secret(), lifetime).await?;
    make_room(db, login.id, &issued).await?;
    Ok(Some((user, issued)))
}

/// Ends the oldest access tokens of a login that has too many, beside `latest`: the end of a login is one short statement, however
/// often it was refreshed.
async fn make_room(db: &impl ConnectionTrait, login_id: i64, latest: &Issued) -> Result<(), DbErr> {
    let surplus: Vec<String> = session::Entity::find()
        .select_only()
        .column(session::Column::TokenHash)
        .filter(session::Column::LoginId.eq(login_id))
        .filter(session::Column::TokenHash.ne(sha256_hex(latest.token.expose())))
        .order_by_desc(session::Column::Generation)
        .order_by_desc(session::Column::AddTime)
        .offset(MAX_ACCESS_TOKENS - 1)
        .limit(MAX_ACCESS_TOKENS)
        .into_tuple()
        .all(db)
        .await?;
    if !surplus.is_empty() {
        session::Entity::delete_many()
            .filter(session::Column::TokenHash.is_in(surplus))
            .exec(db)
            .await?;
    }
    Ok(())
}

fn family_of(token: &RefreshToken) -> Select<login::Entity> {
    login::Entity::find().filter(login::Column::FamilyHash.eq(token.family_hash()))
}

async fn rotated(
    db: &impl ConnectionTrait,
    login: login::Model,
    token: &RefreshToken,
) -> Result<(login::Model, RefreshToken), ApiError> {
    let now = clock::now();
    let salt = new_salt()?;
    let successor = token.successor(&salt);
    remember(db, &login, &salt).await?;
    let (generation, ends_at) = (login.generation, login.ends_at);
    let mut rotated = login.into_active_model();
    rotated.refresh_hash = Set(successor.hash());
    rotated.previous_hash = Set(Some(token.hash()));
    rotated.salt = Set(salt);
    rotated.generation = Set(generation + 1);
    rotated.used_time = Set(now);
    rotated.expires_at = Set(slid(now, ends_at));
    let rotated = rotated.update(db).await.map_err(ApiError::UpdateFailed)?;
    Ok((rotated, successor))
}
