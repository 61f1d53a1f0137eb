//! How WeChat's answers become ours.

use crate::support::{Backend, assert_refused, errno, json_of, token_of, user_id_of};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::post;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

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
    let backend = Backend::start_with_wechat(&base, &[]);
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
    let backend = Backend::start_with_wechat(&format!("http://{closed}"), &[]);
    assert_eq!(errno(&login_with(&backend, "c").await), 711);
    assert!(
        backend.log().contains("Connection refused"),
        "the cause is not in the log"
    );
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
        let backend = Backend::start_with_wechat(&base, &[]);
        assert_eq!(errno(&login_with(&backend, "c").await), 502, "{answer}");
        assert_eq!(
            backend.select::<i64>("SELECT count(*) FROM wx_user").await,
            0,
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_quota_that_is_used_up_has_a_number_of_its_own_and_is_in_the_log() {
    for errcode in [45009, 45035, 50002] {
        let answer = format!(r#"{{"errcode":{errcode}}}"#);
        let wechat = wechat_with(answer).await;
        let backend = Backend::start_with_wechat(&wechat, &[]);
        assert_refused(
            &login_with(&backend, "c").await,
            717,
            "小程序的微信接口调用额度已用完，请明天再试",
        );
        assert!(backend.log().contains(&format!("errcode {errcode}")));
    }
}

/// A redirect would carry the AppSecret to another host: in its address, or in its referer.
#[tokio::test]
async fn a_redirect_is_not_followed() {
    redirect_logins().await;
}

pub async fn redirect_logins() {
    let elsewhere = Recorder::start(StatusCode::OK, "{}", String::new()).await;
    for status in [301, 302, 303, 307, 308] {
        let status = StatusCode::from_u16(status).unwrap();
        let target = format!("{}/elsewhere", elsewhere.base);
        let proxy = Recorder::start(status, "", target).await;
        let backend = Backend::start_with_wechat(&proxy.base, &[]);
        assert_eq!(errno(&login_with(&backend, "c").await), 711);
        assert_eq!(proxy.requests().len(), 1);
        assert!(backend.log().contains(&format!("HTTP {}", status.as_u16())));
    }
    assert_eq!(elsewhere.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    answer_without_end().await;
}

pub async fn answer_without_end() {
    let sent = Arc::new(AtomicUsize::new(0));
    let count = sent.clone();
    let router = Router::new().fallback(async move || {
        let chunks = futures_util::stream::repeat_with(move || {
            count.fetch_add(1024, Ordering::Relaxed);
            Ok::<_, std::io::Error>([b' '; 1024].to_vec())
        });
        Body::from_stream(chunks)
    });
    let backend = Backend::start_with_wechat(&serve(router).await, &[]);
    assert_eq!(errno(&login_with(&backend, "c").await), 502);
    let sent = sent.load(Ordering::Relaxed);
    assert!(sent < 64 * 1024 * 1024, "{sent} bytes were taken");
}

#[tokio::test]
async fn an_absurd_lifetime_of_an_access_token_is_no_panic() {
    let phone = r#""phone_info":{"phoneNumber":"13800138000"}"#;
    let answer =
        format!(r#"{{"openid":"o","access_token":"t","expires_in":18446744073709551615,{phone}}}"#);
    let backend = Backend::start_with_wechat(&wechat_with(answer).await, &[]);
    let token = login_with(&backend, "c").await;
    let bound = backend
        .send_as(token_of(&token), "auth/bind_phone", json!({ "code": "p" }))
        .await;
    assert_eq!(bound["data"]["phone"], "13800138000");
    assert!(!backend.log().contains("panicked"));
}

#[tokio::test]
async fn the_sandbox_is_reached_without_the_environments_proxy() {
    let proxy = Recorder::start(StatusCode::BAD_GATEWAY, "", String::new()).await;
    let backend = Backend::start_with(&[("http_proxy", &proxy.base), ("HTTP_PROXY", &proxy.base)]);
    let login = login_with(&backend, "the code is a mock one").await;
    assert_eq!(errno(&login), 0);
    assert_eq!(proxy.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn an_empty_phone_number_is_none() {
    let answer =
        r#"{"openid":"o","access_token":"t","expires_in":7200,"phone_info":{"phoneNumber":""}}"#;
    let backend = Backend::start_with_wechat(&wechat_that_answers(answer).await, &[]);
    let login = login_with(&backend, "c").await;
    let body = json!({ "code": "p" });
    let bound = backend
        .send_as(token_of(&login), "auth/bind_phone", body)
        .await;
    assert_eq!(errno(&bound), 502);
    let proved = "SELECT count(proved_mobile) FROM wx_user";
    assert_eq!(backend.select::<i64>(proved).await, 0);
}

/// An address that is too long is refused by any web server, which looks like a busy one and would not be counted.
#[tokio::test]
async fn a_code_that_is_much_too_long_is_not_passed_on() {
    let wechat = Recorder::start(StatusCode::URI_TOO_LONG, "", String::new()).await;
    let backend = Backend::start_with_wechat(&wechat.base, &[]);
    let long = "c".repeat(60_000);
    assert_refused(&login_with(&backend, &long).await, 402, "参数值不对");
    assert_eq!(wechat.requests(), Vec::<String>::new());
}

/// WeChat answers requests for a token when all callers wait for one.
#[tokio::test(flavor = "multi_thread")]
async fn one_request_for_an_access_token_serves_all_who_wait_for_it() {
    for (answer, expected) in [
        (r#"{"access_token":"t","expires_in":7200}"#, 0),
        (r#"{"errcode":45009}"#, 717),
    ] {
        let requests = Arc::new(AtomicUsize::new(0));
        let (count, go) = (requests.clone(), Arc::new(Semaphore::new(0)));
        let gate = go.clone();
        let slow_token = async move || {
            count.fetch_add(1, Ordering::SeqCst);
            gate.acquire().await.unwrap().forget();
            answer
        };
        let phone = r#"{"openid":"o","phone_info":{"phoneNumber":"13800138000"}}"#;
        let router = Router::new()
            .route("/cgi-bin/stable_token", post(slow_token))
            .fallback(async move || phone);
        let backend = Arc::new(Backend::start_with_wechat(&serve(router).await, &[]));
        let login = login_with(&backend, "c").await;
        let mut bindings = JoinSet::new();
        for _ in 0..8 {
            let (backend, token) = (backend.clone(), token_of(&login).to_owned());
            bindings.spawn(async move {
                let body = json!({ "code": "p" });
                errno(&backend.send_as(&token, "auth/bind_phone", body).await)
            });
        }
        backend.wait_for_log(8, "waits for an access token").await;
        go.add_permits(8);
        assert_eq!(bindings.join_all().await, [expected; 8]);
        assert_eq!(requests.load(Ordering::SeqCst), 1);
    }
}

/// A server that gives every request the same answer.
pub async fn wechat_that_answers(answer: &'static str) -> String {
    wechat_with(answer.to_owned()).await
}

async fn wechat_with(answer: String) -> String {
    serve(Router::new().fallback(async move || Html(answer.clone()))).await
}

/// Serves `router` and returns its address.
pub async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, router).await });
    base
}

/// A server that gives every request the same answer and remembers the requests.
struct Recorder {
    base: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    async fn start(status: StatusCode, body: &'static str, location: String) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let record = requests.clone();
        let router = Router::new().fallback(async move |request: Request| {
            record.lock().unwrap().push(request.uri().to_string());
            (status, [("location", location.clone())], body)
        });
        let base = serve(router).await;
        Self { base, requests }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}
