//! Hashing passwords under load.

use crate::support::{Backend, PATIENCE, errno, json_of};
use serde_json::json;
use std::collections::HashMap;
use std::time::Instant;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// What the whole program takes at most, whatever is asked of it.
pub const MEMORY_CEILING: u64 = 128;
const AT_ONCE: u32 = 300;

/// Each from an address and for a name of its own, so that no other limit spares the work.
fn forwarded_for(client: u32) -> String {
    format!("203.{}.{}.7", client / 250, client % 250)
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_take_a_bounded_amount_of_memory_and_beyond_a_queue_the_answer_is_busy() {
    send_wrong_passwords_at_once(300).await;
}

pub async fn send_wrong_passwords_at_once(times: u32) {
    let backend = Backend::start_with_args(&["--trust-proxy"]);
    let mut logins = JoinSet::new();
    for client in 0..times {
        let body = json!({ "username": format!("user-{client}"), "password": "wrong battery" });
        let login = backend.post("auth/login").json(&body);
        logins.spawn(json_of(
            login.header("x-forwarded-for", forwarded_for(client)),
        ));
    }
    let mut answers = HashMap::new();
    for envelope in logins.join_all().await {
        *answers.entry(errno(&envelope)).or_insert(0) += 1;
    }
    assert!(answers.contains_key(&700), "{answers:?}");
    assert_eq!(answers[&700] + answers.get(&715).unwrap_or(&0), times);
    let peak = backend.peak_memory();
    assert!(peak <= MEMORY_CEILING, "{peak} MB");
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_hang_up_do_not_get_around_the_limit() {
    let backend = Backend::start_with_args(&["--trust-proxy"]);
    for client in 0..AT_ONCE {
        let mut connection = TcpStream::connect(backend.address()).await.unwrap();
        let body = format!(r#"{{"username":"user-{client}","password":"wrong battery"}}"#);
        let request = format!(
            "POST /wx/auth/login HTTP/1.1\r\nhost: h\r\nx-forwarded-for: {}\r\ncontent-length: {}\r\n\r\n{body}",
            forwarded_for(client),
            body.len(),
        );
        connection.write_all(request.as_bytes()).await.unwrap();
    }
    let account = json!({ "username": "amy", "password": "correct horse" });
    let start = Instant::now();
    while errno(&backend.send("auth/register", account.clone()).await) == 715 {
        assert!(start.elapsed() < PATIENCE, "the queue does not get shorter");
    }
    let peak = backend.peak_memory();
    assert!(peak <= MEMORY_CEILING, "{peak} MB");
}

/// A password in which every character may stand for letters takes long to judge.
#[tokio::test(flavor = "multi_thread")]
async fn passwords_that_take_long_to_judge_hold_nobody_up() {
    let backend = Backend::start();
    let token = backend.token("amy").await;
    let password: String = "4@8({[<369&!1|7+%2zZ5$0"
        .chars()
        .cycle()
        .take(128)
        .collect();
    let mut registrations = JoinSet::new();
    for number in 0..4 {
        let body = json!({ "username": format!("user-{number}"), "password": password });
        registrations.spawn(json_of(backend.post("auth/register").json(&body)));
    }
    backend.wait_until_all_is_read().await;
    // Each request has a generous deadline, which detects that the program hangs.
    for _ in 0..10 {
        assert_eq!(errno(&backend.info(&token).await), 0);
    }
    let numbers: Vec<_> = registrations.join_all().await.iter().map(errno).collect();
    assert_eq!(numbers, [0; 4]);
}
