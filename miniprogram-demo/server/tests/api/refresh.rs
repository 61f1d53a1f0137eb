//! Another access token for a refresh token: rotation, lost answers, and what happens when a token is in two hands.

use crate::mariadb;
use crate::support::{Backend, assert_refused, errno, json_of, token_of, user_id_of};
use serde_json::{Value, json};
use std::collections::HashSet;
use tokio::task::JoinSet;

const SIGNED_OUT: (i64, &str) = (501, "请登录");

/// A backend on each database.
pub async fn backends() -> Vec<Backend> {
    let mut backends = vec![Backend::start()];
    backends.extend(mariadb::backend().await);
    backends
}

pub async fn refresh(backend: &Backend, refresh_token: &str) -> Value {
    let body = json!({ "refreshToken": refresh_token });
    backend.send("auth/refresh", body).await
}

pub fn refresh_token_of(envelope: &Value) -> &str {
    envelope["data"]["refreshToken"]
        .as_str()
        .unwrap_or_else(|| panic!("no refresh token in {envelope}"))
}

async fn assert_signed_out(backend: &Backend, pairs: &[&Value]) {
    for pair in pairs {
        let info = backend.info(token_of(pair)).await;
        assert_refused(&info, SIGNED_OUT.0, SIGNED_OUT.1);
        let refreshed = refresh(backend, refresh_token_of(pair)).await;
        assert_refused(&refreshed, SIGNED_OUT.0, SIGNED_OUT.1);
    }
    let left: i64 = backend.select("SELECT count(*) FROM login").await;
    assert_eq!(left, 0);
}

async fn end_access_tokens(backend: &Backend) {
    backend
        .execute("UPDATE session SET expires_at = '2020-01-01 00:00:00.0'")
        .await;
}

