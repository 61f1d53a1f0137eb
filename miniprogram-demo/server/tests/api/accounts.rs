//! Accounts with a password.

use crate::support::{Backend, assert_refused, errno, token_of, user_id_of};
use serde_json::json;
use tokio::task::JoinSet;

#[tokio::test]
async fn who_registers_is_logged_in_and_can_log_in_again() {
    let backend = Backend::start();
    let account = json!({ "username": "阿妹", "password": "correct horse" });
    let registered = backend
        .send(
            "auth/register",
            json!({ "username": "阿妹", "password": "correct horse", "mobile": "13800138000" }),
        )
        .await;
    assert_eq!(errno(&registered), 0);
    let user = &registered["data"]["userInfo"];
    assert_eq!(
        (&user["username"], &user["nickName"], &user["phone"]),
        (&json!("阿妹"), &json!("阿妹"), &json!("13800138000"))
    );

    backend
        .execute("UPDATE wx_user SET last_login_time = '2020-01-01 00:00:00.0', last_login_ip = ''")
        .await;
    let again = backend.send("auth/login", account).await;
    assert_eq!(again["data"]["userInfo"], *user);
    assert_eq!(again["data"]["expiresIn"], 7200);
    assert_eq!(
        backend
            .select::<String>("SELECT last_login_ip FROM wx_user")
            .await,
        "127.0.0.1"
    );
    for envelope in [&registered, &again] {
        assert_eq!(backend.info(token_of(envelope)).await["data"], *user);
    }
}

