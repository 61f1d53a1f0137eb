//! What signed-in users change about themselves: the profile and the phone number.

use crate::mariadb;
use crate::support::{Backend, EMOJI_NICKNAME, assert_refused, errno, token_of};
use serde_json::{Value, json};

#[tokio::test]
async fn a_profile_changes_in_what_was_sent_and_the_user_comes_back() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    let changed = backend
        .send_as(
            &token,
            "auth/profile",
            json!({ "nickName": EMOJI_NICKNAME, "gender": 2 }),
        )
        .await;
    assert_eq!(errno(&changed), 0);
    assert_eq!(
        (&changed["data"]["nickName"], &changed["data"]["gender"]),
        (&json!(EMOJI_NICKNAME), &json!(2))
    );
    assert_eq!(changed["data"], backend.info(&token).await["data"]);

    let changed = backend
        .send_as(
            &token,
            "auth/profile",
            json!({ "avatarUrl": "https://example.com/a.png", "gender": 0 }),
        )
        .await;
    let user = &changed["data"];
    assert_eq!(
        json!([user["nickName"], user["avatarUrl"], user["gender"]]),
        json!([EMOJI_NICKNAME, "https://example.com/a.png", 0])
    );

    for nothing in [
        json!({}),
        json!({ "nickName": "", "avatarUrl": "" }),
        json!({ "nickName": "微信用户" }),
    ] {
        assert_eq!(
            backend.send_as(&token, "auth/profile", nothing).await["data"],
            *user
        );
    }
    let picked = json!({ "nickName": "微信用户", "avatarUrl": "https://example.com/b.png" });
    assert_eq!(
        backend.send_as(&token, "auth/profile", picked).await["data"]["avatarUrl"],
        "https://example.com/b.png"
    );
}

#[tokio::test]
async fn a_profile_is_for_its_owner_and_must_make_sense() {
    let backend = Backend::start();
    let amy = backend.token("amy").await;
    let bob = backend.token("bob").await;
    assert_refused(
        &backend
            .send("auth/profile", json!({ "nickName": "x" }))
            .await,
        501,
        "请登录",
    );
    for body in [
        json!({ "nickName": 1 }),
        json!({ "gender": 9 }),
        json!({ "nickName": "长".repeat(65) }),
        json!("x"),
    ] {
        assert_refused(
            &backend.send_as(&amy, "auth/profile", body).await,
            402,
            "参数值不对",
        );
    }
    backend
        .send_as(
            &amy,
            "auth/profile",
            json!({ "nickName": "阿妹", "userId": 2 }),
        )
        .await;
    assert_eq!(backend.info(&bob).await["data"]["nickName"], "微信用户");
}

