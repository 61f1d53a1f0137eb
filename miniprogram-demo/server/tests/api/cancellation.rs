//! Cancelling an account: what is gone, who comes back as whom, and what happens to what is on its way meanwhile.

use crate::binding::{bind, register};
use crate::profile::{phone_code, prove};
use crate::refresh::{backends, refresh, refresh_token_of};
use crate::storage::{get, upload_colour};
use crate::support::{Backend, TOKEN_HEADER, assert_refused, errno, json_of, token_of, user_id_of};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tokio::task::JoinSet;

const PASSWORD: &str = "correct horse";
const MOBILE: &str = "13800138000";

async fn cancel(backend: &Backend, login: &Value) -> Value {
    backend
        .send_as(token_of(login), "auth/cancel", json!({}))
        .await
}

/// Amy has everything that a user can have: an account, WeChat, a proved and a named phone, a profile and a picture.
async fn amy(backend: &Backend) -> (Value, String) {
    let account = json!({ "username": "amy", "password": PASSWORD, "mobile": "13900139000" });
    let account = backend.send("auth/register", account).await;
    assert_eq!(errno(&bind(backend, "amy's phone", "amy").await), 0);
    prove(backend, token_of(&account), MOBILE).await;
    let picture = upload_colour(backend, token_of(&account), 7).await;
    let profile = json!({ "nickName": "阿妹", "avatarUrl": picture, "gender": 2 });
    let changed = backend.send_as(token_of(&account), "auth/profile", profile);
    assert_eq!(errno(&changed.await), 0);
    (account, picture)
}

