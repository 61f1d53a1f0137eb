//! Tokens: random, short-lived, revocable. The database knows only their hashes, so that who reads it cannot sign in.

use crate::clock;
use crate::database::Database;
use crate::entities::{session, wx_user};
use crate::envelope::ApiError;
use crate::secret::{Secret, random_hex, sha256_hex};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Set};
use std::time::Duration;
use time::PrimitiveDateTime;
use tokio::time::sleep;

const TOKEN_BYTES: usize = 32;
const PURGE_INTERVAL: Duration = Duration::from_secs(60 * 60);
const PURGE_BATCH: u64 = 20;
const PURGE_PAUSE: Duration = Duration::from_millis(20);
/// How long a cluster's node may lag behind.
const REVOKE_PAUSES: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
];

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

/// Ends the session of `token`. A deletion that found no row has not ended it: the row may not have reached this node of
/// a cluster yet. So it is tried again, and the token counts as signed out only when nobody finds it any more.
pub async fn revoke(db: &Database, token: &Secret) -> Result<(), ApiError> {
    for pause in REVOKE_PAUSES {
        if db.write(async |tx| Ok(delete(&*tx, token).await?)).await? {
            return Ok(());
        }
        tracing::warn!("a logout found no session to delete");
        sleep(pause).await;
    }
    match db.read(async |db| Ok(user_of(&db, token).await?)).await? {
        Some(_) => Err(ApiError::Busy),
        None => Err(ApiError::SignedOut),
    }
}

async fn delete(db: &impl ConnectionTrait, token: &Secret) -> Result<bool, DbErr> {
    let deleted = session::Entity::delete_by_id(sha256_hex(token.expose()))
        .exec(db)
        .await?;
    Ok(deleted.rows_affected > 0)
}

/// Deletes expired sessions now and every hour, for ever.
pub async fn purge_expired(db: Database) {
    let mut timer = tokio::time::interval(PURGE_INTERVAL);
    loop {
        timer.tick().await;
        if let Err(error) = purge(&db).await {
            tracing::warn!("cannot delete expired sessions: {error}");
        }
    }
}

/// Deletes what has expired, a few rows a statement, so that no login waits for long. What a power cut brings back is
/// deleted by the next start.
async fn purge(db: &Database) -> Result<(), ApiError> {
    loop {
        let expired = db.read(async |db| Ok(some_expired(&db).await?)).await?;
        if expired.is_empty() {
            return Ok(());
        }
        db.write_alone(async |db| Ok(delete_all(&db, &expired).await?))
            .await?;
        sleep(PURGE_PAUSE).await;
    }
}

async fn some_expired(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    session::Entity::find()
        .select_only()
        .column(session::Column::TokenHash)
        .filter(session::Column::ExpiresAt.lte(clock::now()))
        .limit(PURGE_BATCH)
        .into_tuple()
        .all(db)
        .await
}

async fn delete_all(db: &impl ConnectionTrait, token_hashes: &[String]) -> Result<(), DbErr> {
    session::Entity::delete_many()
        .filter(session::Column::TokenHash.is_in(token_hashes))
        .exec(db)
        .await?;
    Ok(())
}
