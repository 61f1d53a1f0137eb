//! Another password: by who knows the old one, and by who has proved to have the phone.

use crate::profile::{phone_code, prove};
use crate::refresh::{backends, refresh, refresh_token_of};
use crate::support::{Backend, assert_refused, errno, json_of, token_of, user_id_of};
use serde_json::{Value, json};
use tokio::task::JoinSet;

const OLD: &str = "correct horse";
const NEW: &str = "battery staple";
const MOBILE: &str = "13800138000";

async fn register(backend: &Backend, username: &str) -> Value {
    let body = json!({ "username": username, "password": OLD });
    let registered = backend.send("auth/register", body).await;
    assert_eq!(errno(&registered), 0, "{registered}");
    registered
}

async fn log_in(backend: &Backend, username: &str, password: &str) -> Value {
    let body = json!({ "username": username, "password": password });
    backend.send("auth/login", body).await
}

async fn change(backend: &Backend, login: &Value, old: &str, new: &str) -> Value {
    let body = json!({ "oldPassword": old, "newPassword": new });
    backend
        .send_as(token_of(login), "auth/password", body)
        .await
}

async fn reset(backend: &Backend, mobile: &str, new: &str) -> Value {
    let code = phone_code(backend, mobile).await;
    let body = json!({ "phoneCode": code, "newPassword": new });
    backend.send("auth/reset_password", body).await
}

