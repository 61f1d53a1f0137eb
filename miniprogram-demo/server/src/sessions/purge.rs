//! Deleting what has expired.

use crate::database::{Database, purge};
use crate::entities::{login, session};
use std::time::Duration;

const INTERVAL: Duration = Duration::from_secs(60 * 60);

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
