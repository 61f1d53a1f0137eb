//! Moving SQLite's log into the database beside the writers. SQLite itself would do it in the commit that makes the log too long,
//! and all who write would wait for it.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};
use std::time::Duration;
use tokio::time::sleep;

const INTERVAL: Duration = Duration::from_millis(100);
/// From here on the log is moved to its end, for only then SQLite writes it from its start again.
const LONG_LOG: i32 = 4000;
/// When a commit moves the log all the same, should nothing else have done it.
pub const LOG_PAGES: &str = "10000";

/// Moves what is in the log, for ever. `readers` may do so, though they change no rows.
pub async fn keep_log_short(readers: DatabaseConnection, writers: DatabaseConnection) {
    loop {
        sleep(INTERVAL).await;
        if let Err(error) = shorten_log(&readers, &writers).await {
            tracing::debug!("cannot move SQLite's log: {error}");
        }
    }
}

/// While others write, something is always left in the log. So they have to wait while its end is moved: that is little,
/// because what was there before has been moved beside them, twice in a row.
async fn shorten_log(
    readers: &DatabaseConnection,
    writers: &DatabaseConnection,
) -> Result<(), DbErr> {
    if move_log(readers).await? > LONG_LOG && move_log(readers).await? > LONG_LOG {
        move_log(writers).await?;
    }
    Ok(())
}

/// Returns how many pages the log had.
async fn move_log(db: &DatabaseConnection) -> Result<i32, DbErr> {
    let sql = "PRAGMA wal_checkpoint(PASSIVE)";
    let moved = Statement::from_string(db.get_database_backend(), sql);
    let moved = db.query_one_raw(moved).await?;
    moved
        .ok_or_else(|| DbErr::RecordNotFound(sql.to_owned()))?
        .try_get_by_index(1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::database::connect;
    use sea_orm::TransactionTrait;
    use tempfile::TempDir;
    use tokio::time::timeout;

    async fn has_to_wait_for_the_writer(bytes: usize) -> bool {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite://{}/data.db", folder.path().display());
        let writers = connect::writers(&url).await.unwrap();
        let readers = connect::readers(&url).await.unwrap();
        let fill = format!("CREATE TABLE filler AS SELECT zeroblob({bytes}) AS bytes");
        writers.execute_unprepared(&fill).await.unwrap();
        let _writing = writers.begin().await.unwrap();
        let shortened = timeout(Duration::from_millis(500), shorten_log(&readers, &writers));
        shortened.await.is_err()
    }

    #[tokio::test]
    async fn the_end_of_a_long_log_is_moved_while_nobody_writes() {
        assert!(has_to_wait_for_the_writer(5000 * 4096).await);
    }

    #[tokio::test]
    async fn a_short_log_keeps_nobody_from_writing() {
        assert!(!has_to_wait_for_the_writer(10).await);
    }
}
