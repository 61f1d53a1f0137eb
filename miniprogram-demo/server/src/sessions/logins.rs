//! Logins: each has a family of tokens, and ends as a whole.

use super::refresh_token::{RefreshToken, new_salt};
use crate::clock;
use crate::entities::{login, session};
use crate::envelope::ApiError;
use crate::secret::{NO_ID, Secret, random_id, sha256_hex};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use std::time::Duration;
use time::PrimitiveDateTime;

/// How long a login lasts that is not used.
const IDLE_LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How long it lasts at most.
const LIFETIME: Duration = Duration::from_secs(180 * 24 * 60 * 60);
/// Of one user. The one that was not used for the longest time makes room.
const MAX_LOGINS: u64 = 10;

/// A login of `user_id`, and its first refresh token.
pub async fn begin(
    db: &impl ConnectionTrait,
    user_id: i64,
    device: &str,
) -> Result<(login::Model, RefreshToken), ApiError> {
    let refresh_token = RefreshToken::new()?;
    let now = clock::now();
    let ends_at = now + LIFETIME;
    let login = login::Model {
        id: random_id()?,
        user_id,
        family_hash: refresh_token.family_hash(),
        refresh_hash: refresh_token.hash(),
        previous_hash: None,
        salt: new_salt()?,
        generation: 1,
        device: device.to_owned(),
        used_time: now,
        expires_at: slid(now, ends_at),
        ends_at,
        add_time: now,
    };
    make_room(db, user_id).await?;
    login::Entity::insert(login.clone().into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok((login, refresh_token))
}

/// Until when a login lasts that is used at `now`.
pub fn slid(now: PrimitiveDateTime, ends_at: PrimitiveDateTime) -> PrimitiveDateTime {
    (now + IDLE_LIFETIME).min(ends_at)
}

/// Ends a login with all its tokens. The login goes first: a refresh that holds it is waited for, and the token that it has
/// issued goes, too.
pub async fn end(db: &impl ConnectionTrait, id: i64) -> Result<bool, DbErr> {
    login::Entity::delete_by_id(id).exec(db).await?;
    let deleted = session::Entity::delete_many()
        .filter(session::Column::LoginId.eq(id))
        .exec(db)
        .await?;
    Ok(deleted.rows_affected > 0)
}

/// Ends the login if it is this user's.
pub async fn end_of_user(db: &impl ConnectionTrait, user_id: i64, id: i64) -> Result<(), DbErr> {
    let login = login::Entity::find_by_id(id)
        .filter(login::Column::UserId.eq(user_id))
        .one(db)
        .await?;
    if let Some(login) = login {
        end(db, login.id).await?;
    }
    Ok(())
}

/// Ends all logins and sessions of a user, those without a login included.
pub async fn end_all(db: &impl ConnectionTrait, user_id: i64) -> Result<(), DbErr> {
    login::Entity::delete_many()
        .filter(login::Column::UserId.eq(user_id))
        .exec(db)
        .await?;
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user_id))
        .exec(db)
        .await?;
    Ok(())
}

/// The login that a request belongs to.
pub struct Own {
    pub token: Secret,
    /// Absent in a session that is older than logins are.
    pub login_id: Option<i64>,
}

/// Ends all logins and sessions of a user but `own`.
pub async fn end_others(db: &impl ConnectionTrait, user_id: i64, own: &Own) -> Result<(), DbErr> {
    let own_login = own.login_id.unwrap_or(NO_ID);
    let is_of_other_login = Condition::any()
        .add(session::Column::LoginId.is_null())
        .add(session::Column::LoginId.ne(own_login));
    login::Entity::delete_many()
        .filter(login::Column::UserId.eq(user_id))
        .filter(login::Column::Id.ne(own_login))
        .exec(db)
        .await?;
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::TokenHash.ne(sha256_hex(own.token.expose())))
        .filter(is_of_other_login)
        .exec(db)
        .await?;
    Ok(())
}

/// The logins of a user that have not ended, the last used one first.
pub async fn of_user(db: &impl ConnectionTrait, user_id: i64) -> Result<Vec<login::Model>, DbErr> {
    login::Entity::find()
        .filter(login::Column::UserId.eq(user_id))
        .filter(login::Column::ExpiresAt.gt(clock::now()))
        .order_by_desc(login::Column::UsedTime)
        .order_by_desc(login::Column::AddTime)
        .all(db)
        .await
}

/// All that is kept of a user's logins and sessions, those that have ended and are not deleted yet included.
pub async fn kept_of(
    db: &impl ConnectionTrait,
    user_id: i64,
) -> Result<(Vec<login::Model>, Vec<session::Model>), DbErr> {
    let logins = login::Entity::find()
        .filter(login::Column::UserId.eq(user_id))
        .order_by_asc(login::Column::AddTime);
    let sessions = session::Entity::find()
        .filter(session::Column::UserId.eq(user_id))
        .order_by_asc(session::Column::AddTime);
    Ok((logins.all(db).await?, sessions.all(db).await?))
}

async fn make_room(db: &impl ConnectionTrait, user_id: i64) -> Result<(), DbErr> {
    let surplus: Vec<i64> = login::Entity::find()
        .select_only()
        .column(login::Column::Id)
        .filter(login::Column::UserId.eq(user_id))
        .order_by_desc(login::Column::UsedTime)
        .order_by_desc(login::Column::AddTime)
        .offset(MAX_LOGINS - 1)
        .limit(MAX_LOGINS)
        .into_tuple()
        .all(db)
        .await?;
    for id in surplus {
        end(db, id).await?;
    }
    Ok(())
}
