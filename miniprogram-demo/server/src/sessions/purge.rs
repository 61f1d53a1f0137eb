//! Deleting what has expired, a few rows a statement, so that no login waits for long. What a power cut brings back is
//! deleted by the next start.

use crate::clock;
use crate::database::Database;
use crate::entities::{login, session};
use crate::envelope::ApiError;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, TryGetable, Value};
use std::time::Duration;
use tokio::time::sleep;

const INTERVAL: Duration = Duration::from_secs(60 * 60);
const BATCH: u64 = 20;
const PAUSE: Duration = Duration::from_millis(20);

/// Deletes expired sessions and logins now and every hour, for ever.
pub async fn purge_expired(db: Database) {
    let mut timer = tokio::time::interval(INTERVAL);
    loop {
        timer.tick().await;
        let purged = async {
            use session::Column as Session;
            purge::<session::Entity, String>(&db, Session::TokenHash, Session::ExpiresAt).await?;
            purge::<login::Entity, i64>(&db, login::Column::Id, login::Column::ExpiresAt).await
        };
        if let Err(error) = purged.await {
            tracing::warn!("cannot delete expired sessions: {error}");
        }
    }
}

/// Deletes the rows that have expired, which `key` names.
async fn purge<E, K>(db: &Database, key: E::Column, expires_at: E::Column) -> Result<(), ApiError>
where
    E: EntityTrait,
    K: TryGetable + Into<Value> + Clone + Send,
{
    loop {
        let expired = db.read(async |db| {
            Ok(E::find()
                .select_only()
                .column(key)
                .filter(expires_at.lte(clock::now()))
                .limit(BATCH)
                .into_tuple::<K>()
                .all(&db)
                .await?)
        });
        let expired = expired.await?;
        if expired.is_empty() {
            return Ok(());
        }
        db.write_alone(async |db| {
            let deleted = E::delete_many()
                .filter(key.is_in(expired.iter().cloned()))
                .filter(expires_at.lte(clock::now())) // a login may have been used meanwhile
                .exec(&db);
            Ok(deleted.await?)
        })
        .await?;
        sleep(PAUSE).await;
    }
}
