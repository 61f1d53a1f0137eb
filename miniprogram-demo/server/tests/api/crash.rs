//! kill -9 in the middle of logins.

use crate::support::{Backend, errno};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::mpsc;

const ROUNDS: usize = 6;
const PEOPLE: usize = 12;
/// Logins that are answered before the program is killed in the midst of the others.
const ANSWERED: usize = 25;

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_of_logins_leaves_nothing_half_written() {
    let mut backend = Backend::start();
    let mut tokens = Vec::new();
    for round in 0..ROUNDS {
        let (answered, mut answers) = mpsc::unbounded_channel();
        for person in 0..PEOPLE {
            let client = (backend.http.clone(), backend.base.clone());
            tokio::spawn(log_in_until_the_end(
                client,
                format!("{round}-{person}"),
                answered.clone(),
            ));
        }
        drop(answered);
        for _ in 0..ANSWERED {
            tokens.push(answers.recv().await.unwrap());
        }
        backend.kill();
        while let Some(token) = answers.recv().await {
            tokens.push(token);
        }
        backend = backend.kill_and_restart();
        check(&backend).await;
    }
    for token in &tokens {
        assert_eq!(
            errno(&backend.info(token).await),
            0,
            "a token that was handed out is forgotten"
        );
    }
    assert_eq!(errno(&backend.login("0-0", json!({})).await), 0);
}

async fn check(backend: &Backend) {
    assert_eq!(
        backend.select::<String>("PRAGMA integrity_check").await,
        "ok"
    );
    let orphans = "SELECT count(*) FROM session WHERE user_id NOT IN (SELECT id FROM wx_user)";
    assert_eq!(
        backend.select::<i64>(orphans).await,
        0,
        "a session without its user"
    );
    let lonely = "SELECT count(*) FROM wx_user WHERE id NOT IN (SELECT user_id FROM session)";
    assert_eq!(
        backend.select::<i64>(lonely).await,
        0,
        "a user without the session of its first login"
    );
}

/// Logs in as ever new people, reporting each token, until the server is gone.
async fn log_in_until_the_end(
    (http, base): (Client, String),
    person: String,
    answered: mpsc::UnboundedSender<String>,
) {
    for turn in 0.. {
        let Some(token) = log_in(&http, &base, &format!("{person}-{turn}")).await else {
            return;
        };
        if answered.send(token).is_err() {
            return;
        }
    }
}

async fn log_in(http: &Client, base: &str, user: &str) -> Option<String> {
    let post = async |path: &str, body: Value| -> Option<Value> {
        http.post(format!("{base}/{path}"))
            .json(&body)
            .send()
            .await
            .ok()?
            .json()
            .await
            .ok()
    };
    let code = post("sandbox/control/code", json!({ "user": user })).await?;
    let envelope = post("wx/auth/login_by_weixin", json!({ "code": code["code"] })).await?;
    assert_eq!(errno(&envelope), 0, "{envelope}");
    Some(envelope["data"]["token"].as_str().unwrap().to_owned())
}