/// As if half a minute had passed since the last refresh.
async fn end_grace(backend: &Backend) {
    backend
        .execute("UPDATE replaced_token SET replaced_time = '2020-01-01 00:00:00.0'")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_signs_in_again_without_a_login_and_rotates() {
    for backend in backends().await {
        let first = backend.login("amy", json!({ "nickName": "阿妹" })).await;
        end_access_tokens(&backend).await;
        assert_eq!(errno(&backend.info(token_of(&first)).await), 501);
        let second = refresh(&backend, refresh_token_of(&first)).await;
        assert_eq!(second["data"]["userInfo"], first["data"]["userInfo"]);
        assert_eq!(second["data"]["expiresIn"], first["data"]["expiresIn"]);
        let third = refresh(&backend, refresh_token_of(&second)).await;
        for (before, after) in [(&first, &second), (&second, &third)] {
            assert_ne!(token_of(before), token_of(after));
            assert_ne!(refresh_token_of(before), refresh_token_of(after));
            assert_eq!(errno(&backend.info(token_of(after)).await), 0);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_lost_answer_the_old_token_gives_the_same_successor() {
    for backend in backends().await {
        let first = backend.login("amy", json!({})).await;
        let lost = refresh(&backend, refresh_token_of(&first)).await;
        let again = refresh(&backend, refresh_token_of(&first)).await;
        assert_eq!(refresh_token_of(&again), refresh_token_of(&lost));
        assert_eq!(errno(&backend.info(token_of(&again)).await), 0);
        let next = refresh(&backend, refresh_token_of(&again)).await;
        assert_eq!(errno(&next), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_comes_back_after_the_next_access_token_was_used_ends_the_login() {
    for backend in backends().await {
        let first = backend.login("amy", json!({})).await;
        let second = refresh(&backend, refresh_token_of(&first)).await;
        assert_eq!(errno(&backend.info(token_of(&second)).await), 0);
        end_grace(&backend).await;
        let reused = refresh(&backend, refresh_token_of(&first)).await;
        assert_refused(&reused, SIGNED_OUT.0, SIGNED_OUT.1);
        assert_signed_out(&backend, &[&first, &second]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_comes_back_after_the_next_one_was_used_ends_the_login() {
    for backend in backends().await {
        let first = backend.login("amy", json!({})).await;
        let second = refresh(&backend, refresh_token_of(&first)).await;
        let third = refresh(&backend, refresh_token_of(&second)).await;
        end_grace(&backend).await;
        let reused = refresh(&backend, refresh_token_of(&first)).await;
        assert_refused(&reused, SIGNED_OUT.0, SIGNED_OUT.1);
        assert_signed_out(&backend, &[&first, &second, &third]).await;
    }
}

/// Two requests at once, of which one is late: the other one's tokens are in use already.
#[tokio::test(flavor = "multi_thread")]
async fn a_late_second_refresh_gives_the_same_successor_within_the_grace() {
    for backend in backends().await {
        let first = backend.login("amy", json!({})).await;
        let second = refresh(&backend, refresh_token_of(&first)).await;
        assert_eq!(errno(&backend.info(token_of(&second)).await), 0);
        let late = refresh(&backend, refresh_token_of(&first)).await;
        assert_eq!(refresh_token_of(&late), refresh_token_of(&second));
        for answer in [&second, &late] {
            assert_eq!(errno(&backend.info(token_of(answer)).await), 0);
        }
        // Nor does the grace begin anew.
        let third = refresh(&backend, refresh_token_of(&late)).await;
        assert_eq!(errno(&third), 0);
        end_grace(&backend).await;
        let reused = refresh(&backend, refresh_token_of(&first)).await;
        assert_refused(&reused, SIGNED_OUT.0, SIGNED_OUT.1);
        assert_signed_out(&backend, &[&first, &second, &late, &third]).await;
    }
}

/// Where the successor was replaced, too, a token of the past would be a trap: whoever uses it later ends the login.
#[tokio::test(flavor = "multi_thread")]
async fn within_the_grace_all_tokens_of_a_login_lead_to_the_current_one() {
    for backend in backends().await {
        let first = backend.login("amy", json!({})).await;
        let mut tokens = vec![first];
        for _ in 0..5 {
            let last = tokens.last().unwrap();
            let next = refresh(&backend, refresh_token_of(last)).await;
            assert_eq!(errno(&backend.info(token_of(&next)).await), 0);
            tokens.push(next);
        }
        let current = tokens.pop().unwrap();
        for token in &tokens {
            let late = refresh(&backend, refresh_token_of(token)).await;
            assert_eq!(refresh_token_of(&late), refresh_token_of(&current));
        }
        assert_eq!(
            errno(&refresh(&backend, refresh_token_of(&current)).await),
            0
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn few_replaced_tokens_are_remembered_and_none_of_a_login_that_has_ended() {
    for backend in backends().await {
        let mut latest = backend.login("amy", json!({})).await;
        let count = "SELECT count(*) FROM replaced_token";
        for _ in 0..25 {
            latest = refresh(&backend, refresh_token_of(&latest)).await;
        }
        assert_eq!(backend.select::<i64>(count).await, 20);
        end_grace(&backend).await;
        latest = refresh(&backend, refresh_token_of(&latest)).await;
        assert_eq!(backend.select::<i64>(count).await, 1);
        let logout = backend.send_as(token_of(&latest), "auth/logout", json!({}));
        assert_eq!(errno(&logout.await), 0);
        assert_eq!(backend.select::<i64>(count).await, 0);
    }
}

/// What a refresh on one node of a cluster leaves behind that a logout on another node has not seen.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_whose_login_has_ended_is_no_session() {
    for backend in backends().await {
        let ended = backend.login("amy", json!({})).await;
        backend.execute("DELETE FROM login").await;
        let sessions: i64 = backend.select("SELECT count(*) FROM session").await;
        assert_eq!(sessions, 1, "the session itself is still there");
        assert_refused(
            &backend.info(token_of(&ended)).await,
            SIGNED_OUT.0,
            SIGNED_OUT.1,
        );
        // Those that were opened before there were logins go on.
        let old = backend.login("amy", json!({})).await;
        backend.execute("UPDATE session SET login_id = NULL").await;
        assert_eq!(errno(&backend.info(token_of(&old)).await), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_one_login_leaves_the_users_others() {
    for backend in backends().await {
        let phone = backend.login("amy", json!({})).await;
        let tablet = backend.login("amy", json!({})).await;
        let logout = backend.send_as(token_of(&phone), "auth/logout", json!({}));
        assert_eq!(errno(&logout.await), 0);
        let refused = refresh(&backend, refresh_token_of(&phone)).await;
        assert_refused(&refused, SIGNED_OUT.0, SIGNED_OUT.1);
        assert_eq!(errno(&backend.info(token_of(&tablet)).await), 0);
        let refreshed = refresh(&backend, refresh_token_of(&tablet)).await;
        assert_eq!(errno(&refreshed), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_ends_what_was_refreshed_before_it() {
    for backend in backends().await {
        let first = backend.login("amy", json!({})).await;
        let second = refresh(&backend, refresh_token_of(&first)).await;
        let logout = backend.send_as(token_of(&first), "auth/logout", json!({}));
        assert_eq!(errno(&logout.await), 0);
        assert_signed_out(&backend, &[&first, &second]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refreshes_at_once_with_one_token_of_two_processes_have_one_successor() {
    for backend in backends().await {
        let other = backend.start_another();
        let first = backend.login("amy", json!({})).await;
        let mut requests = JoinSet::new();
        for number in 0..16 {
            let process = if number % 2 == 0 { &backend } else { &other };
            let body = json!({ "refreshToken": refresh_token_of(&first) });
            requests.spawn(json_of(process.post("auth/refresh").json(&body)));
        }
        let answers = requests.join_all().await;
        let successors: HashSet<_> = answers.iter().map(refresh_token_of).collect();
        assert_eq!(successors.len(), 1);
        for answer in &answers {
            assert_eq!(errno(&other.info(token_of(answer)).await), 0);
        }
        end_grace(&backend).await;
        let reused = refresh(&backend, refresh_token_of(&first)).await;
        assert_refused(&reused, SIGNED_OUT.0, SIGNED_OUT.1);
        assert_signed_out(&other, &answers.iter().collect::<Vec<_>>()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_beside_a_logout_leaves_no_token() {
    for backend in backends().await {
        for _ in 0..10 {
            let first = backend.login("amy", json!({})).await;
            let (refreshed, logout) = tokio::join!(
                refresh(&backend, refresh_token_of(&first)),
                backend.send_as(token_of(&first), "auth/logout", json!({})),
            );
            assert_eq!(errno(&logout), 0);
            assert!([0, 501].contains(&errno(&refreshed)), "{refreshed}");
            assert_eq!(
                backend.select::<i64>("SELECT count(*) FROM session").await,
                0
            );
            assert_eq!(backend.select::<i64>("SELECT count(*) FROM login").await, 0);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_user_cannot_refresh() {
    for backend in backends().await {
        let login = backend.login("amy", json!({})).await;
        backend.execute("UPDATE wx_user SET status = 1").await;
        let refused = refresh(&backend, refresh_token_of(&login)).await;
        assert_refused(&refused, 506, "无操作权限");
        backend.execute("UPDATE wx_user SET status = 0").await;
        let refreshed = refresh(&backend, refresh_token_of(&login)).await;
        assert_eq!(user_id_of(&refreshed), user_id_of(&login));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_lasts_thirty_days_from_its_last_use_and_not_for_ever() {
    for backend in backends().await {
        let login = backend.login("amy", json!({})).await;
        let days = |column: &str| {
            if backend.database_url().starts_with("sqlite") {
                format!(
                    "SELECT CAST(round(julianday({column}) - julianday('now')) AS INTEGER) FROM login"
                )
            } else {
                format!(
                    "SELECT CAST(round(timestampdiff(HOUR, utc_timestamp(), {column}) / 24) AS SIGNED) FROM login"
                )
            }
        };
        assert_eq!(backend.select::<i64>(&days("expires_at")).await, 30);
        assert_eq!(backend.select::<i64>(&days("ends_at")).await, 180);

        // Near its end a login does not slide beyond it.
        backend
            .execute("UPDATE login SET ends_at = expires_at")
            .await;
        let refreshed = refresh(&backend, refresh_token_of(&login)).await;
        assert_eq!(errno(&refreshed), 0);
        assert_eq!(
            backend
                .select::<i64>("SELECT count(*) FROM login WHERE expires_at <= ends_at")
                .await,
            1
        );

        backend
            .execute("UPDATE login SET expires_at = '2020-01-01 00:00:00.0'")
            .await;
        let refused = refresh(&backend, refresh_token_of(&refreshed)).await;
        assert_refused(&refused, SIGNED_OUT.0, SIGNED_OUT.1);
    }
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused_and_ends_nothing() {
    let backend = Backend::start();
    let login = backend.login("amy", json!({})).await;
    let token = refresh_token_of(&login);
    let elsewhere = Backend::start().login("amy", json!({})).await;
    for wrong in [
        "",
        "x",
        token_of(&login),
        &token[1..],
        refresh_token_of(&elsewhere),
        &"三".repeat(32),
        &"a".repeat(5000),
    ] {
        let refused = refresh(&backend, wrong).await;
        assert_refused(&refused, SIGNED_OUT.0, SIGNED_OUT.1);
    }
    let missing = backend.send("auth/refresh", json!({})).await;
    assert_refused(&missing, 401, "参数不对");
    let number = backend
        .send("auth/refresh", json!({ "refreshToken": 5 }))
        .await;
    assert_refused(&number, 402, "参数值不对");
    // Neither opens what the other one does.
    assert_eq!(errno(&backend.info(token).await), 501);
    assert_eq!(errno(&refresh(&backend, token).await), 0);
}

#[tokio::test]
async fn neither_the_database_nor_the_log_has_a_refresh_token() {
    let backend = Backend::start();
    let first = backend.login("amy", json!({})).await;
    let second = refresh(&backend, refresh_token_of(&first)).await;
    backend.execute("PRAGMA wal_checkpoint(TRUNCATE)").await;
    let bytes = std::fs::read(backend.database_file()).unwrap();
    let log = backend.log();
    for pair in [&first, &second] {
        // The end is what makes a token; the beginning is the family's.
        let secret = &refresh_token_of(pair)[32..];
        assert!(
            !bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes())
        );
        assert!(!log.contains(secret));
    }
}

/// However often a login is refreshed, it has few rows, so that it can always be ended.
#[tokio::test(flavor = "multi_thread")]
async fn a_login_has_a_limited_number_of_access_tokens() {
    for backend in backends().await {
        let mut latest = backend.login("amy", json!({})).await;
        for _ in 0..15 {
            latest = refresh(&backend, refresh_token_of(&latest)).await;
        }
        let last = latest.clone();
        for _ in 0..15 {
            latest = refresh(&backend, refresh_token_of(&last)).await;
            assert_eq!(errno(&latest), 0, "{latest}");
        }
        let kept: i64 = backend.select("SELECT count(*) FROM session").await;
        assert_eq!(kept, 20);
        assert_eq!(errno(&backend.info(token_of(&latest)).await), 0);
        let logout = backend
            .post("auth/logout")
            .header("X-Litemall-Token", token_of(&latest));
        assert_eq!(errno(&json_of(logout).await), 0);
        let left: i64 = backend.select("SELECT count(*) FROM session").await;
        assert_eq!(left, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_after_the_access_token_has_ended_ends_the_login() {
    for backend in backends().await {
        for (path, other_ends) in [("auth/logout", false), ("auth/logout_everywhere", true)] {
            let other = backend.login("amy", json!({})).await;
            let first = backend.login("amy", json!({})).await;
            let second = refresh(&backend, refresh_token_of(&first)).await;
            end_access_tokens(&backend).await;
            let token = token_of(&second);
            for body in [json!({}), json!({ "refreshToken": "made-up" })] {
                let refused = backend.send_as(token, path, body).await;
                assert_refused(&refused, SIGNED_OUT.0, SIGNED_OUT.1);
            }
            let body = json!({ "refreshToken": refresh_token_of(&second) });
            let ended = backend.send_as(token, path, body).await;
            assert_eq!(errno(&ended), 0);
            let second = refresh(&backend, refresh_token_of(&second)).await;
            assert_refused(&second, SIGNED_OUT.0, SIGNED_OUT.1);
            let other = refresh(&backend, refresh_token_of(&other)).await;
            assert_eq!(errno(&other) == SIGNED_OUT.0, other_ends, "{path}: {other}");
        }
    }
}
