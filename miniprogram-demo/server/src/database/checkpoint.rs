//! Moving SQLite's log into the database beside the writers. SQLite itself would do it in the commit that makes the log too long,
//! and all who write would wait for it.

use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::time::Duration;
use tokio::time::sleep;

/// So short that little is left to move for a commit that meets [`LOG_PAGES`].
const INTERVAL: Duration = Duration::from_millis(100);
/// When a commit does move the log all the same: while others write, the log is never moved to its end, and grows.
pub const LOG_PAGES: &str = "10000";

/// Moves what is in the log, for ever. `readers` may do so, though they change no rows.
pub async fn keep_log_short(readers: DatabaseConnection) {
    loop {
        sleep(INTERVAL).await;
        let moved = readers
            .execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)")
            .await;
        if let Err(error) = moved {
            tracing::debug!("cannot move SQLite's log: {error}");
        }
    }
}