#[tokio::test]
async fn passwords_are_kept_as_argon2id_hashes_and_in_no_log() {
    let backend = Backend::start();
    for username in ["amy", "bob"] {
        backend
            .send(
                "auth/register",
                json!({ "username": username, "password": "correct horse" }),
            )
            .await;
    }
    backend
        .send(
            "auth/login",
            json!({ "username": "amy", "password": "wrong battery" }),
        )
        .await;
    let hash: String = backend
        .select("SELECT password FROM wx_user WHERE username = 'amy'")
        .await;
    assert!(hash.starts_with("$argon2id$v=19$"), "{hash}");
    assert_ne!(
        hash,
        backend
            .select::<String>("SELECT password FROM wx_user WHERE username = 'bob'")
            .await,
        "no salt"
    );
    let log = backend.log();
    assert!(log.contains("/wx/auth/login"));
    for secret in ["correct horse", "wrong battery", &hash] {
        assert!(!log.contains(secret));
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_both_700() {
    let backend = Backend::start();
    backend
        .send(
            "auth/register",
            json!({ "username": "amy", "password": "correct horse" }),
        )
        .await;
    backend.token("a person of WeChat's").await;
    for (username, password) in [
        ("amy", "wrong battery"),
        ("amy", "Correct horse"),
        ("Amy", "correct horse"),
        ("bob", "nobody"),
    ] {
        let envelope = backend
            .send(
                "auth/login",
                json!({ "username": username, "password": password }),
            )
            .await;
        assert_refused(&envelope, 700, "账号或密码不对");
    }
}

#[tokio::test]
async fn accounts_that_lack_something_or_make_no_sense_are_refused() {
    let backend = Backend::start();
    for path in ["auth/login", "auth/register"] {
        for body in [
            json!({}),
            json!({ "username": "amy" }),
            json!({ "password": "p" }),
            json!({ "username": "", "password": "p" }),
            json!({ "username": "amy", "password": "" }),
            json!({ "username": null, "password": "p" }),
        ] {
            assert_refused(&backend.send(path, body).await, 401, "参数不对");
        }
        for body in [
            json!({ "username": 1, "password": "p" }),
            json!({ "username": "amy", "password": [] }),
            json!([]),
        ] {
            assert_refused(&backend.send(path, body).await, 402, "参数值不对");
        }
    }
    let long = "长".repeat(64);
    for (username, password) in [
        ("a my", "correct horse"),
        (" ", "correct horse"),
        ("a\u{0}", "correct horse"),
        (&*long, "correct horse"),
    ] {
        let envelope = backend
            .send(
                "auth/register",
                json!({ "username": username, "password": password }),
            )
            .await;
        assert_refused(&envelope, 402, "参数值不对");
    }
    for mobile in [
        "1",
        "23800138000",
        "12800138000",
        "1380013800a",
        "138001380000",
        "١٣٨٠٠١٣٨٠٠٠",
    ] {
        let body = json!({ "username": "amy", "password": "correct horse", "mobile": mobile });
        assert_refused(
            &backend.send("auth/register", body).await,
            707,
            "手机号格式不正确",
        );
    }
    assert_eq!(
        backend.select::<i64>("SELECT count(*) FROM wx_user").await,
        0
    );
}

#[tokio::test]
async fn passwords_that_are_short_or_common_are_718() {
    let backend = Backend::start();
    let long = "long tea ".repeat(15);
    for password in [
        "123456",
        "x7%qZ!k",
        "12345678",
        "123456789",
        "password",
        "password1",
        "11111111",
        "qwertyuiop",
        "iloveyou",
        "1q2w3e4r",
        "abcd1234",
        "amy-the-cat",
        "abcdefgh",
        "87654321",
        "princess",
        "woaini1314",
        "5201314520",
        "iloveyou520",
        "wang1234",
        "asd123456",
        "qwe123456",
        "password!",
        "weixin123",
        "13800138000",
        &*long,
    ] {
        let body = json!({ "username": "amy-the-cat", "password": password });
        assert_refused(
            &backend.send("auth/register", body).await,
            718,
            "密码过于简单，请换一个至少8位、不常见的密码",
        );
    }
    for password in ["x7%qZ!k4", "明前龙井-1234", "secret-tea"] {
        let username = format!("user-{}", password.len());
        let body = json!({ "username": username, "password": password });
        assert_eq!(
            errno(&backend.send("auth/register", body).await),
            0,
            "{password}"
        );
    }
}

#[tokio::test]
async fn a_name_that_is_taken_is_704() {
    let backend = Backend::start();
    let register = async |password: &str| {
        backend
            .send(
                "auth/register",
                json!({ "username": "amy", "password": password }),
            )
            .await
    };
    assert_eq!(errno(&register("correct horse").await), 0);
    assert_refused(&register("another horse").await, 704, "用户名已注册");
    let code = backend.code("a person of WeChat's").await;
    let body = json!({ "username": "amy", "password": "another horse", "code": code });
    assert_refused(
        &backend.send("auth/register", body).await,
        704,
        "用户名已注册",
    );
    assert_eq!(
        errno(
            &backend
                .send(
                    "auth/login",
                    json!({ "username": "amy", "password": "correct horse" })
                )
                .await
        ),
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_who_want_one_name_at_once_are_one_account() {
    let backend = Backend::start();
    let mut registrations = JoinSet::new();
    for turn in 0..10 {
        let request = backend
            .post("auth/register")
            .json(&json!({ "username": "amy", "password": format!("spring tea leaf {turn}") }));
        registrations.spawn(crate::support::json_of(request));
    }
    let mut numbers: Vec<_> = registrations.join_all().await.iter().map(errno).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [&[0][..], &[704; 9]].concat());
    assert_eq!(
        backend.select::<i64>("SELECT count(*) FROM wx_user").await,
        1
    );
}

#[tokio::test]
async fn a_disabled_account_is_refused_even_with_the_right_password() {
    let backend = Backend::start();
    let account = json!({ "username": "amy", "password": "correct horse" });
    backend.send("auth/register", account.clone()).await;
    backend.execute("UPDATE wx_user SET status = 2").await;
    assert_refused(
        &backend.send("auth/login", account).await,
        506,
        "无操作权限",
    );
    let wrong = json!({ "username": "amy", "password": "wrong battery" });
    assert_refused(
        &backend.send("auth/login", wrong).await,
        700,
        "账号或密码不对",
    );
}

#[tokio::test]
async fn registering_with_a_code_keeps_the_user_of_earlier_logins() {
    let backend = Backend::start();
    let before = backend.login("amy", json!({ "nickName": "阿妹" })).await;
    let body = json!({ "username": "amy", "password": "correct horse", "code": backend.code("amy").await });
    backend
        .execute("UPDATE wx_user SET last_login_ip = ''")
        .await;
    let registered = backend.send("auth/register", body).await;
    assert_eq!(user_id_of(&registered), user_id_of(&before));
    assert_eq!(
        backend
            .select::<String>("SELECT last_login_ip FROM wx_user")
            .await,
        "127.0.0.1"
    );
    assert_eq!(registered["data"]["userInfo"]["nickName"], "阿妹");
    assert_eq!(errno(&backend.info(token_of(&before)).await), 0);

    let body = json!({ "username": "amy2", "password": "correct horse", "code": backend.code("amy").await });
    assert_refused(
        &backend.send("auth/register", body).await,
        708,
        "该微信用户已绑定其他账号",
    );

    let body = json!({ "username": "bob", "password": "correct horse", "code": backend.code("bob").await });
    let newcomer = backend.send("auth/register", body).await;
    assert_eq!(
        user_id_of(&backend.login("bob", json!({})).await),
        user_id_of(&newcomer)
    );
}
