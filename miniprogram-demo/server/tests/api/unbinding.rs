//! Taking a WeChat user or a phone number from an account.

use crate::binding::{bind, register};
use crate::profile::prove;
use crate::refresh::{backends, refresh, refresh_token_of};
use crate::support::{Backend, assert_refused, errno, token_of, user_id_of};
use serde_json::{Value, json};

const MOBILE: &str = "13800138000";

async fn unbind(backend: &Backend, login: &Value, what: &str) -> Value {
    let path = format!("auth/unbind_{what}");
    backend.send_as(token_of(login), &path, json!({})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unbound_wechat_user_is_a_new_user_and_the_account_stays() {
    for backend in backends().await {
        let account = register(&backend, "amy").await;
        bind(&backend, "amy's phone", "amy").await;
        let by_wechat = backend.login("amy's phone", json!({})).await;
        assert_eq!(user_id_of(&by_wechat), user_id_of(&account));

        let unbound = unbind(&backend, &account, "weixin").await;
        assert_eq!(errno(&unbound), 0, "{unbound}");
        assert_eq!(
            unbound["data"],
            backend.info(token_of(&account)).await["data"]
        );
        assert_eq!(unbound["data"]["username"], "amy");
        assert_eq!(unbound["data"]["weixinBound"], false);
        assert_eq!(by_wechat["data"]["userInfo"]["weixinBound"], true);
        // What the WeChat user has signed in is signed out; this login goes on.
        assert_refused(&backend.info(token_of(&by_wechat)).await, 501, "请登录");
        let refreshed = refresh(&backend, refresh_token_of(&by_wechat)).await;
        assert_refused(&refreshed, 501, "请登录");
        assert_eq!(
            errno(&refresh(&backend, refresh_token_of(&account)).await),
            0
        );

        let newcomer = backend.login("amy's phone", json!({})).await;
        assert_ne!(user_id_of(&newcomer), user_id_of(&account));
        assert_eq!(newcomer["data"]["userInfo"]["username"], Value::Null);

        let again = unbind(&backend, &account, "weixin").await;
        assert_eq!(again["data"]["username"], "amy", "{again}");
        // Both are free for another binding.
        let bound = bind(&backend, "amy's tablet", "amy").await;
        assert_eq!(user_id_of(&bound), user_id_of(&account));
        register(&backend, "bob").await;
        assert_eq!(errno(&bind(&backend, "amy's phone", "bob").await), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_password_keeps_wechat() {
    for backend in backends().await {
        let login = backend.login("amy", json!({})).await;
        let refused = unbind(&backend, &login, "weixin").await;
        assert_refused(&refused, 722, "解绑微信后将无法登录，请先注册用户名和密码");
        let again = backend.login("amy", json!({})).await;
        assert_eq!(user_id_of(&again), user_id_of(&login));
        assert_eq!(errno(&backend.info(token_of(&login)).await), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unbound_phone_is_nobodys_and_resets_no_password() {
    for backend in backends().await {
        let named = json!({ "username": "amy", "password": "correct horse", "mobile": MOBILE });
        let account = backend.send("auth/register", named).await;
        prove(&backend, token_of(&account), "13900139000").await;
        let unbound = unbind(&backend, &account, "phone").await;
        let user = &unbound["data"];
        assert_eq!(
            json!([user["phone"], user["phoneVerified"]]),
            json!(["", false])
        );
        assert_eq!(*user, backend.info(token_of(&account)).await["data"]);
        let code = crate::profile::phone_code(&backend, "13900139000").await;
        let body = json!({ "phoneCode": code, "newPassword": "battery staple" });
        assert_eq!(errno(&backend.send("auth/reset_password", body).await), 721);
        assert_eq!(errno(&unbind(&backend, &account, "phone").await), 0);
    }
}

#[tokio::test]
async fn unbinding_is_for_the_signed_in() {
    let backend = Backend::start();
    let account = register(&backend, "amy").await;
    backend.execute("UPDATE wx_user SET status = 1").await;
    for what in ["weixin", "phone"] {
        let path = format!("auth/unbind_{what}");
        assert_refused(&backend.send(&path, json!({})).await, 501, "请登录");
        assert_refused(&unbind(&backend, &account, what).await, 506, "无操作权限");
    }
}
