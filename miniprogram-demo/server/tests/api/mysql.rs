//! The same on MySQL, where `DATABASE_URL_MYSQL` names an empty database of a server.

use crate::support::{Backend, EMOJI_NICKNAME, TOKEN_HEADER, errno, json_of};
use serde_json::json;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_flows_work_on_mysql() {
    let Ok(url) = std::env::var("DATABASE_URL_MYSQL") else {
        eprintln!(
            "skipped: DATABASE_URL_MYSQL is not set (mysql://USER:PASSWORD@HOST/EMPTY_DATABASE)"
        );
        return;
    };
    let backend = Backend::start_with_args(&["--database", &url]);
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

    let backend = backend.kill_and_restart();
    let token = envelopes[0]["data"]["token"].as_str().unwrap();
    let info = backend.info(token).await;
    assert_eq!(info["data"]["nickName"], EMOJI_NICKNAME);
    assert_eq!(info["data"]["registerDate"], user["registerDate"]);
    json_of(backend.post("auth/logout").header(TOKEN_HEADER, token)).await;
    assert_eq!(errno(&backend.info(token).await), 501);
}
