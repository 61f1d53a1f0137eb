//! The SQL that MySQL is sent, taken from its own log: the list that docs/server.md judges for databases that speak its protocol.

use crate::mariadb::{MariaDb, private_server};
use crate::storage::upload_colour;
use crate::support::{Backend, PATIENCE, TOKEN_HEADER, errno, json_of, token_of};
use sea_orm::sqlx::{self, Connection, Executor, MySqlConnection};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const LIST: &str = include_str!("../../../../docs/statements.sql");
const PASSWORD: &str = "a-Rather-long-1-for-tests";
const OTHER_PASSWORD: &str = "another-Long-2-password";
const PHONE: &str = "13800138000";
/// More than a user may have, of logins and of tokens.
const MANY: usize = 22;
/// Sent whenever something does not succeed, which need not happen here.
const ROLLBACK: &str = "ROLLBACK";
/// In the statements of the test's own.
const OWN: &str = "/* own */";

#[tokio::test(flavor = "multi_thread")]
async fn the_list_has_all_statements() {
    let Some(server) = private_server().await else {
        return;
    };
    let url = server.empty_database().await;
    let mut own = server.connect().await;
    for sql in [
        "SET GLOBAL log_output = 'TABLE' /* own */",
        "SET GLOBAL general_log = ON /* own */",
    ] {
        own.execute(sql).await.unwrap();
    }
    let mut backend = Backend::start_on(&url);
    do_everything(&backend).await;
    assert!(backend.terminate().success());
    purge(&server, &url, &mut own).await;

    let found = statements(&mut own).await;
    let listed = LIST.lines().filter(|line| !line.starts_with("--"));
    let listed: BTreeSet<_> = listed.map(str::to_owned).collect();
    let new: Vec<_> = found.difference(&listed).cloned().collect();
    let gone: Vec<_> = listed.difference(&found).cloned().collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "docs/statements.sql, and what docs/server.md says of it, is not up to date.\nNew:\n{}\nGone:\n{}",
        new.join("\n"),
        gone.join("\n")
    );
}

async fn do_everything(backend: &Backend) {
    let visitor = backend.login("amy", json!({ "nickName": "Amy" })).await;
    let visitor = token_of(&visitor);
    bind_phone(backend, visitor).await;
    for red in 0..5 {
        let picture = upload_colour(backend, visitor, red).await;
        backend.http.get(&picture).send().await.unwrap();
        done(
            backend,
            visitor,
            "auth/profile",
            json!({ "avatarUrl": picture }),
        )
        .await;
    }
    let code = backend.code("rose").await;
    let rose = json!({ "username": "rose", "password": PASSWORD });
    let with_code = json!({ "username": "rose", "password": PASSWORD, "code": code });
    backend.send("auth/register", with_code).await;
    let acc = json!({ "username": "acc", "password": PASSWORD });
    backend.send("auth/register", acc.clone()).await;
    let bind = json!({ "code": backend.code("amy").await, "account": acc.clone() });
    assert_eq!(errno(&backend.send("auth/login_by_weixin", bind).await), 0);
    backend
        .send("auth/login_by_weixin", json!({ "code": "x" }))
        .await;
    let wrong = json!({ "username": "rose", "password": "x" });
    backend.send("auth/login", wrong).await;

    let login = backend.send("auth/login", rose.clone()).await;
    let mut refresh = login["data"]["refreshToken"].clone();
    for _ in 0..MANY {
        let next = backend
            .send("auth/refresh", json!({ "refreshToken": refresh }))
            .await;
        let again = backend
            .send("auth/refresh", json!({ "refreshToken": refresh }))
            .await;
        assert_eq!((errno(&next), errno(&again)), (0, 0));
        backend.info(token_of(&next)).await;
        refresh = next["data"]["refreshToken"].clone();
    }
    let last = backend.send("auth/login", rose.clone()).await;
    let token = token_of(&last);
    bind_phone(backend, token).await;
    let devices = backend.get("auth/devices").header(TOKEN_HEADER, token);
    let devices = json_of(devices).await;
    let mut others = devices["data"].as_array().unwrap().iter();
    let other = others.find(|device| device["isCurrent"] == false).unwrap();
    done(
        backend,
        token,
        "auth/logout_device",
        json!({ "id": other["id"] }),
    )
    .await;
    let change = json!({ "oldPassword": PASSWORD, "newPassword": OTHER_PASSWORD });
    done(backend, token, "auth/password", change).await;
    let export = backend.get("auth/export").header(TOKEN_HEADER, token);
    assert_eq!(errno(&json_of(export).await), 0);
    done(backend, token, "auth/unbind_weixin", json!({})).await;
    let reset = json!({ "phoneCode": phone_code(backend).await, "newPassword": PASSWORD });
    assert_eq!(errno(&backend.send("auth/reset_password", reset).await), 0);

    for _ in 0..MANY {
        backend.send("auth/login", rose.clone()).await;
    }
    let login = backend.send("auth/login", rose.clone()).await;
    done(backend, token_of(&login), "auth/unbind_phone", json!({})).await;
    done(backend, token_of(&login), "auth/logout", json!({})).await;
    for path in ["auth/logout", "auth/logout_everywhere"] {
        let login = backend.send("auth/login", rose.clone()).await;
        let refresh = json!({ "refreshToken": login["data"]["refreshToken"] });
        assert_eq!(errno(&backend.send(path, refresh).await), 0);
    }
    let login = backend.send("auth/login", acc.clone()).await;
    done(
        backend,
        token_of(&login),
        "auth/logout_everywhere",
        json!({}),
    )
    .await;
    let login = backend.send("auth/login", acc.clone()).await;
    done(backend, token_of(&login), "auth/cancel", json!({})).await;
    let ready = backend.http.get(format!("{}/readyz", backend.base));
    assert!(ready.send().await.unwrap().status().is_success());
    // For the purge.
    backend.token("bob").await;
}

