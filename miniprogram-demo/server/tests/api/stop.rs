//! Stopping.

use crate::support::Backend;

#[tokio::test]
async fn sigterm_stops_cleanly_and_leaves_one_database_file() {
    let mut backend = Backend::start();
    backend.token("amy").await;
    let write_ahead_log = backend.database_file().with_extension("db-wal");
    assert!(write_ahead_log.exists());
    assert!(backend.terminate().success());
    assert!(!write_ahead_log.exists(), "the database was not closed");
    assert!(!backend.log().contains("still running"));
}
