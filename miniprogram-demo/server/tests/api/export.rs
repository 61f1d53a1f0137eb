//! All that is kept of a user, for the user.

use crate::binding::bind;
use crate::devices::log_in_on;
use crate::profile::prove;
use crate::refresh::backends;
use crate::storage::upload_colour;
use crate::support::{Backend, TOKEN_HEADER, assert_refused, errno, json_of, token_of, user_id_of};
use serde_json::{Value, json};

async fn export(backend: &Backend, token: &str) -> Value {
    json_of(backend.get("auth/export").header(TOKEN_HEADER, token)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_gets_all_that_is_kept_and_nothing_of_others() {
    for backend in backends().await {
        let account =
            json!({ "username": "amy", "password": "correct horse", "mobile": "13900139000" });
        let account = backend.send("auth/register", account).await;
        let token = token_of(&account);
        bind(&backend, "amy's phone", "amy").await;
        prove(&backend, token, "13800138000").await;
        let picture = upload_colour(&backend, token, 7).await;
        log_in_on(&backend, "amy's phone", "tablet").await;
        log_in_on(&backend, "bob", "bob's phone").await;

        let export = export(&backend, token).await;
        let user = &export["data"]["user"];
        for (field, value) in [
            ("userId", json!(user_id_of(&account))),
            ("username", json!("amy")),
            ("hasPassword", json!(true)),
            ("nickName", json!("amy")),
            ("namedPhone", json!("13900139000")),
            ("provedPhone", json!("13800138000")),
            ("lastLoginAddress", json!("127.0.0.1")),
            ("status", json!(0)),
        ] {
            assert_eq!(user[field], value, "{field}");
        }
        let openid: String = backend
            .select("SELECT weixin_openid FROM wx_user WHERE username = 'amy'")
            .await;
        assert_eq!(user["weixinOpenid"], openid);
        let logins = export["data"]["logins"].as_array().unwrap();
        assert_eq!(logins.len(), 3);
        assert!(logins.iter().any(|login| login["device"] == "tablet"));
        for time in ["since", "lastUsed", "expires", "endsAtTheLatest"] {
            assert!(
                logins[0][time].as_str().unwrap().ends_with("+08:00"),
                "{time}"
            );
        }
        assert_eq!(export["data"]["accessTokens"].as_array().unwrap().len(), 3);
        assert_eq!(export["data"]["pictures"][0]["url"], picture);
        assert_eq!(export["data"]["pictures"].as_array().unwrap().len(), 1);
    }
}

/// By value, so that a field of another name is found, too.
#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_no_hash_and_no_token() {
    for backend in backends().await {
        let body = json!({ "username": "amy", "password": "correct horse" });
        let login = backend.send("auth/register", body).await;
        let text = export(&backend, token_of(&login)).await.to_string();
        let mut secrets = vec![
            token_of(&login).to_owned(),
            login["data"]["refreshToken"].as_str().unwrap().to_owned(),
            "$argon2".to_owned(),
        ];
        for column in [
            "password FROM wx_user",
            "token_hash FROM session",
            "family_hash FROM login",
            "refresh_hash FROM login",
            "salt FROM login",
        ] {
            secrets.push(backend.select(&format!("SELECT {column}")).await);
        }
        for secret in secrets {
            assert!(!text.contains(&secret), "{secret} is in {text}");
        }
    }
}

#[tokio::test]
async fn an_export_is_for_the_user_disabled_or_not() {
    let backend = Backend::start();
    assert_refused(&export(&backend, "").await, 501, "请登录");
    let token = backend.token("amy").await;
    backend.execute("UPDATE wx_user SET status = 1").await;
    let export = export(&backend, &token).await;
    assert_eq!(
        (errno(&export), &export["data"]["user"]["status"]),
        (0, &json!(1))
    );
    assert_eq!(export["data"]["user"]["hasPassword"], false);
}
