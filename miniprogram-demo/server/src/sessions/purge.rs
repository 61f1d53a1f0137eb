//! Deleting what has expired, a few rows a statement, so that no login waits for long. What a power cut brings back is
//! deleted by the next start.

use crate::clock;
use crate::database::Database;
use crate::entities::{login, session};
use crate::envelope::ApiError;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
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
            purge_sessions(&db).await?;
            purge_logins(&db).await
        };
        if let Err(error) = purged.await {
            tracing::warn!("cannot delete expired sessions: {error}");
        }
    }
}

async fn purge_sessions(db: &Database) -> Result<(), ApiError> {
    loop {
        let expired = db.read(async |db| {
            Ok(session::Entity::find()
                .select_only()
                .column(session::Column::TokenHash)
                .filter(session::Column::ExpiresAt.lte(clock::now()))
                .limit(BATCH)
                .into_tuple::<String>()
                .all(&db)
                .await?)
        });
        let expired = expired.await?;
        if expired.is_empty() {
            return Ok(());
        }
        db.write_alone(async |db| {
            let deleted = session::Entity::delete_many()
                .filter(session::Column::TokenHash.is_in(&expired))
                .exec(&db);
            Ok(deleted.await?)
        })
        .await?;
        sleep(PAUSE).await;
    }
}

/// Their access tokens have expired before.
async fn purge_logins(db: &Database) -> Result<(), ApiError> {
    loop {
        let expired = db.read(async |db| {
            Ok(login::Entity::find()
                .select_only()
                .column(login::Column::Id)
                .filter(login::Column::ExpiresAt.lte(clock::now()))
                .limit(BATCH)
                .into_tuple::<i64>()
                .all(&db)
                .await?)
        });
        let expired = expired.await?;
        if expired.is_empty() {
            return Ok(());
        }
        db.write_alone(async |db| {
            // Somebody may have used one meanwhile.
            let deleted = login::Entity::delete_many()
                .filter(login::Column::Id.is_in(expired.iter().copied()))
                .filter(login::Column::ExpiresAt.lte(clock::now()))
                .exec(&db);
            Ok(deleted.await?)
        })
        .await?;
        sleep(PAUSE).await;
    }
}
