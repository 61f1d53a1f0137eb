//! Another database server takes over: what is asked meanwhile waits for it, and is answered.

use crate::link::Link;
use crate::mariadb;
use crate::support::{Backend, TOKEN_HEADER, errno, json_of};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

const PASSWORD: &str = "correct horse";
/// Longer than an outage is borne, and shorter than a changeover may take.
const CHANGEOVER: Duration = Duration::from_secs(4);

/// What has to survive, prepared before the changeover.
struct Requests {
    token: String,
    leaving: String,
    code: String,
    account: Value,
    binding: Value,
}

impl Requests {
    async fn prepare(backend: &Backend) -> Self {
        let account = json!({ "username": "bob", "password": PASSWORD });
        assert_eq!(
            errno(&backend.send("auth/register", account.clone()).await),
            0
        );
        let other = json!({ "username": "eve", "password": PASSWORD });
        assert_eq!(
            errno(&backend.send("auth/register", other.clone()).await),
            0
        );
        let code = backend.code("eve's phone").await;
        Self {
            token: backend.token("amy").await,
            leaving: backend.token("amy").await,
            code: backend.code("amy").await,
            account,
            binding: json!({ "code": code, "account": other }),
        }
    }

    /// Sends a look-up, a logout, a login of each kind and a binding at once; each must succeed.
    async fn succeed(&self, backend: &Backend) {
        let mut requests = JoinSet::new();
        for request in [
            backend.get("auth/info").header(TOKEN_HEADER, &self.token),
            backend
                .post("auth/logout")
                .header(TOKEN_HEADER, &self.leaving),
            backend
                .post("auth/login_by_weixin")
                .json(&json!({ "code": self.code })),
            backend.post("auth/login").json(&self.account),
            backend.post("auth/login_by_weixin").json(&self.binding),
        ] {
            requests.spawn(json_of(request));
        }
        for envelope in requests.join_all().await {
            assert_eq!(errno(&envelope), 0, "{envelope}");
        }
        assert_eq!(errno(&backend.info(&self.leaving).await), 501);
    }
}

/// As behind a proxy that has lost the one server and not yet found the other.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_for_seconds_cost_no_request() {
    let Some(url) = mariadb::empty_database().await else {
        return;
    };
    let link = Link::to(&url, Duration::ZERO).await;
    let backend = Backend::start_on(&link.url);
    let requests = Requests::prepare(&backend).await;
    link.cut();
    tokio::join!(requests.succeed(&backend), async {
        sleep(CHANGEOVER).await;
        link.open();
    });
}

/// How soon is tested in virtual time where the limits are (`database/retry.rs`).
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_stay_broken_are_an_outage_which_is_refused() {
    let Some(url) = mariadb::empty_database().await else {
        return;
    };
    let link = Link::to(&url, Duration::ZERO).await;
    let backend = Backend::start_on(&link.url);
    let token = backend.token("amy").await;
    link.cut();
    for _ in 0..2 {
        assert_eq!(errno(&backend.info(&token).await), 715);
    }
    link.open();
    assert_eq!(errno(&backend.info(&token).await), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_connections_cost_no_request() {
    let Some(backend) = mariadb::backend().await else {
        return;
    };
    let database = backend.database().await;
    for _ in 0..5 {
        let mut logins = JoinSet::new();
        for person in 0..8 {
            let code = backend.code(&format!("person {person}")).await;
            let login = backend.post("auth/login_by_weixin");
            logins.spawn(json_of(login.json(&json!({ "code": code }))));
        }
        kill_all_others(&database).await;
        for envelope in logins.join_all().await {
            assert_eq!(errno(&envelope), 0, "{envelope}");
        }
    }
    assert!(backend.has_tried_again("Changeover") || backend.has_tried_again("Broken"));
}

async fn kill_all_others(database: &impl ConnectionTrait) {
    let others = "BEGIN NOT ATOMIC FOR one IN (SELECT id FROM information_schema.processlist \
         WHERE db = database() AND id <> connection_id()) DO \
         BEGIN DECLARE CONTINUE HANDLER FOR 1094 BEGIN END; KILL one.id; END; END FOR; END";
    database.execute_unprepared(others).await.unwrap();
}
