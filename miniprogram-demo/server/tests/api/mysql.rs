//! The same on MySQL.

use crate::binding::bind_at_once;
use crate::mariadb;
use crate::support::{EMOJI_NICKNAME, TOKEN_HEADER, errno, json_of};
use serde_json::json;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_flows_work_on_mysql() {
    let Some(backend) = mariadb::backend().await else {
        return;
    };
    let mut logins = JoinSet::new();
    for _ in 0..40 {
        let code = backend.code("amy").await;
        let body = json!({ "code": code, "userInfo": { "nickName": EMOJI_NICKNAME } });
        logins.spawn(json_of(backend.post("auth/login_by_weixin").json(&body)));
    }
    let envelopes = logins.join_all().await;
    assert!(
        envelopes.iter().all(|envelope| errno(envelope) == 0),
        "{envelopes:?}"
    );
    let user = &envelopes[0]["data"]["userInfo"];
    assert!(
        envelopes
            .iter()
            .all(|envelope| envelope["data"]["userInfo"]["userId"] == user["userId"])
    );

    // The first ones have made room for the last ones.
    let token = backend.token("amy").await;
    let backend = backend.kill_and_restart();
    let info = backend.info(&token).await;
    assert_eq!(info["data"]["nickName"], EMOJI_NICKNAME);
    assert_eq!(info["data"]["registerDate"], user["registerDate"]);
    json_of(backend.post("auth/logout").header(TOKEN_HEADER, &token)).await;
    assert_eq!(errno(&backend.info(&token).await), 501);

    for account in ["one", "two"] {
        let registered = backend
            .send(
                "auth/register",
                json!({ "username": account, "password": "correct horse" }),
            )
            .await;
        assert_eq!(errno(&registered), 0);
    }
    let taken = backend
        .send(
            "auth/register",
            json!({ "username": "one", "password": "correct horse" }),
        )
        .await;
    assert_eq!(errno(&taken), 704);
    let people: Vec<_> = (0..10)
        .map(|phone| (format!("phone {phone}"), "one".to_owned()))
        .collect();
    assert_eq!(
        bind_at_once(&backend, &people).await,
        [&[0][..], &[709; 9]].concat()
    );
    let mut accounts = Vec::new();
    for account in 0..6 {
        let username = format!("account-{account}");
        let body = json!({ "username": username, "password": "correct horse" });
        assert_eq!(errno(&backend.send("auth/register", body).await), 0);
        accounts.push(("newcomer".to_owned(), username));
    }
    assert_eq!(
        bind_at_once(&backend, &accounts).await,
        [&[0][..], &[708; 5]].concat()
    );
}
