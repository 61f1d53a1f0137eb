//! Ids, indexes, and what happens to sessions that nobody needs any more.

use crate::mariadb;
use crate::support::{Backend, PATIENCE, errno, user_id_of};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Instant;

const SQLITE_COUNTER: &str = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence";
const MARIADB_COUNTER: &str = "SELECT cast(auto_increment AS signed) FROM information_schema.tables \
     WHERE table_schema = database() AND table_name = 'wx_user'";

#[tokio::test]
async fn logins_of_a_known_user_use_no_id_up_on_sqlite() {
    logins_of_a_known_user_use_no_id_up(&Backend::start(), SQLITE_COUNTER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_of_a_known_user_use_no_id_up_on_mariadb() {
    if let Some(backend) = mariadb::backend().await {
        logins_of_a_known_user_use_no_id_up(&backend, MARIADB_COUNTER).await;
    }
}

async fn logins_of_a_known_user_use_no_id_up(backend: &Backend, counter: &str) {
    let first = user_id_of(&backend.login("amy", json!({})).await);
    let before: i64 = backend.select(counter).await;
    for _ in 0..30 {
        assert_eq!(user_id_of(&backend.login("amy", json!({})).await), first);
    }
    assert_eq!(backend.select::<i64>(counter).await, before);
}

#[tokio::test]
async fn ids_are_no_count() {
    let backend = Backend::start();
    let account = json!({ "username": "one", "password": "correct horse" });
    let mut ids = BTreeSet::from([user_id_of(&backend.send("auth/register", account).await)]);
    for person in 0..9 {
        ids.insert(user_id_of(
            &backend.login(&format!("p{person}"), json!({})).await,
        ));
    }
    assert_eq!(ids.len(), 10);
    let ids: Vec<_> = ids.into_iter().collect();
    for pair in ids.windows(2) {
        assert!(pair[1] - pair[0] > 1_000_000, "{ids:?}");
    }
    assert!(ids.iter().all(|id| (1..1 << 53).contains(id)), "{ids:?}");
}

#[tokio::test]
async fn sessions_are_found_by_user_and_by_expiry_on_sqlite() {
    let backend = Backend::start();
    for column in ["user_id", "expires_at"] {
        let sql = format!(
            "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND tbl_name = 'session' \
             AND sql LIKE '%(%{column}%)%'"
        );
        assert_eq!(backend.select::<i64>(&sql).await, 1, "{column}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_found_by_user_and_by_expiry_on_mariadb() {
    let Some(backend) = mariadb::backend().await else {
        return;
    };
    for column in ["user_id", "expires_at"] {
        let sql = format!(
            "SELECT count(*) FROM information_schema.statistics WHERE table_schema = database() \
             AND table_name = 'session' AND column_name = '{column}'"
        );
        assert_eq!(backend.select::<i64>(&sql).await, 1, "{column}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_sessions_go_a_few_at_a_time_and_logins_go_on_on_sqlite() {
    let numbers = "(WITH RECURSIVE n(seq) AS \
         (SELECT 1000 UNION ALL SELECT seq + 1 FROM n WHERE seq < 6000) SELECT seq FROM n) AS numbers";
    expired_sessions_go_a_few_at_a_time_and_logins_go_on(Backend::start(), numbers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_sessions_go_a_few_at_a_time_and_logins_go_on_on_mariadb() {
    if let Some(backend) = mariadb::backend().await {
        let numbers = "seq_1000_to_6000";
        expired_sessions_go_a_few_at_a_time_and_logins_go_on(backend, numbers).await;
    }
}

/// `numbers` is a table of some thousand numbers of four digits, which serve as hashes of sessions that are long over.
async fn expired_sessions_go_a_few_at_a_time_and_logins_go_on(backend: Backend, numbers: &str) {
    let token = backend.token("amy").await;
    backend
        .execute(&format!(
            "INSERT INTO session (token_hash, user_id, expires_at, add_time) SELECT seq, (SELECT id FROM wx_user), '2020-01-01 00:00:00.0', \
             '2020-01-01 00:00:00.0' FROM {numbers}"
        ))
        .await;
    let backend = backend.kill_and_restart();
    let mut seen = BTreeSet::new();
    let start = Instant::now();
    while !seen.contains(&0) {
        assert!(start.elapsed() < PATIENCE, "no end: {seen:?}");
        let rest: i64 = backend
            .select("SELECT count(*) FROM session WHERE length(token_hash) = 4")
            .await;
        seen.insert(rest);
        // Not the one whose logins are few and whose token is looked at in the end.
        assert_eq!(errno(&backend.login("bob", json!({})).await), 0);
    }
    assert!(seen.len() > 5, "all at once: {seen:?}");
    assert_eq!(errno(&backend.info(&token).await), 0);
}
