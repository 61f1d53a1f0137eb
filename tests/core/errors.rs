use std::collections::BTreeSet;
use std::error::Error;

use serde_json::Value;
use weapp_login::{CODES, HostFailure, LoginError, Remedy, ServerCode};

fn failure() -> HostFailure {
    HostFailure {
        err_msg: "x:fail".into(),
        errno: None,
    }
}

fn rejected(errno: i32) -> LoginError {
    LoginError::Rejected {
        status: 200,
        code: "rejected",
        errno: Some(ServerCode::Number(errno)),
        errmsg: "系统内部错误".into(),
        body: None,
        remedy: Remedy::Retry,
        retry_after: None,
        asked: None,
    }
}

/// One of each kind, with its code and its text.
fn all() -> Vec<(LoginError, &'static str, &'static str)> {
    vec![
        (
            LoginError::InvalidConfig {
                field: "baseUrl".into(),
                problem: "is odd",
            },
            "invalid_config",
            "an option cannot work: baseUrl is odd",
        ),
        (
            LoginError::InvalidArgument {
                name: "fields",
                problem: "is odd",
            },
            "invalid_argument",
            "an argument cannot be used: fields is odd",
        ),
        (
            LoginError::WxLogin(failure()),
            "wx_login_failed",
            "wx.login failed: x:fail",
        ),
        (
            LoginError::Timeout(failure(), None),
            "timeout",
            "no answer in time: x:fail",
        ),
        (
            LoginError::Network(failure(), None),
            "network",
            "the request failed: x:fail",
        ),
        (
            LoginError::ServerError {
                status: 500,
                retry_after: None,
                asked: None,
            },
            "server_error",
            "the server answered with an HTTP error",
        ),
        (
            LoginError::BadResponse {
                status: 200,
                problem: "is odd".into(),
                asked: None,
            },
            "bad_response",
            "the server's answer is not of the agreed shape: it is odd (see explainDialect in weapp-login/testing)",
        ),
        (
            rejected(502),
            "rejected",
            "the server refused: 系统内部错误",
        ),
        (
            LoginError::SinglePage,
            "single_page",
            "nobody can sign in in WeChat's single-page mode; ask the user to open the mini-program",
        ),
        (
            LoginError::Unfinished {
                body: None,
                asked: None,
            },
            "unfinished",
            "the login needs something more of the user",
        ),
        (
            LoginError::Hook {
                function: "dialect.login",
                problem: "is odd",
            },
            "hook_failed",
            "the app's own function failed: dialect.login is odd",
        ),
        (
            LoginError::UserChanged,
            "user_changed",
            "another user has signed in",
        ),
        (LoginError::SignedOut, "signed_out", "nobody is signed in"),
        (
            LoginError::LoggedOut,
            "logged_out",
            "logged out while this was under way",
        ),
        (LoginError::Aborted, "aborted", "aborted"),
        (
            LoginError::Storage(failure()),
            "storage_failed",
            "the storage failed: x:fail",
        ),
    ]
}

/// The codes are an interface: a change here is a breaking change.
#[test]
fn every_failure_has_its_stable_code_and_says_what_happened() {
    for (error, code, text) in all() {
        assert_eq!((error.code(), error.to_string().as_str()), (code, text));
    }
}

#[test]
fn the_hosts_own_failure_is_the_source() {
    for (error, code, _) in all() {
        let of_host = matches!(
            code,
            "wx_login_failed" | "timeout" | "network" | "storage_failed"
        );
        assert_eq!(error.source().is_some(), of_host, "{code}");
    }
}

/// The list is complete, and nothing in it is without an error: two are of the glue alone, one is a refusal that the reference backend does not have.
#[test]
fn the_list_of_codes_is_that_of_the_errors() {
    let mut codes: BTreeSet<_> = all().iter().map(|(error, ..)| error.code()).collect();
    let reference = include_str!("../../src/dialect/reference.json");
    let reference: Value = serde_json::from_str(reference).unwrap();
    let refusals = reference["refusals"].as_object().unwrap().keys();
    let is_list = |name: &&str| ["endSession", "needUser"].contains(name);
    codes.extend(refusals.map(String::as_str).filter(|name| !is_list(name)));
    codes.extend(["wasm_load_failed", "interrupted", "refresh_refused"]);
    assert_eq!(codes, CODES.iter().copied().collect());
    assert_eq!(codes.len(), CODES.len());
}