pub async fn phone_code(backend: &Backend, phone: &str) -> String {
    let answer = backend
        .sandbox(
            "control/phone_code",
            json!({ "user": "amy", "phone": phone }),
        )
        .await;
    answer["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_phone_code_binds_the_number_once() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    let code = phone_code(&backend, "13800138000").await;
    let bound = backend
        .send_as(&token, "auth/bind_phone", json!({ "code": code }))
        .await;
    assert_eq!(
        (errno(&bound), &bound["data"]["phone"]),
        (0, &json!("13800138000"))
    );
    assert_eq!(
        backend.login("amy", json!({})).await["data"]["userInfo"]["phone"],
        "13800138000"
    );

    let again = backend
        .send_as(&token, "auth/bind_phone", json!({ "code": code }))
        .await;
    assert_refused(&again, 712, "微信登录凭证无效，请重新获取");
    let log = backend.log();
    assert!(
        log.contains("/wx/auth/bind_phone")
            && !log.contains(&code)
            && !log.contains("access_token=")
    );
}

/// Registers an account that names a mobile number, and returns its token.
async fn register(backend: &Backend, username: &str, mobile: &str) -> String {
    let body = json!({ "username": username, "password": "correct horse", "mobile": mobile });
    token_of(&backend.send("auth/register", body).await).to_owned()
}

pub async fn prove(backend: &Backend, token: &str, mobile: &str) -> Value {
    let code = phone_code(backend, mobile).await;
    backend
        .send_as(token, "auth/bind_phone", json!({ "code": code }))
        .await
}

async fn phone_of(backend: &Backend, token: &str) -> (String, bool) {
    let user = backend.info(token).await["data"].clone();
    let phone = user["phone"].as_str().unwrap().to_owned();
    (phone, user["phoneVerified"].as_bool().unwrap())
}

async fn a_proved_number_belongs_to_who_proved_it_last(backend: Backend) {
    let mobile = "13800138000";
    let (yes, no) = ((mobile.to_owned(), true), (mobile.to_owned(), false));
    let amy = register(&backend, "amy", mobile).await;
    let bob = register(&backend, "bob", mobile).await;
    let cat = backend.token("cat").await;
    assert_eq!(phone_of(&backend, &amy).await, no);
    assert_eq!(phone_of(&backend, &bob).await, no);

    assert_eq!(errno(&prove(&backend, &amy, mobile).await), 0);
    assert_eq!(phone_of(&backend, &amy).await, yes);
    assert_eq!(errno(&prove(&backend, &cat, mobile).await), 0);
    assert_eq!(phone_of(&backend, &cat).await, yes);
    assert_eq!(phone_of(&backend, &amy).await, no);
    assert_eq!(phone_of(&backend, &bob).await, no);

    let (one, two) = tokio::join!(
        prove(&backend, &amy, "13900139000"),
        prove(&backend, &bob, "13900139000")
    );
    assert_eq!((errno(&one), errno(&two)), (0, 0));
    let owners = "SELECT count(*) FROM wx_user WHERE proved_mobile = '13900139000'";
    assert_eq!(backend.select::<i64>(owners).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proved_number_belongs_to_who_proved_it_last_on_sqlite() {
    a_proved_number_belongs_to_who_proved_it_last(Backend::start()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proved_number_belongs_to_who_proved_it_last_on_mariadb() {
    let Some(backend) = mariadb::backend().await else {
        return;
    };
    a_proved_number_belongs_to_who_proved_it_last(backend).await;
}

#[tokio::test]
async fn a_proved_number_goes_with_the_wechat_user_to_the_account() {
    let backend = Backend::start();
    let visitor = backend.token("amy").await;
    prove(&backend, &visitor, "13800138000").await;
    let account = register(&backend, "amy", "13900139000").await;
    let body = json!({
        "code": backend.code("amy").await,
        "account": { "username": "amy", "password": "correct horse" },
    });
    assert_eq!(errno(&backend.send("auth/login_by_weixin", body).await), 0);
    let proved = ("13800138000".to_owned(), true);
    assert_eq!(phone_of(&backend, &account).await, proved);
}

#[tokio::test]
async fn a_phone_code_works_for_five_minutes_and_is_no_login_code() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    let late = phone_code(&backend, "13800138000").await;
    backend
        .sandbox("control/clock", json!({ "advanceSeconds": 300 }))
        .await;
    for code in [late, backend.code("amy").await, "nonsense".to_owned()] {
        let refused = backend
            .send_as(&token, "auth/bind_phone", json!({ "code": code }))
            .await;
        assert_refused(&refused, 712, "微信登录凭证无效，请重新获取");
    }
    let code = phone_code(&backend, "13800138000").await;
    assert_eq!(
        errno(
            &backend
                .send("auth/login_by_weixin", json!({ "code": code }))
                .await
        ),
        712
    );
}

#[tokio::test]
async fn an_access_token_that_wechat_takes_no_more_is_fetched_anew() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    for phone in ["13800138000", "13900139000"] {
        let code = phone_code(&backend, phone).await;
        let bound = backend
            .send_as(&token, "auth/bind_phone", json!({ "code": code }))
            .await;
        assert_eq!(bound["data"]["phone"], phone);
        backend
            .sandbox("control/clock", json!({ "advanceSeconds": 3 * 60 * 60 }))
            .await;
    }
}

#[tokio::test]
async fn binding_a_phone_needs_a_session_and_a_code() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    let code = phone_code(&backend, "13800138000").await;
    assert_refused(
        &backend
            .send("auth/bind_phone", json!({ "code": code }))
            .await,
        501,
        "请登录",
    );
    for body in [json!({}), json!({ "code": "" }), json!({ "code": null })] {
        assert_refused(
            &backend.send_as(&token, "auth/bind_phone", body).await,
            401,
            "参数不对",
        );
    }
    assert_refused(
        &backend
            .send_as(&token, "auth/bind_phone", json!({ "code": 7 }))
            .await,
        402,
        "参数值不对",
    );
    assert_eq!(
        errno(
            &backend
                .send_as(&token, "auth/bind_phone", json!({ "code": code }))
                .await
        ),
        0
    );
}
