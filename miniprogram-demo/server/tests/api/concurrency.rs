//! Many at once.

use crate::support::{Backend, TOKEN_HEADER, errno, json_of};
use serde_json::{Value, json};
use std::collections::HashSet;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn forty_first_logins_of_one_person_make_one_user() {
    let backend = Backend::start();
    let mut logins = JoinSet::new();
    for _ in 0..40 {
        let code = backend.code("amy").await;
        let request = backend
            .post("auth/login_by_weixin")
            .json(&json!({ "code": code, "userInfo": {} }));
        logins.spawn(json_of(request));
    }
    let envelopes = logins.join_all().await;

    assert!(
        envelopes.iter().all(|envelope| errno(envelope) == 0),
        "{envelopes:?}"
    );
    let distinct = |field: fn(&Value) -> &Value| {
        envelopes
            .iter()
            .map(field)
            .map(Value::to_string)
            .collect::<HashSet<_>>()
            .len()
    };
    assert_eq!(
        distinct(|envelope| &envelope["data"]["userInfo"]["userId"]),
        1
    );
    assert_eq!(distinct(|envelope| &envelope["data"]["token"]), 40);
    assert_eq!(
        backend.select::<i64>("SELECT count(*) FROM wx_user").await,
        1
    );
    // One person has ten logins at most.
    for table in ["session", "login"] {
        let left = format!("SELECT count(*) FROM {table}");
        assert_eq!(backend.select::<i64>(&left).await, 10, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_code_sent_twenty_times_at_once_logs_in_once() {
    let backend = Backend::start();
    let code = backend.code("amy").await;
    let mut logins = JoinSet::new();
    for _ in 0..20 {
        logins.spawn(json_of(
            backend
                .post("auth/login_by_weixin")
                .json(&json!({ "code": code })),
        ));
    }
    let mut numbers: Vec<_> = logins.join_all().await.iter().map(errno).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [&[0][..], &[712; 19]].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn logouts_and_logins_of_one_person_do_not_disturb_each_other() {
    let backend = Backend::start();
    let mut tasks = JoinSet::new();
    // As many as one person may have at once.
    for _ in 0..5 {
        let leaving = backend.token("amy").await;
        tasks.spawn(json_of(
            backend.post("auth/logout").header(TOKEN_HEADER, leaving),
        ));
        let code = backend.code("amy").await;
        tasks.spawn(json_of(
            backend
                .post("auth/login_by_weixin")
                .json(&json!({ "code": code })),
        ));
    }
    assert!(
        tasks
            .join_all()
            .await
            .iter()
            .all(|envelope| errno(envelope) == 0)
    );
    assert_eq!(
        backend.select::<i64>("SELECT count(*) FROM session").await,
        5
    );
}
