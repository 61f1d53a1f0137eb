//! What signed-in users change about themselves: the profile and the phone number.

use crate::support::{Backend, EMOJI_NICKNAME, assert_refused, errno};
use serde_json::json;

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

async fn phone_code(backend: &Backend, phone: &str) -> String {
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