/// Neither of its tokens opens anything.
async fn assert_ended(backend: &Backend, login: &Value) {
    assert_refused(&backend.info(token_of(login)).await, 501, "请登录");
    let refreshed = refresh(backend, refresh_token_of(login)).await;
    assert_refused(&refreshed, 501, "请登录");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_replaces_the_password_and_ends_the_users_other_logins() {
    for backend in backends().await {
        let here = register(&backend, "amy").await;
        let elsewhere = log_in(&backend, "amy", OLD).await;
        let stranger = register(&backend, "bob").await;
        let done = change(&backend, &here, OLD, NEW).await;
        assert_eq!(done, json!({ "errno": 0, "errmsg": "成功" }));
        assert_ended(&backend, &elsewhere).await;
        assert_eq!(errno(&backend.info(token_of(&stranger)).await), 0);
        assert_eq!(errno(&backend.info(token_of(&here)).await), 0);
        assert_eq!(errno(&refresh(&backend, refresh_token_of(&here)).await), 0);
        assert_eq!(errno(&log_in(&backend, "amy", OLD).await), 700);
        let back = log_in(&backend, "amy", NEW).await;
        assert_eq!(user_id_of(&back), user_id_of(&here));
        assert_eq!(errno(&log_in(&backend, "bob", OLD).await), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_in_a_session_that_is_older_than_logins_are_ends_all_others() {
    for backend in backends().await {
        let old = register(&backend, "amy").await;
        let other = log_in(&backend, "amy", OLD).await;
        backend.execute("UPDATE session SET login_id = NULL").await;
        let third = log_in(&backend, "amy", OLD).await;
        assert_eq!(errno(&change(&backend, &old, OLD, NEW).await), 0);
        assert_eq!(errno(&backend.info(token_of(&old)).await), 0);
        for login in [&other, &third] {
            assert_refused(&backend.info(token_of(login)).await, 501, "请登录");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_refused_changes_nothing() {
    for backend in backends().await {
        let login = register(&backend, "amy").await;
        let other = log_in(&backend, "amy", OLD).await;
        let wrong = change(&backend, &login, "wrong battery", NEW).await;
        assert_refused(&wrong, 720, "原密码不对，请重新输入");
        let weak = change(&backend, &login, OLD, "12345678").await;
        let too_weak = "密码过于简单，请换一个至少8位、不常见的密码";
        assert_refused(&weak, 718, too_weak);
        for body in [
            json!({}),
            json!({ "oldPassword": OLD }),
            json!({ "newPassword": NEW }),
            json!({ "oldPassword": OLD, "newPassword": "" }),
        ] {
            let refused = backend.send_as(token_of(&login), "auth/password", body);
            assert_refused(&refused.await, 401, "参数不对");
        }
        let odd = json!({ "oldPassword": OLD, "newPassword": 7 });
        let odd = backend.send_as(token_of(&login), "auth/password", odd);
        assert_refused(&odd.await, 402, "参数值不对");
        let signed_out = json!({ "oldPassword": OLD, "newPassword": NEW });
        let signed_out = backend.send("auth/password", signed_out).await;
        assert_refused(&signed_out, 501, "请登录");
        assert_eq!(errno(&backend.info(token_of(&other)).await), 0);
        assert_eq!(errno(&log_in(&backend, "amy", OLD).await), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_a_password_is_told_to_register() {
    for backend in backends().await {
        let login = backend.login("amy", json!({})).await;
        let refused = change(&backend, &login, OLD, NEW).await;
        assert_refused(&refused, 719, "还没有密码，请先注册用户名和密码");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_the_old_password_are_limited_as_those_of_logins_are() {
    for backend in backends().await {
        let login = register(&backend, "amy").await;
        for _ in 0..10 {
            let wrong = change(&backend, &login, "wrong battery", NEW).await;
            assert_eq!(errno(&wrong), 720);
        }
        let limited = change(&backend, &login, OLD, NEW).await;
        assert_refused(&limited, 716, "尝试次数过多，请过几分钟再试");
        assert_eq!(errno(&log_in(&backend, "amy", OLD).await), 716);
    }
}

/// Logins with the old password that are on their way when it is changed do not outlive the change.
#[tokio::test(flavor = "multi_thread")]
async fn of_logins_and_changes_at_once_only_what_knows_the_last_password_stays() {
    for backend in backends().await {
        let own = register(&backend, "amy").await;
        let mut logins = JoinSet::new();
        for _ in 0..8 {
            let body = json!({ "username": "amy", "password": OLD });
            logins.spawn(json_of(backend.post("auth/login").json(&body)));
        }
        let two = [NEW, "tractor beam seven"].map(|new| change(&backend, &own, OLD, new));
        let [one, other] = two;
        let (one, other) = tokio::join!(one, other);
        let mut outcomes = [errno(&one), errno(&other)];
        outcomes.sort_unstable();
        assert_eq!(outcomes, [0, 720], "{one} {other}");
        for login in logins.join_all().await {
            match errno(&login) {
                0 => assert_ended(&backend, &login).await,
                number => assert_eq!(number, 700),
            }
        }
        assert_eq!(errno(&backend.info(token_of(&own)).await), 0);
        let logins: i64 = backend.select("SELECT count(*) FROM login").await;
        assert_eq!(logins, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proved_phone_resets_the_password_and_ends_all_logins() {
    for backend in backends().await {
        let account = register(&backend, "amy").await;
        prove(&backend, token_of(&account), MOBILE).await;
        let stranger = register(&backend, "bob").await;
        let done = reset(&backend, MOBILE, NEW).await;
        assert_eq!(done["data"], json!({ "username": "amy" }), "{done}");
        assert_ended(&backend, &account).await;
        assert_eq!(errno(&backend.info(token_of(&stranger)).await), 0);
        assert_eq!(errno(&log_in(&backend, "amy", OLD).await), 700);
        let back = log_in(&backend, "amy", NEW).await;
        assert_eq!(user_id_of(&back), user_id_of(&account));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_guessed_too_often_gets_in_after_a_reset() {
    for backend in backends().await {
        let account = register(&backend, "amy").await;
        prove(&backend, token_of(&account), MOBILE).await;
        for _ in 0..11 {
            log_in(&backend, "amy", "wrong battery").await;
        }
        assert_eq!(errno(&log_in(&backend, "amy", OLD).await), 716);
        assert_eq!(errno(&reset(&backend, MOBILE, NEW).await), 0);
        assert_eq!(errno(&log_in(&backend, "amy", NEW).await), 0);
    }
}

/// A number that was only named, one of a user without an account, and one that nobody has look the same from outside.
#[tokio::test(flavor = "multi_thread")]
async fn only_the_proved_phone_of_an_account_resets_a_password() {
    let no_account = "没有账号绑定过这个手机号，请换一个手机号，或用其他方式登录";
    for backend in backends().await {
        let named = json!({ "username": "amy", "password": OLD, "mobile": MOBILE });
        let account = backend.send("auth/register", named).await;
        let visitor = backend.token("bob").await;
        prove(&backend, &visitor, "13900139000").await;
        for mobile in [MOBILE, "13900139000", "13700137000"] {
            let refused = reset(&backend, mobile, NEW).await;
            assert_refused(&refused, 721, no_account);
        }
        prove(&backend, token_of(&account), MOBILE).await;
        backend
            .execute("UPDATE wx_user SET status = 1 WHERE username = 'amy'")
            .await;
        let disabled = reset(&backend, MOBILE, NEW).await;
        assert_refused(&disabled, 506, "无操作权限");
        backend.execute("UPDATE wx_user SET status = 0").await;
        // Whoever proves it last has it.
        prove(&backend, &visitor, MOBILE).await;
        let refused = reset(&backend, MOBILE, NEW).await;
        assert_refused(&refused, 721, no_account);
        assert_eq!(errno(&backend.info(token_of(&account)).await), 0);
        assert_eq!(errno(&log_in(&backend, "amy", OLD).await), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn resets_that_find_no_account_are_limited() {
    for backend in backends().await {
        for _ in 0..10 {
            assert_eq!(errno(&reset(&backend, MOBILE, NEW).await), 721);
        }
        assert_eq!(errno(&reset(&backend, MOBILE, NEW).await), 716);
        let made_up = json!({ "phoneCode": "made up", "newPassword": NEW });
        for _ in 0..30 {
            let refused = backend.send("auth/reset_password", made_up.clone()).await;
            assert_eq!(errno(&refused), 712);
        }
        let limited = backend.send("auth/reset_password", made_up).await;
        assert_eq!(errno(&limited), 716);
    }
}

#[tokio::test]
async fn a_reset_that_cannot_work_uses_no_code_up() {
    let backend = Backend::start();
    let account = register(&backend, "amy").await;
    prove(&backend, token_of(&account), MOBILE).await;
    let code = phone_code(&backend, MOBILE).await;
    for (body, number) in [
        (json!({ "phoneCode": code }), 401),
        (json!({ "newPassword": NEW }), 401),
        (json!({ "phoneCode": code, "newPassword": "" }), 401),
        (json!({ "phoneCode": code, "newPassword": "12345678" }), 718),
        (json!({ "phoneCode": code, "newPassword": [] }), 402),
        (
            json!({ "phoneCode": "x".repeat(600), "newPassword": NEW }),
            402,
        ),
    ] {
        let refused = backend.send("auth/reset_password", body).await;
        assert_eq!(errno(&refused), number, "{refused}");
    }
    let body = json!({ "phoneCode": code, "newPassword": NEW });
    let done = backend.send("auth/reset_password", body.clone()).await;
    assert_eq!(errno(&done), 0);
    assert_eq!(errno(&backend.send("auth/reset_password", body).await), 712);
    let log = backend.log();
    for secret in [OLD, NEW, &code] {
        assert!(!log.contains(secret));
    }
}
