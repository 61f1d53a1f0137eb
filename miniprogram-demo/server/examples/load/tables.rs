//! Large tables.

use crate::client::USERS;
use crate::fake_wechat::openid;
use sea_orm::{
    ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, Statement, TransactionTrait,
};
use std::process::Command;

/// Of logins, too: each has one.
const SESSIONS: u64 = 1_000_000;
/// Ids are spread as random ones are.
const ID_STEP: u64 = 45_000_000_000;

/// Fills the tables, which the server has created.
pub async fn fill(url: &str) {
    let db = Database::connect(url).await.unwrap();
    let on_sqlite = db.get_database_backend() == DatabaseBackend::Sqlite;
    let numbers = |count: u64| {
        if on_sqlite {
            format!(
                "(WITH RECURSIVE n(seq) AS (SELECT 0 UNION ALL SELECT seq + 1 FROM n WHERE seq < {}) \
                 SELECT seq FROM n) AS numbers",
                count - 1
            )
        } else {
            format!("seq_0_to_{}", count - 1)
        }
    };
    let prefix = openid("");
    let (openid, hash) = if on_sqlite {
        (format!("'{prefix}' || seq"), "lower(hex(randomblob(32)))")
    } else {
        (
            format!("concat('{prefix}', seq)"),
            "sha2(concat(seq, rand()), 256)",
        )
    };
    let users = format!(
        "INSERT INTO wx_user (id, weixin_openid, nickname, avatar, gender, mobile, user_level, status, \
         last_login_time, last_login_ip, add_time, update_time) \
         SELECT 1 + seq * {ID_STEP}, {openid}, 'somebody', '', 0, '', 0, 0, '2026-01-01 00:00:00.0', '', \
         '2026-01-01 00:00:00.0', '2026-01-01 00:00:00.0' FROM {}",
        numbers(USERS)
    );
    let logins = format!(
        "INSERT INTO login (id, user_id, family_hash, refresh_hash, salt, generation, device, used_time, \
         expires_at, ends_at, add_time) \
         SELECT 1 + seq * {ID_STEP}, 1 + (seq % {USERS}) * {ID_STEP}, {hash}, {hash}, '', 1, 'a phone', \
         '2026-01-01 00:00:00.0', '2099-01-01 00:00:00.0', '2099-01-01 00:00:00.0', '2026-01-01 00:00:00.0' FROM {}",
        numbers(SESSIONS)
    );
    let sessions = format!(
        "INSERT INTO session (token_hash, user_id, expires_at, add_time, login_id, generation, used_time) \
         SELECT {hash}, 1 + (seq % {USERS}) * {ID_STEP}, '2099-01-01 00:00:00.0', '2026-01-01 00:00:00.0', \
         1 + seq * {ID_STEP}, 1, '2026-01-01 00:00:00.0' FROM {} ORDER BY 1",
        numbers(SESSIONS)
    );
    let tx = db.begin().await.unwrap();
    if !on_sqlite {
        tx.execute_unprepared("SET SESSION foreign_key_checks = 0")
            .await
            .unwrap();
    }
    for sql in [users, logins, sessions] {
        tx.execute_unprepared(&sql).await.unwrap();
    }
    tx.commit().await.unwrap();
    settle(db).await;
}

/// Makes all sessions and logins old.
pub async fn expire(url: &str) {
    let db = Database::connect(url).await.unwrap();
    for table in ["session", "login"] {
        let sql = format!("UPDATE {table} SET expires_at = '2020-01-01 00:00:00.0'");
        db.execute_unprepared(&sql).await.unwrap();
    }
    settle(db).await;
}

pub async fn count_expired(url: &str) -> i64 {
    let db = Database::connect(url).await.unwrap();
    let sql = "SELECT (SELECT count(*) FROM session WHERE expires_at < '2021-01-01 00:00:00.0') \
               + (SELECT count(*) FROM login WHERE expires_at < '2021-01-01 00:00:00.0')";
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap();
    row.unwrap().try_get_by_index(0).unwrap()
}

/// The disk must not be writing all this while the server is measured.
async fn settle(db: DatabaseConnection) {
    if db.get_database_backend() == DatabaseBackend::Sqlite {
        db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)")
            .await
            .unwrap();
    }
    db.close().await.unwrap();
    assert!(Command::new("sync").status().unwrap().success());
}
