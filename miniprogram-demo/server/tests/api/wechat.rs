//! How WeChat's answers become ours.

use crate::support::{Backend, assert_refused, errno, json_of, user_id_of};
use axum::response::Html;
use serde_json::{Value, json};

const CODE_REJECTED: (i64, &str) = (712, "微信登录凭证无效，请重新获取");

async fn login_with(backend: &Backend, code: &str) -> Value {
    json_of(
        backend
            .post("auth/login_by_weixin")
            .json(&json!({ "code": code })),
    )
    .await
}

#[tokio::test]
async fn a_code_works_once() {
    let backend = Backend::start();
    let code = backend.code("amy").await;
    assert_eq!(errno(&login_with(&backend, &code).await), 0);
    assert_refused(
        &login_with(&backend, &code).await,
        CODE_REJECTED.0,
        CODE_REJECTED.1,
    );
}

#[tokio::test]
async fn a_code_works_for_five_minutes() {
    let backend = Backend::start();
    let late = backend.code("amy").await;
    backend
        .sandbox("control/clock", json!({ "advanceSeconds": 290 }))
        .await;
    let in_time = backend.code("amy").await;
    backend
        .sandbox("control/clock", json!({ "advanceSeconds": 10 }))
        .await;
    assert_refused(
        &login_with(&backend, &late).await,
        CODE_REJECTED.0,
        CODE_REJECTED.1,
    );
    backend
        .sandbox("control/clock", json!({ "advanceSeconds": 280 }))
        .await;
    assert_eq!(errno(&login_with(&backend, &in_time).await), 0);
}

#[tokio::test]
async fn a_code_that_wechat_never_gave_is_rejected() {
    let backend = Backend::start();
    assert_refused(
        &login_with(&backend, "0a1b2c").await,
        CODE_REJECTED.0,
        CODE_REJECTED.1,
    );
}

#[tokio::test]
async fn the_tourists_code_is_one_user_and_never_wears_out() {
    let backend = Backend::start();
    let first = login_with(&backend, "the code is a mock one").await;
    let second = login_with(&backend, "the code is a mock one").await;
    assert_eq!(user_id_of(&first), user_id_of(&second));
}

#[tokio::test]
async fn each_refusal_of_wechat_has_its_own_number() {
    let backend = Backend::start();
    for (mode, errno, errmsg) in [
        ("busy", 711, "微信繁忙，请稍后再试"),
        ("code_invalid", CODE_REJECTED.0, CODE_REJECTED.1),
        ("too_frequent", 713, "登录过于频繁，请稍后再试"),
        ("blocked", 714, "该微信用户存在风险，登录被拦截"),
        ("bad_secret", 502, "系统内部错误"),
    ] {
        backend
            .sandbox("control/mode", json!({ "mode": mode }))
            .await;
        assert_refused(&backend.login("amy", json!({})).await, errno, errmsg);
    }
    assert!(
        backend.log().contains("WECHAT_SECRET (40125)"),
        "the operator must be told"
    );
    backend
        .sandbox("control/mode", json!({ "mode": "ok" }))
        .await;
    assert_eq!(errno(&backend.login("amy", json!({})).await), 0);
}

#[tokio::test]
async fn a_busy_wechat_is_asked_again_twice() {
    let backend = Backend::start();
    backend
        .sandbox("control/mode", json!({ "mode": "busy", "times": 2 }))
        .await;
    assert_eq!(errno(&backend.login("amy", json!({})).await), 0);
    backend
        .sandbox("control/mode", json!({ "mode": "busy", "times": 3 }))
        .await;
    assert_eq!(errno(&backend.login("amy", json!({})).await), 711);
    assert_eq!(errno(&backend.login("amy", json!({})).await), 0);
}

#[tokio::test]
async fn other_refusals_are_not_asked_again() {
    let backend = Backend::start();
    for (mode, expected) in [
        ("too_frequent", 713),
        ("blocked", 714),
        ("code_invalid", 712),
    ] {
        backend
            .sandbox("control/mode", json!({ "mode": mode, "times": 1 }))
            .await;
        assert_eq!(errno(&backend.login("amy", json!({})).await), expected);
    }
}

#[tokio::test]
async fn with_an_app_secret_wechat_is_asked_and_the_sandbox_is_gone() {
    let wechat = Backend::start();
    let base = format!("{}/sandbox/", wechat.base);
    let backend = Backend::start_with(&[
        ("WECHAT_APPID", "wx1"),
        ("WECHAT_SECRET", "s"),
        ("WECHAT_API_BASE", &base),
    ]);
    assert_eq!(
        errno(&login_with(&backend, &wechat.code("amy").await).await),
        0
    );

    for path in [
        "sns/jscode2session?js_code=c",
        "control/code",
        "control/mode",
        "",
    ] {
        let response = backend
            .http
            .get(format!("{}/sandbox/{path}", backend.base))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 404, "{path}");
        assert_refused(&response.json().await.unwrap(), 404, "接口不存在");
    }
}

#[tokio::test]
async fn a_wechat_that_is_out_of_reach_counts_as_busy() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let backend = Backend::start_with(&[("WECHAT_API_BASE", &format!("http://{closed}"))]);
    assert_eq!(errno(&login_with(&backend, "c").await), 711);
    assert!(backend.log().contains("cannot reach WeChat"));
}

#[tokio::test]
async fn an_answer_of_wechats_that_makes_no_sense_is_an_internal_error() {
    for answer in [
        "<html>maintenance</html>",
        "null",
        "[]",
        "{}",
        r#"{"openid":""}"#,
        r#"{"openid":7}"#,
        r#"{"errcode":"x"}"#,
    ] {
        let base = wechat_that_answers(answer).await;
        let backend = Backend::start_with(&[("WECHAT_API_BASE", &base)]);
        assert_eq!(errno(&login_with(&backend, "c").await), 502, "{answer}");
        assert_eq!(
            backend.select::<i64>("SELECT count(*) FROM wx_user").await,
            0,
            "{answer}"
        );
    }
}

/// A server that gives every request the same answer.
pub async fn wechat_that_answers(answer: &'static str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = axum::Router::new().fallback(async move || Html(answer));
    tokio::spawn(async { axum::serve(listener, router).await });
    base
}
