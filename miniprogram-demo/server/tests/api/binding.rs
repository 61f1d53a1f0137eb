//! Binding a WeChat user and an account: `account` beside `code`.

use crate::support::{Backend, assert_refused, errno, json_of, token_of, user_id_of};
use serde_json::{Value, json};
use tokio::task::JoinSet;

const PASSWORD: &str = "correct horse";

pub async fn register(backend: &Backend, username: &str) -> Value {
    backend
        .send(
            "auth/register",
            json!({ "username": username, "password": PASSWORD }),
        )
        .await
}

pub async fn bind(backend: &Backend, wechat_user: &str, username: &str) -> Value {
    let code = backend.code(wechat_user).await;
    let account = json!({ "username": username, "password": PASSWORD });
    backend
        .send(
            "auth/login_by_weixin",
            json!({ "code": code, "userInfo": {}, "account": account }),
        )
        .await
}

#[tokio::test]
async fn once_bound_either_way_of_signing_in_leads_to_the_account() {
    let backend = Backend::start();
    let account = register(&backend, "amy").await;
    let bound = bind(&backend, "amy's phone", "amy").await;
    assert_eq!(errno(&bound), 0);
    assert_eq!(user_id_of(&bound), user_id_of(&account));
    assert_eq!(bound["data"]["userInfo"]["username"], "amy");
    assert_eq!(
        user_id_of(&backend.login("amy's phone", json!({})).await),
        user_id_of(&account)
    );
    let by_password = backend
        .send(
            "auth/login",
            json!({ "username": "amy", "password": PASSWORD }),
        )
        .await;
    assert_eq!(user_id_of(&by_password), user_id_of(&account));
    assert_eq!(
        errno(&bind(&backend, "amy's phone", "amy").await),
        0,
        "binding again what is bound changes nothing"
    );
}

#[tokio::test]
async fn the_account_takes_over_what_the_wechat_user_had() {
    let backend = Backend::start();
    let profile =
        json!({ "nickName": "阿妹", "avatarUrl": "https://example.com/a.png", "gender": 2 });
    let visitor = backend.login("amy's phone", profile).await;
    backend
        .execute("UPDATE wx_user SET mobile = '13800138000'")
        .await;
    let account = register(&backend, "amy").await;
    assert_ne!(user_id_of(&visitor), user_id_of(&account));

    let bound = bind(&backend, "amy's phone", "amy").await;
    let user = &bound["data"]["userInfo"];
    assert_eq!(user_id_of(&bound), user_id_of(&account));
    assert_eq!(
        json!([
            user["nickName"],
            user["avatarUrl"],
            user["gender"],
            user["phone"]
        ]),
        json!(["阿妹", "https://example.com/a.png", 2, "13800138000"])
    );
    assert_eq!(errno(&backend.info(token_of(&visitor)).await), 501);
    assert_eq!(errno(&backend.info(token_of(&account)).await), 0);
    assert_eq!(
        backend.select::<i64>("SELECT count(*) FROM wx_user").await,
        1
    );
}

#[tokio::test]
async fn what_the_account_has_of_its_own_stays() {
    let backend = Backend::start();
    backend
        .login(
            "amy's phone",
            json!({ "nickName": "阿妹", "avatarUrl": "https://example.com/wx.png" }),
        )
        .await;
    let account = register(&backend, "amy").await;
    let own = json!({ "nickName": "艾米", "avatarUrl": "https://example.com/own.png" });
    backend
        .send_as(token_of(&account), "auth/profile", own)
        .await;
    let bound = bind(&backend, "amy's phone", "amy").await;
    let user = &bound["data"]["userInfo"];
    assert_eq!(
        json!([user["nickName"], user["avatarUrl"]]),
        json!(["艾米", "https://example.com/own.png"])
    );
}

#[tokio::test]
async fn a_wrong_password_binds_nothing() {
    let backend = Backend::start();
    register(&backend, "amy").await;
    let account = json!({ "username": "amy", "password": "wrong battery" });
    let body = json!({ "code": backend.code("amy's phone").await, "account": account });
    assert_refused(
        &backend.send("auth/login_by_weixin", body).await,
        700,
        "账号或密码不对",
    );
    assert_eq!(
        backend
            .select::<i64>("SELECT count(weixin_openid) FROM wx_user")
            .await,
        0
    );

    let body =
        json!({ "code": backend.code("amy's phone").await, "account": { "username": "amy" } });
    assert_refused(
        &backend.send("auth/login_by_weixin", body).await,
        401,
        "参数不对",
    );
}

#[tokio::test]
async fn an_account_has_one_wechat_user_and_a_wechat_user_one_account() {
    let backend = Backend::start();
    register(&backend, "amy").await;
    register(&backend, "bob").await;
    bind(&backend, "amy's phone", "amy").await;
    backend.token("bob's phone").await;

    assert_refused(
        &bind(&backend, "bob's phone", "amy").await,
        709,
        "该账号已绑定其他微信用户",
    );
    assert_refused(
        &bind(&backend, "amy's phone", "bob").await,
        708,
        "该微信用户已绑定其他账号",
    );
    assert_eq!(
        errno(&bind(&backend, "bob's phone", "bob").await),
        0,
        "a refusal changes nothing"
    );
}

#[tokio::test]
async fn a_disabled_wechat_user_does_not_come_back_by_binding() {
    let backend = Backend::start();
    backend.token("amy's phone").await;
    backend.execute("UPDATE wx_user SET status = 1").await;
    register(&backend, "amy").await;
    assert_refused(
        &bind(&backend, "amy's phone", "amy").await,
        506,
        "无操作权限",
    );
    let body = json!({ "username": "amy2", "password": PASSWORD, "code": backend.code("amy's phone").await });
    assert_refused(
        &backend.send("auth/register", body).await,
        506,
        "无操作权限",
    );
}

/// Binds all pairs at the same moment and returns the sorted errnos.
pub async fn bind_at_once(backend: &Backend, pairs: &[(String, String)]) -> Vec<i64> {
    let mut bindings = JoinSet::new();
    for (wechat_user, username) in pairs {
        let account = json!({ "username": username, "password": PASSWORD });
        let body = json!({ "code": backend.code(wechat_user).await, "account": account });
        bindings.spawn(json_of(backend.post("auth/login_by_weixin").json(&body)));
    }
    let mut numbers: Vec<_> = bindings.join_all().await.iter().map(errno).collect();
    numbers.sort_unstable();
    numbers
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_people_who_bind_one_account_at_once_exactly_one_wins() {
    let backend = Backend::start();
    register(&backend, "amy").await;
    let pairs: Vec<_> = (0..10)
        .map(|phone| (format!("phone {phone}"), "amy".to_owned()))
        .collect();
    backend.token("phone 3").await;
    assert_eq!(
        bind_at_once(&backend, &pairs).await,
        [&[0][..], &[709; 9]].concat()
    );
    assert_eq!(
        backend
            .select::<i64>(
                "SELECT count(*) FROM wx_user WHERE username = 'amy' AND weixin_openid IS NOT NULL"
            )
            .await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_accounts_that_one_person_binds_at_once_exactly_one_wins() {
    let backend = Backend::start();
    let mut pairs = Vec::new();
    for account in 0..10 {
        register(&backend, &format!("account-{account}")).await;
        pairs.push(("amy's phone".to_owned(), format!("account-{account}")));
    }
    assert_eq!(
        bind_at_once(&backend, &pairs).await,
        [&[0][..], &[708; 9]].concat()
    );
    assert_eq!(
        backend
            .select::<i64>("SELECT count(weixin_openid) FROM wx_user")
            .await,
        1
    );
}
