//! What a token opens, and when it stops.

use crate::support::{Backend, TOKEN_HEADER, assert_refused, errno, json_of};
use serde_json::json;
use std::time::Duration;

const SIGNED_OUT: (i64, &str) = (501, "请登录");

#[tokio::test]
async fn info_is_the_user_whose_token_it_is() {
    let backend = Backend::start();
    let login = backend
        .login("amy", json!({ "nickName": "阿妹", "gender": 2 }))
        .await;
    backend.login("bob", json!({ "nickName": "阿波" })).await;
    let info = backend.info(login["data"]["token"].as_str().unwrap()).await;
    assert_eq!(errno(&info), 0);
    assert_eq!(info["data"], login["data"]["userInfo"]);
}

#[tokio::test]
async fn missing_empty_malformed_and_foreign_tokens_are_all_501() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    let elsewhere = Backend::start().token("amy").await;
    let (errno, errmsg) = SIGNED_OUT;
    for request in [
        |backend: &Backend| backend.get("auth/info"),
        |backend: &Backend| backend.post("auth/logout"),
    ] {
        assert_refused(&json_of(request(&backend)).await, errno, errmsg);
        for wrong in [
            "",
            " ",
            "x",
            "' OR 1=1 --",
            &token[1..],
            &token.to_uppercase(),
            &elsewhere,
            &"a".repeat(5000),
        ] {
            assert_refused(
                &json_of(request(&backend).header(TOKEN_HEADER, wrong)).await,
                errno,
                errmsg,
            );
        }
        let not_text = reqwest::header::HeaderValue::from_bytes(b"\xff\xfe").unwrap();
        assert_refused(
            &json_of(request(&backend).header(TOKEN_HEADER, not_text)).await,
            errno,
            errmsg,
        );
    }
    assert_eq!(backend.info(&token).await["errno"], 0);
}

#[tokio::test]
async fn an_expired_token_is_501() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    backend
        .execute("UPDATE session SET expires_at = '2020-01-01 00:00:00.0'")
        .await;
    assert_refused(&backend.info(&token).await, SIGNED_OUT.0, SIGNED_OUT.1);
}

#[tokio::test]
async fn expired_sessions_are_deleted_by_the_next_start() {
    let backend = Backend::start();
    backend.token("amy").await;
    backend
        .execute("UPDATE session SET expires_at = '2020-01-01 00:00:00.0'")
        .await;
    let token = backend.token("amy").await;
    let backend = backend.kill_and_restart();
    let deleted = async {
        while backend.select::<i64>("SELECT count(*) FROM session").await != 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), deleted)
        .await
        .expect("the expired session is still there");
    assert_eq!(errno(&backend.info(&token).await), 0);
}

#[tokio::test]
async fn logout_revokes_this_token_and_no_other() {
    let backend = Backend::start();
    let phone = backend.token("amy").await;
    let tablet = backend.token("amy").await;
    let logout = || json_of(backend.post("auth/logout").header(TOKEN_HEADER, &phone));

    assert_eq!(logout().await, json!({ "errno": 0, "errmsg": "成功" }));
    assert_refused(&backend.info(&phone).await, SIGNED_OUT.0, SIGNED_OUT.1);
    assert_refused(&logout().await, SIGNED_OUT.0, SIGNED_OUT.1);
    assert_eq!(errno(&backend.info(&tablet).await), 0);
}

#[tokio::test]
async fn the_lifetime_is_an_option() {
    let backend = Backend::start_with_args(&["--session-seconds", "90"]);
    assert_eq!(
        backend.login("amy", json!({})).await["data"]["expiresIn"],
        90
    );
}

#[tokio::test]
async fn the_database_holds_no_token_and_no_openid_in_place_of_a_password() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    backend.execute("PRAGMA wal_checkpoint(TRUNCATE)").await;
    let bytes = std::fs::read(backend.database_file()).unwrap();
    let holds = |text: &str| {
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    let openid: String = backend.select("SELECT weixin_openid FROM wx_user").await;
    assert!(
        holds(&openid),
        "the check itself must be able to find something"
    );
    assert!(!holds(&token));
    let copies = format!(
        "SELECT count(*) FROM wx_user WHERE username = '{openid}' OR password LIKE '%{openid}%'"
    );
    assert_eq!(backend.select::<i64>(&copies).await, 0);
}
