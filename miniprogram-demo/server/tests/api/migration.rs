//! A filled database of an older server.

use crate::mariadb;
use crate::refresh::{refresh, refresh_token_of};
use crate::support::{Backend, TOKEN_HEADER, assert_refused, errno, json_of, token_of, user_id_of};
use sea_orm::sqlx::{self, AssertSqlSafe, Connection, MySqlConnection, SqliteConnection};
use serde_json::json;
use tempfile::TempDir;

const SCHEMA: &str = include_str!("schema_0007.sql");
const TOKEN: &str = "a token of before";

fn schema(replacements: [(&str, &str); 5]) -> AssertSqlSafe<String> {
    let filled = |sql: String, (name, text): (&str, &str)| sql.replace(name, text);
    AssertSqlSafe(replacements.into_iter().fold(SCHEMA.to_owned(), filled))
}

pub async fn fill_sqlite(url: &str) {
    let mut connection = SqliteConnection::connect(&format!("{url}?mode=rwc"))
        .await
        .unwrap();
    let schema = schema([
        ("{id}", "integer NOT NULL PRIMARY KEY AUTOINCREMENT"),
        ("{integer}", "integer"),
        ("{time}", "datetime_text"),
        ("{blob}", "blob"),
        ("{table}", ""),
    ]);
    sqlx::raw_sql(schema)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

async fn fill_mariadb(url: &str) {
    let mut connection = MySqlConnection::connect(url).await.unwrap();
    let schema = schema([
        ("{id}", "bigint NOT NULL AUTO_INCREMENT PRIMARY KEY"),
        ("{integer}", "bigint"),
        ("{time}", "datetime"),
        ("{blob}", "mediumblob"),
        (
            "{table}",
            " DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        ),
    ]);
    sqlx::raw_sql(schema)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn users_and_sessions_of_an_older_server_go_on_on_sqlite() {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}/data.db", folder.path().display());
    fill_sqlite(&url).await;
    users_and_sessions_go_on(Backend::start_on(&url)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_and_sessions_of_an_older_server_go_on_on_mariadb() {
    if let Some(url) = mariadb::empty_database().await {
        fill_mariadb(&url).await;
        users_and_sessions_go_on(Backend::start_on(&url)).await;
    }
}

async fn users_and_sessions_go_on(backend: Backend) {
    let info = backend.info(TOKEN).await;
    let user = &info["data"];
    assert_eq!(
        json!([
            user["userId"],
            user["nickName"],
            user["gender"],
            user["registerDate"]
        ]),
        json!([4711, "阿妹", 2, "2025-01-01"])
    );
    assert_eq!(
        errno(&backend.info("an expired token of before").await),
        501
    );
    let devices = backend.get("auth/devices").header(TOKEN_HEADER, TOKEN);
    assert_eq!(json_of(devices).await["data"], json!([]));
    let export = backend.get("auth/export").header(TOKEN_HEADER, TOKEN);
    let export = json_of(export).await;
    assert_eq!(export["data"]["accessTokens"][0]["loginId"], json!(null));

    let amy = backend.login("amy", json!({})).await;
    assert_eq!(user_id_of(&amy), 4711);
    assert_eq!(errno(&refresh(&backend, refresh_token_of(&amy)).await), 0);
    let account = json!({ "username": "bob", "password": "correct horse" });
    let bob = backend.send("auth/login", account).await;
    assert_eq!(user_id_of(&bob), 4712);
    assert_eq!(bob["data"]["userInfo"]["phoneVerified"], true);
    let users: i64 = backend.select("SELECT count(*) FROM wx_user").await;
    assert_eq!(users, 3);

    // The next start finds nothing left to do.
    let backend = backend.kill_and_restart();
    assert_eq!(errno(&backend.info(token_of(&bob)).await), 0);
    let logout = backend.send_as(TOKEN, "auth/logout", json!({})).await;
    assert_eq!(errno(&logout), 0);
    assert_refused(&backend.info(TOKEN).await, 501, "请登录");
    assert_eq!(errno(&backend.info(token_of(&amy)).await), 0);
    for login in [&amy, &bob] {
        let cancelled = backend.send_as(token_of(login), "auth/cancel", json!({}));
        assert_eq!(errno(&cancelled.await), 0);
    }
    let disabled: i64 = backend
        .select("SELECT count(*) FROM wx_user WHERE status = 1")
        .await;
    assert_eq!(disabled, 1);
}
