//! What happens to a request while it is worked on: its session ends, its client hangs up, the server stops.

use crate::held_wechat::{HELD_CODE, HeldWechat};
use crate::mariadb;
use crate::support::{Backend, TOKEN_HEADER, assert_refused, errno, json_of, token_of};
use reqwest::Client;
use serde_json::{Value, json};
use std::sync::Arc;

async fn log_in(backend: &Backend, code: &str) -> Value {
    let login = backend.send("auth/login_by_weixin", json!({ "code": code }));
    let login = login.await;
    assert_eq!(errno(&login), 0, "{login}");
    login
}

async fn backends(wechat: &HeldWechat) -> Vec<Backend> {
    let mut backends = vec![Backend::start_with_wechat(&wechat.base, &[])];
    if let Some(url) = mariadb::empty_database().await {
        backends.push(Backend::start_on_with_wechat(&url, &wechat.base));
    }
    backends
}

/// A stolen token must not prove the thief's phone after the owner has ended it: the phone resets the password.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_has_ended_meanwhile_changes_nothing() {
    let wechat = HeldWechat::start().await;
    for backend in backends(&wechat).await {
        let backend = Arc::new(backend);
        for ending in ["logout", "logout_everywhere", "logout_device"] {
            let stolen = log_in(&backend, "amy").await;
            let devices = backend.get("auth/devices");
            let devices = json_of(devices.header(TOKEN_HEADER, token_of(&stolen))).await;
            let current = devices["data"].as_array().unwrap().iter();
            let mut current = current.filter(|device| device["isCurrent"] == true);
            let id = json!({ "id": current.next().unwrap()["id"] });
            let owner = log_in(&backend, "amy").await;
            let binding = tokio::spawn({
                let (backend, token) = (backend.clone(), token_of(&stolen).to_owned());
                async move {
                    let phone = json!({ "code": "phone" });
                    backend.send_as(&token, "auth/bind_phone", phone).await
                }
            });
            wechat.is_asked().await;
            let by = if ending == "logout" { &stolen } else { &owner };
            let ended = backend
                .send_as(token_of(by), &format!("auth/{ending}"), id)
                .await;
            assert_eq!(errno(&ended), 0, "{ending}");
            wechat.answer();
            assert_refused(&binding.await.unwrap(), 501, "请登录");
            let proved = "SELECT count(*) FROM wx_user WHERE proved_mobile IS NOT NULL";
            assert_eq!(backend.select::<i64>(proved).await, 0, "{ending}");
        }
    }
}

/// Sends a login and hangs up while WeChat is asked.
async fn hang_up_in_a_login(backend: &Backend, wechat: &HeldWechat) {
    let client = Client::new(); // the connection ends with it
    let login = client.post(format!("{}/wx/auth/login_by_weixin", backend.base));
    let login = login.json(&json!({ "code": HELD_CODE })).send();
    tokio::select! {
        _ = login => panic!("WeChat has not answered"),
        () = wechat.is_asked() => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_for_who_has_hung_up_is_in_the_audit_log() {
    let wechat = HeldWechat::start().await;
    let backend = Backend::start_with_wechat(&wechat.base, &[]);
    hang_up_in_a_login(&backend, &wechat).await;
    wechat.answer();
    backend.wait_for_log(1, "login by WeChat").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_what_is_done_for_who_has_hung_up() {
    let wechat = HeldWechat::start().await;
    let mut backend = Backend::start_with_wechat(&wechat.base, &[]);
    hang_up_in_a_login(&backend, &wechat).await;
    backend.tell_to_stop();
    backend.wait_until_nobody_is_let_in().await;
    wechat.answer();
    assert!(backend.wait_for_end().success());
    let users = "SELECT count(*) FROM wx_user";
    assert_eq!(backend.select::<i64>(users).await, 1);
}
