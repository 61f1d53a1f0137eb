//! Nothing secret is logged, at the finest level, whatever goes wrong.

use crate::support::{APP_SECRET, Backend, TOKEN_HEADER, json_of};
use crate::wechat::wechat_that_answers;
use serde_json::{Value, json};

#[tokio::test]
async fn logins_and_logouts_log_no_code_no_token_and_no_session_key() {
    let backend = Backend::start();
    let code = backend.code("amy").await;
    let login = json!({ "code": code, "userInfo": {} });
    let envelope = json_of(backend.post("auth/login_by_weixin").json(&login)).await;
    let token = envelope["data"]["token"].as_str().unwrap();
    json_of(backend.post("auth/login_by_weixin").json(&login)).await;
    backend.info(token).await;
    json_of(backend.post("auth/logout").header(TOKEN_HEADER, token)).await;

    let session = session_of(&backend, "amy").await;
    let session_key = session["session_key"].as_str().unwrap();
    let log = backend.log();
    assert!(
        log.contains("/wx/auth/login_by_weixin"),
        "the check needs a log"
    );
    for secret in [&code, token, session_key] {
        assert!(!log.contains(secret));
    }
    assert!(!envelope.to_string().contains(session_key));
}

#[tokio::test]
async fn failures_of_wechat_log_no_app_secret_and_no_code() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let bases = [
        format!("http://{closed}"),
        wechat_that_answers("<html>").await,
        wechat_that_answers("{\"errcode\":40125}").await,
    ];
    for base in bases {
        let backend = Backend::start_with_wechat(&base, &[]);
        let envelope = json_of(
            backend
                .post("auth/login_by_weixin")
                .json(&json!({ "code": "the-wx-login-code" })),
        )
        .await;
        let log = backend.log();
        assert!(
            log.contains("WeChat"),
            "the check needs a log of the failure: {log}"
        );
        for text in [log, envelope.to_string()] {
            assert!(
                !text.contains(APP_SECRET) && !text.contains("the-wx-login-code"),
                "{text}"
            );
        }
    }
}

/// What WeChat itself answers for a code of `user`.
async fn session_of(backend: &Backend, user: &str) -> Value {
    let query = format!(
        "appid=a&secret=s&grant_type=authorization_code&js_code={}",
        backend.code(user).await
    );
    json_of(backend.http.get(format!(
        "{}/sandbox/sns/jscode2session?{query}",
        backend.base
    )))
    .await
}
