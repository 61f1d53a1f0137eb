//! Tokens: random, short-lived, revocable. The database knows only their hashes, so that who reads it cannot sign in.

use crate::clock;
use crate::entities::{session, wx_user};
use crate::envelope::ApiError;
use crate::secret::{Secret, random_hex, sha256_hex};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, Set,
};
use std::time::Duration;
use time::PrimitiveDateTime;

const TOKEN_BYTES: usize = 32;
const PURGE_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// A session that was just opened: the only moment at which its token can be read.
pub struct Issued {
    pub token: Secret,
    pub expires_at: PrimitiveDateTime,
}

/// Opens a session of `user_id`.
pub async fn issue(
    db: &impl ConnectionTrait,
    user_id: i64,
    lifetime: Duration,
) -> Result<Issued, ApiError> {
    let token = Secret::new(random_hex(TOKEN_BYTES)?);
    let now = clock::now();
    let expires_at = now + lifetime;
    let row = session::ActiveModel {
        token_hash: Set(sha256_hex(token.expose())),
        user_id: Set(user_id),
        expires_at: Set(expires_at),
        add_time: Set(now),
    };
    session::Entity::insert(row)
        .exec_without_returning(db)
        .await?;
    Ok(Issued { token, expires_at })
}

/// Whose token this is, unless it is foreign, revoked or expired.
pub async fn user_of(
    db: &impl ConnectionTrait,
    token: &Secret,
) -> Result<Option<wx_user::Model>, DbErr> {
    let found = session::Entity::find_by_id(sha256_hex(token.expose()))
        .find_also_related(wx_user::Entity)
        .one(db)
        .await?;
    Ok(found
        .filter(|(session, _)| session.expires_at > clock::now())
        .and_then(|(_, user)| user))
}

/// Ends the session of `token`.
pub async fn revoke(db: &impl ConnectionTrait, token: &Secret) -> Result<(), DbErr> {
    session::Entity::delete_by_id(sha256_hex(token.expose()))
        .exec(db)
        .await?;
    Ok(())
}

/// Deletes expired sessions now and every hour, for ever.
pub async fn purge_expired(db: DatabaseConnection) {
    let mut timer = tokio::time::interval(PURGE_INTERVAL);
    loop {
        timer.tick().await;
        let expired = session::Column::ExpiresAt.lte(clock::now());
        if let Err(error) = session::Entity::delete_many()
            .filter(expired)
            .exec(&db)
            .await
        {
            tracing::warn!("cannot delete expired sessions: {error}");
        }
    }
}