async fn done(backend: &Backend, token: &str, path: &str, body: Value) {
    let answer = backend.send_as(token, path, body).await;
    assert_eq!(errno(&answer), 0, "{path}: {answer}");
}

async fn phone_code(backend: &Backend) -> Value {
    let code = json!({ "phone": PHONE });
    backend.sandbox("control/phone_code", code).await["code"].clone()
}

async fn bind_phone(backend: &Backend, token: &str) {
    let code = json!({ "code": phone_code(backend).await });
    done(backend, token, "auth/bind_phone", code).await;
}

/// What has ended is deleted by the next start.
async fn purge(server: &MariaDb, url: &str, own: &mut MySqlConnection) {
    let name = url.rsplit('/').next().unwrap();
    let mut db = MySqlConnection::connect(&server.url(name)).await.unwrap();
    for sql in [
        "UPDATE session SET expires_at = '2020-01-01' /* own */",
        "UPDATE login SET expires_at = '2020-01-01' /* own */",
        "UPDATE failure_count SET ends_at = '2020-01-01' /* own */",
    ] {
        db.execute(sql).await.unwrap();
    }
    let mut backend = Backend::start_on(url);
    let start = Instant::now();
    let left = "SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM login) \
                + (SELECT count(*) FROM failure_count) /* own */";
    while sqlx::query_scalar::<_, i64>(left)
        .fetch_one(&mut db)
        .await
        .unwrap()
        > 0
    {
        assert!(start.elapsed() < PATIENCE, "nothing is purged");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(backend.terminate().success());
    own.execute("SET GLOBAL general_log = OFF /* own */")
        .await
        .unwrap();
}

/// Each kind of statement in the log, without what differs from one to the next.
async fn statements(own: &mut MySqlConnection) -> BTreeSet<String> {
    let log = "SELECT CAST(argument AS CHAR) FROM mysql.general_log \
               WHERE command_type IN ('Query', 'Prepare') /* own */";
    let log: Vec<String> = sqlx::query_scalar(log).fetch_all(own).await.unwrap();
    let all = log.iter().filter(|statement| !statement.contains(OWN));
    let kinds = all.map(|statement| kind_of(statement));
    kinds.filter(|kind| kind != ROLLBACK).collect()
}

fn kind_of(statement: &str) -> String {
    let statement = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((_, rest)) = statement.split_once(" FROM ")
        && statement.starts_with("SELECT `")
    {
        return format!("SELECT … FROM {}", without_lists(rest));
    }
    if let Some((table, _)) = statement.split_once(" (")
        && statement.starts_with("INSERT ")
    {
        return format!("{table} (…) VALUES (…)");
    }
    if let Some((set, condition)) = statement.split_once(" WHERE ")
        && statement.starts_with("UPDATE ")
    {
        let (table, set) = set.split_once(" SET ").unwrap();
        let is_plain = |change: &str| change.ends_with("` = ?");
        let set = if set.split(", ").all(is_plain) {
            "…"
        } else {
            set
        };
        return format!("{table} SET {set} WHERE {}", without_lists(condition));
    }
    without_lists(&statement)
}

/// A list of values has as many as there happen to be.
fn without_lists(statement: &str) -> String {
    let mut statement = statement.to_owned();
    while statement.contains("(?, ?") {
        statement = statement.replace("(?, ?", "(?");
    }
    statement.replace("IN (?)", "IN (…)")
}
