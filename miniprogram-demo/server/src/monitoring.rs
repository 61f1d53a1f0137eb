//! What is counted for the operator. No label has a value that a client chooses: each would stay in memory, and be shown.

use axum::http::Method;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusRecorder};
use std::time::Duration;

const REQUESTS: &str = "weapp_login_requests_total";
const REFUSALS: &str = "weapp_login_refusals_total";
const LOGINS: &str = "weapp_login_logins_total";
const CODE2SESSION: &str = "weapp_login_code2session_seconds";
const CONNECTIONS: &str = "weapp_login_database_connections";
const HASHING: &str = "weapp_login_passwords_hashing";

/// From a WeChat beside this server to one that has not answered after all tries.
const SECONDS: [f64; 9] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// What answers with a login, and how that is called.
pub const LOGIN_ROUTES: [(&str, &str); 4] = [
    ("/wx/auth/login_by_weixin", "weixin"),
    ("/wx/auth/login", "password"),
    ("/wx/auth/register", "register"),
    ("/wx/auth/refresh", "refresh"),
];

/// Keeps what is counted from now on.
pub fn recorder() -> Result<PrometheusRecorder, BuildError> {
    let builder = PrometheusBuilder::new();
    let latency = Matcher::Full(CODE2SESSION.to_owned());
    Ok(builder
        .set_buckets_for_metric(latency, &SECONDS)?
        .build_recorder())
}

pub fn describe() {
    describe_counter!(REQUESTS, "Answers by route and HTTP status");
    describe_counter!(REFUSALS, "Answers that are a failure, by errno");
    describe_counter!(
        LOGINS,
        "Attempts to log in by way and outcome, which is ok or the errno"
    );
    describe_histogram!(CODE2SESSION, "WeChat's answers to login codes, by outcome");
    describe_gauge!(CONNECTIONS, "Connections to the database by pool and state");
    describe_gauge!(HASHING, "Passwords that are hashed or wait for it");
}

/// A request was answered. `route` is the pattern that it matched.
pub fn answered(method: &Method, route: &str, status: u16, errno: i32) {
    let labels = [
        ("method", name_of(method).to_owned()),
        ("route", route.to_owned()),
        ("status", status.to_string()),
    ];
    counter!(REQUESTS, &labels).increment(1);
    if errno != 0 {
        counter!(REFUSALS, "errno" => errno.to_string()).increment(1);
    }
    if let Some((_, way)) = LOGIN_ROUTES.iter().find(|(login, _)| *login == route) {
        let outcome = match errno {
            0 => "ok".to_owned(),
            errno => errno.to_string(),
        };
        counter!(LOGINS, "way" => *way, "outcome" => outcome).increment(1);
    }
}

/// WeChat has said whose code it is, or why not.
pub fn code2session(outcome: &'static str, took: Duration) {
    histogram!(CODE2SESSION, "outcome" => outcome).record(took);
}

pub fn connections(pool: &'static str, size: u32, idle: usize) {
    gauge!(CONNECTIONS, "pool" => pool, "state" => "used").set(f64::from(size) - idle as f64);
    gauge!(CONNECTIONS, "pool" => pool, "state" => "idle").set(idle as f64);
}

pub fn hashing(running: usize, waiting: usize) {
    gauge!(HASHING, "state" => "running").set(running as f64);
    gauge!(HASHING, "state" => "waiting").set(waiting as f64);
}

/// Clients make up methods, too.
fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        _ => "other",
    }
}
