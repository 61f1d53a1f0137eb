//! Clients that hang up while they are being served.

use crate::link::Link;
use crate::mariadb;
use crate::support::{Backend, TOKEN_HEADER, errno, json_of, token_of};
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::timeout;

const PEOPLE: u64 = 100;
const LOGINS: u64 = 800;
const REGISTRATIONS: u64 = 200;
const AT_ONCE: usize = 20;
const FINISH_TIMEOUT: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_hang_up_do_no_harm_on_sqlite() {
    clients_that_hang_up_do_no_harm(Backend::start()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_hang_up_do_no_harm_on_mariadb() {
    if let Some(url) = mariadb::empty_database().await {
        let link = Link::to(&url, Duration::from_millis(2)).await;
        clients_that_hang_up_do_no_harm(Backend::start_on(&link.url)).await;
    }
}

pub async fn clients_that_hang_up_do_no_harm(backend: Backend) {
    let backend = Arc::new(backend);
    let logged_out = backend.token("leaver").await;
    hang_up_a_thousand_times(&backend).await;
    wait_until_the_rest_is_finished(&backend).await;

    let mut tokens = Vec::new();
    for person in 0..PEOPLE {
        let envelope = backend.login(&format!("person {person}"), json!({})).await;
        assert_eq!(errno(&envelope), 0, "login {person}");
        tokens.push(token_of(&envelope).to_owned());
    }
    let logout = backend
        .post("auth/logout")
        .header(TOKEN_HEADER, &logged_out);
    assert_eq!(errno(&json_of(logout).await), 0);
    assert!(!backend.log().contains("ERROR"), "an error was logged");

    let backend = Arc::into_inner(backend).unwrap().kill_and_restart();
    assert_eq!(errno(&backend.info(&logged_out).await), 501);
    for token in tokens {
        assert_eq!(errno(&backend.info(&token).await), 0);
    }
}

async fn hang_up_a_thousand_times(backend: &Arc<Backend>) {
    let mut clients = JoinSet::new();
    for number in 0..LOGINS + REGISTRATIONS {
        if clients.len() == AT_ONCE {
            clients.join_next().await;
        }
        clients.spawn(hang_up(backend.clone(), number));
    }
    clients.join_all().await;
}

/// The work of those who have hung up goes on, and until most of it is done others may be refused as busy.
async fn wait_until_the_rest_is_finished(backend: &Backend) {
    let start = Instant::now();
    while errno(&backend.login("first", json!({})).await) != 0 {
        assert!(start.elapsed() < FINISH_TIMEOUT, "no login succeeds");
    }
}

/// Sends a login or a registration and hangs up, ever at another moment, so that each step of the work is met.
async fn hang_up(backend: Arc<Backend>, number: u64) {
    let request = if number.is_multiple_of(1 + LOGINS / REGISTRATIONS) {
        let account = json!({ "username": format!("u{number}"), "password": "correct horse" });
        backend.post("auth/register").json(&account)
    } else {
        let code = backend.code(&format!("person {}", number % PEOPLE)).await;
        backend
            .post("auth/login_by_weixin")
            .json(&json!({ "code": code }))
    };
    let patience = Duration::from_micros(500 + number * 7919 % 60_000);
    drop(timeout(patience, request.send()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_is_carried_out_though_its_client_hangs_up() {
    let Some(url) = mariadb::empty_database().await else {
        return;
    };
    let link = Link::to(&url, Duration::from_millis(50)).await;
    let backend = Backend::start_on(&link.url);
    let token = backend.token("amy").await;
    let logout = backend.post("auth/logout").header(TOKEN_HEADER, &token);
    let answer = timeout(Duration::from_millis(30), logout.send()).await;
    assert!(answer.is_err(), "the client must hang up before the answer");
    for _ in 0..100 {
        if errno(&backend.info(&token).await) == 501 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the token is still valid");
}