/// Nothing is left of the user but the id and the time of the cancellation, and nothing belongs to the id.
async fn assert_erased(backend: &Backend, user_id: i64) {
    let erased = format!(
        "SELECT count(*) FROM wx_user WHERE id = {user_id} AND username IS NULL AND password IS NULL \
         AND weixin_openid IS NULL AND weixin_unionid IS NULL AND nickname = '' AND avatar = '' AND gender = 0 AND mobile = '' \
         AND proved_mobile IS NULL AND user_level = 0 AND status = -1 AND last_login_ip = '' \
         AND add_time = update_time AND last_login_time = update_time"
    );
    assert_eq!(backend.select::<i64>(&erased).await, 1);
    for table in ["login", "session", "upload"] {
        let left = format!("SELECT count(*) FROM {table} WHERE user_id = {user_id}");
        assert_eq!(backend.select::<i64>(&left).await, 0, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_account_is_signed_out_everywhere_and_erased() {
    for backend in backends().await {
        let (here, picture) = amy(&backend).await;
        let elsewhere = backend.login("amy's phone", json!({})).await;
        let stranger = backend.login("bob", json!({})).await;
        let cancelled = cancel(&backend, &here).await;
        assert_eq!(cancelled, json!({ "errno": 0, "errmsg": "成功" }));
        for login in [&here, &elsewhere] {
            assert_refused(&backend.info(token_of(login)).await, 501, "请登录");
            let refreshed = refresh(&backend, refresh_token_of(login)).await;
            assert_refused(&refreshed, 501, "请登录");
        }
        assert_erased(&backend, user_id_of(&here)).await;
        assert_eq!(get(&backend, &picture).await.status(), 404);
        let pictures: i64 = backend.select("SELECT count(*) FROM picture").await;
        assert_eq!(pictures, 0);
        assert_refused(&cancel(&backend, &here).await, 501, "请登录");
        assert_eq!(errno(&backend.info(token_of(&stranger)).await), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_cancelled_comes_back_as_a_new_user() {
    for backend in backends().await {
        let (before, _) = amy(&backend).await;
        cancel(&backend, &before).await;
        let password = json!({ "username": "amy", "password": PASSWORD });
        let by_password = backend.send("auth/login", password).await;
        assert_refused(&by_password, 700, "账号或密码不对");
        let code = phone_code(&backend, MOBILE).await;
        let reset = json!({ "phoneCode": code, "newPassword": "battery staple" });
        assert_eq!(
            errno(&backend.send("auth/reset_password", reset).await),
            721
        );

        let by_wechat = backend.login("amy's phone", json!({})).await;
        let user = &by_wechat["data"]["userInfo"];
        assert_ne!(user_id_of(&by_wechat), user_id_of(&before));
        assert_eq!(
            json!([user["username"], user["nickName"], user["phone"]]),
            json!([null, "微信用户", ""])
        );
        // The name and the number are free, too.
        let account = register(&backend, "amy").await;
        assert_eq!(errno(&account), 0);
        assert_ne!(user_id_of(&account), user_id_of(&before));
        let proved = prove(&backend, token_of(&account), MOBILE).await;
        assert_eq!(proved["data"]["phoneVerified"], true);
        assert_eq!(errno(&bind(&backend, "amy's phone", "amy").await), 0);
        assert_erased(&backend, user_id_of(&before)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_another_user_has_too_stays() {
    for backend in backends().await {
        let (amy, picture) = amy(&backend).await;
        let bob = backend.login("bob", json!({})).await;
        assert_eq!(upload_colour(&backend, token_of(&bob), 7).await, picture);
        cancel(&backend, &amy).await;
        assert_eq!(get(&backend, &picture).await.status(), 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_user_does_not_become_a_new_one_by_cancelling() {
    for backend in backends().await {
        let login = backend.login("amy", json!({})).await;
        backend.execute("UPDATE wx_user SET status = 1").await;
        assert_refused(&cancel(&backend, &login).await, 506, "无操作权限");
        assert_refused(&backend.send("auth/cancel", json!({})).await, 501, "请登录");
        assert_eq!(errno(&backend.login("amy", json!({})).await), 506);
    }
}

/// The last of its statements fails.
#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_that_fails_has_changed_nothing() {
    for backend in backends().await {
        let (amy, picture) = amy(&backend).await;
        let on_sqlite = backend.database_url().starts_with("sqlite");
        let trigger = if on_sqlite {
            "CREATE TRIGGER no BEFORE UPDATE ON wx_user WHEN NEW.status = -1 \
             BEGIN SELECT RAISE(ABORT, 'no'); END"
        } else {
            "CREATE TRIGGER no BEFORE UPDATE ON wx_user FOR EACH ROW \
             IF NEW.status = -1 THEN SIGNAL SQLSTATE '45000'; END IF"
        };
        backend.execute(trigger).await;
        assert_eq!(errno(&cancel(&backend, &amy).await), 505);
        assert_eq!(
            backend.info(token_of(&amy)).await["data"]["nickName"],
            "阿妹"
        );
        assert_eq!(errno(&refresh(&backend, refresh_token_of(&amy)).await), 0);
        assert_eq!(get(&backend, &picture).await.status(), 200);
        backend.execute("DROP TRIGGER no").await;
        assert_eq!(errno(&cancel(&backend, &amy).await), 0);
        assert_erased(&backend, user_id_of(&amy)).await;
    }
}

/// Whatever a user does while the account is being cancelled, in two processes, either counts before and is gone, or is refused.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_its_way_beside_a_cancellation_leaves_nothing() {
    for backend in backends().await {
        let other = backend.start_another();
        for round in 0..8 {
            let (amy, _) = amy(&backend).await;
            let user_id = user_id_of(&amy);
            let visitor = format!("visitor {round}");
            backend.token(&visitor).await;
            let mut requests = JoinSet::new();
            let token = || token_of(&amy).to_owned();
            let as_amy = |process: &Backend, path: &str, body: Value| {
                json_of(process.post(path).header(TOKEN_HEADER, token()).json(&body))
            };
            let account = json!({ "username": "amy", "password": PASSWORD });
            let by_wechat = json!({ "code": backend.code("amy's phone").await });
            requests.spawn(json_of(
                backend.post("auth/login_by_weixin").json(&by_wechat),
            ));
            requests.spawn(json_of(other.post("auth/login").json(&account)));
            let refresh = json!({ "refreshToken": refresh_token_of(&amy) });
            requests.spawn(json_of(other.post("auth/refresh").json(&refresh)));
            requests.spawn(as_amy(
                &other,
                "auth/profile",
                json!({ "nickName": "艾米" }),
            ));
            let file = crate::storage::opaque(8, 8, round, image::ImageFormat::Png);
            let form = Form::new().part("file", Part::bytes(file).file_name("a.png"));
            let upload = other.post("storage/upload").header(TOKEN_HEADER, token());
            requests.spawn(json_of(upload.multipart(form)));
            let phone = json!({ "code": phone_code(&backend, MOBILE).await });
            requests.spawn(as_amy(&backend, "auth/bind_phone", phone));
            let binding = json!({ "code": backend.code(&visitor).await, "account": account });
            requests.spawn(json_of(backend.post("auth/login_by_weixin").json(&binding)));
            let elsewhere = tokio::spawn(as_amy(&other, "auth/cancel", json!({})));
            let cancelled = cancel(&backend, &amy).await;
            let cancelled = [cancelled, elsewhere.await.unwrap()];
            let answers = requests.join_all().await;
            for answer in answers.iter().chain(&cancelled) {
                // Of two cancellations the later one may find no session. Who comes with WeChat afterwards is a new user; the binding met another WeChat user, or no account.
                let number = errno(answer);
                assert!(
                    [0, 501, 700, 709].contains(&number),
                    "{answer} on {}: {:?}",
                    backend.database_url(),
                    (backend.log() + &other.log())
                        .lines()
                        .filter(|line| line.contains("the database is busy")
                            || line.contains("tries again"))
                        .collect::<Vec<_>>()
                );
            }
            assert!(cancelled.iter().any(|answer| errno(answer) == 0));
            assert_erased(&backend, user_id).await;
            assert_eq!(errno(&backend.info(&token()).await), 501);
            // The next round needs the names.
            backend
                .execute("DELETE FROM wx_user WHERE status = 0")
                .await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_erased_is_not_in_the_file_any_more() {
    let mut backend = Backend::start();
    let (login, _) = amy(&backend).await;
    assert_eq!(errno(&cancel(&backend, &login).await), 0);
    assert!(backend.terminate().success());
    let file = std::fs::read(backend.database_file()).unwrap();
    for erased in [MOBILE, "阿妹"] {
        let erased = erased.as_bytes();
        assert!(!file.windows(erased.len()).any(|bytes| bytes == erased));
    }
}
