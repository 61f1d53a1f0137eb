//! What a supervisor and a load balancer ask.

use crate::mariadb;
use crate::support::{Backend, assert_refused, errno};
use serde_json::Value;

async fn ask(backend: &Backend, path: &str) -> (u16, Value) {
    let answer = backend.http.get(format!("{}/{path}", backend.base));
    let answer = answer.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn a_server_that_serves_is_alive_and_ready() {
    let backend = Backend::start();
    for path in ["healthz", "readyz"] {
        let (status, envelope) = ask(&backend, path).await;
        assert_eq!((status, errno(&envelope)), (200, 0), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_database_a_server_is_alive_and_not_ready() {
    let Some(mut server) = mariadb::private_server().await else {
        return;
    };
    let backend = Backend::start_on(&server.empty_database().await);
    assert_eq!(ask(&backend, "readyz").await.0, 200);
    server.kill();
    let (status, envelope) = ask(&backend, "readyz").await;
    assert_eq!(status, 503);
    assert_refused(&envelope, 715, "服务繁忙，请稍后再试");
    assert_eq!(ask(&backend, "healthz").await.0, 200);
}
