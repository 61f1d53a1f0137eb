//! A database that is locked or down, for a while.

use crate::support::{Backend, PATIENCE, TOKEN_HEADER, assert_refused, errno, json_of};
use crate::{mariadb, support};
use sea_orm::{ConnectionTrait, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use serde_json::{Value, json};
use std::time::Instant;
use tokio::task::JoinSet;

const BUSY: (i64, &str) = (715, "服务繁忙，请稍后再试");

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_sqlite_file_refuses_writers_in_time_and_no_reader() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    let other = backend.database().await;
    let lock = other
        .begin_with_options(TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        })
        .await
        .unwrap();
    let mut logins = JoinSet::new();
    for person in 0..20 {
        let code = backend.code(&format!("person {person}")).await;
        let login = backend
            .post("auth/login_by_weixin")
            .json(&json!({ "code": code }));
        logins.spawn(is_refused(json_of(login)));
    }
    backend.wait_until_all_is_read().await;
    assert_eq!(errno(&backend.info(&token).await), 0);
    assert!(
        logins.try_join_next().is_none(),
        "a reader waited for writers"
    );
    logins.join_all().await;
    lock.rollback().await.unwrap();
    assert_eq!(errno(&backend.login("amy", json!({})).await), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn locked_tables_of_mariadb_refuse_in_time() {
    let Some(backend) = mariadb::backend().await else {
        return;
    };
    let token = backend.token("amy").await;
    let other = backend.database().await;
    other
        .execute_unprepared("LOCK TABLES session WRITE")
        .await
        .unwrap();
    check_refusals(&backend, &token).await;
    other.execute_unprepared("UNLOCK TABLES").await.unwrap();
    check_recovery(&backend, &token).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mariadb_that_hangs_or_is_down_refuses_in_time_and_comes_back() {
    let Some(mut server) = mariadb::private_server().await else {
        return;
    };
    let backend = Backend::start_on(&server.empty_database().await);
    let token = backend.token("amy").await;

    server.signal("STOP");
    check_refusals(&backend, &token).await;
    server.signal("CONT");
    check_recovery(&backend, &token).await;

    server.kill();
    check_refusals(&backend, &token).await;
    let server = tokio::task::spawn_blocking(move || {
        server.restart();
        server
    });
    let _server = server.await.unwrap();
    check_recovery(&backend, &token).await;
}

async fn check_refusals(backend: &Backend, token: &str) {
    let mut requests = JoinSet::new();
    for _ in 0..12 {
        let info = backend.get("auth/info").header(TOKEN_HEADER, token);
        requests.spawn(is_refused(json_of(info)));
        let code = backend.code("amy").await;
        let login = backend
            .post("auth/login_by_weixin")
            .json(&json!({ "code": code }));
        requests.spawn(is_refused(json_of(login)));
    }
    requests.join_all().await;
}

/// Within two seconds, which is tested in virtual time where the limit is (`database/retry.rs`).
async fn is_refused(answer: impl Future<Output = Value>) {
    assert_refused(&answer.await, BUSY.0, BUSY.1);
}

/// Everything works again, without a restart.
async fn check_recovery(backend: &Backend, token: &str) {
    let start = Instant::now();
    while errno(&backend.info(token).await) != 0 {
        assert!(start.elapsed() < PATIENCE, "no recovery");
    }
    let mut requests = JoinSet::new();
    for person in 0..20 {
        let code = backend.code(&format!("person {person}")).await;
        let login = backend
            .post("auth/login_by_weixin")
            .json(&json!({ "code": code }));
        requests.spawn(json_of(login));
    }
    for envelope in requests.join_all().await {
        let new_token = support::token_of(&envelope);
        assert_eq!(errno(&backend.info(new_token).await), 0);
    }
}
