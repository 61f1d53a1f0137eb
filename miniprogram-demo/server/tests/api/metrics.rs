//! What the operator counts, and that it tells nothing about anybody.

use crate::support::{Backend, PATIENCE, TOKEN_HEADER, errno, json_of, user_id_of};
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeSet;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

const PASSWORD: &str = "a-Rather-long-1-for-tests";

fn backend() -> Backend {
    Backend::start_with_args(&["--metrics-listen", "127.0.0.1:0"])
}

fn address(backend: &Backend) -> String {
    let log = backend.log();
    let (_, address) = log.split_once("metrics on ").unwrap();
    address.lines().next().unwrap().to_owned()
}

async fn metrics(backend: &Backend) -> String {
    let answer = backend.http.get(address(backend)).send().await.unwrap();
    answer.text().await.unwrap()
}

/// The value of one series.
fn value(metrics: &str, series: &str) -> Option<f64> {
    let values = metrics.lines().filter_map(|line| line.rsplit_once(' '));
    let mut values = values.filter(|(name, _)| *name == series);
    values.next().map(|(_, value)| value.parse().unwrap())
}

fn series(metrics: &str) -> BTreeSet<&str> {
    let lines = metrics.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, _)| name)
        .collect()
}

#[tokio::test]
async fn logins_refusals_and_requests_are_counted() {
    let backend = backend();
    backend.token("amy").await;
    backend.token("bob").await;
    backend
        .send("auth/login_by_weixin", json!({ "code": "nobody's" }))
        .await;
    backend
        .send(
            "auth/login",
            json!({ "username": "amy", "password": PASSWORD }),
        )
        .await;
    backend
        .send(
            "auth/register",
            json!({ "username": "amy", "password": PASSWORD }),
        )
        .await;
    backend.get("auth/info").send().await.unwrap();
    let metrics = metrics(&backend).await;
    for (name, expected) in [
        (
            r#"weapp_login_logins_total{way="weixin",outcome="ok"}"#,
            2.0,
        ),
        (
            r#"weapp_login_logins_total{way="weixin",outcome="712"}"#,
            1.0,
        ),
        (
            r#"weapp_login_logins_total{way="password",outcome="700"}"#,
            1.0,
        ),
        (
            r#"weapp_login_logins_total{way="register",outcome="ok"}"#,
            1.0,
        ),
        (r#"weapp_login_refusals_total{errno="501"}"#, 1.0),
        (r#"weapp_login_refusals_total{errno="700"}"#, 1.0),
        (
            r#"weapp_login_requests_total{method="POST",route="/wx/auth/login_by_weixin",status="200"}"#,
            3.0,
        ),
        (
            r#"weapp_login_code2session_seconds_count{outcome="ok"}"#,
            2.0,
        ),
        (
            r#"weapp_login_code2session_seconds_count{outcome="code_rejected"}"#,
            1.0,
        ),
        (
            r#"weapp_login_code2session_seconds_bucket{outcome="ok",le="+Inf"}"#,
            2.0,
        ),
        (r#"weapp_login_passwords_hashing{state="running"}"#, 0.0),
        (r#"weapp_login_passwords_hashing{state="waiting"}"#, 0.0),
    ] {
        assert_eq!(
            value(&metrics, name),
            Some(expected),
            "{name} in\n{metrics}"
        );
    }
    for pool in ["readers", "writers"] {
        let connections = |state: &str| {
            let name =
                format!(r#"weapp_login_database_connections{{pool="{pool}",state="{state}"}}"#);
            value(&metrics, &name).unwrap()
        };
        assert!(
            connections("used") + connections("idle") >= 1.0,
            "{metrics}"
        );
    }
}

/// What clients make up: names, codes, addresses, methods.
async fn make_things_up(backend: &Backend, round: usize) {
    let name = format!("stranger{round}");
    backend
        .send("auth/login", json!({ "username": name, "password": name }))
        .await;
    backend
        .send("auth/login_by_weixin", json!({ "code": name }))
        .await;
    backend.send(&format!("auth/{name}"), json!({})).await;
    let method = Method::from_bytes(name.to_uppercase().as_bytes()).unwrap();
    for path in [
        "wx/auth/login",
        &name,
        "storage/x",
        &format!("storage/{name}"),
    ] {
        let address = format!("{}/{path}?{name}", backend.base);
        let request = backend.http.request(method.clone(), &address);
        request.send().await.unwrap();
        backend.http.get(&address).send().await.unwrap();
    }
}

#[tokio::test]
async fn nothing_that_a_client_makes_up_becomes_a_label() {
    let backend = backend();
    make_things_up(&backend, 0).await;
    let before = metrics(&backend).await;
    for round in 1..20 {
        make_things_up(&backend, round).await;
    }
    let after = metrics(&backend).await;
    assert_eq!(series(&before), series(&after));
    assert!(!after.contains("tranger"), "{after}");
}

#[tokio::test]
async fn metrics_name_nobody_and_no_secret() {
    let backend = backend();
    let login = backend
        .login("amy", json!({ "nickName": "Amy Pond" }))
        .await;
    let token = login["data"]["token"].as_str().unwrap();
    let phone = backend
        .sandbox("control/phone_code", json!({ "phone": "13800138000" }))
        .await;
    let bound = backend
        .send_as(token, "auth/bind_phone", json!({ "code": phone["code"] }))
        .await;
    assert_eq!(errno(&bound), 0);
    let refresh = json!({ "refreshToken": login["data"]["refreshToken"] });
    backend.send("auth/refresh", refresh).await;
    json_of(backend.post("auth/logout").header(TOKEN_HEADER, token)).await;
    let openid: String = backend.select("SELECT weixin_openid FROM wx_user").await;
    let metrics = metrics(&backend).await;
    for secret in [
        token,
        login["data"]["refreshToken"].as_str().unwrap(),
        phone["code"].as_str().unwrap(),
        &openid,
        &user_id_of(&login).to_string(),
        "13800138000",
        "Amy",
        "127.0.0.1",
    ] {
        assert!(!metrics.contains(secret), "{secret} is in\n{metrics}");
    }
}

#[tokio::test]
async fn metrics_are_not_for_clients() {
    let backend = backend();
    let answer = backend.http.get(format!("{}/metrics", backend.base));
    assert_eq!(answer.send().await.unwrap().status(), 404);
    let backend = Backend::start();
    assert!(!backend.log().contains("metrics on "), "off by default");
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_connections_to_the_metrics_are_few_and_cut_off() {
    let arguments = ["--metrics-listen", "127.0.0.1:0"];
    let backend = Backend::start_with_descriptors(128, &arguments);
    let address = address(&backend);
    let listener = address.strip_prefix("http://").unwrap();
    let listener = listener.strip_suffix("/metrics").unwrap();
    let mut silent = Vec::new();
    for _ in 0..120 {
        silent.push(TcpStream::connect(listener).await.unwrap());
    }
    assert_eq!(errno(&backend.login("amy", json!({})).await), 0);
    backend
        .wait_for_log(1, "connections to the metrics are open")
        .await;
    let end = timeout(PATIENCE, silent[0].read(&mut [0])).await;
    assert!(end.is_ok(), "a silent connection is still open");
    silent.clear();
    assert!(metrics(&backend).await.contains("weapp_login_requests"));
}
