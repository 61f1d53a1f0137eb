//! WeChat's id of a person in all apps of one owner: kept, and no more.

use crate::binding::register;
use crate::refresh::backends;
use crate::support::{Backend, TOKEN_HEADER, errno, json_of, token_of, user_id_of};
use serde_json::{Value, json};

/// A code on the phone of a user who has a unionid from now on.
async fn code(backend: &Backend, user: &str, unionid: &str) -> Value {
    let body = json!({ "user": user, "unionid": unionid });
    backend.sandbox("control/code", body).await["code"].take()
}

async fn kept(backend: &Backend, user_id: i64) -> Option<String> {
    let sql = format!("SELECT weixin_unionid FROM wx_user WHERE id = {user_id}");
    backend.select(&sql).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unionid_is_kept_from_when_wechat_gives_it_until_it_gives_another() {
    for backend in backends().await {
        let before = backend.login("amy", json!({})).await;
        assert_eq!(kept(&backend, user_id_of(&before)).await, None);
        for unionid in ["u-1", "u-2"] {
            let body = json!({ "code": code(&backend, "amy", unionid).await });
            let login = backend.send("auth/login_by_weixin", body).await;
            assert_eq!(user_id_of(&login), user_id_of(&before));
            let kept = kept(&backend, user_id_of(&before)).await;
            assert_eq!(kept.as_deref(), Some(unionid));
            assert!(
                !login.to_string().contains(unionid),
                "clients need not know"
            );
        }
        // The sandbox of the next process knows of none.
        let backend = backend.kill_and_restart();
        let login = backend.login("amy", json!({})).await;
        let left = kept(&backend, user_id_of(&login)).await;
        assert_eq!(left.as_deref(), Some("u-2"));
        let export = backend.get("auth/export");
        let export = json_of(export.header(TOKEN_HEADER, token_of(&login))).await;
        assert_eq!(export["data"]["user"]["weixinUnionid"], "u-2");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_openids_of_one_unionid_are_two_users() {
    for backend in backends().await {
        let mut users = Vec::new();
        for user in ["amy here", "amy there"] {
            let body = json!({ "code": code(&backend, user, "u-1").await });
            let login = backend.send("auth/login_by_weixin", body).await;
            assert_eq!(errno(&login), 0);
            users.push(user_id_of(&login));
        }
        assert_ne!(users[0], users[1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unionid_comes_and_goes_with_the_wechat_user() {
    for backend in backends().await {
        let bound = register(&backend, "amy").await;
        let account = json!({ "username": "amy", "password": "correct horse" });
        let body =
            json!({ "code": code(&backend, "amy's phone", "u-1").await, "account": account });
        assert_eq!(errno(&backend.send("auth/login_by_weixin", body).await), 0);
        let registered = json!({
            "username": "bob",
            "password": "correct horse",
            "code": code(&backend, "bob's phone", "u-2").await,
        });
        let registered = backend.send("auth/register", registered).await;
        for (login, unionid) in [(&bound, "u-1"), (&registered, "u-2")] {
            let id = user_id_of(login);
            assert_eq!(kept(&backend, id).await.as_deref(), Some(unionid));
            let unbound = backend.send_as(token_of(login), "auth/unbind_weixin", json!({}));
            assert_eq!(errno(&unbound.await), 0);
            assert_eq!(kept(&backend, id).await, None);
        }
    }
}
