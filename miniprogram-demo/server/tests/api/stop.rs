//! Stopping.

use crate::support::{Backend, PATIENCE, TOKEN_HEADER, errno, json_of};
use crate::wechat::serve;
use axum::Router;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

/// In the log when the server does not wait any longer.
const GAVE_UP: &str = "still running";
/// Longer than half a request is waited for.
const SLOW: Duration = Duration::from_secs(1);

#[tokio::test]
async fn sigterm_stops_cleanly_and_leaves_one_database_file() {
    let mut backend = Backend::start();
    backend.token("amy").await;
    let write_ahead_log = backend.database_file().with_extension("db-wal");
    assert!(write_ahead_log.exists());
    assert!(backend.terminate().success());
    assert!(!write_ahead_log.exists(), "the database was not closed");
    assert!(!backend.log().contains(GAVE_UP));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_no_half_of_a_request() {
    let mut backend = Backend::start();
    let token = backend.token("amy").await;
    let idle = "GET /wx/auth/info HTTP/1.1\r\nhost: h\r\n\r\n".to_owned();
    let half_a_header = idle.trim_end().to_owned();
    let half_a_login =
        "POST /wx/auth/login HTTP/1.1\r\nhost: h\r\ncontent-length: 50\r\n\r\n{".to_owned();
    let half_an_upload = format!(
        "POST /wx/storage/upload HTTP/1.1\r\nhost: h\r\n{TOKEN_HEADER}: {token}\r\n\
         content-type: multipart/form-data; boundary=x\r\ncontent-length: 200\r\n\r\n\
         --x\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n"
    );
    let mut connections = Vec::new();
    for start in [idle, half_a_header, half_a_login, half_an_upload] {
        let mut connection = TcpStream::connect(backend.address()).await.unwrap();
        connection.write_all(start.as_bytes()).await.unwrap();
        connections.push(connection);
    }
    let mut answer = [0; 4096];
    assert!(connections[0].read(&mut answer).await.unwrap() > 0);
    backend.wait_until_all_is_read().await;
    assert!(backend.terminate().success());
    assert!(!backend.log().contains(GAVE_UP));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_requests_that_are_complete() {
    let arrived = Arc::new(Notify::new());
    let arrives = arrived.clone();
    let wechat = Router::new().fallback(async move || {
        arrives.notify_one();
        sleep(SLOW).await;
        r#"{"openid":"o"}"#
    });
    let mut backend = Backend::start_with_wechat(&serve(wechat).await, &[]);
    let login = backend.post("auth/login_by_weixin");
    let login = tokio::spawn(json_of(login.json(&json!({ "code": "c" }))));
    arrived.notified().await;
    let stopped = tokio::task::spawn_blocking(move || backend.terminate());
    assert_eq!(errno(&login.await.unwrap()), 0);
    assert!(stopped.await.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_nobody_in_and_those_inside_finish() {
    let arrived = Arc::new(Notify::new());
    let released = Arc::new(Notify::new());
    let (arrives, release) = (arrived.clone(), released.clone());
    let wechat = Router::new().fallback(async move || {
        arrives.notify_one();
        released.notified().await;
        r#"{"openid":"o"}"#
    });
    let mut backend = Backend::start_with_wechat(&serve(wechat).await, &[]);
    let login = backend.post("auth/login_by_weixin");
    let login = tokio::spawn(json_of(login.json(&json!({ "code": "c" }))));
    arrived.notified().await;
    backend.tell_to_stop();
    backend.wait_until_nobody_is_let_in().await;
    release.notify_one();
    assert_eq!(errno(&login.await.unwrap()), 0);
    assert!(backend.wait_for_end().success());
    assert!(!backend.log().contains(GAVE_UP));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_drains_says_so_and_goes_on_until_told_again() {
    let mut backend = Backend::start_with_args(&["--drain-seconds", "3600"]);
    let ready = format!("{}/readyz", backend.base);
    let status = async || backend.http.get(&ready).send().await.unwrap().status();
    assert_eq!(status().await, 200);
    backend.tell_to_stop();
    let drains = async { while status().await != 503 {} };
    timeout(PATIENCE, drains)
        .await
        .expect("it says that it is ready");
    assert_eq!(errno(&backend.login("amy", json!({})).await), 0);
    let alive = backend.http.get(format!("{}/healthz", backend.base));
    assert_eq!(alive.send().await.unwrap().status(), 200);
    assert!(backend.terminate().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drain_ends_by_itself() {
    let mut backend = Backend::start_with_args(&["--drain-seconds", "1"]);
    assert!(backend.terminate().success());
}
