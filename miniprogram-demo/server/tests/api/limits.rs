//! Limits on attempts, on SQLite and on MariaDB.

use crate::mariadb;
use crate::support::{Backend, assert_refused, errno, json_of};
use crate::wechat::serve;
use axum::Router;
use axum::extract::Request;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;

const OWNER: &str = "192.0.2.1";
const STRANGER: &str = "198.51.100.1";
/// Of one address at one account.
const MAX_PER_PAIR: usize = 10;
/// Of one address at all accounts.
const MAX_PER_ADDRESS: usize = 100;
/// Of all addresses but the last login's at one account.
pub const MAX_PER_ACCOUNT: usize = 50;
const MAX_REFUSED_CODES: usize = 30;

async fn login(backend: &Backend, address: &str, username: &str, password: &str) -> Value {
    let body = json!({ "username": username, "password": password });
    let login = backend.post("auth/login").json(&body);
    json_of(login.header("x-forwarded-for", address)).await
}

async fn register(backend: &Backend, username: &str) {
    let body = json!({ "username": username, "password": "correct horse" });
    let register = backend.post("auth/register").json(&body);
    let registered = json_of(register.header("x-forwarded-for", OWNER)).await;
    assert_eq!(errno(&registered), 0);
}

/// Guesses from many addresses for so long, and returns how many guesses were looked at.
pub async fn guess_for(duration: Duration) -> usize {
    let backend = Backend::start_with_args(&["--trust-proxy"]);
    register(&backend, "amy").await;
    let start = Instant::now();
    let mut looked_at = 0;
    for address in 0.. {
        if start.elapsed() >= duration {
            break;
        }
        let address = format!("198.51.{}.{}", address / 250 % 250, address % 250);
        looked_at += count(&guess(&backend, &address, "amy", 20).await, 700);
    }
    let owner = login(&backend, OWNER, "amy", "correct horse").await;
    assert_eq!(errno(&owner), 0);
    looked_at
}

/// The errnos of wrong passwords that are sent at once.
async fn guess(backend: &Backend, address: &str, username: &str, times: usize) -> Vec<i64> {
    let mut guesses = JoinSet::new();
    for _ in 0..times {
        let body = json!({ "username": username, "password": "wrong battery" });
        let guess = backend.post("auth/login").json(&body);
        guesses.spawn(json_of(guess.header("x-forwarded-for", address)));
    }
    guesses.join_all().await.iter().map(errno).collect()
}

fn count(numbers: &[i64], wanted: i64) -> usize {
    numbers.iter().filter(|number| **number == wanted).count()
}

