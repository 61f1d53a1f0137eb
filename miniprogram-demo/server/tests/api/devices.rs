//! The list of a user's logins, ending one or all, and how many there may be.

use crate::refresh::{backends, refresh, refresh_token_of};
use crate::support::{Backend, TOKEN_HEADER, assert_refused, errno, json_of, token_of};
use futures_util::future::join_all;
use serde_json::{Value, json};

pub async fn log_in_on(backend: &Backend, user: &str, device: &str) -> Value {
    let code = backend.code(user).await;
    let login = backend.post("auth/login_by_weixin");
    let login = login.header("user-agent", device);
    json_of(login.json(&json!({ "code": code }))).await
}

async fn devices(backend: &Backend, login: &Value) -> Vec<Value> {
    let list = backend.get("auth/devices");
    let list = json_of(list.header(TOKEN_HEADER, token_of(login))).await;
    list["data"].as_array().unwrap().clone()
}

fn names(devices: &[Value]) -> Vec<&str> {
    let mut names: Vec<_> = devices
        .iter()
        .map(|device| device["device"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_sees_the_own_devices_and_ends_one_of_them() {
    for backend in backends().await {
        let phone = log_in_on(&backend, "amy", "phone").await;
        let tablet = log_in_on(&backend, "amy", "tablet").await;
        let stranger = log_in_on(&backend, "bob", "other").await;
        let list = devices(&backend, &phone).await;
        assert_eq!(names(&list), ["phone", "tablet"]);
        for device in &list {
            assert_eq!(device["isCurrent"], device["device"] == "phone");
            assert!(device["lastUsed"].as_str().unwrap().ends_with("+08:00"));
        }
        let other = list
            .iter()
            .find(|device| device["device"] == "tablet")
            .unwrap();
        let which = json!({ "id": other["id"] });
        let not_theirs = backend.send_as(token_of(&stranger), "auth/logout_device", which.clone());
        assert_eq!(errno(&not_theirs.await), 0);
        assert_eq!(errno(&backend.info(token_of(&tablet)).await), 0);
        let ended = backend.send_as(token_of(&phone), "auth/logout_device", which);
        assert_eq!(errno(&ended.await), 0);
        assert_refused(&backend.info(token_of(&tablet)).await, 501, "请登录");
        assert_eq!(names(&devices(&backend, &phone).await), ["phone"]);
        let nothing = backend.send_as(token_of(&phone), "auth/logout_device", json!({}));
        assert_refused(&nothing.await, 401, "参数不对");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_everywhere_ends_all_of_a_users_logins_and_nobody_elses() {
    for backend in backends().await {
        let phone = log_in_on(&backend, "amy", "phone").await;
        let tablet = log_in_on(&backend, "amy", "tablet").await;
        let stranger = log_in_on(&backend, "bob", "other").await;
        let ended = backend.send_as(token_of(&phone), "auth/logout_everywhere", json!({}));
        assert_eq!(errno(&ended.await), 0);
        for login in [&phone, &tablet] {
            assert_refused(&backend.info(token_of(login)).await, 501, "请登录");
            let refresh = json!({ "refreshToken": login["data"]["refreshToken"] });
            assert_refused(&backend.send("auth/refresh", refresh).await, 501, "请登录");
        }
        assert_eq!(errno(&backend.info(token_of(&stranger)).await), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_eleventh_login_ends_the_one_that_was_not_used_for_the_longest_time() {
    for backend in backends().await {
        let first = log_in_on(&backend, "amy", "phone 0").await;
        let second = log_in_on(&backend, "amy", "phone 1").await;
        backend
            .execute(
                "UPDATE login SET used_time = '2025-01-01 00:00:00.0' WHERE device = 'phone 1'",
            )
            .await;
        for number in 2..11 {
            log_in_on(&backend, "amy", &format!("phone {number}")).await;
        }
        assert_refused(&backend.info(token_of(&second)).await, 501, "请登录");
        let left = devices(&backend, &first).await;
        assert_eq!(left.len(), 10);
        assert!(!names(&left).contains(&"phone 1"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_use_is_noted_at_most_every_five_minutes_and_makes_the_login_last() {
    for backend in backends().await {
        let login = log_in_on(&backend, "amy", "phone").await;
        let ages_ago = "UPDATE login SET used_time = '2025-01-01 00:00:00.0', expires_at = '2098-01-01 00:00:00.0', \
             ends_at = '2099-01-01 00:00:00.0'";
        let noted = "SELECT count(*) FROM login WHERE used_time > '2025-01-02 00:00:00.0' \
             AND expires_at < '2098-01-01 00:00:00.0'";
        let used = "SELECT count(*) FROM session WHERE used_time > '2025-01-02 00:00:00.0'";
        backend.execute(ages_ago).await;
        backend
            .execute("UPDATE session SET used_time = '2025-01-01 00:00:00.0'")
            .await;
        assert_eq!(errno(&backend.info(token_of(&login)).await), 0);
        // It is noted beside the answer.
        let start = std::time::Instant::now();
        while backend.select::<i64>(used).await == 0 {
            assert!(
                start.elapsed() < crate::support::PATIENCE,
                "it is not noted"
            );
        }
        assert_eq!(backend.select::<i64>(noted).await, 1);

        backend.execute(ages_ago).await;
        assert_eq!(errno(&backend.info(token_of(&login)).await), 0);
        assert_eq!(backend.select::<i64>(noted).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_at_once_after_a_refresh_note_one_use() {
    for backend in backends().await {
        let login = log_in_on(&backend, "amy", "phone").await;
        let refreshed = refresh(&backend, refresh_token_of(&login)).await;
        backend.execute("CREATE TABLE note (id BIGINT)").await;
        let count = "CREATE TRIGGER count_notes AFTER UPDATE ON login FOR EACH ROW \
             BEGIN INSERT INTO note VALUES (NEW.id); END";
        backend.execute(count).await;
        let infos = join_all((0..64).map(|_| backend.info(token_of(&refreshed)))).await;
        for info in infos {
            assert_eq!(errno(&info), 0, "{info}");
        }
        assert_eq!(backend.select::<i64>("SELECT count(*) FROM note").await, 1);
    }
}

#[tokio::test]
async fn a_device_that_cannot_be_shown_has_no_name() {
    let backend = Backend::start();
    let login = log_in_on(&backend, "amy", &"x".repeat(500)).await;
    assert_eq!(names(&devices(&backend, &login).await), ["x".repeat(128)]);
    let code = backend.code("bob").await;
    let odd = reqwest::header::HeaderValue::from_bytes(b"\xff\xfe").unwrap();
    let login = backend
        .post("auth/login_by_weixin")
        .header("user-agent", odd);
    let login = json_of(login.json(&json!({ "code": code }))).await;
    assert_eq!(names(&devices(&backend, &login).await), [""]);
}
