//! Transactions that lose, and a logout that finds nothing to delete.

use crate::mariadb;
use crate::support::{Backend, TOKEN_HEADER, errno, json_of};
use sea_orm::{ConnectionTrait, DatabaseConnection, IsolationLevel, TransactionTrait};
use serde_json::json;
use std::time::Duration;
use tokio::time::sleep;

#[tokio::test(flavor = "multi_thread")]
async fn a_binding_that_meets_a_deadlock_is_tried_again() {
    let Some(backend) = mariadb::backend().await else {
        return;
    };
    let account = json!({ "username": "amy", "password": "correct horse" });
    assert_eq!(
        errno(&backend.send("auth/register", account.clone()).await),
        0
    );
    backend.token("amy's phone").await;
    for person in 0..20 {
        backend.token(&format!("bystander {person}")).await;
    }

    // The binding locks the account and then the phone's user; this transaction does so the other way round. It has
    // changed more rows, so the binding is the one that MariaDB gives up.
    let other = backend.database().await;
    let other = other
        .begin_with_config(Some(IsolationLevel::ReadCommitted), None)
        .await
        .unwrap();
    for sql in [
        "UPDATE session SET add_time = '2020-01-01'",
        "UPDATE wx_user SET nickname = 'x' WHERE weixin_openid IS NOT NULL",
    ] {
        other.execute_unprepared(sql).await.unwrap();
    }
    let body = json!({ "code": backend.code("amy's phone").await, "account": account });
    let binding = tokio::spawn(json_of(backend.post("auth/login_by_weixin").json(&body)));
    wait_for_a_lock(&backend.database().await).await;
    other
        .execute_unprepared("UPDATE wx_user SET nickname = 'x' WHERE username = 'amy'")
        .await
        .unwrap();
    other.rollback().await.unwrap();

    let envelope = binding.await.unwrap();
    assert_eq!(errno(&envelope), 0, "{envelope}");
    assert_eq!(envelope["data"]["userInfo"]["username"], "amy");
    assert!(backend.has_tried_again("Conflict"));
}

/// Until somebody waits for a row.
async fn wait_for_a_lock(db: &DatabaseConnection) {
    let waiting = sea_orm::Statement::from_string(
        db.get_database_backend(),
        "SELECT trx_id FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
    );
    // MariaDB renews this table only when nobody has read it for a tenth of a second.
    for _ in 0..50 {
        sleep(Duration::from_millis(120)).await;
        if db.query_one_raw(waiting.clone()).await.unwrap().is_some() {
            return;
        }
    }
    panic!("nobody waits for a lock");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_that_deletes_nothing_is_tried_again() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    backend
        .execute("CREATE TRIGGER lagging BEFORE DELETE ON session BEGIN SELECT RAISE(IGNORE); END")
        .await;
    let logout = backend.post("auth/logout").header(TOKEN_HEADER, &token);
    let logout = tokio::spawn(json_of(logout));
    wait_for_log(&backend, "a logout found no session").await;
    backend.execute("DROP TRIGGER lagging").await;
    assert_eq!(errno(&logout.await.unwrap()), 0);
    assert_eq!(errno(&backend.info(&token).await), 501);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_that_cannot_delete_is_not_called_done() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    for table in ["session", "login"] {
        let trigger = format!(
            "CREATE TRIGGER lagging_{table} BEFORE DELETE ON {table} BEGIN SELECT RAISE(IGNORE); END"
        );
        backend.execute(&trigger).await;
    }
    let logout = json_of(backend.post("auth/logout").header(TOKEN_HEADER, &token)).await;
    assert_eq!(errno(&logout), 715);
}

async fn wait_for_log(backend: &Backend, text: &str) {
    for _ in 0..500 {
        if backend.log().contains(text) {
            return;
        }
        sleep(Duration::from_millis(5)).await;
    }
    panic!("{text:?} is not logged");
}