pub async fn a_stranger_is_stopped_and_the_owner_is_not(backend: Backend) {
    register(&backend, "amy").await;
    let guesses = guess(&backend, STRANGER, "amy", 40).await;
    assert_eq!(count(&guesses, 700), MAX_PER_PAIR, "{guesses:?}");
    assert_eq!(count(&guesses, 716), 40 - MAX_PER_PAIR, "{guesses:?}");
    assert_refused(
        &login(&backend, STRANGER, "amy", "correct horse").await,
        716,
        "尝试次数过多，请过几分钟再试",
    );
    for _ in 0..2 * MAX_PER_PAIR {
        assert_eq!(
            errno(&login(&backend, OWNER, "amy", "correct horse").await),
            0
        );
    }
    assert_eq!(
        errno(&login(&backend, "192.0.2.2", "amy", "correct horse").await),
        0
    );

    let backend = backend.kill_and_restart();
    assert_eq!(
        errno(&login(&backend, STRANGER, "amy", "correct horse").await),
        716
    );
    let beside = backend.start_another();
    assert_eq!(
        errno(&login(&beside, STRANGER, "amy", "correct horse").await),
        716
    );

    backend
        .execute("UPDATE failure_count SET ends_at = '2020-01-01 00:00:00.0'")
        .await;
    assert_eq!(
        errno(&login(&backend, STRANGER, "amy", "correct horse").await),
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_stopped_and_the_owner_is_not_on_sqlite() {
    a_stranger_is_stopped_and_the_owner_is_not(Backend::start_with_args(&["--trust-proxy"])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_stopped_and_the_owner_is_not_on_mariadb() {
    let Some(url) = mariadb::empty_database().await else {
        return;
    };
    let backend = Backend::start_with_args(&["--trust-proxy", "--database", &url]);
    a_stranger_is_stopped_and_the_owner_is_not(backend).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_strangers_do_not_lock_the_owner_out_where_the_last_login_was() {
    let backend = Backend::start_with_args(&["--trust-proxy"]);
    register(&backend, "amy").await;
    for stranger in 0..6 {
        guess(
            &backend,
            &format!("198.51.100.{stranger}"),
            "amy",
            MAX_PER_PAIR,
        )
        .await;
    }
    let elsewhere = login(&backend, "198.51.100.99", "amy", "correct horse").await;
    assert_eq!(errno(&elsewhere), 716);
    assert_eq!(
        errno(&login(&backend, OWNER, "amy", "correct horse").await),
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_guesses_at_all_accounts_is_stopped_and_its_neighbours_logins_are_not_counted()
 {
    let backend = Backend::start_with_args(&["--trust-proxy"]);
    register(&backend, "amy").await;
    for _ in 0..=MAX_PER_ADDRESS {
        assert_eq!(
            errno(&login(&backend, STRANGER, "amy", "correct horse").await),
            0
        );
    }
    let mut numbers = Vec::new();
    for account in 0..15 {
        numbers.extend(guess(&backend, STRANGER, &format!("user-{account}"), 8).await);
    }
    assert_eq!(count(&numbers, 700), MAX_PER_ADDRESS);
    assert_eq!(count(&numbers, 716), 15 * 8 - MAX_PER_ADDRESS);
}

#[tokio::test]
async fn an_ipv6_network_counts_as_one_address() {
    let backend = Backend::start_with_args(&["--trust-proxy"]);
    register(&backend, "amy").await;
    for host in 0..MAX_PER_PAIR {
        let address = format!("2001:db8::{host:x}");
        assert_eq!(
            errno(&login(&backend, &address, "amy", "wrong battery").await),
            700
        );
    }
    let neighbour = login(&backend, "2001:db8::ffff:1", "amy", "correct horse").await;
    assert_eq!(errno(&neighbour), 716);
    let stranger = login(&backend, "2001:db8:0:1::1", "amy", "correct horse").await;
    assert_eq!(errno(&stranger), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_whose_ipv6_address_has_changed_is_not_locked_out() {
    let backend = Backend::start_with_args(&["--trust-proxy"]);
    register(&backend, "amy").await;
    let home = "2001:db8:5::1";
    assert_eq!(
        errno(&login(&backend, home, "amy", "correct horse").await),
        0
    );
    for stranger in 0..6 {
        let stranger = format!("198.51.100.{stranger}");
        guess(&backend, &stranger, "amy", MAX_PER_PAIR).await;
    }
    let same_home = "2001:db8:5::2";
    let owner = login(&backend, same_home, "amy", "correct horse").await;
    assert_eq!(errno(&owner), 0);
}

async fn code_from(backend: &Backend, address: &str, code: &str) -> i64 {
    let login = backend.post("auth/login_by_weixin");
    let login = login.json(&json!({ "code": code }));
    errno(&json_of(login.header("x-forwarded-for", address)).await)
}

#[tokio::test]
async fn who_sends_codes_that_wechat_refuses_is_not_passed_on_to_it() {
    let backend = Backend::start_with_args(&["--trust-proxy"]);
    for _ in 0..MAX_REFUSED_CODES {
        assert_eq!(code_from(&backend, STRANGER, "made up").await, 712);
    }
    // Had WeChat been asked, the code would be used up.
    let code = backend.code("amy").await;
    assert_eq!(code_from(&backend, STRANGER, &code).await, 716);
    assert_eq!(code_from(&backend, OWNER, &code).await, 0);
    backend
        .execute("UPDATE failure_count SET ends_at = '2020-01-01 00:00:00.0'")
        .await;
    assert_eq!(
        code_from(&backend, STRANGER, &backend.code("amy").await).await,
        0
    );
}

/// WeChat answers slowly, so that all of them are on their way at once, unless that is limited, too.
async fn codes_that_are_sent_at_once_do_not_get_past_the_limit(database_url: &str) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let wechat = Router::new().fallback(async move || {
        count.fetch_add(1, Ordering::SeqCst);
        sleep(Duration::from_millis(200)).await;
        r#"{"errcode":40029}"#
    });
    let backend = Backend::start_on_with_wechat(database_url, &serve(wechat).await);
    let beside = backend.start_another();
    let mut logins = JoinSet::new();
    for number in 0..100 {
        let process = if number % 2 == 0 { &backend } else { &beside };
        let login = process.post("auth/login_by_weixin");
        logins.spawn(json_of(login.json(&json!({ "code": "made up" }))));
    }
    let numbers: Vec<_> = logins.join_all().await.iter().map(errno).collect();
    assert_eq!(asked.load(Ordering::SeqCst), MAX_REFUSED_CODES);
    assert_eq!(
        count_of(&numbers),
        (MAX_REFUSED_CODES, 100 - MAX_REFUSED_CODES)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_that_are_sent_at_once_do_not_get_past_the_limit_on_sqlite() {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}/data.db", folder.path().display());
    codes_that_are_sent_at_once_do_not_get_past_the_limit(&url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_that_are_sent_at_once_do_not_get_past_the_limit_on_mariadb() {
    if let Some(url) = mariadb::empty_database().await {
        codes_that_are_sent_at_once_do_not_get_past_the_limit(&url).await;
    }
}

/// A process that is killed leaves codes behind that it will never count.
#[tokio::test(flavor = "multi_thread")]
async fn codes_that_a_kill_has_interrupted_lock_nobody_out() {
    let (asked, mut questions) = mpsc::unbounded_channel();
    let wechat = Router::new().fallback(async move |request: Request| {
        let query = request.uri().query().unwrap_or_default().to_owned();
        asked.send(()).unwrap();
        if query.contains("stuck") {
            std::future::pending::<()>().await;
        }
        r#"{"openid":"o"}"#
    });
    let backend = Backend::start_with_wechat(&serve(wechat).await, &[]);
    let mut stuck = JoinSet::new();
    for _ in 0..MAX_REFUSED_CODES {
        let login = backend.post("auth/login_by_weixin");
        stuck.spawn(login.json(&json!({ "code": "stuck" })).send());
    }
    for _ in 0..MAX_REFUSED_CODES {
        questions.recv().await.unwrap();
    }
    let backend = backend.kill_and_restart();
    let login = backend
        .send("auth/login_by_weixin", json!({ "code": "good" }))
        .await;
    assert_eq!(errno(&login), 0);
}

/// Those that WeChat refused, and those that it was not asked about.
fn count_of(numbers: &[i64]) -> (usize, usize) {
    (count(numbers, 712), count(numbers, 716))
}

/// Beside them somebody has used the address's limit up, but for few codes.
async fn many_phones_of_one_address_log_in_at_once(backend: Backend) {
    for _ in 0..MAX_REFUSED_CODES - 3 {
        assert_eq!(code_from(&backend, OWNER, "made up").await, 712);
    }
    let beside = backend.start_another();
    let mut logins = JoinSet::new();
    for phone in 0..2 * MAX_REFUSED_CODES {
        let process = if phone % 2 == 0 { &backend } else { &beside };
        let body = json!({ "code": process.code(&format!("phone {phone}")).await });
        logins.spawn(json_of(process.post("auth/login_by_weixin").json(&body)));
    }
    let numbers: Vec<_> = logins.join_all().await.iter().map(errno).collect();
    assert_eq!(count(&numbers, 0), 2 * MAX_REFUSED_CODES, "{numbers:?}");
    for expected in [712, 712, 712, 716] {
        assert_eq!(code_from(&backend, OWNER, "made up").await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_phones_of_one_address_log_in_at_once_on_sqlite() {
    many_phones_of_one_address_log_in_at_once(Backend::start()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_phones_of_one_address_log_in_at_once_on_mariadb() {
    if let Some(backend) = mariadb::backend().await {
        many_phones_of_one_address_log_in_at_once(backend).await;
    }
}
