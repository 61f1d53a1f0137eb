//! Connections that come back to their pool in the middle of something.

use crate::link::Link;
use crate::mariadb;
use crate::support::{Backend, errno, token_of};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// The database's answer to BEGIN is held back: the request gives up while it waits, and its connection goes back to the pool
/// inside a transaction.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_comes_back_inside_a_transaction_is_closed() {
    let Some(url) = mariadb::empty_database().await else {
        return;
    };
    let link = Link::to(&url, Duration::ZERO).await;
    let backend = Backend::start_on(&link.url);
    backend.token("amy").await;
    let watcher = Backend::start_on(&url);
    let database = watcher.database().await;
    let before = connections(&database).await;

    link.hold_answers_to("BEGIN");
    assert_eq!(errno(&backend.login("amy", json!({})).await), 715);
    link.open();

    let closed = async {
        while before.is_subset(&connections(&database).await) {
            sleep(Duration::from_millis(20)).await;
        }
    };
    let closed = timeout(Duration::from_secs(10), closed).await;
    assert!(closed.is_ok(), "the connection is kept");
    for _ in 0..20 {
        let login = backend.login("amy", json!({})).await;
        assert_eq!(errno(&watcher.info(token_of(&login)).await), 0);
    }
}

/// The numbers of all connections to the database.
async fn connections(db: &DatabaseConnection) -> BTreeSet<i64> {
    let sql = "SELECT cast(id AS signed) FROM information_schema.processlist WHERE db = database()";
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}
